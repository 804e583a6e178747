package facts

import (
	"context"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Keep puts the facts of a month into the cache: write writes their files to the paths that it is given, and describes them.
func Keep(ctx context.Context, store *snapshot.Store, m scoring.Month, fingerprint string,
	write func(path func(file string) string) (*snapshot.Facts, error)) (*snapshot.Facts, error) {
	stage, err := store.Cache().StageFacts(ctx, m)
	if err != nil {
		return nil, err
	}
	f, err := write(stage.Path)
	if err != nil {
		return nil, err
	}
	f.Version, f.Fingerprint = snapshot.FactsVersion, fingerprint
	return f, stage.PublishFacts(ctx, *f)
}
