package months

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts/engines"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// DeltaLogs looks at the Delta logs, not at the files that they list; verify reads those, too. There are none where no table has a log.
func DeltaLogs(ctx context.Context, opt Options) (all []results.DeltaLog, err error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	logs, err := store.Delta().Compare(ctx, false)
	for _, l := range logs {
		next := results.DeltaLog{Table: l.Table, Version: l.Version, Problems: []string{}}
		for _, d := range l.Differences {
			next.Problems = append(next.Problems, d.Path+": "+d.What)
		}
		all = append(all, next)
	}
	return all, err
}

// Status lists every month that exists anywhere: as exports, facts or snapshot. It writes nothing and takes no lock. A folder that does not
// exist holds no months; hasExports says whether there is one of exports.
func Status(ctx context.Context, opt Options) (all []results.MonthStatus, hasExports bool, err error) {
	opt.Progress.Step(0, 1, "list exports and snapshots")
	r, err := open(ctx, opt)
	var missing *storage.NoSourceError
	if hasExports = !errors.As(err, &missing); !hasExports {
		r, err = openWithoutExports(ctx, opt)
	}
	if err != nil {
		return nil, false, err
	}
	list := monthList{r}
	months, err := list.everyMonth(ctx)
	if err != nil {
		return nil, false, err
	}
	all = []results.MonthStatus{}
	for i, m := range months {
		opt.Progress.Step(i, len(months), "look at "+m.String())
		c, err := list.monthStatus(ctx, m)
		if err != nil {
			return nil, false, err
		}
		all = append(all, c)
	}
	return all, hasExports, nil
}

// openWithoutExports opens a session as if there were a folder of exports with nothing in it.
func openWithoutExports(ctx context.Context, opt Options) (*run, error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	return &run{opt: opt, store: store, exports: inputs.Empty(opt.Options), engines: engines.New(opt.Engine)}, nil
}

// monthList lists what is there of each month.
type monthList struct{ *run }

// everyMonth lists the months of exports, facts and snapshots, oldest first.
func (l monthList) everyMonth(ctx context.Context) ([]scoring.Month, error) {
	published, err := l.store.Months(ctx)
	if err != nil {
		return nil, err
	}
	built, err := l.store.Cache().FactsMonths(ctx)
	if err != nil {
		return nil, err
	}
	cat := l.exports.Catalog()
	all := slices.Concat(published, built, slices.Collect(maps.Keys(cat.Usage)), slices.Collect(maps.Keys(cat.Certifications)))
	slices.Sort(all)
	return slices.Compact(slices.DeleteFunc(all, func(m scoring.Month) bool { return m == 0 })), nil // 0: a snapshot of no known month
}

func (l monthList) monthStatus(ctx context.Context, m scoring.Month) (results.MonthStatus, error) {
	cat := l.exports.Catalog()
	c := results.MonthStatus{Month: m, UsageFiles: len(cat.Usage[m]), Certifications: len(cat.Certifications[m])+len(cat.Certifications[0]) > 0,
		Reasons: []string{}, Provisional: []string{}}
	for _, f := range cat.Usage[m] {
		c.UsageBytes += f.Bytes
	}
	var err error
	if c.FactsEngine, err = l.store.Cache().FactsEngine(ctx, m); err != nil {
		return c, err
	}
	c.Facts = c.FactsEngine != ""
	man, err := l.store.Manifest(ctx, m)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, l.unpublished(&c)
	case err == nil:
		c.Provisional = man.Provisional
	}
	if err != nil && manifestFault(err) == "" {
		return c, err
	}
	reasons, err := l.staleness(ctx, m)
	c.Snapshot = results.StatePublished
	if len(reasons) > 0 {
		c.Snapshot, c.Reasons = results.StateStale, reasons
	}
	return c, err
}

// unpublished tells a month that could be scored from one that could not.
func (l monthList) unpublished(c *results.MonthStatus) error {
	_, err := l.exports.Choose(c.Month)
	var missing *exports.MissingError
	var early *rulebook.NotInForceError
	switch {
	case err == nil:
		c.Snapshot = results.StateMissing
	case errors.As(err, &missing):
		c.Snapshot = results.StateNotScorable
		c.Reasons = append(c.Reasons, inputs.MissingInWords(missing))
	case errors.As(err, &early):
		c.Snapshot = results.StateNotScorable
		c.Reasons = append(c.Reasons, inputs.NotInForce(early))
	default:
		return err
	}
	return nil
}
