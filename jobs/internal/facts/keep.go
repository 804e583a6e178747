package facts

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Keep puts the facts of a month into the cache: write fills an empty folder with their files and describes them.
func Keep(ctx context.Context, store *snapshot.Store, runID string, m scoring.Month, fingerprint string,
	write func(dir string) (*snapshot.Facts, error)) (*snapshot.Facts, error) {
	dir, err := store.StageFacts(runID, m)
	if err != nil {
		return nil, err
	}
	f, err := write(dir)
	if err != nil {
		return nil, err
	}
	f.Version, f.Fingerprint = snapshot.FactsVersion, fingerprint
	for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices} {
		sum, size, err := snapshot.Hash(ctx, filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read back facts of %s: %w", m, err)
		}
		f.Files = append(f.Files, snapshot.File{Table: "facts", Path: name, Bytes: size, SHA256: sum})
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("describe facts of %s: %w", m, err)
	}
	if err := os.WriteFile(filepath.Join(dir, snapshot.FactsDescription), append(text, '\n'), 0o666); err != nil {
		return nil, fmt.Errorf("write facts of %s: %w", m, err)
	}
	return f, store.PublishFacts(runID, m, snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices, snapshot.FactsDescription)
}
