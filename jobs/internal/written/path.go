package written

import (
	"cmp"
	"fmt"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// path builds the document of ways to the designation.
type path struct {
	x       *answers.Path
	outlook string // the command for the months to come; empty: there is no command line
}

// Path writes ways to the designation: area by area, then the candidates, and below what was assumed. outlook is the command for the months to come.
func Path(x *answers.Path, outlook string) document.Document {
	t := path{x, outlook}
	d := document.Document{Title: []string{"Ways to the designation: " + title(x.PartnerName, titleMonth(x.ScoreMonth), x.Rulebook, x.Rules, x.Track)},
		Records: pathRecords(x)}
	customers, services := false, false
	for _, a := range x.Areas {
		d.Sections = append(append(d.Sections, t.area(a)), t.people(a, func(person string) string { return person })...)
		for _, w := range a.Ways {
			customers, services = customers || w.Customers > 0, services || w.Services > 0
		}
	}
	if customers {
		d.Sections = append(d.Sections, t.customers())
	}
	if services {
		d.Sections = append(d.Sections, t.services())
	}
	d.Sections = append(d.Sections, document.Sentences(wording.Effort(x.Costs), t.assumptions(), t.leaving()))
	return d
}

// Nearest writes for a page who is nearest to the steps that ways to an area put people on. who names a person.
func Nearest(x *answers.Path, a answers.PathArea, who func(person string) string) []document.Section {
	return path{x: x}.people(a, who)
}

func (t path) area(a answers.PathArea) document.Section {
	head := fmt.Sprintf("%s: %s of the %d needed", a.Name, wording.Points(a.Total), a.Needed)
	switch {
	case a.Margin != nil:
		return document.Sentences(fmt.Sprintf("%s: %s, qualifies. ", a.Name, wording.Points(a.Total)) + t.margin(*a.Margin))
	case len(a.Obstacles) > 0:
		s := document.Sentences(head + ", and no way:")
		for _, obstacle := range a.Obstacles {
			s.Item(document.Bullet, obstacle)
		}
		s.Note(fmt.Sprintf("A month to come may bring by itself what this one lacks; see %s.", cmp.Or(t.outlook, "the outlook")))
		return s
	}
	s := document.Sentences(fmt.Sprintf("%s, %s", head, wording.Count(int64(len(a.Ways))+a.More, "way")))
	s.Table = &document.Table{More: a.More, Hint: "list them with --ways", Columns: []document.Column{{Header: "Way", Bare: true, Number: true},
		{Header: "Cost", Number: true}, {Header: "What it takes", Room: document.Room{Others: 24, Least: 30, Wrap: true}}, {Header: "Points then", Number: true}}}
	for i, way := range a.Ways {
		s.Table.Add(0, "", fmt.Sprint(i+1), wording.Plain(way.Cost), strings.Join(Actions(t.x, way), ", "), way.Total.String())
	}
	return s
}

// Actions say what a way takes.
func Actions(x *answers.Path, w answers.PathWay) (all []string) {
	if w.Customers > 0 {
		all = append(all, wording.Count(w.Customers, "more eligible customer"))
	}
	if w.ACR > 0 {
		all = append(all, wording.InUSD(wording.UpToCents(w.ACR))+" more consumption in the month")
	}
	if w.Services > 0 {
		all = append(all, wording.Counted(w.Services, "more service in use", "more services in use"))
	}
	for _, s := range w.People {
		all = append(all, wording.Counted(s.People, "more person ", "more people ")+path{x: x}.onStep(s))
	}
	return all
}

// onStep says what people on a step hold: a required certification by its title.
func (t path) onStep(s scoring.StepPeople) string {
	if !s.Gate {
		return wording.OnStep(s.Metric, s.Step, s.Gate)
	}
	var titles []string
	for _, c := range t.x.Rules.StepCertifications(t.x.Track) {
		if c.StepKey == s.StepKey {
			titles = append(titles, c.Title)
		}
	}
	return "certified as " + strings.Join(titles, " or ")
}

// stepName names a step within its area.
func stepName(s scoring.StepKey, gate bool) string { return wording.Step(s.Metric, s.Step, gate) }

// margin says what can be lost, and what cannot.
func (t path) margin(c answers.PathMargin) string {
	var some, none []string
	add := func(n int64, one, many, rest string) {
		if n > 0 {
			some = append(some, wording.Counted(n, one, many)+rest)
		} else {
			none = append(none, "any "+one+rest)
		}
	}
	add(c.Customers, "eligible customer", "eligible customers", "")
	if c.ACR > 0 {
		some = append(some, wording.InUSD(c.ACR)+" of consumption in the month")
	} else {
		none = append(none, "any consumption in the month")
	}
	add(c.Services, "service", "services", "")
	for _, s := range c.People {
		add(s.People, "person", "people", " "+t.onStep(s))
	}
	text := fmt.Sprintf("It has %s to spare.", wording.Points(c.Points))
	if len(some) > 0 {
		text += " If nothing else changes, it can lose at most one of these: " + strings.Join(some, "; ") + "."
	}
	if len(none) > 0 {
		text += " It cannot lose " + strings.Join(none, "; ") + "."
	}
	return text
}

// people names who is nearest to the steps that ways put people on.
func (t path) people(a answers.PathArea, who func(person string) string) (sections []document.Section) {
	for _, step := range a.People {
		s := document.Sentences(fmt.Sprintf("Nearest to %s, %s:", stepName(step.StepKey, step.Gate), strings.Join(step.Certifications, ", ")))
		if len(step.People) == 0 {
			s.Item(document.Indent, "nobody has other certifications of this area: it takes new people")
		}
		for _, n := range step.People {
			s.Item(document.Indent, nearText(n, who(n.Person)))
		}
		if step.More > 0 {
			s.Item(document.Indent, fmt.Sprintf("and %s more", scoring.Grouped(int64(step.More))))
		}
		sections = append(sections, s)
	}
	return sections
}

// nearText says how near somebody is to a step.
func nearText(n answers.NearPerson, person string) string {
	holds := "holds " + strings.Join(n.Holds, ", ")
	if len(n.Holds) == 0 {
		holds = "holds nothing else that counts here"
	}
	if n.Reason == "" {
		return person + ": " + holds
	}
	return fmt.Sprintf("%s: %s, %s; %s", person, n.Certification, n.Reason.Words(), holds)
}

func (t path) customers() document.Section {
	if len(t.x.Customers) == 0 {
		return document.Sentences("No customer is near the threshold: new ones are needed.")
	}
	w := &document.Table{Caption: "Nearest customers", Columns: append(document.Named("Customer"), document.Numbers("Better month", "Lacks")...)}
	for _, c := range t.x.Customers {
		best := c.Best()
		w.Rows = append(w.Rows, CustomerRow(c, money(&best), money(&c.Shortfall)))
	}
	return document.Section{Table: w}
}

func (t path) services() document.Section {
	if len(t.x.Services) == 0 {
		return document.Sentences("No other partner's customers use a service that does not count here already.")
	}
	w := &document.Table{Caption: "Services that others use", Columns: append(document.Named("Service"), document.Numbers("Customers", "Partners")...)}
	for _, s := range t.x.Services {
		w.Add(0, "", s.Service, scoring.Grouped(s.Customers), scoring.Grouped(s.Partners))
	}
	return document.Section{Table: w}
}

// leaving says which ways end on another track than they are counted by; empty: none.
func (t path) leaving() string {
	var all []string
	for _, a := range t.x.Areas {
		var ways []string
		for i, w := range a.Ways {
			if w.LeavesTrack {
				ways = append(ways, fmt.Sprint(i+1))
			}
		}
		if len(ways) > 0 {
			all = append(all, a.Name+" "+strings.Join(ways, ", "))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("From %s USD in twelve months on a partner is not on the %s track any more. The ACR of these ways leads there, and their points "+
		"are by the present track: %s.", t.x.Ceiling, t.x.Track, strings.Join(all, "; "))
}

// assumptions are those of the ways.
func (t path) assumptions() string {
	each := t.x.Each.String() + " USD of ACR in the month"
	if t.outlook != "" {
		each += ", as in whatif --customers"
	}
	return fmt.Sprintf("A new eligible customer brings %s; ACR in a way comes on top of that. A new service brings none. One person earns one required "+
		"or additional certification, even if it counts for several. Track, rules and the months a year before do not change.", each)
}
