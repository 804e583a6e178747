package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"partnerscore/scoring"
)

// manifestName is the manifest among the staged files.
const manifestName = "manifest"

// intent is the list of renames of one publish, in their order, the manifest last.
// Paths follow from names, month and run id: a file's content names no path.
type intent struct {
	SchemaVersion int           `json:"schema_version"`
	RunID         string        `json:"run_id"`
	ScoreMonth    scoring.Month `json:"score_month"`
	Moves         []move        `json:"moves"`
}

// move is the rename of one staged file, a table or the manifest.
type move struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// BrokenIntentError says that a publish was interrupted and its staged files were lost
// or damaged afterwards: the month is mixed and cannot be finished.
type BrokenIntentError struct {
	Month scoring.Month
	RunID string
	Files []string // staged files that are gone or damaged
	Dir   string   // the staging folder
}

// Error names the month, the files and the way out.
func (e *BrokenIntentError) Error() string {
	return fmt.Sprintf("finish the interrupted publish of %s by run %s: staged files are gone or damaged (%s); delete %s and score %s again",
		e.Month, e.RunID, strings.Join(e.Files, ", "), e.Dir, e.Month)
}

// writeIntent writes the intent aside, where nobody looks for it.
func (s *Store) writeIntent(in intent) error {
	data, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		return fmt.Errorf("encode intent: %w", err)
	}
	return s.writeFile(s.intentAside(), append(data, '\n'))
}

// showIntent opens the publish. The intent is complete as soon as it can be seen.
func (s *Store) showIntent() error {
	if err := s.rename(s.intentAside(), s.intentPath()); err != nil {
		return err
	}
	return s.syncDir(s.stagingRoot())
}

func (s *Store) intentAside() string {
	return filepath.Join(s.stagingRoot(), intentName+stagedSuffix)
}

// readIntent returns nil when no publish is open. An intent that cannot be read is a
// *DamagedError, one of another version a *VersionError.
func (s *Store) readIntent() (*intent, error) {
	path := s.intentPath()
	data, err := readRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, errNotRegular) {
		return nil, &DamagedError{Path: path, Err: errNotRegular}
	}
	if err != nil {
		return nil, fmt.Errorf("read intent: %w", err)
	}
	var in intent
	if err := decodeVersioned(path, data, &in); err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, &DamagedError{Path: path, Err: err}
	}
	return &in, nil
}

func (in *intent) validate() error {
	if err := checkRunID(in.RunID); err != nil {
		return err
	}
	n := len(in.Moves)
	if n == 0 || in.Moves[n-1].Name != manifestName {
		return errors.New("the manifest is not the last move")
	}
	for _, mv := range in.Moves[:n-1] {
		if _, ok := lookup(mv.Name); !ok {
			return fmt.Errorf("move of an unknown table %q", mv.Name)
		}
	}
	return nil
}

// Interrupted tells of a publish that has begun and is not finished: by a run that
// died, or by one that is about to finish it. ok is false when there is none.
func (s *Store) Interrupted() (runID string, m scoring.Month, ok bool, err error) {
	in, err := s.readIntent()
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return "", 0, false, nil
	}
	if in == nil || err != nil {
		return "", 0, false, err
	}
	return in.RunID, in.ScoreMonth, true, nil
}

// Recover finishes an interrupted publish and sweeps the staging of dead runs. It needs
// the lock, which makes every other run a dead one, and comes before the first Stage.
// A crash during Recover is recovered from in the same way.
func (s *Store) Recover(ctx context.Context) (finished []scoring.Month, err error) {
	if err := s.mustHold("recover"); err != nil {
		return nil, err
	}
	finished, err = s.finish(ctx)
	if err != nil {
		return finished, err
	}
	return finished, s.sweep()
}

