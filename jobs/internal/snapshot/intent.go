package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"partnerscore/jobs/internal/snapshot/deltalog"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// manifestName is the manifest among the staged files.
const manifestName = "manifest"

// intent is the list of moves of one publish, in their order, the manifest last. Paths follow from names, month and run id: a file's content names no
// path.
type intent struct {
	SchemaVersion int           `json:"schema_version"`
	RunID         string        `json:"run_id"`
	ScoreMonth    scoring.Month `json:"score_month"`
	Moves         []move        `json:"moves"`
}

// move is the publishing of one staged file: a table, a commit of its Delta log, or the manifest.
type move struct {
	Name string `json:"name"`
	// Commit is the version that a commit makes; nil for what is no commit.
	Commit *int64 `json:"commit,omitempty"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	// Was is the version of the file that is replaced, in stores that have versions.
	Was string `json:"was,omitempty"`
}

// moveOf is the move of a file that was just made.
func moveOf(name string, data []byte) move {
	return move{Name: name, Bytes: int64(len(data)), SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}
}

// file is the name of the staged file.
func (mv move) file() string {
	if mv.Commit != nil {
		return mv.Name + ".commit" + stagedSuffix
	}
	return mv.Name + stagedSuffix
}

// target is the published name.
func (mv move) target(m scoring.Month) string {
	switch {
	case mv.Name == manifestName:
		return ManifestRel(m)
	case mv.Commit != nil:
		return deltalog.CommitName(mv.Name, *mv.Commit)
	}
	return TableRel(mv.Name, m)
}

func (in *intent) encode() ([]byte, error) {
	data, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode intent: %w", err)
	}
	return append(data, '\n'), nil
}

// readIntent returns nil when no publish is open. An intent that cannot be read is a *DamagedError, one of another version a *VersionError.
func readIntent(ctx context.Context, files storage.Store) (*intent, error) {
	where := files.Where(files.Properties().Intent)
	data, err := files.Publishing(ctx)
	if errors.Is(err, storage.ErrNotFile) {
		return nil, &DamagedError{Path: where, Err: storage.ErrNotFile}
	}
	if err != nil {
		return nil, fmt.Errorf("read intent: %w", err)
	}
	if data == nil {
		return nil, nil
	}
	var in intent
	if err := decodeVersioned(where, data, &in); err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, &DamagedError{Path: where, Err: err}
	}
	return &in, nil
}

func (in *intent) validate() error {
	if err := storage.CheckRunID(in.RunID); err != nil {
		return err
	}
	n := len(in.Moves)
	if n == 0 || in.Moves[n-1].Name != manifestName {
		return errors.New("the manifest is not the last move")
	}
	for _, mv := range in.Moves[:n-1] {
		if _, ok := lookup(mv.Name); !ok || mv.Commit != nil && *mv.Commit < 0 {
			return fmt.Errorf("move of an unknown table %q, or of a commit before the first", mv.Name)
		}
	}
	return nil
}

// move returns a move of the intent as the store makes it.
func (in *intent) move(mv move, made bool) storage.Move {
	return storage.Move{File: mv.file(), Name: mv.target(in.ScoreMonth), Was: mv.Was, Made: made}
}

// interrupted returns run and month of a publish that has begun and is not finished: by a run that died, or by one that is about to finish it. ok is
// false when no publish is open.
func interrupted(ctx context.Context, files storage.Store) (runID string, m scoring.Month, ok bool, err error) {
	in, err := readIntent(ctx, files)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return "", 0, false, nil
	}
	if in == nil || err != nil {
		return "", 0, false, err
	}
	return in.RunID, in.ScoreMonth, true, nil
}

// finish rolls an open intent forward. One that was never complete, or whose files are lost while the old month still stands, is dropped.
func finish(ctx context.Context, files storage.Store, w storage.Writer) ([]scoring.Month, error) {
	in, err := readIntent(ctx, files)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return nil, w.End(ctx)
	}
	if in == nil || err != nil {
		return nil, err
	}
	p, err := in.progress(ctx, files, w)
	if err != nil {
		return nil, fmt.Errorf("finish the interrupted publish of %s: %w", in.ScoreMonth, err)
	}
	if len(p.lost) > 0 && p.made == 0 {
		return nil, w.End(ctx)
	}
	if len(p.lost) > 0 {
		// The month is mixed and cannot be finished.
		return nil, fmt.Errorf("finish the interrupted publish of %s by run %s: staged files are gone or damaged (%s); delete %s and score %s again",
			in.ScoreMonth, in.RunID, strings.Join(p.lost, ", "), files.Where(files.Properties().Intent), in.ScoreMonth)
	}
	if err := in.rollForward(ctx, w, p.moves); err != nil {
		return nil, fmt.Errorf("finish the interrupted publish of %s: %w", in.ScoreMonth, err)
	}
	return []scoring.Month{in.ScoreMonth}, nil
}

// progress says how far an interrupted publish got.
type progress struct {
	moves []storage.Move // all of them
	made  int
	lost  []string // staged files of moves that can no longer be made
}

func (in *intent) progress(ctx context.Context, files storage.Store, w storage.Writer) (p progress, err error) {
	staged := w.Staged(in.RunID, in.ScoreMonth.String())
	for _, mv := range in.Moves {
		if err := context.Cause(ctx); err != nil {
			return p, err
		}
		made, err := same(ctx, files, mv.target(in.ScoreMonth), mv)
		if err != nil {
			return p, err
		}
		next := in.move(mv, made)
		p.moves = append(p.moves, next)
		if made {
			p.made++
			continue
		}
		waits, err := same(ctx, staged, next.File, mv)
		if err != nil {
			return p, err
		}
		if !waits {
			p.lost = append(p.lost, next.File)
		}
	}
	return p, nil
}

// rollForward makes the moves that are left and cleans up. Every step may be repeated. It is not cancelled: the publish is open.
func (in *intent) rollForward(ctx context.Context, w storage.Writer, moves []storage.Move) error {
	ctx = context.WithoutCancel(ctx)
	staged, begun := w.Staged(in.RunID, in.ScoreMonth.String()), 0
	for i, mv := range in.Moves { // a commit and the manifest come after all before them; else the order does not matter
		if alone := mv.Commit != nil || mv.Name == manifestName; !alone {
			continue
		}
		if err := staged.Move(ctx, moves[begun:i]...); err != nil {
			return err
		}
		if err := staged.Move(ctx, moves[i]); err != nil {
			return err
		}
		begun = i + 1
	}
	if err := w.End(ctx); err != nil {
		return err
	}
	return staged.Remove(ctx)
}

// same says whether a name is a regular file with the bytes of a move. An absent file and one of another size are not read.
func same(ctx context.Context, from storage.Opener, name string, want move) (same bool, err error) {
	f, err := from.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrNotFile) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return sameFile(ctx, f, want)
}

func sameFile(ctx context.Context, f storage.File, want move) (bool, error) {
	o := f.Object()
	if o.Bytes != want.Bytes || o.SHA256 != "" {
		return o.Bytes == want.Bytes && o.SHA256 == want.SHA256, nil
	}
	sum, err := hashFile(ctx, f)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", o.Name, err)
	}
	return sum == want.SHA256, nil
}
