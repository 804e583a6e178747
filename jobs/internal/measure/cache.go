package measure

import (
	"context"
	"database/sql/driver"
	"slices"

	"partnerscore/jobs/internal/snapshot"
)

// KeepHoldings caches who holds which certification, beyond what the rules of the month ask for: later months and other rules may ask for more. The
// published tables do not depend on it. The month must have been measured in the same engine.
func KeepHoldings(ctx context.Context, from Source) error {
	rules, m, db := from.Inputs.Rules, from.Inputs.Month, from.Loader.DB
	labels := append(from.Library.CertificationLabels(), rules.CertificationLabels()...)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if err := db.Exec(ctx, "rules/known_label"); err != nil {
		return err
	}
	err := db.Append(ctx, "known_label", func(add func(values ...driver.Value) error) error {
		for _, label := range labels {
			if err := add(label); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	stage, err := from.Store.Cache().StageHoldings(ctx, m)
	if err != nil {
		return err
	}
	if err := db.Exec(ctx, "holdings/cache", stage.Path(snapshot.HoldingsRows)); err != nil {
		return err
	}
	return stage.PublishHoldings(ctx, snapshot.Holdings{
		Version: snapshot.HoldingsVersion, ScoreMonth: m, Fingerprint: from.Inputs.Fingerprint,
		Types: rules.Holdings.Types, Active: rules.Holdings.Active, Labels: labels,
	})
}
