package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"partnerscore/scoring"
)

// StageFacts returns an empty folder to write the facts of a usage month into. Like all
// that is staged it is swept when the run dies.
func (s *Store) StageFacts(runID string, m scoring.Month) (string, error) {
	if err := checkRunID(runID); err != nil {
		return "", fmt.Errorf("stage facts of %s: %w", m, err)
	}
	if err := s.mustHold("stage facts of " + m.String()); err != nil {
		return "", err
	}
	dir := s.stagedFacts(runID, m)
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("stage facts of %s: %w", m, err)
	}
	if err := s.mkdir(dir); err != nil {
		return "", fmt.Errorf("stage facts of %s: %w", m, err)
	}
	return dir, nil
}

// PublishFacts moves the named staged files into the cache, one after the other: the last
// one is to say what the others must be, so that facts are used only when whole. They are
// synced before: a rename that outlives its data in a power cut would leave a file that
// looks whole.
func (s *Store) PublishFacts(runID string, m scoring.Month, names ...string) error {
	if err := s.mustHold("publish facts of " + m.String()); err != nil {
		return err
	}
	dir, target := s.stagedFacts(runID, m), s.FactsDir(m)
	for _, name := range names {
		if err := s.syncFile(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("publish facts of %s: %w", m, err)
		}
	}
	for _, name := range names {
		if err := s.prepareTarget(filepath.Join(target, name), dir); err != nil {
			return fmt.Errorf("publish facts of %s: %w", m, err)
		}
		if err := s.rename(filepath.Join(dir, name), filepath.Join(target, name)); err != nil {
			return fmt.Errorf("publish facts of %s: %w", m, err)
		}
	}
	if err := s.remove(dir); err != nil {
		return fmt.Errorf("publish facts of %s: %w", m, err)
	}
	return s.syncDir(target)
}

func (s *Store) stagedFacts(runID string, m scoring.Month) string {
	return filepath.Join(s.StagingDir(runID), "facts-"+m.String())
}

// Hash returns the hex SHA-256 and the size of a regular file.
func Hash(ctx context.Context, path string) (sum string, size int64, err error) {
	sum, err = hashPath(ctx, path)
	if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	return sum, info.Size(), nil
}

// FactsMonths lists the usage months that have a folder in the cache of facts, oldest first.
func (s *Store) FactsMonths() ([]scoring.Month, error) {
	entries, err := os.ReadDir(filepath.Dir(s.FactsDir(0)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list facts: %w", err)
	}
	var months []scoring.Month
	for _, e := range entries {
		text, ok := strings.CutPrefix(e.Name(), "month=")
		if m, err := scoring.ParseMonth(text); ok && err == nil && e.IsDir() {
			months = append(months, m)
		}
	}
	return months, nil
}
