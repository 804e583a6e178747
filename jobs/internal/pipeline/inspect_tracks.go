package pipeline

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// shownTracks is how many partners are listed with their track.
const shownTracks = 100

// trackFacts keeps the facts of the months that were read in a temporary folder: tracks follow from up to twelve months, by the statements
// of a score. A nil one keeps nothing.
type trackFacts struct {
	scratch *warehouse.Scratch
	store   *snapshot.Store
	release func() error
	kept    map[scoring.Month]judgedSet // the rules by which the facts of a month were made
}

// keepFacts has facts kept where a month asks for tracks.
func (s *inspector) keepFacts(ctx context.Context, months []scoring.Month) error {
	for _, m := range months {
		rules, err := s.rulesOf(m)
		if err != nil {
			return err
		}
		if rules.Selection() == nil {
			continue
		}
		f := &trackFacts{kept: map[scoring.Month]judgedSet{}}
		if f.scratch, err = warehouse.NewScratch(s.opt.TempDir); err != nil {
			return err
		}
		s.facts = f
		if f.store, err = snapshot.Open(f.scratch.Path()); err != nil {
			return err
		}
		f.release, err = f.store.Lock(ctx, 0, s.opt.RunID)
		return errors.Join(err, s.close()) // the next engine may write there
	}
	return nil
}

// end ends the engine and removes the temporary folder.
func (s *inspector) end() error {
	err := s.close()
	if s.facts == nil {
		return err
	}
	if s.facts.release != nil {
		err = errors.Join(err, s.facts.release())
	}
	return errors.Join(err, s.facts.scratch.Close())
}

// storeOrNone returns the folder of the facts, nil where none are kept.
func (f *trackFacts) storeOrNone() *snapshot.Store {
	if f == nil {
		return nil
	}
	return f.store
}

// has reports whether the facts of a month that was read are there as these rules make them.
func (f *trackFacts) has(m scoring.Month, key judgedSet, u *judgedUsage) bool {
	return f == nil || u.facts == nil || f.kept[m] == key
}

// keep keeps the facts of the month that a run has just read; its tables still hold them.
func (f *trackFacts) keep(ctx context.Context, r *run, facts *snapshot.Facts, key judgedSet) error {
	if f == nil {
		return nil
	}
	f.kept[facts.Month] = key
	return r.writeFacts(ctx, facts)
}

// tracks says which track each partner would get in a score of a month, and adds to the verdict why it would be provisional.
func (s *inspector) tracks(ctx context.Context, m scoring.Month, v *Verdict) (*InspectedTracks, error) {
	if v.State != VerdictReady && v.State != VerdictProvisional {
		return nil, nil
	}
	in, _, err := s.opt.findInputs(s.cat, m)
	if err != nil || in.rules.Selection() == nil {
		return nil, err
	}
	for _, u := range in.months { // what another month's rules left there is made again
		if _, err := s.judgeUsage(ctx, u, in.rules); err != nil {
			return nil, err
		}
	}
	if in.certificationsMonth != 0 {
		h, err := s.judgeHoldings(ctx, in.certificationsMonth, in.rules)
		if err != nil {
			return nil, err
		}
		in.certifications = exports.Passed(h.files)
	}
	in.partners = s.partners
	var partners []*partner
	err = s.engine(ctx, in, func(r *run) error {
		defer func() { r.left = nil }() // the engine looks at other months, too
		if partners, err = r.sizedPartners(ctx); err != nil {
			return err
		}
		if len(r.left) > 0 {
			v.State, v.Provisional = VerdictProvisional, append(slices.Clone(v.Provisional), r.left...)
		}
		return nil
	})
	var contract *exports.ContractError
	switch {
	case errors.As(err, &contract): // amounts that add up to too much over the months
		v.State, v.Reasons = VerdictBroken, append(v.Reasons, exports.GroupProblems(firstProblem(contract.Problems))...)
		return nil, nil
	case err != nil:
		return nil, err
	}
	return inspectedTracks(in.rules, partners), nil
}

// sizedPartners returns the partners of the month with their tracks, as a score finds them.
func (r *run) sizedPartners(ctx context.Context) ([]*partner, error) {
	if len(r.in.certifications) == 0 {
		if err := r.db.Exec(ctx, "holdings/none"); err != nil {
			return nil, err
		}
	} else if err := r.viewHoldings(ctx); err != nil {
		return nil, err
	}
	if err := r.consume(ctx); err != nil {
		return nil, err
	}
	return r.partnerTracks(ctx)
}

// inspectedTracks lists the tracks of partners.
func inspectedTracks(rules *scoring.Rulebook, partners []*partner) *InspectedTracks {
	t := &InspectedTracks{Customers: rules.CustomersWindow(), Partners: []InspectedTrack{}}
	for _, p := range partners {
		if p.track.ID == scoring.SMB {
			t.SMB++
		} else {
			t.Enterprise++
		}
		if p.provisional {
			t.Uncertain++
		}
		t.Partners = append(t.Partners, InspectedTrack{PartnerID: p.id, Track: p.track.ID, Certain: !p.provisional,
			Customers: p.size.Customers, SMB: p.size.SMBCustomers, Open: p.size.open, Away: p.size.away})
	}
	slices.SortStableFunc(t.Partners, func(a, b InspectedTrack) int {
		return cmp.Or(cmp.Compare(certainty(a), certainty(b)), cmp.Compare(distance(a), distance(b)))
	})
	t.More = int64(max(0, len(t.Partners)-shownTracks))
	t.Partners = t.Partners[:len(t.Partners)-int(t.More)]
	return t
}

func certainty(t InspectedTrack) int {
	if t.Certain {
		return 1
	}
	return 0
}

func distance(t InspectedTrack) int64 {
	if t.Away == nil {
		return math.MaxInt64
	}
	return *t.Away
}
