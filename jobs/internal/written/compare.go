package written

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// comparison builds the document of a comparison.
type comparison struct {
	c     *answers.Comparison
	limit int // causes shown of a metric; 0: all
}

// Compare writes a comparison: for each area a waterfall from the earlier total to the later one, with all causes, or with a few of each metric.
func Compare(c *answers.Comparison, all bool) document.Document {
	t := comparison{c, shownOfArea}
	if all {
		t.limit = 0
	}
	d := document.Document{Title: append([]string{fmt.Sprintf("%s, from %s to %s", c.PartnerName, c.From.ScoreMonth, c.To.ScoreMonth)}, t.circumstances()...),
		Records: compareRecords(c)}
	for _, a := range c.Areas {
		d.Sections = append(d.Sections, t.area(a))
	}
	return d
}

// circumstances say by which rules the months were scored.
func (t comparison) circumstances() []string {
	from, to := t.c.From, t.c.To
	var all []string
	switch {
	case from.Rulebook != to.Rulebook:
		all = append(all, fmt.Sprintf("The rulebook changed: %s, then %s.", from.Rulebook.ID, to.Rulebook.ID))
	default:
		all = append(all, "Rulebook "+to.Rulebook.ID+" in both months.")
	}
	if from.Track != to.Track {
		all = append(all, fmt.Sprintf("The track changed: %s, then %s.", from.Track, to.Track))
	}
	if t.c.OtherPersonKeys {
		all = append(all, "The months were scored with different person keys: how many people count is known, and not who came or left.")
	}
	for _, m := range []answers.Compared{from, to} {
		if len(m.Provisional) > 0 {
			all = append(all, fmt.Sprintf("PROVISIONAL: %s: %s", m.ScoreMonth, strings.Join(m.Provisional, "; ")))
		}
	}
	return all
}

func (t comparison) area(a answers.AreaChange) document.Section {
	cause := document.Column{Header: "Cause", Room: document.Room{Others: 20, Least: 20}}
	tree := &document.Table{Caption: a.Name, Columns: append([]document.Column{cause}, document.Numbers("Points", "Total")...)}
	tree.Add(0, "", t.month(t.c.From, a.QualifiesFrom), "", a.From.String())
	total := a.From
	for _, m := range a.Metrics {
		if m.To == nil && m.From == nil {
			continue
		}
		total += m.Change
		tree.Add(1, t.unmoved(m), wording.Metric(m.Metric)+", "+fromTo(m), wording.SignedPoints(m.Change), total.String())
		if m.Change == 0 {
			continue
		}
		causes := bySize(m.Causes)
		shown := causes
		if t.limit > 0 && len(causes) > t.limit {
			shown = causes[:t.limit]
		}
		for _, x := range shown {
			tree.Add(2, x.Reason, t.what(x), wording.SignedPoints(x.Points), "")
		}
		if rest := causes[len(shown):]; len(rest) > 0 {
			var sum scoring.Hundredths
			for _, x := range rest {
				sum += x.Points
			}
			tree.Add(2, "", fmt.Sprintf("%s more; --area %s shows all", wording.Count(int64(len(rest)), "cause"), a.Area), wording.SignedPoints(sum), "")
		}
	}
	tree.Add(0, "", t.month(t.c.To, a.QualifiesTo), wording.SignedPoints(a.Change), a.To.String())
	return document.Section{Table: tree}
}

// month is the heading of one of the two months.
func (t comparison) month(m answers.Compared, qualifies bool) string {
	if qualifies {
		return m.ScoreMonth.String() + ", qualifies"
	}
	return m.ScoreMonth.String() + ", does not qualify"
}

// fromTo says what the points of a metric went from and to.
func fromTo(m answers.MetricChange) string {
	word := func(p *scoring.Hundredths) string {
		if p == nil {
			return "not measured"
		}
		return p.String()
	}
	if m.Max == nil {
		return word(m.From) + " → " + word(m.To)
	}
	return fmt.Sprintf("%s → %s of %s", word(m.From), word(m.To), m.Max)
}

// unmoved sums up what happened to a metric whose points did not change: causes that were worth nothing.
func (t comparison) unmoved(m answers.MetricChange) string {
	if m.Change != 0 || len(m.Causes) == 0 {
		return ""
	}
	var parts []string
	for _, x := range bySize(m.Causes) {
		if len(parts) == shownOfAll {
			parts = append(parts, scoring.Grouped(int64(len(m.Causes)-shownOfAll))+" more")
			break
		}
		parts = append(parts, wording.SignedPoints(x.Points)+" "+t.what(x))
	}
	return "Worth nothing in the end: " + strings.Join(parts, "; ") + "."
}

