package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// published reports whether the snapshot of a month was made by this version of the program from what the fingerprint stands for, and its
// files still have the sizes they were published with. It opens the manifest only.
func published(ctx context.Context, store *snapshot.Store, m scoring.Month, version, fingerprint string) (bool, error) {
	man, err := store.Manifest(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var damaged *snapshot.DamagedError
	if errors.As(err, &damaged) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if man.ToolVersion != version || man.InputsFingerprint != fingerprint {
		return false, nil
	}
	return store.Intact(ctx, man)
}
