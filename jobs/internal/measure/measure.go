// Package measure turns fourteen months of facts and the certifications into the measures of every partner: SQL over all partners at once.
package measure

import (
	"context"
	"database/sql"
	"log/slog"
	"slices"
	"time"

	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Source is what a month is measured from.
type Source struct {
	Loader    *ingest.Loader
	Inputs    *inputs.Inputs
	Store     *snapshot.Store // whose cache has the facts of the usage months
	Library   *rulebook.Library
	PersonKey inputs.PersonKey
	SkillsOn  time.Time // the day on which a certification must be held
	Log       *slog.Logger
}

// Partner is what was measured about one partner.
type Partner struct {
	ID       string
	Name     sql.NullString
	Size     Size
	Track    scoring.Track
	Measures scoring.Measures
	// Provisional: what is known of this partner leaves its score open. What is missing for all partners is not meant.
	Provisional bool
}

// Result is the measures of a month.
type Result struct {
	Partners []*Partner // by id in byte order
	// Doubts are the reasons to be provisional that rows of certifications and ids of usage give; they concern every partner.
	Doubts []string
	// OpenTracks are the reasons to be provisional that concern some partners only.
	OpenTracks []string
}

// Month measures a month: its certifications, and the facts of its usage months, which must be in the cache. Errors about inputs are
// *exports.ContractError and *exports.ChangedError.
func Month(ctx context.Context, from Source) (*Result, error) {
	m := &month{Source: from, db: from.Loader.DB}
	doubts, err := from.holdings().Read(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.consume(ctx); err != nil {
		return nil, err
	}
	if err := m.warnOfTwoSides(ctx); err != nil {
		return nil, err
	}
	odd, err := m.oddIDs(ctx)
	if err != nil {
		return nil, err
	}
	sized, open, err := m.tracks(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.db.Exec(ctx, "measures/customer"); err != nil {
		return nil, err
	}
	if err := m.db.Exec(ctx, "measures/service", from.Inputs.Rules.UnknownService); err != nil {
		return nil, err
	}
	measures, err := m.measures(ctx)
	if err != nil {
		return nil, err
	}
	partners := make([]*Partner, len(sized))
	for i, p := range sized {
		whole := *p
		whole.Measures = measures[p.ID]
		partners[i] = &whole
	}
	return &Result{Partners: partners, Doubts: slices.Concat(doubts, odd), OpenTracks: open}, nil
}

// Sizes returns the partners of a month with their tracks, without measures, and the reasons to be provisional that tracks give. Of the inputs
// only rules, months and certifications matter.
func Sizes(ctx context.Context, from Source) (partners []*Partner, open []string, err error) {
	m := &month{Source: from, db: from.Loader.DB}
	if err := from.holdings().View(ctx); err != nil {
		return nil, nil, err
	}
	if err := m.consume(ctx); err != nil {
		return nil, nil, err
	}
	return m.tracks(ctx)
}

func (s Source) holdings() *Holdings {
	return NewHoldings(s.Loader, s.Inputs.Certifications, s)
}

// month is a month while it is measured.
type month struct {
	Source
	db *warehouse.DB
}

func (m *month) tracks(ctx context.Context) ([]*Partner, []string, error) {
	return tracks{db: m.db, rules: m.Inputs.Rules}.partners(ctx)
}
