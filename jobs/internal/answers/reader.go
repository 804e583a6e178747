package answers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Options are what a Reader is told.
type Options struct {
	Snapshots string // folder of the published months
	Library   *rulebook.Library
	// Rulebook is a partner's own rules, for months that were scored by them; nil: none at hand.
	Rulebook *scoring.Rulebook

	warehouse.Limits
}

// Reader reads published months. It is for one goroutine at a time.
type Reader struct {
	opt   Options
	store *snapshot.Store
	db    *warehouse.DB
	// months are the published ones, oldest first, as they were when the reader was opened.
	months []scoring.Month
}

// Open opens the snapshots folder for reading. The error is an *UnpublishedError when nothing is published there. The caller closes it.
func Open(ctx context.Context, opt Options) (*Reader, error) {
	store, err := snapshot.Open(opt.Snapshots)
	if err != nil {
		return nil, err
	}
	months, err := store.Months()
	if err != nil {
		return nil, err
	}
	if len(months) == 0 {
		return nil, &UnpublishedError{Root: opt.Snapshots}
	}
	db, err := warehouse.Open(ctx, warehouse.Options{Limits: opt.Limits, Directories: []string{store.Root()}})
	if err != nil {
		return nil, err
	}
	return &Reader{opt: opt, store: store, db: db, months: months}, nil
}

// Close ends the reader.
func (r *Reader) Close() error { return r.db.Close() }

// Published returns the published months, oldest first; there is at least one.
func (r *Reader) Published() []scoring.Month { return slices.Clone(r.months) }

// Latest returns the last published month.
func (r *Reader) Latest() scoring.Month { return r.months[len(r.months)-1] }

// Month is one published month: what its manifest says and the rules it was scored by.
type Month struct {
	ScoreMonth scoring.Month
	Manifest   *snapshot.Manifest
	Rules      *scoring.Rulebook
}

// Month returns a published month after a glance at its files. The error is an *UnpublishedError, a *RulesError, a
// *DamagedError, or a *snapshot.ChangingError.
func (r *Reader) Month(m scoring.Month) (*Month, error) {
	man, err := r.manifest(m)
	if err != nil {
		return nil, err
	}
	if err := r.store.Glance(man); err != nil {
		return nil, damaged(m, err)
	}
	rules, err := r.rules(man)
	if err != nil {
		return nil, err
	}
	return &Month{ScoreMonth: m, Manifest: man, Rules: rules}, nil
}

func (r *Reader) manifest(m scoring.Month) (*snapshot.Manifest, error) {
	man, err := r.store.Manifest(m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &UnpublishedError{Root: r.opt.Snapshots, Month: m, Published: r.months}
	}
	return man, damaged(m, err)
}

// rules returns the rulebook that a month was scored by, which its manifest names by id and hash.
func (r *Reader) rules(man *snapshot.Manifest) (*scoring.Rulebook, error) {
	if own := r.opt.Rulebook; own != nil && own.SHA256 == man.Rulebook.SHA256 {
		return own, nil
	}
	book, err := r.opt.Library.Get(man.Rulebook.ID)
	if err == nil && book.SHA256 == man.Rulebook.SHA256 {
		return book, nil
	}
	return nil, &RulesError{Month: man.ScoreMonth, Want: man.Rulebook, Given: r.opt.Rulebook}
}

// RulesError says that the rules a month was scored by are not at hand as they were.
type RulesError struct {
	Month scoring.Month
	Want  snapshot.RulebookRef
	Given *scoring.Rulebook // nil: none
}

// FaultKind is fault.Usage.
func (e *RulesError) FaultKind() string { return fault.Usage }

// Error names the rules and what to do.
func (e *RulesError) Error() string {
	text := fmt.Sprintf("%s was scored by the rulebook %s (sha256 %.12s), which is not at hand as it was; give it with --rulebook FILE",
		e.Month, e.Want.ID, e.Want.SHA256)
	if e.Given != nil {
		text += fmt.Sprintf(": the one given is %s (sha256 %.12s)", e.Given.ID, e.Given.SHA256)
	}
	return text + ", or score the month again"
}

// tables returns the published files of a table in the months given, as an argument of statements.
func (r *Reader) tables(table string, months ...scoring.Month) []string {
	paths := make([]string, len(months))
	for i, m := range months {
		paths[i] = r.store.TablePath(table, m)
	}
	return warehouse.Paths(paths)
}

// query runs a statement over published files of a month. What the engine cannot read there is damaged: a footer can be whole and a page
// behind it broken.
func (r *Reader) query(ctx context.Context, m scoring.Month, name string, scan func(*sql.Rows) error, args ...any) error {
	err := r.db.Query(ctx, name, scan, args...)
	if err == nil || ctx.Err() != nil || warehouse.OutOfMemory(err) {
		return err
	}
	return &DamagedError{Month: m, Err: err}
}