// changeWords name the causes of changes; %s is who or what it is about.
func changeWords() map[answers.ChangeCause]string {
	return map[answers.ChangeCause]string{
		answers.CustomerIn:       "%s became eligible",
		answers.CustomerOut:      "%s is not eligible any more",
		answers.YearAgoIn:        "%s was eligible a year ago",
		answers.YearAgoOut:       "%s was not eligible a year ago",
		answers.GrowthACR:        "ACR of %s",
		answers.GrowthBase:       "ACR of %s a year before",
		answers.GrowthMeasured:   "growth",
		answers.PeopleChanged:    "people of %s",
		answers.ServiceIn:        "%s counts",
		answers.ServiceOut:       "%s does not count any more",
		answers.GateOpened:       "required certifications",
		answers.GatePoints:       "points of required certifications",
		answers.CapChanged:       "over the cap",
		answers.BelowZeroChanged: "a loss counts as 0",
		answers.RoundingChanged:  "rounding",
		answers.ACRGateChanged:   "ACR of twelve months",
		answers.DataChanged:      "missing input",
	}
}

// what names a cause.
func (t comparison) what(x answers.Change) string {
	name := cmp.Or(x.Name, x.ID)
	switch x.Cause {
	case answers.PersonIn:
		return "person " + x.ID + " counts for " + name
	case answers.PersonOut:
		return "person " + x.ID + " left " + name
	case answers.RulesChanged:
		return strings.TrimSpace("other rules " + name)
	}
	return strings.ReplaceAll(changeWords()[x.Cause], "%s", name)
}

// bySize orders causes: those worth the most first, in either direction; causes without a customer, person or service last.
func bySize(causes []answers.Change) []answers.Change {
	size := func(x answers.Change) scoring.Hundredths { return max(x.Points, -x.Points) }
	own := func(x answers.Change) int {
		if x.ID == "" {
			return 1
		}
		return 0
	}
	sorted := slices.Clone(causes)
	slices.SortStableFunc(sorted, func(a, b answers.Change) int { return cmp.Or(own(a)-own(b), cmp.Compare(size(b), size(a))) })
	return sorted
}

// CompareKeys are the columns of the CSV of a comparison.
func CompareKeys() document.Keys {
	return document.Keys{
		{"from_month to_month partner_id", "what is compared"},
		{"solution_area metric", "that the line is about"},
		{"cause", "total or metric: what its causes add up to; else the cause: customer_in, customer_out, year_ago_in, year_ago_out, growth_acr, growth_base, " +
			"growth_measured, person_in, person_out, people, gate_points, gate, service_in, service_out, rules, over_cap, below_zero, rounding, below_acr_gate, no_data"},
		{"id name", "of the customer (tenant id), the person and certification, or the service"},
		{"from_points to_points", "of a total or metric, in each month"},
		{"change", "points that the total or metric changed by, or that the cause gives or takes"},
		{"acr_from acr_to", "consumption of the customer or service that made the difference, in USD"},
		{"reason", "in words"},
	}
}

// compareRecords has a line per cause, and one for each metric and total, all with points.
func compareRecords(c *answers.Comparison) document.Records {
	var rows [][]string
	add := func(a answers.AreaChange, cells ...string) {
		rows = append(rows, append([]string{c.From.ScoreMonth.String(), c.To.ScoreMonth.String(), c.ID, string(a.Area)}, cells...))
	}
	for _, a := range c.Areas {
		add(a, "", "total", "", "", a.From.Decimal(), a.To.Decimal(), a.Change.Decimal(), "", "",
			"qualifies: "+strconv.FormatBool(a.QualifiesFrom)+" before, "+strconv.FormatBool(a.QualifiesTo)+" now")
		for _, m := range a.Metrics {
			add(a, string(m.Metric), "metric", "", "", optional(m.From), optional(m.To), m.Change.Decimal(), "", "",
				string(m.StatusFrom)+" before, "+string(m.StatusTo)+" now")
			for _, x := range m.Causes {
				add(a, string(m.Metric), string(x.Cause), x.ID, x.Name, "", "", x.Points.Decimal(), optional(x.ACRFrom), optional(x.ACRTo), x.Reason)
			}
		}
	}
	return document.Records{Keys: CompareKeys(), Rows: rows}
}
