package report

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// waysView is how to get to the designation in an area, or what keeps it.
type waysView struct {
	Area      string
	Ways      []wayView
	More      string
	Obstacles []string
	Points    string   // above the designation; empty: it does not qualify
	Cushion   []string // what can be lost, each by itself
	Tight     []string // what cannot
}

// wayView is one way.
type wayView struct {
	Actions []string
	Total   string
	Beyond  string // what keeps the track from staying as it is; empty: nothing
}

// shownWays is how many ways to the designation a page shows of an area.
const shownWays = 3

func (s Subject) ways() (all []waysView) {
	for _, a := range s.Paths {
		v := waysView{Area: a.Name}
		for _, o := range a.Obstacles {
			v.Obstacles = append(v.Obstacles, sentence(o))
		}
		for _, w := range a.Ways {
			way := wayView{Actions: s.actions(w), Total: w.Total.InPoints()}
			if w.LeavesTrack {
				way.Beyond = fmt.Sprintf("on the %s track, which it leaves with %s in twelve months", s.Track.ID, usd(snapshot.Amount(*s.Track.Selection.ACRTTMBelowUSD)))
			}
			v.Ways = append(v.Ways, way)
		}
		if a.More > 0 {
			v.More = number(a.More)
		}
		if c := a.Cushion; c != nil {
			v.Points = c.Points.InPoints()
			v.spare(s, *c)
		}
		all = append(all, v)
	}
	return all
}

// costs says what actions are taken to cost.
func costs(c answers.PathCosts) string {
	plain := func(cost snapshot.Amount) string { return strings.TrimSuffix(scoring.USD(cost).String(), ".00") }
	return fmt.Sprintf("%s for a customer, %s for 1,000 USD more consumption in the month, %s for a service, %s for a person on a step",
		plain(c.Customer), plain(c.ACR), plain(c.Service), plain(c.Person))
}

// actions names what a way takes.
func (s Subject) actions(w answers.PathWay) (all []string) {
	if w.Customers > 0 {
		all = append(all, counted(int(w.Customers), "more eligible customer", "more eligible customers"))
	}
	if w.ACR > 0 {
		all = append(all, usd(upTo(w.ACR))+" more consumption in the month")
	}
	if w.Services > 0 {
		all = append(all, counted(int(w.Services), "more service in use", "more services in use"))
	}
	for _, p := range w.People {
		all = append(all, counted(int(p.People), "more person ", "more people ")+s.onStep(p.StepRef, p.Gate))
	}
	return all
}

// onStep says what people on a step hold.
func (s Subject) onStep(ref answers.StepRef, gate bool) string {
	if gate {
		return "certified as " + strings.Join(s.titles(ref), " or ")
	}
	return "with a certification of the list of " + strings.ToLower(metricName(ref.Metric))
}

// titles are the certifications of a step.
func (s Subject) titles(ref answers.StepRef) (all []string) {
	for _, c := range s.Rules.StepCertifications(s.Track.ID) {
		if c.Area == ref.Area && c.Metric == ref.Metric && c.Step == ref.Step {
			all = append(all, c.Title)
		}
	}
	return all
}

// spare names what a designation can do without, and what it cannot.
func (v *waysView) spare(s Subject, c answers.PathCushion) {
	add := func(n int64, one, many, rest string) {
		if n > 0 {
			v.Cushion = append(v.Cushion, counted(int(n), one, many)+rest)
		} else {
			v.Tight = append(v.Tight, "any "+one+rest)
		}
	}
	add(c.Customers, "eligible customer", "eligible customers", "")
	for _, p := range c.People {
		add(p.People, "person", "people", " "+s.onStep(p.StepRef, p.Gate))
	}
	add(c.Services, "service", "services", "")
	if c.ACR > 0 {
		v.Cushion = append(v.Cushion, usd(c.ACR)+" of consumption in the month")
	} else {
		v.Tight = append(v.Tight, "any consumption in the month")
	}
}

// trainRow is somebody who lacks one certification for a step that a way puts people on.
type trainRow struct{ Person, Step, Certification, Now string }

