package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/actions"
	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// Subject is one partner of a month with all that its section tells.
type Subject struct {
	*published.Partner
	wording.Words                        // of the page; set by its Maker
	Trend         []published.MonthScore // up to the month, by month
	Explanation   *answers.Explanation
	Path          *answers.Path    // the ways to the designation
	Outlook       *answers.Outlook // nil: not known
	Next          *actions.Plan    // nil: not known
	// NoOutlook says why there is no outlook.
	NoOutlook string
	// Name returns the name of the person behind a pseudonym, empty where it is not known; nil on a page without names.
	Name func(person string) string
}

// Read reads everything that the page shows of a partner; costs rank the ways to the designation. The errors are those of published.Reader.
func Read(ctx context.Context, r published.Reader, m scoring.Month, partner string, costs scoring.Costs) (s Subject, err error) {
	if s.Partner, err = r.Partner(ctx, m, partner); err != nil {
		return s, err
	}
	if s.Explanation, err = answers.ExplanationOf(ctx, r, s.Partner, answers.Question{}); err != nil {
		return s, err
	}
	if s.Trend, err = r.Trend(ctx, s.Partner); err != nil {
		return s, err
	}
	if s.Path, err = answers.PathOf(s.Partner, "", costs, 1); err != nil {
		return s, err
	}
	s.Outlook, err = answers.OutlookOf(ctx, r, s.Partner, "", outlookMonths)
	var unknown *published.NotKnownError
	if errors.As(err, &unknown) {
		s.NoOutlook, err = unknown.What+"; "+unknown.Hint, nil
	}
	if err != nil {
		return s, err
	}
	if s.Next, err = actions.Of(ctx, r, s.Partner, s.Path, s.Outlook); errors.As(err, &unknown) {
		s.NoOutlook, err = unknown.What+"; "+unknown.Hint, nil
	}
	return s, err
}

// shownRows is how many rows of customers, services or holdings a list has before it is cut: the tables have all of them.
const shownRows = 8

// section is what the template of a partner shows.
type section struct {
	ID        string // prefix of the ids of its elements
	Name      string
	PartnerID string // empty: the name has it
	Month     string
	YearAgo   string
	Summary   string
	Track     string // empty: the rules have one only
	Needed    string // points for the designation
	Cards     []card
	First     firstView
	Metrics   metricsView
	Trend     trendView
	Customers customersView
	Services  servicesView
	Skills    skillsView
	Ends      endsView
	Outlook   outlookView
}

// card is the score of one area.
type card struct {
	ID        string
	Name      string
	Total     string
	Max       string
	Percent   string // of the bar
	Mark      string // where the bar is marked, in percent
	Qualifies bool
	Verdict   string
	Change    string // since the month before and the year before
	Window    string
	Rounding  string // empty: it does not matter
}

// metricsView is the points of each metric in each area, and why those that block have none.
type metricsView struct {
	Areas    []string
	Rows     []metricRow
	Blocking []string
}

type metricRow struct {
	Name  string
	Cells []metricCell
}

type metricCell struct {
	Text string
	Zero bool // which blocks the designation
}

func (s Subject) section() (section, error) {
	v := section{
		ID: Slug(s.ID), Name: s.PartnerName.Name, PartnerID: s.ID, Month: s.Words.Month(s.ScoreMonth), YearAgo: s.Words.Month(s.ScoreMonth.Add(-12)),
		Summary: s.summary(), Needed: fmt.Sprint(s.Rules.DesignationPoints), First: newFirst(s), Metrics: newMetrics(s), Services: s.services(),
		Skills: s.skills(), Outlook: s.outlook(),
	}
	if v.Name == "" {
		v.Name, v.PartnerID = s.Say("Partner %s", s.ID), ""
	}
	if len(s.Rules.Tracks) > 1 {
		v.Track = s.Track.ID
	}
	for i, score := range s.Scores {
		v.Cards = append(v.Cards, s.card(score, s.Explanation.Areas[i]))
	}
	var err error
	if v.Customers, err = s.customers(); err != nil {
		return v, err
	}
	if v.Ends, err = newEnds(s); err != nil {
		return v, err
	}
	v.Trend, err = trend{s}.view()
	return v, err
}

