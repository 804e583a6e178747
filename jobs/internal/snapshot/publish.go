package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"partnerscore/jobs/internal/storage"
)

// Publish makes the checked month the published one and says whether anything changed. It fills in schema version, run id, score month and outputs of
// man; the rest is the caller's. When the published files have the same bytes they are not touched, and when nothing in the manifest would change, it
// is not touched either. Cancelling ctx stops it up to the intent; after the intent the publish is finished.
func (st *Stage) Publish(ctx context.Context, man *Manifest) (changed bool, err error) {
	changed, err = st.publish(ctx, man)
	if err != nil {
		return false, fmt.Errorf("publish %s: %w", st.month, err)
	}
	return changed, nil
}

func (st *Stage) publish(ctx context.Context, man *Manifest) (bool, error) {
	if err := st.ready(ctx); err != nil {
		return false, err
	}
	man.SchemaVersion, man.RunID, man.ScoreMonth, man.Outputs = SchemaVersion, st.runID, st.month, st.Outputs()
	if err := st.agree(man); err != nil {
		return false, err
	}
	moves, err := st.moves(ctx)
	if err != nil {
		return false, err
	}
	was, same, err := st.published(ctx, man)
	if err != nil {
		return false, err
	}
	moves, made, err := st.deltaMoves(ctx, man, moves)
	if err != nil {
		return false, err
	}
	if same && len(moves) == 0 {
		return false, st.Discard(ctx)
	}
	data, err := man.encode()
	if err != nil {
		return false, err
	}
	last := moveOf(manifestName, data)
	last.Was, made[last.file()] = was, data
	return true, st.commit(ctx, &intent{SchemaVersion: SchemaVersion, RunID: st.runID, ScoreMonth: st.month, Moves: append(moves, last)}, made)
}

// commit opens the publish and carries it out. made are the contents of staged files that are still to be written.
func (st *Stage) commit(ctx context.Context, in *intent, made map[string][]byte) error {
	moves, err := st.prepare(ctx, in, made)
	if err != nil {
		return err
	}
	text, err := in.encode()
	if err != nil {
		return err
	}
	if err := st.writer.Begin(ctx, text); err != nil {
		// Whether anybody can see it is for the store to say: an answer may be lost.
		open, asked := st.files.Publishing(context.WithoutCancel(ctx))
		st.committed = asked != nil || open != nil
		return err
	}
	st.committed = true
	return in.rollForward(ctx, st.writer, moves)
}

// ready finishes an interrupted publish first: there is room for one intent.
func (st *Stage) ready(ctx context.Context) error {
	if st.committed {
		return errors.New("this stage was published before")
	}
	if err := st.unchangedSinceCheck(ctx); err != nil {
		return err
	}
	_, err := finish(ctx, st.files, st.writer)
	return err
}

// agree checks that the files were made by the rules and from the inputs that the manifest names.
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

// moves lists the tables whose published file differs from the staged one.
func (st *Stage) moves(ctx context.Context) ([]move, error) {
	var out []move
	for _, c := range st.checked {
		mv := move{Name: c.Table, Bytes: c.Bytes, SHA256: c.SHA256}
		f, err := st.files.Open(ctx, TableRel(c.Table, st.month))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrNotFile) {
			out = append(out, mv)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("compare with the published table %s: %w", c.Table, err)
		}
		mv.Was = f.Object().Version
		same, err := sameFile(ctx, f, mv)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("compare with the published table %s: %w", c.Table, err)
		}
		if !same {
			out = append(out, mv)
		}
	}
	return out, nil
}

// published returns the version of the published manifest, and says whether it has the substance of man. A damaged one does not and will be replaced;
// one of another version is kept and is an error.
func (st *Stage) published(ctx context.Context, man *Manifest) (version string, same bool, err error) {
	old, read, err := readManifest(ctx, st.files, man.ScoreMonth)
	var damaged *DamagedError
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, &damaged) {
		return read.version, false, nil
	}
	if err != nil {
		return "", false, err
	}
	same, err = sameSubstance(old, man)
	return read.version, same, err
}

// prepare does all that can fail before the intent, and returns the moves.
func (st *Stage) prepare(ctx context.Context, in *intent, made map[string][]byte) (moves []storage.Move, err error) {
	var names, staged []string
	for _, mv := range in.Moves {
		next := in.move(mv, false)
		moves, names, staged = append(moves, next), append(names, next.Name), append(staged, next.File)
	}
	if err := st.dir.Prepare(ctx, names...); err != nil {
		return nil, err
	}
	for _, file := range staged {
		if data, ok := made[file]; ok {
			if err := st.dir.Write(ctx, file, data); err != nil {
				return nil, err
			}
		}
	}
	return moves, st.dir.Save(ctx, staged...)
}
