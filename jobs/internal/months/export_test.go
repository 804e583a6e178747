package months

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/facts/engines"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// ChangedSettings is the function for tests outside.
func ChangedSettings(before, now map[string]any) []string { return changedSettings(before, now) }

// MonthProgress reports the steps of one month of a run over several.
func MonthProgress(whole monitor.Progress, i, n int, m scoring.Month) monitor.Progress {
	return monthProgress{whole, i, n, m}
}

// ScoreInputs scores inputs that a test has made, under a lock that it holds.
func ScoreInputs(ctx context.Context, opt Options, store *snapshot.Store, in *inputs.Inputs) (err error) {
	r := &run{opt: opt, store: store, engines: engines.New(opt.Engine)}
	defer func() { err = errors.Join(err, r.engines.Close(ctx)) }()
	_, err = r.score(ctx, in)
	return err
}
