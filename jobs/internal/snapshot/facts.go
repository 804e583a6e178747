package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"partnerscore/scoring"
)

// The files of a usage month's facts. FactsDescription is written last: facts without it, or with other files than it says, are none.
const (
	FactsConsumption = "part-0.parquet"      // partner × tenant × service → ACR
	FactsCustomers   = "customers-0.parquet" // partner × tenant → name, segment
	FactsServices    = "services-0.parquet"  // partner × service → spelling
	FactsDescription = "facts.json"
)

// FactsVersion is the version of the files of facts; other versions are built anew.
const FactsVersion = 2

// Facts describe what one month of usage comes to, and what they were built from.
type Facts struct {
	Version     int           `json:"version"`
	Month       scoring.Month `json:"month"`
	Fingerprint string        `json:"fingerprint"`
	Rows        int64         `json:"rows"` // of the usage files
	// Locations says which account each location id of the month rolled up to by the partners file, null for one it does not know;
	// absent when there was no partners file. Facts stay as they are while the partners file says the same of these.
	Locations  map[string]*string `json:"locations,omitempty"`
	Exclusions []Exclusion        `json:"exclusions"`
	// Provisional says what the rows themselves leave open: a score that uses these facts is provisional, for these reasons.
	Provisional []string `json:"provisional,omitempty"`
	// Segments are the customer segments of the month's usage, the most frequent first, each with its rows.
	Segments []UnknownLabels `json:"segments,omitempty"`
	// Unknown are labels that the rulebook does not know, by kind.
	Unknown []UnknownLabels `json:"unknown_labels,omitempty"`
	// Substituted counts rows of cost of which another amount counts; nil: there are none.
	Substituted *Substituted `json:"substituted,omitempty"`
	Files       []File       `json:"files"`
}

// UnknownLabels are the labels of one kind that the rulebook does not know: how much usage carries them, and the most frequent ones.
type UnknownLabels struct {
	Kind   string      `json:"kind"`
	Rows   int64       `json:"rows"`
	ACRUSD scoring.USD `json:"acr_usd"` // the readable amounts
	Labels []string    `json:"labels"`
}

// Facts returns the facts of a usage month as they are described, or nil when there are none of this version whose files have the sizes
// they were written with. Whether they are those that somebody needs is for the caller to find out.
func (s *Store) Facts(m scoring.Month) (*Facts, error) {
	var f Facts
	there, err := readDescription(filepath.Join(s.FactsDir(m), FactsDescription), &f)
	if err != nil || !there || f.Version != FactsVersion || !sized(s.FactsDir(m), f.Files) {
		return nil, err
	}
	return &f, nil
}

// readDescription reads what describes the files of a folder of the cache, and reports whether it is there and readable.
func readDescription(path string, description any) (bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the cache: %w", err)
	}
	return json.Unmarshal(text, description) == nil, nil
}

// sized reports whether files of the cache have the sizes they were written with.
func sized(dir string, files []File) bool {
	for _, file := range files {
		if info, err := os.Stat(filepath.Join(dir, file.Path)); err != nil || info.Size() != file.Bytes {
			return false
		}
	}
	return true
}

// StageFacts returns an empty folder to write the facts of a usage month into. Like all
// that is staged it is swept when the run dies.
func (s *Store) StageFacts(runID string, m scoring.Month) (string, error) {
	return s.stageCache(runID, "facts", m)
}

// PublishFacts moves the named staged files into the cache, one after the other: the last
// one is to say what the others must be, so that facts are used only when whole. They are
// synced before: a rename that outlives its data in a power cut would leave a file that
// looks whole.
func (s *Store) PublishFacts(runID string, m scoring.Month, names ...string) error {
	return s.publishCache(runID, "facts", m, s.FactsDir(m), names...)
}

// stageCache returns an empty folder to write what goes into the cache of a month.
func (s *Store) stageCache(runID, what string, m scoring.Month) (string, error) {
	if err := checkRunID(runID); err != nil {
		return "", fmt.Errorf("stage %s of %s: %w", what, m, err)
	}
	if err := s.mustHold("stage " + what + " of " + m.String()); err != nil {
		return "", err
	}
	dir := s.stagedCache(runID, what, m)
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("stage %s of %s: %w", what, m, err)
	}
	if err := s.mkdir(dir); err != nil {
		return "", fmt.Errorf("stage %s of %s: %w", what, m, err)
	}
	return dir, nil
}

// publishCache moves staged files into a folder of the cache.
func (s *Store) publishCache(runID, what string, m scoring.Month, target string, names ...string) error {
	if err := s.mustHold("publish " + what + " of " + m.String()); err != nil {
		return err
	}
	dir := s.stagedCache(runID, what, m)
	for _, name := range names {
		if err := s.syncFile(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("publish %s of %s: %w", what, m, err)
		}
	}
	for _, name := range names {
		if err := s.prepareTarget(filepath.Join(target, name), dir); err != nil {
			return fmt.Errorf("publish %s of %s: %w", what, m, err)
		}
		if err := s.rename(filepath.Join(dir, name), filepath.Join(target, name)); err != nil {
			return fmt.Errorf("publish %s of %s: %w", what, m, err)
		}
	}
	if err := s.remove(dir); err != nil {
		return fmt.Errorf("publish %s of %s: %w", what, m, err)
	}
	return s.syncDir(target)
}

func (s *Store) stagedCache(runID, what string, m scoring.Month) string {
	return filepath.Join(s.StagingDir(runID), what+"-"+m.String())
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
