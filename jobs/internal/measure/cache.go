package measure

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"partnerscore/jobs/internal/snapshot"
)

// KeepHoldings caches who holds which certification, beyond what the rules of the month ask for: later months and other rules may ask for more. The
// published tables do not depend on it. The month must have been measured in the same engine.
func KeepHoldings(ctx context.Context, from Source, runID string) error {
	rules, m, db := from.Inputs.Rules, from.Inputs.Month, from.Loader.DB
	labels := rules.CertificationLabels()
	for _, book := range from.Library.List() {
		labels = append(labels, book.CertificationLabels()...)
	}
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
	dir, err := from.Store.StageHoldings(runID, m)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, snapshot.HoldingsRows)
	if err := db.Exec(ctx, "holdings/cache", path); err != nil {
		return err
	}
	sum, size, err := snapshot.Hash(ctx, path)
	if err != nil {
		return fmt.Errorf("read back holdings of %s: %w", m, err)
	}
	text, err := json.MarshalIndent(snapshot.Holdings{
		Version: snapshot.HoldingsVersion, ScoreMonth: m, Fingerprint: from.Inputs.Fingerprint,
		Types: rules.Holdings.Types, Active: rules.Holdings.Active, Labels: labels,
		Files: []snapshot.File{{Table: "holdings", Path: snapshot.HoldingsRows, Bytes: size, SHA256: sum}},
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("describe holdings of %s: %w", m, err)
	}
	if err := os.WriteFile(filepath.Join(dir, snapshot.HoldingsDescription), append(text, '\n'), 0o666); err != nil {
		return fmt.Errorf("write holdings of %s: %w", m, err)
	}
	return from.Store.PublishHoldings(runID, m)
}
