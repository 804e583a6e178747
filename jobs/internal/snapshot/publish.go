package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Stage is one month on its way to being published. A backfill stages month after month under one run id.
type Stage struct {
	files   storage.Store
	writer  storage.Writer
	dir     storage.Staging
	runID   string
	month   scoring.Month
	delta   bool
	checked []checkedFile
	// committed is set once the intent can be seen: from then on the staged
	// files belong to the run that finishes the publish.
	committed bool
}

// checkedFile is a staged file as Check saw it.
type checkedFile struct {
	inspected
	modified time.Time
}

// Path returns where the writer puts the file of a table.
func (st *Stage) Path(table string) string { return st.dir.Path(table + stagedSuffix) }

// Check re-opens every staged file and reads all of it with a reader that is not its writer. An error names the file and everything found wrong with
// it.
func (st *Stage) Check(ctx context.Context) error {
	var checked []checkedFile
	var errs []error
	for _, t := range Tables() {
		c, err := st.checkTable(ctx, t)
		if ctx.Err() != nil {
			return err
		}
		errs = append(errs, err)
		checked = append(checked, c)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	st.checked = checked
	return nil
}

func (st *Stage) checkTable(ctx context.Context, t Table) (c checkedFile, err error) {
	f, err := st.dir.Open(ctx, t.Name+stagedSuffix)
	if err != nil {
		return checkedFile{}, fmt.Errorf("check staged table %s: %w", t.Name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	found, err := inspect(ctx, f, st.Path(t.Name), t, Metadata{Table: t.Name, ScoreMonth: st.month})
	if err != nil {
		return checkedFile{}, err
	}
	return checkedFile{inspected: found, modified: f.Object().Modified}, nil
}

// Outputs returns what Check found, in the order of Tables; nil before.
func (st *Stage) Outputs() []File {
	var out []File
	for _, c := range st.checked {
		out = append(out, c.File)
	}
	return out
}

// unchangedSinceCheck guards against a writer that was not done: what is published is what was checked.
func (st *Stage) unchangedSinceCheck(ctx context.Context) error {
	if st.checked == nil {
		return errors.New("the staged files were not checked")
	}
	for _, c := range st.checked {
		f, err := st.dir.Open(ctx, c.Table+stagedSuffix)
		if err != nil {
			return err
		}
		now := f.Object()
		if err := f.Close(); err != nil {
			return err
		}
		if now.Bytes != c.Bytes || !now.Modified.Equal(c.modified) {
			return fmt.Errorf("staged table %s was written to after its check", c.Table)
		}
	}
	return nil
}

// Discard removes the staging folder. After a publish that got as far as its intent it leaves the files to Recover. It may be called at any time,
// more than once.
func (st *Stage) Discard(ctx context.Context) error {
	if st.committed {
		return nil
	}
	return st.dir.Remove(context.WithoutCancel(ctx))
}

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
