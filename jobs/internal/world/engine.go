package world

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Engine is an engine that is open over the inputs of one month, with the snapshots locked.
type Engine struct {
	*duckdb.Engine
	Inputs *inputs.Inputs
	Store  *snapshot.Store
	opt    months.Options
	ingest ingest.Options
}

// Options are those that opened its loader.
func (e *Engine) Options() ingest.Options { return e.ingest }

// OpenEngine opens an engine over the inputs of a month until the test ends. Errors are those of the inputs.
func OpenEngine(tb testing.TB, opt months.Options, m scoring.Month) (*Engine, error) {
	tb.Helper()
	store, err := snapshot.Open(tb.Context(), opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	folder, err := inputs.Open(tb.Context(), opt.Options, func(exports.Found) (exports.Known, bool) { return exports.Known{}, false })
	if err != nil {
		return nil, err
	}
	in, err := folder.Month(tb.Context(), m)
	if err != nil {
		return nil, err
	}
	release, err := store.Lock(tb.Context(), 0, opt.RunID)
	if err != nil {
		return nil, err
	}
	of := opt.Ingest(slices.Concat(in.Folders, store.Folders()), in.Rules)
	of.ManyMonths, of.Partners = in.ManyMonths(), in.Partners
	l, err := ingest.Open(tb.Context(), of)
	if err != nil {
		return nil, err
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
		if err := release(); err != nil {
			tb.Error(err)
		}
	})
	return &Engine{Engine: duckdb.New(l), Inputs: in, Store: store, opt: opt, ingest: of}, nil
}

// BuildFacts builds the facts of a usage month, whether or not they are in the cache.
func (e *Engine) BuildFacts(ctx context.Context, m scoring.Month) (*snapshot.Facts, error) {
	return facts.Keep(ctx, e.Store, m, "test", func(path func(string) string) (*snapshot.Facts, error) {
		return e.Build(ctx, facts.Job{Month: m, Files: e.Inputs.Usage[m], Path: path})
	})
}

// Facts builds the facts of all usage months that are not in the cache.
func (e *Engine) Facts(ctx context.Context) (*facts.Set, error) {
	cache := facts.Cache{Store: e.Store, Inputs: e.Inputs, Version: e.Version, Accounts: e.Accounts}
	return facts.Prepare(ctx, e, cache, facts.Options{MaxRejected: e.opt.MaxRejected, Progress: e.opt.Progress, Log: e.opt.Log})
}

// Source is what the month is measured from.
func (e *Engine) Source() measure.Source {
	return measure.Source{Loader: e.Loader, Inputs: e.Inputs, Store: e.Store, Library: e.opt.Library, PersonKey: e.opt.PersonKey,
		SkillsOn: e.opt.SkillsOn(e.Inputs.Month), Log: e.opt.Log}
}

// FactsFile is the path of a file of facts.
func FactsFile(snapshots string, m scoring.Month, name string) string {
	return filepath.Join(snapshots, "_facts", "month="+m.String(), name)
}
