package scenario

import (
	"context"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Hypothesis is a published month of a partner under changes.
type Hypothesis struct {
	*Scenario
	record
}

// record says in sentences what was changed, and which side effects a change has or does not have.
type record struct{ Said, Notes []string }

func (r *record) say(format string, args ...any) {
	r.Said = append(r.Said, fmt.Sprintf(format, args...))
}
func (r *record) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Suppose changes a published month of a partner. It reads the facts only where the changes need them. The error is an
// *published.UnknownError for a tenant, service, certification or person that does not exist, one of kind fault.Usage for a change that cannot be made,
// and a *published.NotKnownError when the facts or the cache do not have what the changes need.
func Suppose(ctx context.Context, r published.Reader, p *published.Partner, ch Changes) (*Hypothesis, error) {
	h := &Hypothesis{}
	rules := p.Rules
	if ch.Rulebook != nil && ch.Rulebook.SHA256 != rules.SHA256 {
		if ch.Rulebook.EligibilitySHA256 != rules.EligibilitySHA256 {
			return nil, &published.NotKnownError{Month: p.ScoreMonth, What: fmt.Sprintf("the rulebook %s counts other usage rows than the facts hold", ch.Rulebook.ID),
				Hint: published.ScoreAside(p.ScoreMonth, ch.Rulebook)}
		}
		rules = ch.Rulebook
		h.say("scored by the rulebook %s instead of %s", rules.ID, p.Rules.ID)
	}
	var usage *published.Usage
	var err error
	if from := usageFrom(p.ScoreMonth, rules, ch); from <= p.ScoreMonth {
		if usage, err = WholeUsage(ctx, r, p, from); err != nil {
			return nil, err
		}
	}
	if h.Scenario, err = Of(ctx, r, p, rules, usage); err != nil {
		return nil, err
	}
	track := h.Track().ID
	consumption := &usageChange{Hypothesis: h, r: r, p: p, ch: ch, usage: usage}
	people := &peopleChange{Hypothesis: h, p: p, ch: ch}
	for _, apply := range []func(context.Context) error{consumption.lose, consumption.changeTenants, consumption.addServices, consumption.changeACR,
		people.apply, consumption.addCustomers} {
		if err := apply(ctx); err != nil {
			return nil, err
		}
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	if after := h.Track().ID; after != track {
		h.note("the partner changes to the %s track, which has its own thresholds for eligible customers and required certifications", after)
	}
	return h, nil
}

// usageFrom returns the first month of which changes need the facts; one after the score month where they need none.
func usageFrom(m scoring.Month, rules *scoring.Rulebook, ch Changes) scoring.Month {
	switch {
	case len(rules.Tracks) > 1:
		return m.Add(-13)
	case len(ch.LostServices) > 0:
		return m.Add(-11)
	case len(ch.LostCustomers) > 0 || slices.ContainsFunc(ch.Customers, func(c CustomersChange) bool { return c.Number < 0 }):
		return m.Add(-1)
	default:
		return m.Add(1)
	}
}

// MaxAmount is the largest amount that DECIMAL(18,6) holds, in millionths.
const MaxAmount = 999_999_999_999_999_999

// check refuses amounts that the tables could not publish.
func (h *Hypothesis) check() error {
	var acr, ttm scoring.USD
	for _, c := range h.Customers {
		acr, ttm = acr+c.Current, ttm+c.TTM
		if tooLarge(acr) || tooLarge(ttm) {
			break
		}
	}
	if tooLarge(acr) || tooLarge(ttm) || tooLarge(h.unassigned) || tooLarge(acr+h.unassigned) || tooLarge(ttm+h.unassigned) {
		return errTooLarge()
	}
	return nil
}

func tooLarge(a scoring.USD) bool { return a > MaxAmount || a < -MaxAmount }

// errTooLarge is the error for amounts that the tables could not publish.
func errTooLarge() error {
	return fault.Errorf(fault.Usage, "the changes make a consumption of a trillion US dollars or more; check the amounts")
}
