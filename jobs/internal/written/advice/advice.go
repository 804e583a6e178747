// Package advice writes what a partner does next, and what changes by itself, for a page.
package advice

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/actions"
	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Actions writes what a partner does next. who names a person.
type Actions struct {
	Partner *published.Partner
	Outlook *answers.Outlook // nil: not known
	Next    *actions.Plan
	Who     func(person string) string
}

// What says what is done, with whom or what.
func (n Actions) What(a actions.Action) string {
	parts := n.certify(a.Renewals)
	for _, tenant := range slices.Sorted(maps.Keys(a.Raised)) {
		parts = append(parts, fmt.Sprintf("call %s: %s more consumption in the month makes it an eligible customer", n.customer(tenant), wording.InUSD(a.Raised[tenant])))
	}
	if a.Customers > 0 {
		each := ""
		if a.Customers > 1 {
			each = ", each"
		}
		parts = append(parts, fmt.Sprintf("win %s%s with %s or more in the month", wording.Count(a.Customers, "customer"), each,
			wording.InUSD(n.Partner.Track.EligibleCustomerUSD)))
	}
	for _, service := range a.Services {
		if service.Name == "" {
			parts = append(parts, "have customers use one more service that counts and none uses yet")
		} else {
			parts = append(parts, "have a customer use "+service.Name)
		}
	}
	if a.ACR > 0 {
		parts = append(parts, fmt.Sprintf("raise consumption (ACR) by %s in the month", wording.InUSD(a.ACR)))
	}
	return wording.Sentence(wording.List(parts)) + "."
}

// certify says who earns what, a certification at a time.
func (n Actions) certify(renewals []actions.Renewal) (parts []string) {
	type kind struct {
		title, reason string
		renew         bool
	}
	var order []kind
	people, others := map[kind][]string{}, map[kind]int64{}
	for _, r := range renewals {
		k := kind{n.certification(r.Title), "", r.Expires != nil || r.Reason == published.HoldingExpired}
		if r.Any {
			k.title += " or another certification of its list"
		}
		if r.Reason == published.HoldingInactive {
			k.reason = ", which is inactive"
		}
		if !slices.Contains(order, k) {
			order = append(order, k)
		}
		if r.Person == "" {
			others[k]++
		} else {
			people[k] = append(people[k], n.Who(r.Person))
		}
	}
	for _, k := range order {
		who := people[k]
		switch more := others[k]; {
		case more > 0 && len(who) > 0:
			who = append(who, wording.Counted(more, "other person", "other people"))
		case more > 0:
			who = append(who, wording.Counted(more, "more person", "more people"))
		}
		if k.renew || k.reason != "" {
			parts = append(parts, fmt.Sprintf("renew %s of %s%s", k.title, wording.List(who), k.reason))
		} else {
			parts = append(parts, fmt.Sprintf("certify %s as %s", wording.List(who), k.title))
		}
	}
	return parts
}

// certification is a title with its code, where it has one.
func (n Actions) certification(title string) string {
	for _, c := range n.Partner.Rules.Certifications() {
		if c.Title == title && len(c.Codes) == 1 {
			return title + " (" + c.Codes[0] + ")"
		}
	}
	return title
}

func (n Actions) customer(tenant string) string {
	for _, c := range n.Partner.Customers {
		if c.Tenant == tenant && c.Name != "" {
			return c.Name
		}
	}
	return "tenant " + tenant
}

// By is the last day on which an action helps.
func (n Actions) By(a actions.Action) string { return wording.Date(a.By.Time) }

// Sure says how sure the points of an action are.
func (n Actions) Sure(a actions.Action) string {
	month, year := wording.Month(a.Month), func(m scoring.Month) string { return wording.Month(m.Add(-12)) }
	people := a.Customers == 0 && a.ACR == 0 && len(a.Raised) == 0 && len(a.Services) == 0
	switch {
	case a.Month > n.Partner.ScoreMonth && people:
		return "Certain: the exports show when certifications end."
	case a.Month > n.Partner.ScoreMonth:
		return fmt.Sprintf("Likely: %s is known, the rest of %s is taken as it is today.", year(a.Month), month)
	case a.Holds == 0:
		return ""
	case a.Less && a.Holds == a.Month:
		return fmt.Sprintf("Unsure: by the rules and the year before of %s it brings less.", wording.Month(a.Month.Add(1)))
	case a.Holds == a.Month:
		return fmt.Sprintf("Unsure: what %s will be compared with is not known.", wording.Month(a.Month.Add(1)))
	case a.Less:
		return fmt.Sprintf("Until %s: the month after brings less.", wording.Month(a.Holds))
	case people:
		return fmt.Sprintf("Certain: it brings as much in every month until %s.", wording.Month(a.Holds))
	default:
		return fmt.Sprintf("Likely: it brings as much in every month until %s, if the rest stays.", wording.Month(a.Holds))
	}
}

