package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/fault"
	"partnerscore/scoring"
)

const (
	lockName     = ".lock"
	stagingName  = ".staging"
	manifestsDir = "_manifests"
	factsDir     = "_facts"
	holdingsDir  = "holdings" // below factsDir
	partName     = "part-0.parquet"
	monthPrefix  = "month="
	// stagedSuffix keeps staged files out of every *.parquet and *.json glob; the globs
	// of some engines descend into dot folders.
	stagedSuffix = ".staged"
	intentName   = "intent"
)

// Store is one snapshots folder. Its reading methods may be called at any time; the
// writing ones (Recover, Stage and what a Stage does) need Lock first.
type Store struct {
	root string
	held atomic.Bool

	// before is called ahead of every change of the file system with its description;
	// an error stands for the failure of that change. Tests stop a publish with it.
	before func(op string) error
}

// Open returns the store at root. It creates nothing: a root that does not exist is
// an empty store until Lock creates it.
func Open(root string) (*Store, error) {
	if root == "" {
		return nil, errors.New("open snapshots: no folder given")
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open snapshots %s: %w", root, err)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil && !elsewhereHelps(err):
		return nil, fmt.Errorf("open snapshots: %w", err)
	case err != nil:
		return nil, &UnusableError{Root: root, What: "it cannot be opened; name another one with --snapshots", Err: err}
	case !info.IsDir():
		return nil, &UnusableError{Root: root, What: "it is not a folder; name another one with --snapshots"}
	}
	return &Store{root: abs}, nil
}

// UnusableError says that the folder given for the snapshots cannot be one: the choice is
// at fault, not a run.
type UnusableError struct {
	Root string
	What string
	Err  error // nil where nothing failed
}

// elsewhereHelps reports whether an error is of the place that was named, so that another one would do.
func elsewhereHelps(err error) bool {
	return slices.ContainsFunc([]error{fs.ErrPermission, fs.ErrNotExist, unix.EROFS, unix.ENOTDIR, unix.ENAMETOOLONG, unix.ELOOP},
		func(fault error) bool { return errors.Is(err, fault) })
}

// FaultKind is fault.Usage.
func (e *UnusableError) FaultKind() string { return fault.Usage }

// Error names the folder and what to do.
func (e *UnusableError) Error() string {
	text := fmt.Sprintf("snapshots %s: %s", e.Root, e.What)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns what failed.
func (e *UnusableError) Unwrap() error { return e.Err }

// Root returns the absolute path of the store.
func (s *Store) Root() string { return s.root }

// TableRel returns the path of a published table file relative to the root, with slashes.
func TableRel(table string, m scoring.Month) string {
	return path.Join(table, monthPrefix+m.String(), partName)
}

// TablePath returns the path of a published table file.
func (s *Store) TablePath(table string, m scoring.Month) string {
	return filepath.Join(s.root, filepath.FromSlash(TableRel(table, m)))
}

func manifestRel(m scoring.Month) string {
	return path.Join(manifestsDir, monthPrefix+m.String()+".json")
}

// ManifestPath returns the path of a month's manifest.
func (s *Store) ManifestPath(m scoring.Month) string {
	return filepath.Join(s.root, filepath.FromSlash(manifestRel(m)))
}

// FactsDir returns the folder of a usage month's facts, an internal cache.
func (s *Store) FactsDir(m scoring.Month) string {
	return filepath.Join(s.root, factsDir, monthPrefix+m.String())
}

// StagingDir returns the folder that everything a run writes before publishing lies
// in. It is swept by the next run when this one dies.
func (s *Store) StagingDir(runID string) string {
	return filepath.Join(s.stagingRoot(), runID)
}

func (s *Store) stagingRoot() string { return filepath.Join(s.root, stagingName) }
func (s *Store) lockPath() string    { return filepath.Join(s.root, lockName) }
func (s *Store) intentPath() string  { return filepath.Join(s.stagingRoot(), intentName+".json") }

// rel is path relative to the root with slashes, for messages and reports.
func (s *Store) rel(p string) string {
	r, err := filepath.Rel(s.root, p)
	if err != nil {
		return p
	}
	return filepath.ToSlash(r)
}

// Months returns the published months, those that have a manifest, oldest first.
func (s *Store) Months() ([]scoring.Month, error) {
	entries, err := os.ReadDir(filepath.Join(s.root, manifestsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list published months: %w", err)
	}
	var months []scoring.Month
	for _, e := range entries {
		if m, ok := manifestMonth(e.Name()); ok {
			months = append(months, m)
		}
	}
	slices.Sort(months)
	return months, nil
}

// manifestMonth reads the month of a manifest's file name.
func manifestMonth(name string) (scoring.Month, bool) {
	stem, ok := strings.CutSuffix(name, ".json")
	if !ok {
		return 0, false
	}
	return monthOfKey(stem)
}

// monthOfKey reads the month of a path key like month=2024-06.
func monthOfKey(key string) (scoring.Month, bool) {
	text, ok := strings.CutPrefix(key, monthPrefix)
	if !ok {
		return 0, false
	}
	m, err := scoring.ParseMonth(text)
	return m, err == nil
}

// checkRunID refuses ids that are no plain folder name: the id becomes part of a path
// that is deleted later.
func checkRunID(id string) error {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if id == "" || len(id) > 128 || id[0] == '.' || strings.HasPrefix(id, intentName+".") ||
		strings.ContainsFunc(id, func(r rune) bool { return !plain(r) }) {
		return fmt.Errorf("run id %q: want 1 to 128 letters, digits, '-', '_' or '.', not starting with '.' or %q", id, intentName+".")
	}
	return nil
}

// mustHold is the error of a writing method called without the lock.
func (s *Store) mustHold(action string) error {
	if s.held.Load() {
		return nil
	}
	return fmt.Errorf("%s: the snapshots are not locked", action)
}
