// Package reader reads published months from their files and from the cache behind them. It takes no lock and writes nothing.
//
// Everything is checked while it is read, at no extra cost. Files must have the size, the rows and the footer of their manifest
// (snapshot.Store.QuickCheck), and the rows of a partner must agree (published.NewPartner).
package reader

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Options say what a Reader reads, and with how much of the machine.
type Options struct {
	Places    storage.Places
	Snapshots string // address of the published months
	Library   *rulebook.Library
	// Rulebook is a partner's own rules, for months that were scored by them; nil: no month was.
	Rulebook *scoring.Rulebook

	machine.Limits
}

// Reader is the published.Reader of a folder of snapshots. It is for one goroutine at a time.
type Reader struct {
	tables
	opt Options
	// months are the published ones, oldest first, as they were when the reader was opened.
	months []scoring.Month
}

// Open opens the snapshots folder for reading. The error is a *published.UnpublishedError when nothing is published there. The caller closes it.
func Open(ctx context.Context, opt Options) (*Reader, error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	months, err := store.Months(ctx)
	if err != nil {
		return nil, err
	}
	if len(months) == 0 {
		return nil, &published.UnpublishedError{Root: opt.Snapshots}
	}
	db, err := warehouse.Open(ctx, warehouse.Options{Limits: opt.Limits, Directories: store.Folders()})
	if err != nil {
		return nil, err
	}
	return &Reader{opt: opt, tables: tables{store: store, db: db}, months: months}, nil
}

// Close ends the reader.
func (r *Reader) Close() error { return r.db.Close() }

// Published returns the published months, oldest first; there is at least one.
func (r *Reader) Published() []scoring.Month { return slices.Clone(r.months) }

// Latest returns the last published month.
func (r *Reader) Latest() scoring.Month { return r.months[len(r.months)-1] }

// Library returns the built-in rulebooks.
func (r *Reader) Library() *rulebook.Library { return r.opt.Library }

// Month returns a published month after a quick check of its files.
func (r *Reader) Month(ctx context.Context, m scoring.Month) (*published.Month, error) {
	man, err := r.manifest(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := r.store.QuickCheck(ctx, man); err != nil {
		return nil, damaged(m, err)
	}
	rules, err := rulesOf(man, r.opt)
	if err != nil {
		return nil, err
	}
	return &published.Month{ScoreMonth: m, Manifest: man, Rules: rules}, nil
}

func (r *Reader) manifest(ctx context.Context, m scoring.Month) (*snapshot.Manifest, error) {
	man, err := r.store.Manifest(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &published.UnpublishedError{Root: r.opt.Snapshots, Month: m, Published: r.months}
	}
	return man, damaged(m, err)
}

// rulesOf returns the rulebook that a month was scored by, which its manifest names by id and hash.
func rulesOf(man *snapshot.Manifest, opt Options) (*scoring.Rulebook, error) {
	if own := opt.Rulebook; own != nil && own.SHA256 == man.Rulebook.SHA256 {
		return own, nil
	}
	book, err := opt.Library.Get(man.Rulebook.ID)
	if err == nil && book.SHA256 == man.Rulebook.SHA256 {
		return book, nil
	}
	return nil, &published.RulesError{Month: man.ScoreMonth, Want: man.Rulebook, Given: opt.Rulebook}
}

// Partners lists the partners of a month, by id in byte order.
func (r *Reader) Partners(ctx context.Context, m *published.Month) ([]published.PartnerName, error) {
	return r.partners(ctx, m.ScoreMonth)
}

// readTries bounds how often a month is read again because a run replaced it meanwhile.
const readTries = 5

// Partner reads a partner of a published month, and again where a run replaced the month meanwhile.
func (r *Reader) Partner(ctx context.Context, m scoring.Month, id string) (*published.Partner, error) {
	for try := 1; ; try++ {
		before, err := r.manifest(ctx, m)
		if err != nil {
			return nil, err
		}
		p, err := r.readPartner(ctx, m, id)
		if now, changed := r.store.Manifest(ctx, m); changed == nil && sameManifest(before, now) || try == readTries {
			return p, err
		}
	}
}

// sameManifest reports whether two manifests say the same: the month was not replaced meanwhile.
func sameManifest(a, b *snapshot.Manifest) bool {
	before, err := json.Marshal(a)
	if err != nil {
		return false
	}
	now, err := json.Marshal(b)
	return err == nil && bytes.Equal(before, now)
}

// readPartner reads the rows of a partner and checks that they agree.
func (r *Reader) readPartner(ctx context.Context, m scoring.Month, id string) (*published.Partner, error) {
	month, err := r.Month(ctx, m)
	if err != nil {
		return nil, err
	}
	if id == "" {
		only, err := FindPartner(ctx, r, month, "")
		if err != nil {
			return nil, err
		}
		id = only.ID
	}
	rows, err := r.readRows(ctx, m, id)
	if err != nil {
		return nil, err
	}
	if len(rows.Scores) == 0 {
		found, err := FindPartner(ctx, r, month, id)
		if err != nil {
			return nil, err
		}
		id = found.ID
		if rows, err = r.readRows(ctx, m, id); err != nil {
			return nil, err
		}
	}
	return published.NewPartner(month, id, rows)
}

// damaged wraps errors that mean a damaged month and returns others unchanged.
func damaged(m scoring.Month, err error) error {
	var format *snapshot.FormatError
	var manifest *snapshot.DamagedError
	var version *snapshot.VersionError
	if errors.As(err, &format) || errors.As(err, &manifest) || errors.As(err, &version) {
		return &published.DamagedError{Month: m, Err: err}
	}
	return err
}