// finish rolls an open intent forward. One that was never complete, or whose files are
// lost while the old month still stands, is dropped.
func (s *Store) finish(ctx context.Context) ([]scoring.Month, error) {
	in, err := s.readIntent()
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return nil, s.dropIntent()
	}
	if in == nil || err != nil {
		return nil, err
	}
	p, err := s.progress(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("finish the interrupted publish of %s: %w", in.ScoreMonth, err)
	}
	if len(p.lost) > 0 && p.done == 0 {
		return nil, s.dropIntent()
	}
	if len(p.lost) > 0 {
		return nil, &BrokenIntentError{Month: in.ScoreMonth, RunID: in.RunID, Files: p.lost, Dir: s.stagingRoot()}
	}
	if err := s.rollForward(*in, p.left); err != nil {
		return nil, fmt.Errorf("finish the interrupted publish of %s: %w", in.ScoreMonth, err)
	}
	return []scoring.Month{in.ScoreMonth}, nil
}

// progress says how far an interrupted publish got.
type progress struct {
	done int      // moves made
	left []move   // moves still to make
	lost []string // staged files of moves that can no longer be made
}

func (s *Store) progress(ctx context.Context, in *intent) (p progress, err error) {
	dir := s.stageDir(in.RunID, in.ScoreMonth)
	for _, mv := range in.Moves {
		if err := context.Cause(ctx); err != nil {
			return p, err
		}
		staged := stagedPath(dir, mv.Name)
		waits, err := sameFile(staged, mv.Bytes, mv.SHA256)
		if err != nil {
			return p, err
		}
		if waits {
			p.left = append(p.left, mv)
			continue
		}
		moved, err := sameFile(s.target(mv.Name, in.ScoreMonth), mv.Bytes, mv.SHA256)
		if err != nil {
			return p, err
		}
		if moved {
			p.done++
		} else {
			p.lost = append(p.lost, s.rel(staged))
		}
	}
	return p, nil
}

// rollForward makes the moves that are left and cleans up. Every step may be repeated.
func (s *Store) rollForward(in intent, left []move) error {
	isManifest := func(mv move) bool { return mv.Name == manifestName }
	tables := slices.DeleteFunc(slices.Clone(left), isManifest)
	if err := s.makeMoves(in, tables); err != nil {
		return err
	}
	// All folders, also those of moves made before a crash: they may not be durable.
	for _, mv := range in.Moves[:len(in.Moves)-1] {
		if err := s.syncDir(filepath.Dir(s.target(mv.Name, in.ScoreMonth))); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(left, isManifest) {
		if err := s.makeMoves(in, in.Moves[len(in.Moves)-1:]); err != nil {
			return err
		}
	}
	if err := s.syncDir(filepath.Join(s.root, manifestsDir)); err != nil {
		return err
	}
	if err := s.dropIntent(); err != nil {
		return err
	}
	return s.dropStage(in.RunID, in.ScoreMonth)
}

func (s *Store) makeMoves(in intent, moves []move) error {
	dir := s.stageDir(in.RunID, in.ScoreMonth)
	for _, mv := range moves {
		target := s.target(mv.Name, in.ScoreMonth)
		if err := s.mkdir(filepath.Dir(target)); err != nil {
			return err
		}
		if err := s.rename(stagedPath(dir, mv.Name), target); err != nil {
			return err
		}
	}
	return nil
}

// dropIntent closes the publish. It is synced, or the intent could come back after a
// power cut and meet a later publish.
func (s *Store) dropIntent() error {
	if err := s.remove(s.intentPath()); err != nil {
		return err
	}
	return s.syncDir(s.stagingRoot())
}

// SweepBehind empties the staging folder at the end of a run, also of one that was interrupted or failed; it needs the lock. A publish that is
// open keeps its files, and what cannot be removed now Recover sweeps in the next run.
func (s *Store) SweepBehind() {
	if in, err := s.readIntent(); in == nil && err == nil && s.held.Load() {
		_ = s.sweep()
	}
}

// sweep empties the staging folder.
func (s *Store) sweep() error {
	info, err := os.Lstat(s.stagingRoot())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep staging: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("sweep staging: %s is in the way: it must be a folder", s.stagingRoot())
	}
	entries, err := os.ReadDir(s.stagingRoot())
	if err != nil {
		return fmt.Errorf("sweep staging: %w", err)
	}
	for _, e := range entries {
		if err := s.remove(filepath.Join(s.stagingRoot(), e.Name())); err != nil {
			return fmt.Errorf("sweep staging: %w", err)
		}
	}
	return nil
}
