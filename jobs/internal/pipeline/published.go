package pipeline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// published reports whether the snapshot of a month was made by this version of the program from what the fingerprint stands for, and its
// files still have the sizes they were published with. It opens the manifest only.
func published(store *snapshot.Store, m scoring.Month, version, fingerprint string) (bool, error) {
	man, err := store.Manifest(m)
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
	for _, out := range man.Outputs {
		info, err := os.Stat(filepath.Join(store.Root(), filepath.FromSlash(out.Path)))
		if err != nil || info.Size() != out.Bytes {
			return false, nil
		}
	}
	return true, nil
}