// Slug turns an id into a name of a file or of an element that is the same for no other id, whatever characters it has.
func Slug(id string) string {
	var b strings.Builder
	for _, c := range []byte(id) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	const most = 100
	if b.Len() <= most {
		return "p-" + b.String()
	}
	sum := sha256.Sum256([]byte(id))
	return "h-" + hex.EncodeToString(sum[:])
}

// summary says in a sentence where the partner stands.
func (s Subject) summary() string {
	var yes []string
	var nearest *published.Score
	for i, score := range s.Scores {
		if score.Qualifies {
			yes = append(yes, s.area(score.Area))
		} else if nearest == nil || score.PointsToDesignation < nearest.PointsToDesignation {
			nearest = &s.Scores[i]
		}
	}
	if nearest == nil {
		return s.Say("Qualifies in every area: %s.", s.List(yes))
	}
	lacks := s.Say("%s: %s", s.area(nearest.Area), s.Lacking(nearest.PointsToDesignation, nearest.Blocking))
	if len(yes) == 0 {
		return s.Say("Qualifies in none of %d areas. Nearest is %s.", len(s.Scores), lacks)
	}
	return s.Say("Qualifies in %s. Nearest of the others is %s.", s.List(yes), lacks)
}

func (s Subject) card(score published.Score, area answers.AreaExplanation) card {
	most := score.Max()
	c := card{ID: Slug(s.ID) + "-" + string(score.Area), Name: s.area(score.Area), Total: s.Number(score.Total.String()),
		Qualifies: score.Qualifies, Window: written.Enrolment(s.Words, area.Window), Change: changes(s, score)}
	if score.RoundingSensitive {
		c.Rounding = wording.Sentence(s.RoundingSensitive())
	}
	c.Max, c.Percent, c.Mark = s.Number(most.String()), share(score.Total, most), share(scoring.Hundredths(s.Rules.DesignationPoints*100), most)
	switch {
	case score.Qualifies:
		c.Verdict = s.Say("Qualifies")
	case score.PointsToDesignation > 0:
		c.Verdict = s.Say("%s short of %d", score.PointsToDesignation, s.Rules.DesignationPoints)
	default:
		c.Verdict = s.Counted(int64(len(score.Blocking)), "Blocked at 0 in %s metric", "Blocked at 0 in %s metrics")
	}
	return c
}

func newMetrics(s Subject) metricsView {
	v := metricsView{Areas: s.areas()}
	for _, metric := range scoring.Metrics() {
		row := metricRow{Name: s.Metric(metric)}
		for i, score := range s.Scores {
			cell, m := metricCell{Text: s.Say("not measured")}, score.Metric(metric)
			if m.Points != nil && m.Max != nil {
				cell = metricCell{s.Say("%s of %s", *m.Points, *m.Max), slices.Contains(score.Blocking, metric)}
			}
			if why := s.Say("%s: %s", s.Metric(metric), s.why(i, metric)); cell.Zero && !slices.Contains(v.Blocking, why) {
				v.Blocking = append(v.Blocking, why)
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// share writes part of whole in percent, for the length of a bar.
func share(part, whole scoring.Hundredths) string {
	if whole <= 0 {
		return "0"
	}
	return (min(max(part, 0), whole) * 100 * 100 / whole).Decimal()
}

// area names an area.
func (s Subject) area(a scoring.Area) string { return s.Term(s.Rules.AreaName(a)) }

// areas names the areas of the scores.
func (s Subject) areas() (names []string) {
	for _, score := range s.Scores {
		names = append(names, s.area(score.Area))
	}
	return names
}

// why says where the points of a metric in the area of that index come from.
func (s Subject) why(area int, metric scoring.Metric) string {
	for _, m := range s.Explanation.Areas[area].Metrics {
		if m.Metric == metric {
			return s.Published(m.Reason, m.Why)
		}
	}
	return ""
}

// day writes a day that is written as in the data.
func day(w wording.Words, text string) string {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return w.Day(day)
	}
	return text
}
