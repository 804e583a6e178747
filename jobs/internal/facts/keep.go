package facts

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Keep puts the facts of a month into the cache: write writes their files to the paths that it is given, and describes them.
func Keep(ctx context.Context, store *snapshot.Store, m scoring.Month, fingerprint string,
	write func(path func(file string) string) (*snapshot.Facts, error)) (f *snapshot.Facts, err error) {
	stage, err := store.Cache().StageFacts(ctx, m, snapshot.Claim{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close(ctx)) }()
	return keep(ctx, stage, fingerprint, write)
}

// keep writes facts into a stage, and publishes them to the cache.
func keep(ctx context.Context, stage *snapshot.CacheStage, fingerprint string,
	write func(path func(file string) string) (*snapshot.Facts, error)) (*snapshot.Facts, error) {
	f, err := write(stage.Path)
	if err != nil {
		return nil, err
	}
	f.Version, f.Fingerprint = snapshot.FactsVersion, fingerprint
	return f, stage.PublishFacts(ctx, *f)
}