func (s Subject) train() (rows []trainRow) {
	for _, a := range s.Paths {
		for _, near := range a.People {
			step := a.Name + ", " + strings.ToLower(metricName(near.Metric))
			if near.Gate {
				step += fmt.Sprintf(", gate %d", near.Step)
			}
			for _, p := range near.People {
				rows = append(rows, trainRow{Person: p.Person, Step: step, Certification: choice(near.Certifications), Now: present(p)})
			}
		}
	}
	return rows[:min(len(rows), shownRows)]
}

// present says what somebody has to build on.
func present(p answers.NearPerson) string {
	if p.Reason != "" {
		return p.Certification + " " + holdingState(p.Reason)
	}
	return "holds " + list(p.Holds)
}

// outlookView is what is known of the months to come.
type outlookView struct {
	Unknown     string // why it is not known; empty: it is
	Until       string
	Turns       []string
	Areas       []string
	Months      []outlookRow
	Customers   []hurdleRow
	Heads       []string // points of the steps of customers
	ACR         []hurdleRow
	ACRHeads    []string
	Missing     string // which months are not known to compare with; empty: none
	ACRGate     string // which months do not reach the gate of growth; empty: none
	Before      string // how many of today's customers are eligible by the month before only; empty: none
	Changes     []changeRow
	MoreChanges string
	Gates       []gateRow
}

// outlookRow is a month if all stays as it is.
type outlookRow struct {
	Month, Rules string // Rules is empty while they stay the same
	Cells        []indexCell
}

// hurdleRow is what the points of a metric take in a month.
type hurdleRow struct {
	Month, Baseline, Today string
	Steps                  []hurdle
}

type hurdle struct{ Value, More string }

// changeRow is what changes in a month by itself.
type changeRow struct{ Month, What, Why string }

// gateRow is a gate that nobody can be spared from, or that lacks people.
type gateRow struct{ Area, Gate, People, Next string }

func (s Subject) outlook() outlookView {
	v := outlookView{Unknown: s.NoOutlook}
	if s.Outlook == nil {
		return v
	}
	v.Until = monthName(s.Outlook.Months[len(s.Outlook.Months)-1].Month)
	for _, t := range s.Outlook.Turns {
		word := "is lost in "
		if t.Won {
			word = "is won in "
		}
		v.Turns = append(v.Turns, s.Rules.AreaName(t.Area)+" "+word+monthName(t.Month)+".")
	}
	for _, now := range s.Outlook.Now {
		v.Areas = append(v.Areas, now.Name)
	}
	for _, m := range s.Outlook.Months {
		row := outlookRow{Month: shortMonth(m.Month)}
		if m.Rulebook != s.Outlook.Rulebook {
			row.Rules = m.Rulebook
		}
		for _, a := range m.Areas {
			total := a.Total.String()
			if !m.Known() {
				total = "at least " + total
			}
			row.Cells = append(row.Cells, indexCell{total, a.Qualifies})
		}
		v.Months = append(v.Months, row)
		v.hurdles(m)
		v.changes(m)
	}
	fill(v.Customers, len(v.Heads))
	fill(v.ACR, len(v.ACRHeads))
	v.premises(s.Outlook)
	v.Changes, v.MoreChanges = cut(v.Changes, 2*shownRows)
	v.Gates = s.gates()
	return v
}

// fill gives rows whose baseline is not known a dash for each step.
func fill(rows []hurdleRow, steps int) {
	for i := range rows {
		for rows[i].Baseline == notKnown && len(rows[i].Steps) < steps {
			rows[i].Steps = append(rows[i].Steps, hurdle{Value: "–"})
		}
	}
}

