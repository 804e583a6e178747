package show

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// pathTable prints ways to the designation for people.
type pathTable struct {
	x       *answers.Path
	width   int
	outlook string // the command for the months to come, but for month and partner
}

// Path lays ways to the designation out for people. outlook is the command for the months to come, but for month and partner.
func Path(x *answers.Path, width int, outlook string) fmt.Stringer {
	return pathTable{x: x, width: width, outlook: outlook}
}

// String lays the ways out, area by area, then the candidates, and below what was assumed.
func (t pathTable) String() string {
	x := t.x
	var b strings.Builder
	b.WriteString(paragraph("Ways to the designation: "+title(x.PartnerName, titleMonth(x.ScoreMonth), x.Rulebook, x.Rules, x.Track), t.width))
	customers, services := false, false
	for _, a := range x.Areas {
		b.WriteString("\n" + t.area(a))
		for _, w := range a.Ways {
			customers, services = customers || w.Customers > 0, services || w.Services > 0
		}
	}
	if customers {
		b.WriteString("\n" + t.customers())
	}
	if services {
		b.WriteString("\n" + t.services())
	}
	b.WriteString("\n")
	for _, sentence := range append(t.assumptions(), t.leaving()...) {
		b.WriteString(paragraph(sentence, t.width))
	}
	return b.String()
}

func (t pathTable) area(a answers.PathArea) string {
	head := fmt.Sprintf("%s: %s of the %d needed", a.Name, wording.Points(a.Total), a.Needed)
	switch {
	case a.Margin != nil:
		return paragraph(fmt.Sprintf("%s: %s, qualifies. ", a.Name, wording.Points(a.Total))+marginText(*a.Margin), t.width)
	case len(a.Obstacles) > 0:
		out := head + ", and no way:\n"
		for _, obstacle := range a.Obstacles {
			out += bullet(obstacle, t.width)
		}
		hint := fmt.Sprintf("A month to come may bring by itself what this one lacks; see %s --month %s --partner %s.", t.outlook, t.x.ScoreMonth,
			ShellWord(t.x.ID))
		out += paragraph(hint, t.width)
		return out
	}
	ways := fmt.Sprintf("%s, %s\n", head, wording.Count(int64(len(a.Ways))+a.More, "way"))
	w := table.NewWriter()
	w.SetStyle(PlainStyle())
	const others = 24 // columns without the actions
	w.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, Align: text.AlignRight}, {Number: 2, Align: text.AlignRight, AlignHeader: text.AlignRight},
		{Number: 3, WidthMax: max(t.width-others, 30), WidthMaxEnforcer: text.WrapSoft},
		{Number: 4, Align: text.AlignRight, AlignHeader: text.AlignRight},
	})
	w.AppendHeader(row("", "Cost", "What it takes", "Points then"))
	for i, way := range a.Ways {
		w.AppendRow(row(fmt.Sprint(i+1), wording.Plain(way.Cost), strings.Join(way.Actions(onStep), ", "), way.Total.String()))
	}
	ways += Render(w)
	if a.More > 0 {
		ways += fmt.Sprintf("and %s more; list them with --ways\n", scoring.Grouped(a.More))
	}
	return ways + t.people(a)
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
func (t pathTable) people(a answers.PathArea) string {
	var b strings.Builder
	for _, step := range a.People {
		head := fmt.Sprintf("Nearest to %s, %s:", stepName(step.StepKey, step.Gate), strings.Join(step.Certifications, ", "))
		b.WriteString("\n" + paragraph(head, t.width))
		if len(step.People) == 0 {
			b.WriteString("  nobody has other certifications of this area: it takes new people\n")
		}
		for _, n := range step.People {
			b.WriteString(Indented(nearText(n), 2, t.width))
		}
		if step.More > 0 {
			fmt.Fprintf(&b, "  and %s more\n", scoring.Grouped(int64(step.More)))
		}
	}
	return b.String()
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

func (t pathTable) customers() string {
	if len(t.x.Customers) == 0 {
		return "No customer is near the threshold: new ones are needed.\n"
	}
	w := plainTable([]string{"Nearest customers", "Better month", "Lacks"}, 2, 3)
	for _, c := range t.x.Customers {
		name := Printable(c.Name)
		if name == "" || t.width >= idWidth {
			name = strings.TrimSpace(name + " " + c.Tenant)
		}
		best := c.Best()
		w.AppendRow(row(name, money(&best), money(&c.Shortfall)))
	}
	return Render(w)
}

func (t pathTable) services() string {
	if len(t.x.Services) == 0 {
		return "No other partner's customers use a service that does not count here already.\n"
	}
	w := plainTable([]string{"Services that others use", "Customers", "Partners"}, 2, 3)
	for _, s := range t.x.Services {
		w.AppendRow(row(Printable(s.Service), scoring.Grouped(s.Customers), scoring.Grouped(s.Partners)))
	}
	return Render(w)
}

// leaving says which ways end on another track than they are counted by.
func (t pathTable) leaving() []string {
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
func (t pathTable) assumptions() []string {
	return []string{
		"Costs: " + wording.Costs(t.x.Costs) + ".",
		fmt.Sprintf("A new eligible customer brings %s USD of ACR in the month, as in whatif --customers; ACR in a way comes on top of that. A new "+
			"service brings none. One person earns one required or additional certification, even if it counts for several. Track, rules and the months "+
			"a year before do not change.", t.x.Each),
	}
}
