package written

import (
	"cmp"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// comparison builds the document of a comparison.
type comparison struct {
	wording.Words
	c     *answers.Comparison
	limit int // causes shown of a metric; 0: all
}

// Compare writes a comparison: for each area a waterfall from the earlier total to the later one, with all causes, or with a few of each metric.
func Compare(w wording.Words, c *answers.Comparison, all bool) document.Document {
	t := comparison{w, c, shownOfArea}
	if all {
		t.limit = 0
	}
	d := document.Document{Title: append([]string{w.Say("%s, from %s to %s", c.PartnerName, c.From.ScoreMonth, c.To.ScoreMonth)}, t.circumstances()...),
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
		all = append(all, t.Say("The rulebook changed: %s, then %s.", from.Rulebook.ID, to.Rulebook.ID))
	default:
		all = append(all, t.Say("Rulebook %s in both months.", to.Rulebook.ID))
	}
	if from.Track != to.Track {
		all = append(all, t.Say("The track changed: %s, then %s.", from.Track, to.Track))
	}
	if t.c.OtherPersonKeys {
		all = append(all, t.Say("The months were scored with different person keys: how many people count is known, and not who came or left."))
	}
	for _, m := range []answers.Compared{from, to} {
		if len(m.Provisional) > 0 {
			all = append(all, t.Say("PROVISIONAL: %s: %s", m.ScoreMonth, t.Parts(m.Provisional)))
		}
	}
	return all
}

func (t comparison) area(a answers.AreaChange) document.Section {
	cause := document.Column{Header: t.Say("Cause"), Room: document.Room{Others: 20, Least: 20}}
	tree := &document.Table{Caption: t.Term(a.Name), Columns: append([]document.Column{cause}, document.Numbers(t.Say("Points"), t.Say("Total"))...)}
	tree.Add(0, "", t.month(t.c.From, a.QualifiesFrom), "", t.Number(a.From.String()))
	total := a.From
	for _, m := range a.Metrics {
		if m.To == nil && m.From == nil {
			continue
		}
		total += m.Change
		tree.Add(1, t.unmoved(m), t.Metric(m.Metric)+", "+t.fromTo(m), t.SignedPoints(m.Change), t.Number(total.String()))
		if m.Change == 0 {
			continue
		}
		causes := bySize(m.Causes)
		shown := causes
		if t.limit > 0 && len(causes) > t.limit {
			shown = causes[:t.limit]
		}
		for _, x := range shown {
			tree.Add(2, t.Phrase(x.Reason), t.what(x), t.SignedPoints(x.Points), "")
		}
		if rest := causes[len(shown):]; len(rest) > 0 {
			var sum scoring.Hundredths
			for _, x := range rest {
				sum += x.Points
			}
			tree.Add(2, "", t.Counted(int64(len(rest)), "%s cause more; --area %s shows all", "%s causes more; --area %s shows all", a.Area), t.SignedPoints(sum), "")
		}
	}
	tree.Add(0, "", t.month(t.c.To, a.QualifiesTo), t.SignedPoints(a.Change), t.Number(a.To.String()))
	return document.Section{Table: tree}
}

// month is the heading of one of the two months.
func (t comparison) month(m answers.Compared, qualifies bool) string {
	if qualifies {
		return t.Say("%s, qualifies", m.ScoreMonth)
	}
	return t.Say("%s, does not qualify", m.ScoreMonth)
}

// fromTo says what the points of a metric went from and to.
func (t comparison) fromTo(m answers.MetricChange) string {
	word := func(p *scoring.Hundredths) string {
		if p == nil {
			return t.Say("not measured")
		}
		return t.Number(p.String())
	}
	if m.Max == nil {
		return word(m.From) + " → " + word(m.To)
	}
	return t.Say("%s → %s of %s", word(m.From), word(m.To), *m.Max)
}

// unmoved sums up what happened to a metric whose points did not change: causes that were worth nothing.
func (t comparison) unmoved(m answers.MetricChange) string {
	if m.Change != 0 || len(m.Causes) == 0 {
		return ""
	}
	var parts []string
	for _, x := range bySize(m.Causes) {
		if len(parts) == shownOfAll {
			parts = append(parts, t.Say("%s more", scoring.Whole(len(m.Causes)-shownOfAll)))
			break
		}
		parts = append(parts, t.SignedPoints(x.Points)+" "+t.what(x))
	}
	return t.Say("Worth nothing in the end: %s.", t.Parts(parts))
}

// what names a cause.
func (t comparison) what(x answers.Change) string {
	name := cmp.Or(x.Name, x.ID)
	if x.Step.Format != "" {
		name = t.Phrase(x.Step)
	}
	switch x.Cause {
	case answers.CustomerIn:
		return t.Say("%s became eligible", name)
	case answers.CustomerOut:
		return t.Say("%s is not eligible any more", name)
	case answers.YearAgoIn:
		return t.Say("%s was eligible a year ago", name)
	case answers.YearAgoOut:
		return t.Say("%s was not eligible a year ago", name)
	case answers.GrowthACR:
		return t.Say("ACR of %s", name)
	case answers.GrowthBase:
		return t.Say("ACR of %s a year before", name)
	case answers.PersonIn:
		return t.Say("person %s counts for %s", x.ID, name)
	case answers.PersonOut:
		return t.Say("person %s left %s", x.ID, name)
	case answers.PeopleChanged:
		return t.Say("people of %s", name)
	case answers.ServiceIn:
		return t.Say("%s counts", name)
	case answers.ServiceOut:
		return t.Say("%s does not count any more", name)
	case answers.RulesChanged:
		if name == "" {
			return t.Say("other rules")
		}
		return t.Say("other rules %s", name)
	default:
		return t.whole(x.Cause)
	}
}

// whole names a cause that is about nobody in particular.
func (t comparison) whole(cause answers.ChangeCause) string {
	switch cause {
	case answers.GrowthMeasured:
		return t.Say("growth")
	case answers.GateOpened:
		return t.Say("required certifications")
	case answers.GatePoints:
		return t.Say("points of required certifications")
	case answers.CapChanged:
		return t.Say("over the cap")
	case answers.BelowZeroChanged:
		return t.Say("a loss counts as 0")
	case answers.RoundingChanged:
		return t.Say("rounding")
	case answers.ACRGateChanged:
		return t.Say("ACR of twelve months")
	default:
		return t.Say("missing input")
	}
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
				add(a, string(m.Metric), string(x.Cause), x.ID, x.Name, "", "", x.Points.Decimal(), optional(x.ACRFrom), optional(x.ACRTo), x.Reason.String())
			}
		}
	}
	return document.Records{Keys: CompareKeys(), Rows: rows}
}
