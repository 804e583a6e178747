package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// Subject is one partner of a month with all that its section tells.
type Subject struct {
	*published.Partner
	Trend       []published.MonthScore // up to the month, by month
	Explanation *answers.Explanation
	Path        *answers.Path    // the ways to the designation
	Outlook     *answers.Outlook // nil: not known
	// NoOutlook says why there is no outlook.
	NoOutlook string
}

// Read reads everything that the page shows of a partner; costs rank the ways to the designation. The errors are those of published.Reader.
func Read(ctx context.Context, r *published.Reader, m scoring.Month, partner string, costs scoring.Costs) (s Subject, err error) {
	if s.Partner, err = r.Partner(ctx, m, partner); err != nil {
		return s, err
	}
	if s.Explanation, err = answers.ExplanationOf(ctx, r, s.Partner, answers.Question{}); err != nil {
		return s, err
	}
	if s.Trend, err = r.Trend(ctx, s.Partner); err != nil {
		return s, err
	}
	if s.Path, err = answers.PathOf(s.Partner, "", costs, shownWays); err != nil {
		return s, err
	}
	s.Outlook, err = answers.OutlookOf(ctx, r, s.Partner, "", outlookMonths)
	var unknown *published.NotKnownError
	if errors.As(err, &unknown) {
		s.NoOutlook, err = unknown.What+"; "+unknown.Hint, nil
	}
	return s, err
}

// shownRows is how many rows of customers, services or holdings a list has before it is cut: the tables have all of them.
const shownRows = 12

// section is what the template of a partner shows.
type section struct {
	ID        string // prefix of the ids of its elements
	Name      string
	PartnerID string // empty: the name has it
	Month     string
	YearAgo   string
	Summary   string
	Track     string // empty: the rules have one only
	Cards     []card
	First     string // the first thing to do, in a sentence; empty: nothing stands out
	Advice    advice
	Outlook   outlookView
	Trend     trendView
	Customers customersView
	Services  servicesView
	Skills    skillsView
	Windows   windowsView
}

// card is the score of one area.
type card struct {
	ID        string
	Name      string
	Total     string
	Max       string
	Percent   string // of the bar
	Mark      string // where the bar is marked, in percent
	Needed    string
	Qualifies bool
	Verdict   string
	Blocking  []reason
	Window    string
	Metrics   []meter
	Rounding  string // empty: it does not matter
	Why       block  // the conditions
}

// reason is why a metric has the points it has.
type reason struct{ Metric, Why string }

// meter is a metric of a card.
type meter struct {
	Name, Points, Max, Percent string
	Applicable, Zero           bool
}

func (s Subject) section() (section, error) {
	v := section{
		ID: Slug(s.ID), Name: s.PartnerName.Name, PartnerID: s.ID, Month: wording.Month(s.ScoreMonth), YearAgo: wording.Month(s.ScoreMonth.Add(-12)),
		Summary: s.summary(), Customers: s.customers(), Services: s.services(), Windows: s.windows(),
	}
	if v.Name == "" {
		v.Name, v.PartnerID = "Partner "+s.ID, ""
	}
	if len(s.Rules.Tracks) > 1 {
		v.Track = s.Track.ID
	}
	for i, score := range s.Scores {
		v.Cards = append(v.Cards, s.card(score, s.Explanation.Areas[i]))
	}
	var err error
	if v.Advice, err = s.advice(); err != nil {
		return v, err
	}
	v.First = s.first(v.Advice)
	v.Skills, v.Outlook = s.skills(), s.outlook()
	v.Trend, err = s.trend()
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
			yes = append(yes, s.Rules.AreaName(score.Area))
		} else if nearest == nil || score.PointsToDesignation < nearest.PointsToDesignation {
			nearest = &s.Scores[i]
		}
	}
	if nearest == nil {
		return "Qualifies in every area: " + wording.List(yes) + "."
	}
	lacks := s.Rules.AreaName(nearest.Area) + ": " + wording.Lacking(nearest.PointsToDesignation, nearest.Blocking)
	if len(yes) == 0 {
		return fmt.Sprintf("Qualifies in none of %d areas. Nearest is %s.", len(s.Scores), lacks)
	}
	return fmt.Sprintf("Qualifies in %s. Nearest of the others is %s.", wording.List(yes), lacks)
}

func (s Subject) card(score published.Score, area answers.AreaExplanation) card {
	most := score.Max()
	c := card{ID: Slug(s.ID) + "-" + string(score.Area), Name: s.Rules.AreaName(score.Area), Total: score.Total.String(),
		Needed: fmt.Sprint(s.Rules.DesignationPoints), Qualifies: score.Qualifies, Window: written.Enrolment(area.Window)}
	c.Why = newBlock(written.Conditions(*s.Explanation, area), "Conditions of "+c.Name)
	if score.RoundingSensitive {
		c.Rounding = wording.Sentence(wording.RoundingSensitive)
	}
	for _, m := range score.Metrics {
		one := meter{Name: wording.Metric(m.Metric), Applicable: m.Applicable}
		if m.Points != nil && m.Max != nil {
			one.Points, one.Max, one.Percent, one.Zero = m.Points.String(), m.Max.String(), share(*m.Points, *m.Max), slices.Contains(score.Blocking, m.Metric)
		}
		if one.Zero {
			c.Blocking = append(c.Blocking, reason{wording.MetricInText(m.Metric), m.Reason})
		}
		c.Metrics = append(c.Metrics, one)
	}
	c.Max, c.Percent, c.Mark = most.String(), share(score.Total, most), share(scoring.Hundredths(s.Rules.DesignationPoints*100), most)
	switch {
	case score.Qualifies:
		c.Verdict = "Qualifies"
	case score.PointsToDesignation > 0:
		c.Verdict = score.PointsToDesignation.String() + " short of " + c.Needed
	default:
		c.Verdict = "Blocked at 0 in " + wording.Count(int64(len(score.Blocking)), "metric")
	}
	return c
}

// share writes part of whole in percent, for the length of a bar.
func share(part, whole scoring.Hundredths) string {
	if whole <= 0 {
		return "0"
	}
	return (min(max(part, 0), whole) * 100 * 100 / whole).Decimal()
}

// windowsView is the table of qualification windows.
type windowsView struct {
	Before int64 // months that count before the month itself
	Months []string
	Rows   []windowRow
}

type windowRow struct {
	Area, Sentence string
	Cells          []windowCell
}

type windowCell struct {
	Text      string
	Qualified bool
}

func (s Subject) windows() (v windowsView) {
	v.Before = s.Rules.QualificationMonths - 1
	for _, a := range s.Explanation.Areas {
		w := a.Window
		row := windowRow{Area: a.Name, Sentence: written.Enrolment(w)}
		v.Months = nil
		for _, m := range w.Months {
			v.Months = append(v.Months, wording.ShortMonth(m.Month))
			cell := windowCell{Qualified: m.State == published.Qualified}
			switch {
			case m.State == published.NotPublished:
				cell.Text = "not published"
			case m.Total == nil:
				cell.Text = "no score"
			default:
				cell.Text = m.Total.String()
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// asOf returns the day on which certifications had to be held.
func asOf(m *published.Month) string {
	day, _ := m.Manifest.Settings["skills_as_of"].(string)
	return day
}
