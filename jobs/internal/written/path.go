package written

import (
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
	outlook string // the command for the months to come
}

// Path writes ways to the designation: area by area, then the candidates, and below what was assumed. outlook is the command for the months to come.
func Path(x *answers.Path, outlook string) document.Document {
	t := path{x, outlook}
	d := document.Document{Title: []string{"Ways to the designation: " + title(x.PartnerName, titleMonth(x.ScoreMonth), x.Rulebook, x.Rules, x.Track)},
		Records: pathRecords(x)}
	customers, services := false, false
	for _, a := range x.Areas {
		d.Sections = append(d.Sections, t.area(a))
		d.Sections = append(d.Sections, t.people(a)...)
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
	d.Sections = append(d.Sections, document.Sentences(append(t.assumptions(), t.leaving()...)...))
	return d
}

func (t path) area(a answers.PathArea) document.Section {
	head := fmt.Sprintf("%s: %s of the %d needed", a.Name, wording.Points(a.Total), a.Needed)
	switch {
	case a.Margin != nil:
		return document.Sentences(fmt.Sprintf("%s: %s, qualifies. ", a.Name, wording.Points(a.Total)) + marginText(*a.Margin))
	case len(a.Obstacles) > 0:
		s := document.Sentences(head + ", and no way:")
		for _, obstacle := range a.Obstacles {
			s.Item(document.Bullet, obstacle)
		}
		s.Note(fmt.Sprintf("A month to come may bring by itself what this one lacks; see %s.", t.outlook))
		return s
	}
	s := document.Sentences(fmt.Sprintf("%s, %s", head, wording.Count(int64(len(a.Ways))+a.More, "way")))
	s.Table = &document.Table{More: a.More, Hint: "list them with --ways", Columns: []document.Column{{Header: "Way", Bare: true, Number: true},
		{Header: "Cost", Number: true}, {Header: "What it takes", Room: document.Room{Others: 24, Least: 30, Wrap: true}}, {Header: "Points then", Number: true}}}
	for i, way := range a.Ways {
		s.Table.Add(0, "", fmt.Sprint(i+1), wording.Plain(way.Cost), strings.Join(way.Actions(onStep), ", "), way.Total.String())
	}
	return s
}

// onStep says what people on a step have.
func onStep(s scoring.StepPeople) string { return wording.OnStep(s.Metric, s.Step, s.Gate) }

// stepName names a step within its area.
func stepName(s scoring.StepKey, gate bool) string { return wording.Step(s.Metric, s.Step, gate) }

// marginText says what can be lost.
func marginText(c answers.PathMargin) string {
	lose := []string{wording.Count(c.Customers, "eligible customer"), c.ACR.String() + " USD of ACR in the month", wording.Count(c.Services, "service")}
	for _, s := range c.People {
		lose = append(lose, wording.People(s.People)+" "+onStep(s))
	}
	return fmt.Sprintf("It has %s to spare. If nothing else changes, it can lose at most one of these: %s.", wording.Points(c.Points), strings.Join(lose, "; "))
}

// people names who is nearest to the steps that ways put people on.
func (t path) people(a answers.PathArea) (sections []document.Section) {
	for _, step := range a.People {
		s := document.Sentences(fmt.Sprintf("Nearest to %s, %s:", stepName(step.StepKey, step.Gate), strings.Join(step.Certifications, ", ")))
		if len(step.People) == 0 {
			s.Item(document.Indent, "nobody has other certifications of this area: it takes new people")
		}
		for _, n := range step.People {
			s.Item(document.Indent, nearText(n))
		}
		if step.More > 0 {
			s.Item(document.Indent, fmt.Sprintf("and %s more", scoring.Grouped(int64(step.More))))
		}
		sections = append(sections, s)
	}
	return sections
}

// nearText says how near somebody is to a step.
func nearText(n answers.NearPerson) string {
	holds := "holds " + strings.Join(n.Holds, ", ")
	if len(n.Holds) == 0 {
		holds = "holds nothing else that counts here"
	}
	if n.Reason == "" {
		return n.Person + ": " + holds
	}
	return fmt.Sprintf("%s: %s, %s; %s", n.Person, n.Certification, n.Reason.Words(), holds)
}

func (t path) customers() document.Section {
	if len(t.x.Customers) == 0 {
		return document.Sentences("No customer is near the threshold: new ones are needed.")
	}
	w := &document.Table{Caption: "Nearest customers", Columns: append(document.Named("Customer"), document.Numbers("Better month", "Lacks")...)}
	for _, c := range t.x.Customers {
		best := c.Best()
		w.Rows = append(w.Rows, customerRow(c, money(&best), money(&c.Shortfall)))
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

// leaving says which ways end on another track than they are counted by.
func (t path) leaving() []string {
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
		return nil
	}
	return []string{fmt.Sprintf("From %s USD in twelve months on a partner is not on the %s track any more. The ACR of these ways leads there, and their points "+
		"are by the present track: %s.", t.x.Ceiling, t.x.Track, strings.Join(all, "; "))}
}

// assumptions are the sentences below.
func (t path) assumptions() []string {
	return []string{
		"Costs: " + wording.Costs(t.x.Costs) + ".",
		fmt.Sprintf("A new eligible customer brings %s USD of ACR in the month, as in whatif --customers; ACR in a way comes on top of that. A new "+
			"service brings none. One person earns one required or additional certification, even if it counts for several. Track, rules and the months "+
			"a year before do not change.", t.x.Each),
	}
}
