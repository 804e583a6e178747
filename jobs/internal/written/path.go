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
	wording.Words
	x       *answers.Path
	outlook string // the command for the months to come; empty: there is no command line
}

// Path writes ways to the designation: area by area, then the candidates, and below what was assumed. outlook is the command for the months to come.
func Path(w wording.Words, x *answers.Path, outlook string) document.Document {
	t := path{w, x, outlook}
	d := document.Document{Title: []string{w.Say("Ways to the designation: %s", title(w, x.PartnerName, titleMonth(w, x.ScoreMonth), x.Rulebook, x.Rules, x.Track))},
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
	d.Sections = append(d.Sections, document.Sentences(t.Effort(x.Costs), t.assumptions(), t.leaving()))
	return d
}

// Nearest writes for a page who is nearest to the steps that ways to an area put people on. who names a person.
func Nearest(w wording.Words, x *answers.Path, a answers.PathArea, who func(person string) string) []document.Section {
	return path{Words: w, x: x}.people(a, who)
}

func (t path) area(a answers.PathArea) document.Section {
	name, points := t.Term(a.Name), t.Points(a.Total)
	switch {
	case a.Margin != nil:
		return document.Sentences(t.Say("%s: %s, qualifies. %s", name, points, t.margin(*a.Margin)))
	case len(a.Obstacles) > 0:
		s := document.Sentences(t.Say("%s: %s of the %d needed, and no way:", name, points, a.Needed))
		for _, obstacle := range a.Obstacles {
			s.Item(document.Bullet, t.Phrase(obstacle))
		}
		s.Note(t.Say("A month to come may bring by itself what this one lacks; see %s.", cmp.Or(t.outlook, t.Say("the outlook"))))
		return s
	}
	s := document.Sentences(t.Counted(int64(len(a.Ways))+a.More, "%[2]s: %[3]s of the %[4]d needed, %[1]s way",
		"%[2]s: %[3]s of the %[4]d needed, %[1]s ways", name, points, a.Needed))
	s.Table = &document.Table{Left: t.AndMore(a.More), Hint: t.Say("; list them with --ways"), Columns: []document.Column{{Header: t.Say("Way"), Bare: true, Number: true},
		{Header: t.Say("Cost"), Number: true},
		{Header: t.Say("What it takes"), Room: document.Room{Others: 24, Least: 30, Wrap: true}}, {Header: t.Say("Points then"), Number: true}}}
	for i, way := range a.Ways {
		s.Table.Add(0, "", fmt.Sprint(i+1), t.Plain(way.Cost), strings.Join(Actions(t.Words, t.x, way), ", "), t.Number(way.Total.String()))
	}
	return s
}

// Actions say what a way takes.
func Actions(words wording.Words, x *answers.Path, w answers.PathWay) (all []string) {
	t := path{Words: words, x: x}
	if w.Customers > 0 {
		all = append(all, t.Counted(w.Customers, "%s more eligible customer", "%s more eligible customers"))
	}
	if w.ACR > 0 {
		all = append(all, t.Say("%s more consumption in the month", t.InUSD(wording.UpToCents(w.ACR))))
	}
	if w.Services > 0 {
		all = append(all, t.Counted(w.Services, "%s more service in use", "%s more services in use"))
	}
	for _, s := range w.People {
		all = append(all, t.morePeople(s))
	}
	return all
}

// morePeople says how many people a step takes, and what they hold.
func (t path) morePeople(s scoring.StepPeople) string {
	switch {
	case s.Gate:
		return t.Counted(s.People, "%s more person certified as %s", "%s more people certified as %s", t.titles(s))
	case s.Metric == scoring.AdvancedCertifications:
		return t.Counted(s.People, "%s more person with an additional advanced certification", "%s more people with an additional advanced certification")
	default:
		return t.Counted(s.People, "%s more person with an additional intermediate certification", "%s more people with an additional intermediate certification")
	}
}

// spare names the people of a step that are not needed, and any of them.
func (t path) spare(s scoring.StepPeople) (most, anyone string) {
	switch {
	case s.Gate:
		return t.Counted(s.People, "%s person certified as %s", "%s people certified as %s", t.titles(s)), t.Say("any person certified as %s", t.titles(s))
	case s.Metric == scoring.AdvancedCertifications:
		return t.Counted(s.People, "%s person with an additional advanced certification", "%s people with an additional advanced certification"),
			t.Say("any person with an additional advanced certification")
	default:
		return t.Counted(s.People, "%s person with an additional intermediate certification", "%s people with an additional intermediate certification"),
			t.Say("any person with an additional intermediate certification")
	}
}

// titles are the certifications of a step.
func (t path) titles(s scoring.StepPeople) string {
	var titles []string
	for _, c := range t.x.Rules.StepCertifications(t.x.Track) {
		if c.StepKey == s.StepKey {
			titles = append(titles, c.Title)
		}
	}
	return strings.Join(titles, t.Say(" or "))
}

// margin says what can be lost, and what cannot.
func (t path) margin(c answers.PathMargin) string {
	var some, none []string
	add := func(can bool, most, anyone string) {
		if can {
			some = append(some, most)
		} else {
			none = append(none, anyone)
		}
	}
	add(c.Customers > 0, t.Counted(c.Customers, "%s eligible customer", "%s eligible customers"), t.Say("any eligible customer"))
	add(c.ACR > 0, t.Say("%s of consumption in the month", t.InUSD(c.ACR)), t.Say("any consumption in the month"))
	add(c.Services > 0, t.Counted(c.Services, "%s service", "%s services"), t.Say("any service"))
	for _, s := range c.People {
		most, anyone := t.spare(s)
		add(s.People > 0, most, anyone)
	}
	text := t.Say("It has %s to spare.", t.Points(c.Points))
	if len(some) > 0 {
		text += " " + t.Say("If nothing else changes, it can lose at most one of these: %s.", t.Parts(some))
	}
	if len(none) > 0 {
		text += " " + t.Say("It cannot lose %s.", t.Parts(none))
	}
	return text
}

// people names who is nearest to the steps that ways put people on.
func (t path) people(a answers.PathArea, who func(person string) string) (sections []document.Section) {
	for _, step := range a.People {
		s := document.Sentences(t.Say("Nearest to %s, %s:", t.Step(step.StepKey, step.Gate), strings.Join(step.Certifications, ", ")))
		if len(step.People) == 0 {
			s.Item(document.Indent, t.Say("nobody has other certifications of this area: it takes new people"))
		}
		for _, n := range step.People {
			s.Item(document.Indent, t.nearText(n, who(n.Person)))
		}
		if step.More > 0 {
			s.Item(document.Indent, t.AndMore(int64(step.More)))
		}
		sections = append(sections, s)
	}
	return sections
}

// nearText says how near somebody is to a step.
func (t path) nearText(n answers.NearPerson, person string) string {
	holds := t.Say("holds %s", strings.Join(n.Holds, ", "))
	if len(n.Holds) == 0 {
		holds = t.Say("holds nothing else that counts here")
	}
	if n.Reason == "" {
		return t.Say("%s: %s", person, holds)
	}
	return t.Say("%s: %s, %s; %s", person, n.Certification, n.Reason.Words(), holds)
}

func (t path) customers() document.Section {
	if len(t.x.Customers) == 0 {
		return document.Sentences(t.Say("No customer is near the threshold: new ones are needed."))
	}
	w := &document.Table{Caption: t.Say("Nearest customers"), Columns: append(document.Named(t.Say("Customer")), document.Numbers(t.Say("Better month"), t.Say("Lacks"))...)}
	for _, c := range t.x.Customers {
		best := c.Best()
		w.Rows = append(w.Rows, CustomerRow(c, money(t.Words, &best), money(t.Words, &c.Shortfall)))
	}
	return document.Section{Table: w}
}

func (t path) services() document.Section {
	if len(t.x.Services) == 0 {
		return document.Sentences(t.Say("No other partner's customers use a service that does not count here already."))
	}
	w := &document.Table{Caption: t.Say("Services that others use"), Columns: append(document.Named(t.Say("Service")), document.Numbers(t.Say("Customers"), t.Say("Partners"))...)}
	for _, s := range t.x.Services {
		w.Add(0, "", s.Service, t.Grouped(s.Customers), t.Grouped(s.Partners))
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
			all = append(all, t.Term(a.Name)+" "+strings.Join(ways, ", "))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return t.Say("From %s USD in twelve months on a partner is not on the %s track any more. The ACR of these ways leads there, and their points "+
		"are by the present track: %s.", t.x.Ceiling, t.x.Track, t.Parts(all))
}

// assumptions are those of the ways.
func (t path) assumptions() string {
	each := t.Say("%s USD of ACR in the month", t.x.Each)
	if t.outlook != "" {
		each = t.Say("%s USD of ACR in the month, as in whatif --customers", t.x.Each)
	}
	return t.Say("A new eligible customer brings %s; ACR in a way comes on top of that. A new service brings none. One person earns one required "+
		"or additional certification, even if it counts for several. Track, rules and the months a year before do not change.", each)
}
