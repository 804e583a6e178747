package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"partnerscore/scoring"
)

// Publish makes the checked month the published one and says whether anything changed.
// It fills in schema version, run id, score month and outputs of man; the rest is the
// caller's. When the published files have the same bytes they are not touched, and when
// the manifest would say nothing new it is not either. Cancelling ctx stops it up to
// the intent; behind it the publish is finished.
func (st *Stage) Publish(ctx context.Context, man *Manifest) (changed bool, err error) {
	changed, err = st.publish(ctx, man)
	if err != nil {
		return false, fmt.Errorf("publish %s: %w", st.month, err)
	}
	return changed, nil
}

func (st *Stage) publish(ctx context.Context, man *Manifest) (bool, error) {
	s := st.store
	if err := st.ready(ctx); err != nil {
		return false, err
	}
	man.SchemaVersion, man.RunID, man.ScoreMonth, man.Outputs = SchemaVersion, st.runID, st.month, st.Outputs()
	if err := st.agree(man); err != nil {
		return false, err
	}
	moves, err := st.moves()
	if err != nil {
		return false, err
	}
	same, err := s.manifestSays(man)
	if err != nil {
		return false, err
	}
	if same && len(moves) == 0 {
		return false, st.Discard()
	}
	data, err := man.encode()
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(data)
	moves = append(moves, move{Name: manifestName, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
	in := intent{SchemaVersion: SchemaVersion, RunID: st.runID, ScoreMonth: st.month, Moves: moves}
	if err := st.prepare(in, data); err != nil {
		return false, err
	}
	if err := s.writeIntent(in); err != nil {
		return false, err
	}
	if err := context.Cause(ctx); err != nil {
		return false, err
	}
	st.committed = true
	if err := s.showIntent(); err != nil {
		return false, err
	}
	return true, s.rollForward(in, in.Moves)
}

// ready finishes an interrupted publish first: there is room for one intent.
func (st *Stage) ready(ctx context.Context) error {
	if err := st.store.mustHold("write"); err != nil {
		return err
	}
	if st.committed {
		return errors.New("this stage was published before")
	}
	if err := st.unchangedSinceCheck(); err != nil {
		return err
	}
	_, err := st.store.finish(ctx)
	return err
}

// agree checks that the files were made by the rules and from the inputs that the
// manifest names.
func (st *Stage) agree(man *Manifest) error {
	if man.Rulebook.ID == "" || man.Rulebook.SHA256 == "" || man.InputsFingerprint == "" {
		return errors.New("the manifest names no rulebook or no inputs fingerprint")
	}
	for _, c := range st.checked {
		if problems := man.metadata(c.Table).problems(c.metadata.FindValue); len(problems) > 0 {
			return &FormatError{Path: st.Path(c.Table), Problems: problems}
		}
	}
	return nil
}

// moves lists the tables whose published file is another one than the staged.
func (st *Stage) moves() ([]move, error) {
	var out []move
	for _, c := range st.checked {
		same, err := sameFile(st.store.TablePath(c.Table, st.month), c.Bytes, c.SHA256)
		if err != nil {
			return nil, fmt.Errorf("compare with the published table %s: %w", c.Table, err)
		}
		if !same {
			out = append(out, move{Name: c.Table, Bytes: c.Bytes, SHA256: c.SHA256})
		}
	}
	return out, nil
}

// manifestSays says whether the published manifest has the substance of man. A damaged
// one has not and will be replaced; one of another version stays and is an error.
func (s *Store) manifestSays(man *Manifest) (bool, error) {
	old, err := s.Manifest(man.ScoreMonth)
	var damaged *DamagedError
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, &damaged) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return sameSubstance(old, man)
}

// prepare does all that can fail before the intent: target folders, staged manifest,
// syncs.
func (st *Stage) prepare(in intent, manifest []byte) error {
	s := st.store
	for _, mv := range in.Moves {
		if err := s.prepareTarget(s.target(mv.Name, st.month), st.dir); err != nil {
			return err
		}
	}
	if err := s.writeFile(stagedPath(st.dir, manifestName), manifest); err != nil {
		return err
	}
	for _, mv := range in.Moves {
		if mv.Name == manifestName {
			continue
		}
		if err := s.syncFile(stagedPath(st.dir, mv.Name)); err != nil {
			return err
		}
	}
	return s.syncDir(st.dir)
}

// target is the published path that a staged file is renamed to.
func (s *Store) target(name string, m scoring.Month) string {
	if name == manifestName {
		return s.ManifestPath(m)
	}
	return s.TablePath(name, m)
}

// prepareTarget creates the folder of a published file and refuses whatever would make
// its rename fail: a rename that fails half-way leaves a mixed month until it succeeds.
func (s *Store) prepareTarget(target, stageDir string) error {
	folder := filepath.Dir(target)
	for dir := folder; dir != s.root; dir = filepath.Dir(dir) {
		info, err := os.Lstat(dir)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is in the way: it must be a folder", s.rel(dir))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
	}
	if err := s.mkdir(folder); err != nil {
		return err
	}
	info, err := os.Lstat(target)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is in the way: it must be a regular file", s.rel(target))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("write to %s: %w", s.rel(folder), err)
	}
	return sameDevice(folder, stageDir)
}

// sameDevice refuses a folder on another file system: renames do not reach it.
func sameDevice(a, b string) error {
	var x, y unix.Stat_t
	if err := errors.Join(unix.Stat(a, &x), unix.Stat(b, &y)); err != nil {
		return err
	}
	if x.Dev != y.Dev {
		return fmt.Errorf("%s and %s are on different file systems; all of the snapshots must be on one", a, b)
	}
	return nil
}
