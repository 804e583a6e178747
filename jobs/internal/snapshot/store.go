// Package snapshot keeps the published months: the names of their files, their manifests, and how staged files become published
// ones so that no crash loses or mixes months. Package storage keeps the files.
//
// A month is published in this order, and every step survives a crash of the machine before the next one starts:
//
//  1. the staged files and the staged manifest are saved;
//  2. the publish is opened with the intent, the list of moves;
//  3. the staged files are moved to their published names, and behind each the commit of its Delta log, where the tables are Delta tables;
//  4. the manifest is moved;
//  5. the publish is closed.
//
// Before step 2 the old month is the published one, and staged files are garbage. From step 2 on the publish will be finished: the next holder of the
// lock makes the remaining moves (Store.Recover). Moves are the only way a published file changes, so a reader sees whole files at any time.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

const (
	manifestsDir = "_manifests"
	factsDir     = "_facts"
	holdingsDir  = "_facts/holdings"
	partName     = "part-0.parquet"
	monthPrefix  = "month="
	// stagedSuffix keeps staged files out of every *.parquet and *.json glob; the globs of some engines descend into dot folders.
	stagedSuffix = ".staged"
)

// TableRel returns the path of a published table file relative to the snapshots, with slashes.
func TableRel(table string, m scoring.Month) string {
	return path.Join(table, monthPrefix+m.String(), partName)
}

// ManifestRel returns the path of a month's manifest relative to the snapshots, with slashes.
func ManifestRel(m scoring.Month) string {
	return path.Join(manifestsDir, monthPrefix+m.String()+".json")
}

// factsRel is the folder of a usage month's facts, holdingsRel that of a score month's holdings.
func factsRel(m scoring.Month) string    { return path.Join(factsDir, monthPrefix+m.String()) }
func holdingsRel(m scoring.Month) string { return path.Join(holdingsDir, monthPrefix+m.String()) }

// manifestMonth reads the month of a manifest's path.
func manifestMonth(rel string) (scoring.Month, bool) {
	stem, ok := strings.CutSuffix(rel, ".json")
	if !ok || path.Dir(rel) != manifestsDir {
		return 0, false
	}
	return monthOfKey(path.Base(stem))
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

// Store is the snapshots of one place. Its reading methods may be called at any time; Recover, Stage, SweepBehind and what a Stage does need Lock
// first, and are for one goroutine.
type Store struct {
	files  storage.Store
	writer storage.Writer // nil without the lock
	runID  string         // of the holder of the lock
	delta  bool           // tables are Delta tables
}

// HeldError is the error of Lock while another run holds the lock.
type HeldError = storage.HeldError

// Open returns the snapshots at an address. It creates nothing: a place that does not exist holds no snapshots until Lock creates it.
func Open(ctx context.Context, places storage.Places, address, tempDir string) (*Store, error) {
	files, err := places.Snapshots(ctx, address, tempDir)
	if err != nil {
		return nil, err
	}
	return In(files), nil
}

// In returns the snapshots in a place of any kind.
func In(files storage.Store) *Store { return &Store{files: files} }

// Exists reports whether the place of the snapshots was ever written to.
func (s *Store) Exists(ctx context.Context) (bool, error) { return s.files.Exists(ctx) }

// Folders are the local folders that an engine reads snapshots from and writes staged files to.
func (s *Store) Folders() []string { return s.files.Folders() }

// Files returns local files with the contents of a published table, one for each month.
func (s *Store) Files(ctx context.Context, table string, months ...scoring.Month) ([]string, error) {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = TableRel(table, m)
	}
	return s.files.Files(ctx, names...)
}

// Cache returns the cache beside the published months.
func (s *Store) Cache() Cache { return Cache{s} }

// Delta returns the Delta logs of the published tables.
func (s *Store) Delta() Delta { return Delta{s} }

// Months returns the published months, those that have a manifest, oldest first.
func (s *Store) Months(ctx context.Context) ([]scoring.Month, error) {
	list, err := s.files.List(ctx, manifestsDir)
	if err != nil {
		return nil, fmt.Errorf("list published months: %w", err)
	}
	var months []scoring.Month
	for _, o := range list {
		if m, ok := manifestMonth(o.Name); ok {
			months = append(months, m)
		}
	}
	slices.Sort(months)
	return months, nil
}

// Manifest reads the manifest of a published month. The error wraps fs.ErrNotExist when the month is not published, and is a *VersionError or a
// *DamagedError when the file is not one of this version.
func (s *Store) Manifest(ctx context.Context, m scoring.Month) (*Manifest, error) {
	man, _, err := readManifest(ctx, s.files, m)
	return man, err
}

// Intact reports whether the published files of a month have the sizes that its manifest says.
func (s *Store) Intact(ctx context.Context, man *Manifest) (bool, error) {
	if len(man.problems()) > 0 {
		return false, nil
	}
	for _, out := range man.Outputs {
		f, err := s.files.Open(ctx, out.Path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrNotFile) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		size := f.Object().Bytes
		if err := f.Close(); err != nil || size != out.Bytes {
			return false, err
		}
	}
	return true, nil
}

// Lock makes this run the only writer, waiting up to wait for another one to end; the error is then a *HeldError. It creates the place of the
// snapshots when needed. release must be called once.
func (s *Store) Lock(ctx context.Context, wait time.Duration, runID string) (release func() error, err error) {
	w, err := s.files.Lock(ctx, wait, runID)
	if err != nil {
		return nil, err
	}
	s.writer, s.runID = w, runID
	return func() error {
		s.writer = nil
		return w.Release()
	}, nil
}

// Recover finishes an interrupted publish and sweeps the staging of dead runs. It needs the lock, which makes every other run a dead one, and
// comes before the first Stage. A crash during Recover is recovered from in the same way.
func (s *Store) Recover(ctx context.Context) (finished []scoring.Month, err error) {
	if err := s.mustHold("recover"); err != nil {
		return nil, err
	}
	finished, err = finish(ctx, s.files, s.writer)
	if err != nil {
		return finished, err
	}
	return finished, s.writer.Sweep(ctx)
}

// SweepBehind removes what is staged at the end of a run, also of one that was interrupted or failed; it needs the lock. A publish that is
// open keeps its files, and what cannot be removed now Recover sweeps in the next run.
func (s *Store) SweepBehind(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if in, err := readIntent(ctx, s.files); in == nil && err == nil && s.writer != nil {
		_ = s.writer.Sweep(ctx)
	}
}

// Stage makes an empty staging folder for one month. What an earlier attempt of the same run left there is gone.
func (s *Store) Stage(ctx context.Context, m scoring.Month) (*Stage, error) {
	if err := s.mustHold("stage " + m.String()); err != nil {
		return nil, err
	}
	dir, err := s.writer.Stage(ctx, m.String())
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", m, err)
	}
	return &Stage{files: s.files, writer: s.writer, dir: dir, runID: s.runID, month: m, delta: s.delta}, nil
}

// mustHold is the error of a writing method called without the lock.
func (s *Store) mustHold(action string) error {
	if s.writer != nil {
		return nil
	}
	return fmt.Errorf("%s: %w", action, storage.ErrReleased)
}
