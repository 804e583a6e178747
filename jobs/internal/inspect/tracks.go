package inspect

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
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
	kept    map[scoring.Month]rowSet // the rules by which the facts of a month were made
}

// keepFacts has facts kept where a month asks for tracks.
func (s *inspector) keepFacts(ctx context.Context, months []scoring.Month) error {
	for _, m := range months {
		rules, err := s.opt.rulesOf(m)
		if err != nil {
			return err
		}
		if rules.Selection() == nil {
			continue
		}
		f := &trackFacts{kept: map[scoring.Month]rowSet{}}
		if f.scratch, err = warehouse.NewScratch(s.opt.TempDir); err != nil {
			return err
		}
		s.facts = f
		if f.store, err = snapshot.Open(ctx, s.opt.Places, f.scratch.Path(), s.opt.TempDir); err != nil {
			return err
		}
		f.release, err = f.store.Lock(ctx, 0, s.opt.RunID)
		s.engines.directories = f.store.Folders()
		return errors.Join(err, s.engines.close()) // the next engine may write there
	}
	return nil
}

// end ends the engine and removes the temporary folder.
func (s *inspector) end() error {
	err := s.engines.close()
	if s.facts == nil {
		return err
	}
	if s.facts.release != nil {
		err = errors.Join(err, s.facts.release())
	}
	return errors.Join(err, s.facts.scratch.Close())
}

// has reports whether the facts of a month that was read are there as these rules make them.
func (f *trackFacts) has(m scoring.Month, key rowSet, u *usageRows) bool {
	return f == nil || u.facts == nil || f.kept[m] == key
}

// keep keeps the facts of the month that an engine has just read; its tables still hold them.
func (f *trackFacts) keep(ctx context.Context, engine *duckdb.Engine, read *snapshot.Facts, key rowSet) error {
	if f == nil {
		return nil
	}
	f.kept[read.Month] = key
	_, err := facts.Keep(ctx, f.store, read.Month, "", func(path func(string) string) (*snapshot.Facts, error) {
		of := *read // what is said of the files belongs to the folder, not to what was found out about the month
		return &of, engine.Write(ctx, path)
	})
	return err
}

// tracks says which track each partner would get in a score of a month, and adds to the verdict why it would be provisional.
func (s *inspector) tracks(ctx context.Context, m scoring.Month, v *Verdict) (*InspectedTracks, error) {
	if v.State != VerdictReady && v.State != VerdictProvisional {
		return nil, nil
	}
	choice, err := inputs.Choose(s.folder.cat, m, s.opt.Options)
	if err != nil || choice.Rules.Selection() == nil {
		return nil, err
	}
	for _, u := range choice.Months { // what another month's rules left there is made again
		if _, err := s.readUsage(ctx, u, choice.Rules); err != nil {
			return nil, err
		}
	}
	var certifications []exports.File
	if choice.CertificationsMonth != 0 {
		h, err := s.readHoldings(ctx, choice.CertificationsMonth, choice.Rules)
		if err != nil {
			return nil, err
		}
		certifications = exports.Passed(h.files)
	}
	in, err := inputs.New(choice, s.folder.cat.Folders, certifications, s.opt.Options, s.opt.Now())
	if err != nil {
		return nil, err
	}
	var partners []*measure.Partner
	err = s.engines.use(ctx, choice.Rules, s.partners, func(l *ingest.Loader) error {
		found, open, err := measure.Sizes(ctx, measure.Source{Loader: l, Inputs: in, Store: s.facts.store, Log: s.opt.Log})
		if len(open) > 0 {
			v.State, v.Provisional = VerdictProvisional, append(slices.Clone(v.Provisional), open...)
		}
		partners = found
		return err
	})
	var contract *exports.ContractError
	switch {
	case errors.As(err, &contract): // amounts that add up to too much over the months
		v.State, v.Reasons = VerdictBroken, append(v.Reasons, exports.GroupProblems(firstProblem(contract.Problems))...)
		return nil, nil
	case err != nil:
		return nil, err
	}
	return inspectedTracks(choice.Rules, partners), nil
}

// inspectedTracks lists the tracks of partners.
func inspectedTracks(rules *scoring.Rulebook, partners []*measure.Partner) *InspectedTracks {
	t := &InspectedTracks{Customers: rules.CustomersWindow(), Partners: []InspectedTrack{}}
	for _, p := range partners {
		if p.Track.ID == scoring.SMB {
			t.SMB++
		} else {
			t.Enterprise++
		}
		if p.Provisional {
			t.Uncertain++
		}
		t.Partners = append(t.Partners, InspectedTrack{PartnerID: p.ID, Track: p.Track.ID, Certain: !p.Provisional,
			Customers: p.Size.Customers, SMB: p.Size.SMBCustomers, Open: p.Size.Open, Away: p.Size.Away})
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
