package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"partnerscore/scoring"
)

// Stage is one month on its way to being published. A backfill stages month after
// month under one run id.
type Stage struct {
	store   *Store
	runID   string
	month   scoring.Month
	dir     string
	checked []checkedFile
	// committed is set right before the intent can be seen: from then on the staged
	// files belong to whoever finishes the publish.
	committed bool
}

// checkedFile is a staged file as Check saw it.
type checkedFile struct {
	inspected
	modified time.Time
}

// Stage makes an empty staging folder for one month. What an earlier attempt of the
// same run left there is gone.
func (s *Store) Stage(runID string, m scoring.Month) (*Stage, error) {
	if err := checkRunID(runID); err != nil {
		return nil, fmt.Errorf("stage %s: %w", m, err)
	}
	if err := s.mustHold("stage " + m.String()); err != nil {
		return nil, err
	}
	dir := s.stageDir(runID, m)
	if err := s.remove(dir); err != nil {
		return nil, fmt.Errorf("stage %s: %w", m, err)
	}
	if err := s.mkdir(dir); err != nil {
		return nil, fmt.Errorf("stage %s: %w", m, err)
	}
	return &Stage{store: s, runID: runID, month: m, dir: dir}, nil
}

func (s *Store) stageDir(runID string, m scoring.Month) string {
	return filepath.Join(s.StagingDir(runID), m.String())
}

// Path returns where the writer puts the file of a table.
func (st *Stage) Path(table string) string { return stagedPath(st.dir, table) }

func stagedPath(dir, name string) string { return filepath.Join(dir, name+stagedSuffix) }

// Check re-opens every staged file and reads all of it with a reader that is not its
// writer. An error names the file and everything found wrong with it.
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

func (st *Stage) checkTable(ctx context.Context, t Table) (checkedFile, error) {
	path := st.Path(t.Name)
	info, err := os.Lstat(path)
	if err != nil {
		return checkedFile{}, fmt.Errorf("check staged table %s: %w", t.Name, err)
	}
	f, err := inspect(ctx, path, t, Metadata{Table: t.Name, ScoreMonth: st.month})
	if err != nil {
		return checkedFile{}, err
	}
	return checkedFile{inspected: f, modified: info.ModTime()}, nil
}

// Outputs returns what Check found, in the order of Tables; nil before.
func (st *Stage) Outputs() []File {
	var out []File
	for _, c := range st.checked {
		out = append(out, c.File)
	}
	return out
}

// unchangedSinceCheck guards against a writer that was not done: what is published is
// what was checked.
func (st *Stage) unchangedSinceCheck() error {
	if st.checked == nil {
		return errors.New("the staged files were not checked")
	}
	for _, c := range st.checked {
		info, err := os.Lstat(st.Path(c.Table))
		if err != nil {
			return err
		}
		if info.Size() != c.Bytes || !info.ModTime().Equal(c.modified) {
			return fmt.Errorf("staged table %s was written to after its check", c.Table)
		}
	}
	return nil
}

// Discard removes the staging folder. After a publish that got as far as its intent it
// leaves the files to Recover. It may be called at any time, more than once.
func (st *Stage) Discard() error {
	if st.committed {
		return nil
	}
	return st.store.dropStage(st.runID, st.month)
}

// dropStage removes a month's staging folder, and the run's when nothing else is in it.
func (s *Store) dropStage(runID string, m scoring.Month) error {
	if err := s.remove(s.stageDir(runID, m)); err != nil {
		return err
	}
	dir := s.StagingDir(runID)
	if err := s.about("remove", dir); err != nil {
		return err
	}
	err := os.Remove(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, syscall.EEXIST) {
		return nil
	}
	return err
}
