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
	wording.Words
	Partner *published.Partner
	Outlook *answers.Outlook // nil: not known
	Next    *actions.Plan
	Who     func(person string) string
}

// What says what is done, with whom or what.
func (n Actions) What(a actions.Action) string {
	parts := n.certify(a.Renewals)
	for _, tenant := range slices.Sorted(maps.Keys(a.Raised)) {
		parts = append(parts, n.Say("call %s: %s more consumption in the month makes it an eligible customer", n.customer(tenant), n.InUSD(a.Raised[tenant])))
	}
	if a.Customers > 0 {
		parts = append(parts, n.Counted(a.Customers, "win %s customer with %s or more in the month", "win %s customers, each with %s or more in the month",
			n.InUSD(n.Partner.Track.EligibleCustomerUSD)))
	}
	for _, service := range a.Services {
		if service.Name == "" {
			parts = append(parts, n.Say("have customers use one more service that counts and none uses yet"))
		} else {
			parts = append(parts, n.Say("have a customer use %s", service.Name))
		}
	}
	if a.ACR > 0 {
		parts = append(parts, n.Say("raise consumption (ACR) by %s in the month", n.InUSD(a.ACR)))
	}
	return wording.Sentence(n.List(parts)) + "."
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
			k.title = n.Say("%s or another certification of its list", k.title)
		}
		if r.Reason == published.HoldingInactive {
			k.reason = n.Say(", which is inactive")
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
			who = append(who, n.Counted(more, "%s other person", "%s other people"))
		case more > 0:
			who = append(who, n.Counted(more, "%s more person", "%s more people"))
		}
		if k.renew || k.reason != "" {
			parts = append(parts, n.Say("renew %s of %s%s", k.title, n.List(who), k.reason))
		} else {
			parts = append(parts, n.Say("certify %s as %s", n.List(who), k.title))
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
	return n.Say("tenant %s", tenant)
}

// By is the last day on which an action helps.
func (n Actions) By(a actions.Action) string { return n.Date(a.By.Time) }

// Sure says how sure the points of an action are.
func (n Actions) Sure(a actions.Action) string {
	month, next := n.Month(a.Month), n.Month(a.Month.Add(1))
	people := a.Customers == 0 && a.ACR == 0 && len(a.Raised) == 0 && len(a.Services) == 0
	switch {
	case a.Month > n.Partner.ScoreMonth && people:
		return n.Say("Certain: the exports show when certifications end.")
	case a.Month > n.Partner.ScoreMonth:
		return n.Say("Likely: %s is known, the rest of %s is taken as it is today.", n.Month(a.Month.Add(-12)), month)
	case a.Holds == 0:
		return ""
	case a.Less && a.Holds == a.Month:
		return n.Say("Unsure: by the rules and the year before of %s it brings less.", next)
	case a.Holds == a.Month:
		return n.Say("Unsure: what %s will be compared with is not known.", next)
	case a.Less:
		return n.Say("Until %s: the month after brings less.", n.Month(a.Holds))
	case people:
		return n.Say("Certain: it brings as much in every month until %s.", n.Month(a.Holds))
	default:
		return n.Say("Likely: it brings as much in every month until %s, if the rest stays.", n.Month(a.Holds))
	}
}

// Purpose says what the action of that index is good for.
func (n Actions) Purpose(i int) string {
	a := n.Next.Actions[i]
	var won, gains, margin []string
	for _, e := range a.Effects {
		area := n.area(e.Area)
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
		return n.Phrase(scoring.Plural(int64(len(won)), "Keeps %s in %s.", "Keeps %s in %s.", n.List(won), n.Month(a.Month)))
	case a.Month > n.Partner.ScoreMonth:
		return n.Say("Keeps points in %s in %s.", n.List(append(gains, margin...)), n.Month(a.Month))
	case len(won) > 0:
		return n.Phrase(scoring.Plural(int64(len(won)), "Wins %s.", "Wins %s.", n.List(won)))
	case len(gains) > 0:
		return n.Say("Brings %s nearer.", n.List(gains))
	default:
		return n.Say("Points to spare in %s.", n.List(margin))
	}
}

