package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
)

// QuickCheck checks the published files of a month without reading more than their footers: they are regular files of the size that the
// manifest says, and their footers have its number of rows, the columns of their tables, and say that they belong to this publish. Verify
// reads them whole. Without names of tables it checks all of them. The error is a *FormatError, or a fault.Missing while a publish of the month is under way.
func (s *Store) QuickCheck(ctx context.Context, man *Manifest, tables ...string) error {
	if found := man.problems(); len(found) > 0 {
		return &FormatError{Path: s.files.Where(ManifestRel(man.ScoreMonth)), Problems: found}
	}
	for i, t := range Tables() {
		if len(tables) > 0 && !slices.Contains(tables, t.Name) {
			continue
		}
		if err := quickCheckTable(ctx, s.files, man, t, man.Outputs[i]); err != nil {
			if _, open, unfinished, asked := interrupted(ctx, s.files); asked == nil && unfinished && open == man.ScoreMonth {
				return fault.Errorf(fault.Missing, "read %s: %s", open, openPublish(s.files, open).What)
			}
			return err
		}
	}
	return nil
}

func quickCheckTable(ctx context.Context, files storage.Store, man *Manifest, t Table, want File) (err error) {
	name := TableRel(t.Name, man.ScoreMonth)
	path := files.Where(name)
	fault := func(format string, args ...any) error {
		return &FormatError{Path: path, Problems: []string{fmt.Sprintf(format, args...)}}
	}
	opened, err := files.Open(ctx, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault("the file is missing")
	case errors.Is(err, storage.ErrNotFile):
		return fault("%v", storage.ErrNotFile)
	case err != nil:
		return fmt.Errorf("check %s: %w", path, err)
	}
	f := storage.WatchFile(opened)
	defer func() { err = errors.Join(err, f.Close()) }()
	if size := f.Object().Bytes; size != want.Bytes {
		return fault("the file has %d bytes, the manifest says %d", size, want.Bytes)
	}
	r, err := openParquet(f)
	if err != nil {
		return asFormatError(ctx, path, f, err)
	}
	var rows int64
	if err := guard(func() error { rows = r.NumRows(); return checkFooter(r, path, t, man.metadata(t.Name)) }); err != nil {
		return asFormatError(ctx, path, f, err)
	}
	if rows != want.Rows {
		return fault("the file has %d rows, the manifest says %d", rows, want.Rows)
	}
	return nil
}
