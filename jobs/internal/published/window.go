package published

import (
	"slices"

	"partnerscore/scoring"
)

// WindowState says whether a partner may enrol.
type WindowState string

// The states of a qualification window.
const (
	WindowOpen    WindowState = "open"    // the partner may enrol
	WindowClosed  WindowState = "closed"  // it may not
	WindowUnknown WindowState = "unknown" // it may not by what is published, but not every month is
)

// MonthState says whether a month of a window qualified.
type MonthState string

// The states of a month of a qualification window.
const (
	Qualified    MonthState = "qualified"
	NotQualified MonthState = "not_qualified"
	NotPublished MonthState = "not_published"
)

// Window is the qualification window of a partner in an area at a month: a partner may enrol when it qualified at least once in the month or
// the five calendar months before it.
type Window struct {
	Area  scoring.Area `json:"solution_area"`
	State WindowState  `json:"state"`
	// Until is the last month in which the partner may enrol by what is published; nil where it may not.
	Until  *scoring.Month `json:"until"`
	Months []WindowMonth  `json:"months"` // oldest first
}

// WindowMonth is one month of a window. Total is nil where the month is not published or has no score of the partner.
type WindowMonth struct {
	Month scoring.Month       `json:"score_month"`
	State MonthState          `json:"state"`
	Total *scoring.Hundredths `json:"total_points"`
}

// WindowsOf returns the qualification window of each area of a partner at the month it was read of, from the published months before it, of
// which history has the scores. Months that are not published are unknown, not failed.
func WindowsOf(p *Partner, published []scoring.Month, history []MonthScore) []Window {
	first := p.ScoreMonth.Add(1 - int(p.Rules.QualificationMonths))
	published, history = append(slices.Clip(published), p.ScoreMonth), slices.Clip(history) // whose scores are at hand
	for _, s := range p.Scores {
		history = append(history, MonthScore{Month: p.ScoreMonth, Score: s})
	}
	var windows []Window
	for _, score := range p.Scores {
		w := Window{Area: score.Area, State: WindowClosed}
		for m := first; m <= p.ScoreMonth; m++ {
			month := WindowMonth{Month: m, State: NotPublished}
			if slices.Contains(published, m) {
				month.State = NotQualified // also where the partner has no score
			}
			for _, h := range history {
				if h.Month == m && h.Area == score.Area {
					month.Total = &h.Total
					if h.Qualifies {
						month.State = Qualified
					}
				}
			}
			w.add(month, int(p.Rules.QualificationMonths))
		}
		windows = append(windows, w)
	}
	return windows
}

// add adds the next month.
func (w *Window) add(month WindowMonth, length int) {
	w.Months = append(w.Months, month)
	switch {
	case month.State == Qualified:
		until := month.Month.Add(length - 1)
		w.State, w.Until = WindowOpen, &until
	case month.State == NotPublished && w.State == WindowClosed:
		w.State = WindowUnknown
	}
}