// area names an area.
func (n Actions) area(a scoring.Area) string { return n.Term(n.Partner.Rules.AreaName(a)) }

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
			all = append(all, n.Say("%s %s → %s", n.area(e.Area), e.Before, e.After))
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
	for _, w := range n.Next.Wins {
		sentences = append(sentences, n.Say("%s is won in %s: %s.", n.area(w.Area), n.Month(w.Month), causes(n.Words, w.Rises)))
	}
	for _, drop := range n.Outlook.PointDrops {
		if !slices.ContainsFunc(n.Next.Losses, func(l actions.Loss) bool { return l.Area == drop.Area }) {
			sentences = append(sentences, n.PointDrop(n.area(drop.Area), n.Month(drop.From), n.Month(drop.Month), drop.Before, drop.After))
		}
	}
	return sentences
}

// losses says which designations are lost, a sentence for those that are lost together.
func (n Actions) losses() (sentences []string) {
	for _, l := range together(n.Words, n.Partner, n.Next) {
		areas, args := int64(len(l.areas)), []any{n.List(l.areas), n.Month(l.month), l.cause, n.prevention(l.actions)}
		lost := scoring.Plural(areas, "%s is lost in %s: %s. %s", "%s are lost in %s: %s. %s", args...)
		if l.again {
			lost = scoring.Plural(areas, "%s is lost again in %s: %s. %s", "%s are lost again in %s: %s. %s", args...)
		}
		sentences = append(sentences, n.Phrase(lost))
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
func together(w wording.Words, p *published.Partner, next *actions.Plan) (all []*loss) {
	for _, l := range next.Losses {
		cause := causes(w, l.Falls)
		i := slices.IndexFunc(all, func(x *loss) bool { return x.month == l.Month && x.again == l.Again && x.cause == cause })
		if i < 0 {
			i = len(all)
			all = append(all, &loss{month: l.Month, again: l.Again, cause: cause})
		}
		all[i].areas = append(all[i].areas, w.Term(p.Rules.AreaName(l.Area)))
		all[i].actions = append(all[i].actions, l.Actions...)
	}
	return all
}

// causes says which metrics bring a change.
func causes(w wording.Words, moves []actions.MetricMove) string {
	var all []string
	for _, m := range moves {
		all = append(all, w.Say("%s %s → %s points", m.Metric.Name(), m.From, m.To))
	}
	if len(all) == 0 {
		return w.Say("the rules change")
	}
	return strings.Join(all, ", ")
}

// LossInShort is designations that are lost together, for a list of partners.
type LossInShort struct {
	Areas, Cause string
	Month        scoring.Month
}

// Losses lists the first loss of each designation. next may be nil.
func Losses(w wording.Words, p *published.Partner, next *actions.Plan) (all []LossInShort) {
	if next == nil {
		return nil
	}
	for _, l := range together(w, p, next) {
		if !l.again {
			all = append(all, LossInShort{w.List(l.areas), l.cause, l.month})
		}
	}
	return all
}

// prevention names the actions that prevent a loss; each index is of Next.Actions.
func (n Actions) prevention(actions []int) string {
	slices.Sort(actions)
	actions = slices.Compact(actions)
	var numbers []string
	for _, i := range actions {
		numbers = append(numbers, fmt.Sprint(i+1))
	}
	switch last := len(actions) - 1; {
	case last < 0:
		return n.Say("No action is known that prevents it.")
	case last == 0:
		return n.Say("Action %s prevents it.", numbers[0])
	case last > 1 && actions[last]-actions[0] == last:
		return n.Say("Actions %s to %s prevent it.", numbers[0], numbers[last])
	default:
		return n.Say("Actions %s prevent it.", n.List(numbers))
	}
}
