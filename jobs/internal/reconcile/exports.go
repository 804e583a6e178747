package reconcile

import (
	"cmp"
	"context"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// The values of a Change of MissingOffers.
const (
	OffersCount    = "count"
	OffersRejected = "do not count"
)

// fromExports lists the trials that need the exports, measured.
func (s *search) fromExports(ctx context.Context, open func(ctx context.Context, partner string) (*Exports, string, error)) ([]trial, error) {
	not := func(cause Cause, why string) {
		variants := s.variants(false)
		for _, kind := range []Kind{Restated, MissingOffers, Deduplication} {
			if kind == Restated || slices.ContainsFunc(variants, func(v variant) bool { return v.kind == kind }) {
				s.NotTried = append(s.NotTried, NotTried{Kind: kind, Cause: cause, Why: why})
			}
		}
	}
	if open == nil {
		not(NoExports, "")
		return nil, nil
	}
	exports, why, err := open(ctx, s.p.ID)
	if err != nil {
		return nil, err
	}
	if exports == nil {
		not(ExportsUnfit, why)
		return nil, nil
	}
	s.ExportsChanged = append(s.ExportsChanged, exports.Changed...)
	variants := s.variants(len(exports.Changed) > 0)
	var restated []Change
	if len(exports.Changed) > 0 {
		restated = []Change{{Kind: Restated}}
		variants = append([]variant{{rules: s.p.Rules}}, variants...)
	}
	var trials []trial
	for _, v := range variants {
		m, why, err := exports.Measure(ctx, v.rules)
		switch {
		case err != nil:
			return nil, err
		case m != nil:
			trials = append(trials, trial{again: &again{slices.Concat(restated, v.changes), v.rules, m}})
		case why != "":
			s.NotTried = append(s.NotTried, NotTried{Kind: cmp.Or(v.kind, Restated), Cause: ExportsUnfit, Why: why})
		default:
			s.NotTried = append(s.NotTried, NotTried{Kind: cmp.Or(v.kind, Restated), Cause: NotInMonth})
		}
	}
	return trials, nil
}

// variant is rules by which the exports are measured again.
type variant struct {
	kind    Kind // empty: the rules of the month
	changes []Change
	rules   *scoring.Rulebook
}

// variants are the rules that count other rows. Where the exclusions of the month show that none of the rows is meant, there is nothing to try, unless the
// exports changed since.
func (s *search) variants(changed bool) (all []variant) {
	add := func(kind Kind, value string, change func(*scoring.Rulebook)) {
		all = append(all, variant{kind, []Change{{Kind: kind, Value: value}}, rulebook.Variant(s.p.Rules, change)})
	}
	switch {
	case s.p.Rules.MissingOffer == scoring.EligibleMissingOffer:
		add(MissingOffers, OffersRejected, func(r *scoring.Rulebook) { r.MissingOffer = scoring.RejectMissingOffer })
	case changed || s.excluded("missing_offer"):
		add(MissingOffers, OffersCount, func(r *scoring.Rulebook) { r.MissingOffer = scoring.EligibleMissingOffer })
	default:
		s.NotTried = append(s.NotTried, NotTried{Kind: MissingOffers, Cause: NothingMissing})
	}
	switch {
	case s.p.Rules.Deduplicate == scoring.DeduplicateNone:
	case changed || s.excluded("duplicate_attribution"):
		add(Deduplication, "", func(r *scoring.Rulebook) { r.Deduplicate = scoring.DeduplicateNone })
	default:
		s.NotTried = append(s.NotTried, NotTried{Kind: Deduplication, Cause: NothingTwice})
	}
	return all
}

// excluded reports whether rows of the month do not count for a reason.
func (s *search) excluded(reason string) bool {
	return slices.ContainsFunc(s.p.Exclusions, func(e published.Exclusion) bool { return e.Reason == reason })
}
