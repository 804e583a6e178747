package snapshot

import (
	"context"
	"errors"
	"fmt"
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
