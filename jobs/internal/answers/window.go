package answers

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// The states of a qualification window.
const (
	WindowOpen    = "open"    // the partner may enrol
	WindowClosed  = "closed"  // it may not
	WindowUnknown = "unknown" // it may not by what is published, but not every month is
)

// The states of a month of a qualification window.
const (
	Qualified    = "qualified"
	NotQualified = "not_qualified"
	NotPublished = "not_published"
)

// Window is the qualification window of a partner in an area at a month: a partner may enrol when it qualified at least once in the month or
// the five calendar months before it.
type Window struct {
	Area  scoring.Area `json:"solution_area"`
	State string       `json:"state"`
	// Until is the last month in which the partner may enrol by what is published; nil where it may not.
	Until  *scoring.Month `json:"until"`
	Months []WindowMonth  `json:"months"` // oldest first
}

// WindowMonth is one month of a window. Total is nil where the month is not published or has no score of the partner.
type WindowMonth struct {
	Month scoring.Month        `json:"score_month"`
	State string               `json:"state"`
	Total *snapshot.Hundredths `json:"total_points"`
}

// PublishedScore is a score of a partner in one of several months, without its metrics.
type PublishedScore struct {
	Month       scoring.Month
	Track       string
	Rulebook    string
	Provisional bool
	Score
}

// History returns the scores of a partner in published months, by month and area id. A month in which it has none is left out.
func (r *Reader) History(ctx context.Context, partner string, months []scoring.Month) ([]PublishedScore, error) {
	for _, m := range months {
		man, err := r.manifest(ctx, m)
		if err != nil {
			return nil, err
		}
		if err := r.store.QuickCheck(ctx, man, snapshot.Scores); err != nil {
			return nil, damaged(m, err)
		}
	}
	var all []PublishedScore
	if len(months) == 0 {
		return nil, nil
	}
	return all, r.query(ctx, months[len(months)-1], "answers/scores", func(rows *sql.Rows) error {
		var s PublishedScore
		var name sql.NullString
		err := s.scan(rows, &name)
		all = append(all, s)
		return err
	}, r.tables(snapshot.Scores, months...), partner)
}

// scan reads one row of answers/scores.
func (s *PublishedScore) scan(rows *sql.Rows, name *sql.NullString) error {
	var month time.Time
	var blocking string
	if err := rows.Scan(&month, name, &s.Area, &s.Track, &s.Total, &s.Qualifies, &s.PointsToDesignation, &blocking,
		&s.RoundingSensitive, &s.Provisional, &s.Rulebook); err != nil {
		return err
	}
	s.Month = scoring.MonthOf(month)
	for _, metric := range strings.FieldsFunc(blocking, func(r rune) bool { return r == ',' }) {
		s.Blocking = append(s.Blocking, scoring.Metric(metric))
	}
	return nil
}

// Windows returns the qualification window of each area of a partner at the month it was read of. Months that are not published are
// unknown, not failed.
func (r *Reader) Windows(ctx context.Context, p *Partner) ([]Window, error) {
	first := p.ScoreMonth.Add(1 - int(p.Rules.QualificationMonths))
	published := slices.DeleteFunc(r.Published(), func(m scoring.Month) bool { return m < first || m >= p.ScoreMonth })
	history, err := r.History(ctx, p.ID, published)
	if err != nil {
		return nil, err
	}
	published = append(published, p.ScoreMonth) // whose scores are at hand
	for _, s := range p.Scores {
		history = append(history, PublishedScore{Month: p.ScoreMonth, Score: s})
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
	return windows, nil
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