// Purpose says what the action of that index is good for.
func (n Actions) Purpose(i int) string {
	a := n.Next.Actions[i]
	var won, gains, margin []string
	for _, e := range a.Effects {
		area := n.Partner.Rules.AreaName(e.Area)
		switch {
		case e.Qualifies:
			won = append(won, area)
		case e.After > e.Before && n.qualifies(e.Area, i):
			margin = append(margin, area)
		case e.After > e.Before:
			gains = append(gains, area)
		}
	}
	switch {
	case a.Month > n.Partner.ScoreMonth && len(won) > 0:
		return "Keeps " + wording.List(won) + " in " + wording.Month(a.Month) + "."
	case a.Month > n.Partner.ScoreMonth:
		return "Keeps points in " + wording.List(append(gains, margin...)) + " in " + wording.Month(a.Month) + "."
	case len(won) > 0:
		return "Wins " + wording.List(won) + "."
	case len(gains) > 0:
		return "Brings " + wording.List(gains) + " nearer."
	default:
		return "Points to spare in " + wording.List(margin) + "."
	}
}

// qualifies reports whether an area of the published month qualifies before the action of that index.
func (n Actions) qualifies(area scoring.Area, i int) bool {
	if s := n.Partner.Score(area); s != nil && s.Qualifies {
		return true
	}
	return slices.ContainsFunc(n.Next.Actions[:i], func(a actions.Action) bool {
		return a.Month == n.Partner.ScoreMonth && slices.ContainsFunc(a.Effects, func(e actions.Effect) bool { return e.Area == area && e.Qualifies })
	})
}

// Totals says which totals an action changes.
func (n Actions) Totals(a actions.Action) string {
	var all []string
	for _, e := range a.Effects {
		if e.After != e.Before {
			all = append(all, fmt.Sprintf("%s %s → %s", n.Partner.Rules.AreaName(e.Area), e.Before, e.After))
		}
	}
	return strings.Join(all, ", ")
}

// ByItself says which designations are lost and won without any action, and why, and which actions prevent a loss.
func (n Actions) ByItself() (sentences []string) {
	if n.Outlook == nil || n.Next == nil {
		return nil
	}
	sentences = n.losses()
	for _, c := range n.Outlook.DesignationChanges {
		if c.Won {
			sentences = append(sentences, wording.DesignationChange(n.Partner.Rules.AreaName(c.Area), true, wording.Month(c.Month))+".")
		}
	}
	for _, drop := range n.Outlook.PointDrops {
		if !slices.ContainsFunc(n.Next.Losses, func(l actions.Loss) bool { return l.Area == drop.Area }) {
			sentences = append(sentences, wording.Sentence(wording.PointDrop(n.Partner.Rules.AreaName(drop.Area), wording.Month(drop.From), wording.Month(drop.Month),
				drop.Before, drop.After))+".")
		}
	}
	return sentences
}

// losses says which designations are lost, a sentence for those that are lost together.
func (n Actions) losses() (sentences []string) {
	for _, l := range together(n.Partner, n.Next) {
		verb := "is"
		if len(l.areas) > 1 {
			verb = "are"
		}
		if l.again {
			verb += " lost again in "
		} else {
			verb += " lost in "
		}
		sentences = append(sentences, fmt.Sprintf("%s %s%s: %s. %s", wording.List(l.areas), verb, wording.Month(l.month), l.cause, prevention(l.actions)))
	}
	return sentences
}

// loss is designations that are lost together.
type loss struct {
	areas   []string
	month   scoring.Month
	again   bool
	cause   string // the metrics that lose points
	actions []int  // of Next.Actions
}

// together puts losses of the same month and cause together.
func together(p *published.Partner, next *actions.Plan) (all []*loss) {
	for _, l := range next.Losses {
		var causes []string
		for _, f := range l.Falls {
			causes = append(causes, fmt.Sprintf("%s %s → %s points", wording.MetricInText(f.Metric), f.From, f.To))
		}
		if len(causes) == 0 {
			causes = []string{"the rules change"}
		}
		cause := strings.Join(causes, ", ")
		i := slices.IndexFunc(all, func(x *loss) bool { return x.month == l.Month && x.again == l.Again && x.cause == cause })
		if i < 0 {
			i = len(all)
			all = append(all, &loss{month: l.Month, again: l.Again, cause: cause})
		}
		all[i].areas = append(all[i].areas, p.Rules.AreaName(l.Area))
		all[i].actions = append(all[i].actions, l.Actions...)
	}
	return all
}

// LossInShort is designations that are lost together, for a list of partners.
type LossInShort struct {
	Areas, Cause string
	Month        scoring.Month
}

// Losses lists the first loss of each designation. next may be nil.
func Losses(p *published.Partner, next *actions.Plan) (all []LossInShort) {
	if next == nil {
		return nil
	}
	for _, l := range together(p, next) {
		if !l.again {
			all = append(all, LossInShort{wording.List(l.areas), l.cause, l.month})
		}
	}
	return all
}

// prevention names the actions that prevent a loss; each index is of Next.Actions.
func prevention(actions []int) string {
	slices.Sort(actions)
	actions = slices.Compact(actions)
	var numbers []string
	for _, i := range actions {
		numbers = append(numbers, fmt.Sprint(i+1))
	}
	switch n := len(actions); {
	case n == 0:
		return "No action is known that prevents it."
	case n == 1:
		return "Action " + numbers[0] + " prevents it."
	case n > 2 && actions[n-1]-actions[0] == n-1:
		return "Actions " + numbers[0] + " to " + numbers[n-1] + " prevent it."
	default:
		return "Actions " + wording.List(numbers) + " prevent it."
	}
}
