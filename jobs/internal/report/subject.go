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
	"partnerscore/scoring"
)

// Subject is one partner of a month with all that its section tells.
type Subject struct {
	*published.Partner
	Trend   []published.MonthScore // up to the month, by month
	Windows []published.Window     // one an area
	Paths   []answers.PathArea     // the ways to the designation
	Costs   scoring.Costs          // that rank them
	Outlook *answers.Outlook       // nil: not known
	// NoOutlook says why there is no outlook.
	NoOutlook string
}

// Read reads everything that the page shows of a partner; costs rank the ways to the designation. The errors are those of published.Reader.
func Read(ctx context.Context, r *published.Reader, m scoring.Month, partner string, costs scoring.Costs) (s Subject, err error) {
	s.Costs = costs
	if s.Partner, err = r.Partner(ctx, m, partner); err != nil {
		return s, err
	}
	if s.Windows, err = r.Windows(ctx, s.Partner); err != nil {
		return s, err
	}
	if s.Trend, err = r.Trend(ctx, s.Partner); err != nil {
		return s, err
	}
	if s.Paths, err = answers.PathAreas(s.Partner, "", costs, shownWays); err != nil {
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
	Rounding  bool
}

// reason is why a metric has the points it has.
type reason struct{ Metric, Why string }

// meter is a metric of a card.
type meter struct {
	Name, Points, Max, Percent, Why string
	Applicable, Zero                bool
}

func (s Subject) section() (section, error) {
	v := section{
		ID: Slug(s.ID), Name: s.PartnerName.Name, PartnerID: s.ID, Month: wording.Month(s.ScoreMonth), YearAgo: wording.Month(s.ScoreMonth.Add(-12)),
		Summary: s.summary(), Customers: s.customers(), Services: s.services(), Windows: layWindows(s.Windows, s.Rules),
	}
	if v.Name == "" {
		v.Name, v.PartnerID = "Partner "+s.ID, ""
	}
	if len(s.Rules.Tracks) > 1 {
		v.Track = s.Track.ID
	}
	for i, score := range s.Scores {
		v.Cards = append(v.Cards, s.card(score, s.Windows[i]))
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

func (s Subject) card(score published.Score, w published.Window) card {
	most := score.Max()
	c := card{ID: Slug(s.ID) + "-" + string(score.Area), Name: s.Rules.AreaName(score.Area), Total: score.Total.String(),
		Needed: fmt.Sprint(s.Rules.DesignationPoints), Qualifies: score.Qualifies, Window: windowSentence(w), Rounding: score.RoundingSensitive}
	for _, m := range score.Metrics {
		one := meter{Name: wording.Metric(m.Metric), Applicable: m.Applicable, Why: why(m)}
		if m.Points != nil && m.Max != nil {
			one.Points, one.Max, one.Percent, one.Zero = m.Points.String(), m.Max.String(), share(*m.Points, *m.Max), slices.Contains(score.Blocking, m.Metric)
		}
		if one.Zero {
			c.Blocking = append(c.Blocking, reason{one.Name, one.Why})
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

// windowSentence says whether the partner may enrol.
func windowSentence(w published.Window) string {
	switch w.State {
	case published.WindowOpen:
		return "You may enrol until " + wording.Month(*w.Until) + "."
	case published.WindowUnknown:
		scored := len(slices.DeleteFunc(slices.Clone(w.Months), func(m published.WindowMonth) bool { return m.State == published.NotPublished }))
		return fmt.Sprintf("Enrolment: unknown. %s scored.", wording.Counted(int64(scored), fmt.Sprintf("of the last %d months is", len(w.Months)),
			fmt.Sprintf("of the last %d months are", len(w.Months))))
	default:
		return fmt.Sprintf("You cannot enrol: none of the last %d months qualified.", len(w.Months))
	}
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

func layWindows(windows []published.Window, rules *scoring.Rulebook) (v windowsView) {
	v.Before = rules.QualificationMonths - 1
	for _, w := range windows {
		row := windowRow{Area: rules.AreaName(w.Area), Sentence: windowSentence(w)}
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