// premises says what the hurdles rest on besides the months a year before.
func (v *outlookView) premises(o *answers.Outlook) {
	if n := o.Months[0].ByMonthBefore; n > 0 {
		v.Before = fmt.Sprintf("%s of the %s of today by %s only, and taken to come back.", number(n),
			counted(int(o.Months[0].Customers), "eligible customer", "eligible customers"), monthName(o.ScoreMonth.Add(-1)))
	}
	for _, m := range o.Months {
		if !m.Known() {
			v.Missing = "Usage of " + monthNames(o.MissingUsage) + " was missing when the month was scored: what is compared with it is not known."
		}
	}
	var below []string
	for _, m := range o.Months {
		if m.ACRTTM < m.ACRGate && len(m.ACRSteps) > 0 {
			below = append(below, fmt.Sprintf("%s (%s)", monthName(m.Month), usd(m.ACRTTM)))
		}
	}
	if len(below) > 0 {
		v.ACRGate = fmt.Sprintf("If all stays as it is, the twelve months to %s stay below the %s without which growth earns nothing; the amounts make up for that too.",
			list(below), usd(o.Months[0].ACRGate))
	}
}

// hurdles adds what customers and growth take in a month: of many steps the first and the last.
func (v *outlookView) hurdles(m answers.OutlookMonth) {
	customers := hurdleRow{Month: shortMonth(m.Month), Baseline: known(m.BaselineCustomers, number), Today: number(m.Customers)}
	if len(m.CustomerSteps) > 0 {
		v.Heads = nil
	}
	for i, step := range m.CustomerSteps {
		if len(m.CustomerSteps) <= 3 || i == 0 || i == len(m.CustomerSteps)-1 {
			v.Heads = append(v.Heads, points(step.Points))
			customers.Steps = append(customers.Steps, hurdle{number(step.Customers), missing(step.More > 0, number(step.More))})
		}
	}
	v.Customers = append(v.Customers, customers)
	acr := hurdleRow{Month: shortMonth(m.Month), Baseline: known(m.BaselineACR, dollars), Today: dollars(m.ACR)}
	for i, step := range m.ACRSteps {
		if i == 0 || i == len(m.ACRSteps)-1 {
			acr.Steps = append(acr.Steps, hurdle{dollars(upTo(step.ACR)), missing(step.More > 0, dollars(upTo(step.More)))})
		}
		if i == len(m.ACRSteps)-1 {
			v.ACRHeads = []string{points(m.ACRSteps[0].Points), points(step.Points)}
		}
	}
	v.ACR = append(v.ACR, acr)
}

func points(n int64) string { return "For " + counted(int(n), "point", "points") }

// missing writes how much more something takes.
func missing(some bool, more string) string {
	if !some {
		return "reached"
	}
	return more + " more"
}

func (v *outlookView) changes(m answers.OutlookMonth) {
	month := shortMonth(m.Month)
	for _, service := range m.Services {
		v.Changes = append(v.Changes, changeRow{month, breakable(service.Service) + " leaves the twelve months", "last used in " + monthName(service.LastUsed)})
	}
	for _, turns := range [][]answers.CertificationTurn{m.Ending, m.Starting} {
		for _, t := range turns {
			v.Changes = append(v.Changes, changeRow{month, t.Certification + " of " + t.Person, turnReason(t)})
		}
	}
}

func turnReason(t answers.CertificationTurn) string {
	word := map[string]string{
		answers.WhyExpires: "runs out", answers.WhyCompleted: "was completed", answers.WhyList: "leaves the list", answers.WhyRules: "other rules",
	}[t.Why]
	if t.Day != nil {
		word += ", " + t.Day.String()
	}
	return word
}

// gates lists the gates of the month that have nobody to spare.
func (s Subject) gates() (rows []gateRow) {
	for _, g := range s.Outlook.Gates {
		if g.Spare > 0 {
			continue
		}
		row := gateRow{Area: s.Rules.AreaName(g.Area) + ", " + strings.ToLower(metricName(g.Metric)), Gate: g.Certification,
			People: fmt.Sprintf("%s of %s", number(g.People), number(g.Needed)), Next: "no end known"}
		if g.Spare < 0 {
			row.People += ": unmet, " + number(-g.Spare) + " missing"
		}
		if len(g.Who) == 0 {
			row.Next = "–"
		}
		for _, who := range g.Who {
			if who.Expires != nil {
				row.Next = who.Expires.String()
				break
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// skillingMetrics are those that people earn.
func skillingMetrics() []scoring.Metric {
	return []scoring.Metric{scoring.IntermediateCertifications, scoring.AdvancedCertifications}
}
