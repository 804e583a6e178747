package pipeline

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/snapshot"
)

// cacheHoldings keeps who holds which certification, beyond what the rules of the month ask for: the months to come and other rules may ask
// for more. The published tables do not depend on it.
func (r *run) cacheHoldings(ctx context.Context) error {
	rules := r.in.rules
	labels := rules.CertificationLabels()
	for _, book := range r.opt.Library.List() {
		labels = append(labels, book.CertificationLabels()...)
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if err := r.db.Exec(ctx, "rules/known_label"); err != nil {
		return err
	}
	err := r.db.Append(ctx, "known_label", func(add add) error {
		return each(labels, func(label string) error { return add(label) })
	})
	if err != nil {
		return err
	}
	stage, err := r.store.Cache().StageHoldings(ctx, r.in.month)
	if err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "holdings/cache", stage.Path(snapshot.HoldingsRows)); err != nil {
		return err
	}
	return stage.PublishHoldings(ctx, snapshot.Holdings{
		Version: snapshot.HoldingsVersion, ScoreMonth: r.in.month, Fingerprint: r.fingerprint,
		Types: rules.Holdings.Types, Active: rules.Holdings.Active, Labels: labels,
	})
}

// cached reports whether what questions about the published month need besides its tables is in the cache: facts of its usage months, and
// holdings, as this run would build them. Facts with more bad data than this run allows are none: a score refuses them.
// It goes by names and sizes; a score reads facts again before it uses them.
func (r *run) cached(ctx context.Context) (bool, error) {
	h, err := r.store.Cache().Holdings(ctx, r.in.month)
	if err != nil || h == nil || h.Fingerprint != r.fingerprint {
		return false, err
	}
	man, err := r.store.Manifest(ctx, r.in.month)
	if err != nil {
		return false, err
	}
	publisher := *r
	publisher.engine = man.EngineVersion // this run has not started its own yet
	for _, m := range r.in.months {
		fingerprint, err := publisher.factsFingerprint(m)
		if err != nil {
			return false, err
		}
		f, err := r.store.Cache().Facts(ctx, m)
		if err != nil || f == nil || f.Fingerprint != fingerprint || r.tooManyRejected(f) {
			return false, err
		}
	}
	return true, nil
}
