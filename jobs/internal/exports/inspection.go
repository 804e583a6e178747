package exports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/parquetfile"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/textfile"
	"partnerscore/jobs/internal/storage"
)

// inspection is one file on its way through Check.
type inspection struct {
	opt      Options
	mapper   schema.Mapper
	file     File
	mapping  schema.Mapping
	problems []Problem
}

// note keeps a defect of the file as a problem; other errors, a cancelled context above all, end the run.
func (s *inspection) note(err error) error {
	var bad *defect.Error
	switch {
	case err == nil:
		return nil
	case s.file.source.Err() != nil:
		return s.file.source.Err()
	case errors.As(err, &bad):
		s.problems = append(s.problems, s.file.problem(bad))
	case errors.Is(err, storage.ErrSourceChanged):
		s.problems = append(s.problems, s.file.problem(defect.New(storage.ErrSourceChanged.Error(), defect.NotYet)))
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		s.problems = append(s.problems, s.file.problem(defect.New("cannot be read: "+defect.Cause(err), defect.Again)))
	}
	return nil
}

// readShape reads footer or header and maps the columns. Problems are collected; an error ends the run.
func (s *inspection) readShape(ctx context.Context) error {
	f := &s.file
	if f.Fault != nil {
		return s.note(f.Fault)
	}
	if !utf8.ValidString(f.source.Root() + f.Rel) {
		return s.note(defect.New("its path is not UTF-8, so that neither the engine can open it nor the manifest name it", "rename it"))
	}
	info, err := f.source.Stat(ctx, f.Rel)
	if err != nil {
		return s.note(err)
	}
	f.Info, f.Bytes, f.Path = info, info.Size, f.source.Path(f.Rel, info)
	r, err := open(ctx, f.source, f.Rel, f.Info)
	if err != nil {
		return s.note(err)
	}
	if f.Format == fileformat.Parquet {
		err = s.readParquet(r)
	} else {
		err = s.readHeader(sequential(ctx, r))
	}
	return s.note(errors.Join(err, r.Close()))
}

func (s *inspection) readParquet(r io.ReaderAt) error {
	f := &s.file
	footer, err := parquetfile.Read(r, f.Bytes)
	if err != nil {
		return err
	}
	f.Rows, f.Columns = footer.Rows, f.withConstants(footer.Columns)
	s.mapColumns()
	f.dropUnused()
	seen, said := map[int]bool{}, map[string]bool{}
	for _, name := range s.opt.Profile.Canonical(f.Table) {
		column, ok := f.Mapping[name]
		if !ok || column.Kind == schema.Nested || column.Partition || seen[column.Index] {
			continue
		}
		seen[column.Index] = true
		var bad *defect.Error
		if err := footer.CheckColumn(column); errors.As(err, &bad) && !said[bad.Message] {
			said[bad.Message] = true // what is wrong with all columns is said for the first one
			s.problems = append(s.problems, s.file.problem(&defect.Error{Column: column.Name, Message: bad.Message, Hint: bad.Hint}))
		}
	}
	return nil
}

func (s *inspection) readHeader(r io.Reader) error {
	text, err := textfile.Open(r, s.file.Format)
	if err != nil {
		return err
	}
	s.file.Columns, s.file.Text = schema.TextColumns(text.Header), text.Layout
	s.mapColumns()
	return nil
}

// header has what the mapping goes by.
func (s *inspection) header() schema.Header {
	return schema.Header{Columns: s.file.Columns, Text: s.file.Format != fileformat.Parquet, Many: s.file.Many}
}

func (s *inspection) mapColumns() {
	s.mapping = s.mapper.Map(s.header())
	s.file.Mapping = s.mapping.Columns
	for _, bad := range s.mapping.Defects {
		s.problems = append(s.problems, s.file.problem(bad))
	}
}

// readBytes hashes the file, and for text checks every record and counts them in the same pass.
func (s *inspection) readBytes(ctx context.Context) error {
	f := &s.file
	if !s.reuse() {
		if err := s.settle(ctx); err != nil {
			return s.note(err)
		}
		if err := s.hash(ctx); err != nil {
			return s.note(err)
		}
	}
	// Where a manifest states the rows, the size that it states is of another format.
	if f.StatedRows > 0 && f.Rows != f.StatedRows {
		s.problems = append(s.problems, s.file.problem(defect.New(
			fmt.Sprintf("holds %d rows, but the %s beside it says %d", f.Rows, manifestName, f.StatedRows), defect.Again)))
	}
	return nil
}

// hash reads the file to its end.
func (s *inspection) hash(ctx context.Context) error {
	f := &s.file
	r, err := open(ctx, f.source, f.Rel, f.Info)
	if err != nil {
		return err
	}
	hash, raw := sha256.New(), sequential(ctx, r)
	if f.Format != fileformat.Parquet {
		f.Rows, f.Text.Multiline, err = textfile.Count(io.TeeReader(raw, hash), f.Format)
	}
	if err == nil {
		// All of a Parquet file, and what a text reader left unread.
		_, err = io.CopyBuffer(hash, raw, make([]byte, 1<<20))
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	_, err = s.restat(ctx)
	return err
}

// longestWait is how long Check waits for a version to settle. On a file system of whole seconds it does not wait; the file is read again next
// time.
const longestWait = 100 * time.Millisecond

// settle waits until the version of a file that has only just changed can be kept, before the bytes are read.
func (s *inspection) settle(ctx context.Context) error {
	wait := s.file.Info.SettlesIn
	if wait == 0 || wait > longestWait {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	var err error
	s.file.Info, err = s.restat(ctx)
	return err
}

// restat looks at the file again; it must still be the one whose footer was read.
func (s *inspection) restat(ctx context.Context) (storage.SourceInfo, error) {
	now, err := s.file.source.Stat(ctx, s.file.Rel)
	if err == nil && now.Version != s.file.Info.Version {
		err = storage.ErrSourceChanged
	}
	return now, err
}

// reuse takes over what is known of the same bytes.
func (s *inspection) reuse() bool {
	f := &s.file
	if s.opt.Known == nil || f.Info.Signature() == "" {
		return false
	}
	known, ok := s.opt.Known(f.Found)
	if !ok || known.Signature != f.Info.Signature() || known.SHA256 == "" || f.Format != fileformat.Parquet && known.TextChecks != textChecks {
		return false
	}
	f.SHA256, f.Reused = known.SHA256, true
	if f.Many {
		f.Months = known.Months
	}
	if f.Format != fileformat.Parquet {
		f.Rows, f.Text.Multiline = known.Rows, known.Multiline
	}
	return true
}
