package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"partnerscore/jobs/internal/fault"
)

// Glance checks the published files of a month as far as that costs no more than opening them: they are regular files of the size that the
// manifest says, and their footers have its number of rows, the columns of their tables, and say that they belong to this publish. Verify
// reads them whole. Without names of tables it checks all of them. The error is a *FormatError, or a *ChangingError while a publish of the month is under way.
func (s *Store) Glance(man *Manifest, tables ...string) error {
	if found := man.problems(); len(found) > 0 {
		return &FormatError{Path: s.ManifestPath(man.ScoreMonth), Problems: found}
	}
	for i, t := range Tables() {
		if len(tables) > 0 && !slices.Contains(tables, t.Name) {
			continue
		}
		if err := s.glanceTable(man, t, man.Outputs[i]); err != nil {
			if _, open, interrupted, asked := s.Interrupted(); asked == nil && interrupted && open == man.ScoreMonth {
				return &ChangingError{Diff: s.openPublish(open)}
			}
			return err
		}
	}
	return nil
}

// ChangingError says that the files of a month are on their way from one publish to the next.
type ChangingError struct{ Diff Difference }

// FaultKind is fault.Missing: another run is publishing.
func (e *ChangingError) FaultKind() string { return fault.Missing }

// Error says what is to be done.
func (e *ChangingError) Error() string { return fmt.Sprintf("read %s: %s", e.Diff.Month, e.Diff.What) }

func (s *Store) glanceTable(man *Manifest, t Table, want File) (err error) {
	path := s.TablePath(t.Name, man.ScoreMonth)
	fault := func(format string, args ...any) error {
		return &FormatError{Path: path, Problems: []string{fmt.Sprintf(format, args...)}}
	}
	f, size, err := openRegular(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault("the file is missing")
	case errors.Is(err, errNotRegular):
		return fault("%v", errNotRegular)
	case err != nil:
		return fmt.Errorf("check %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if size != want.Bytes {
		return fault("the file has %d bytes, the manifest says %d", size, want.Bytes)
	}
	r, err := openParquet(f, size)
	if err != nil {
		return fault("%v", err)
	}
	var rows int64
	if err := guard(func() error { rows = r.NumRows(); return checkFooter(r, path, t, man.metadata(t.Name)) }); err != nil {
		var format *FormatError
		if errors.As(err, &format) {
			return err
		}
		return fault("%v", err)
	}
	if rows != want.Rows {
		return fault("the file has %d rows, the manifest says %d", rows, want.Rows)
	}
	return nil
}
