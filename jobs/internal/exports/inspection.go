package exports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"
	"unicode/utf8"
)

// inspection is one file on its way through Check.
type inspection struct {
	checked  Checked
	opt      Options
	problems []Problem
}

// readShape reads footer or header and maps the columns. Problems are collected; an error ends the run.
func (s *inspection) readShape(ctx context.Context, m mapper) error {
	c := &s.checked
	if c.Fault != "" {
		s.problems = append(s.problems, problemf(c.File, "", cmp.Or(c.FaultHint, faultHint(c.Fault, c.Format)), "%s", c.Fault))
		return nil
	}
	if !utf8.ValidString(c.Path) {
		return s.problem(&defect{"its path is not UTF-8, so that neither the engine can open it nor the manifest name it", "rename it"})
	}
	stat, err := StatFile(c.Path)
	if err != nil {
		return s.problem(err)
	}
	c.Stat, c.Bytes = stat, stat.Size
	f, err := openRegular(c.Path)
	if err != nil {
		return s.problem(err)
	}
	if c.Format == Parquet {
		err = s.readParquet(f, m)
	} else {
		err = s.readHeader(ctx, f, m)
	}
	return s.problem(errors.Join(err, f.Close()))
}

func (s *inspection) readParquet(f *os.File, m mapper) error {
	c := &s.checked
	foot, err := readFooter(f, c.Bytes)
	if err != nil {
		return err
	}
	c.Rows, c.Columns = foot.rows, c.withConstants(foot.columns)
	c.Mapping, s.problems = m.assign(c.File, c.Columns)
	c.forgetUnread()
	seen, told := map[int]bool{}, map[string]bool{}
	for _, name := range s.opt.Profile.Canonical(c.Table) {
		column, ok := c.Mapping[name]
		if !ok || column.Kind == Nested || column.Partition || seen[column.Index] {
			continue
		}
		seen[column.Index] = true
		var bad *defect
		if err := foot.checkChunks(column, c.Bytes); errors.As(err, &bad) && !told[bad.message] {
			told[bad.message] = true // what is true of all columns is said of the first
			s.problems = append(s.problems, problemf(c.File, column.Name, bad.hint, "%s", bad.message))
		}
	}
	return nil
}

func (s *inspection) readHeader(ctx context.Context, f *os.File, m mapper) error {
	c := &s.checked
	t, err := openText(contextReader{ctx, f}, c.Format)
	if err != nil {
		return err
	}
	c.Columns, c.Text = textColumns(t.header), t.layout
	c.Mapping, s.problems = m.assign(c.File, c.Columns)
	return nil
}

// readBytes hashes the file, and for text validates every record and counts them in the same pass.
func (s *inspection) readBytes(ctx context.Context) error {
	c := &s.checked
	defer s.checkStated()
	if s.reuse() {
		return nil
	}
	if err := s.settle(ctx); err != nil {
		return s.problem(err)
	}
	f, err := openRegular(c.Path)
	if err != nil {
		return s.problem(err)
	}
	hash, raw := sha256.New(), contextReader{ctx, f}
	if c.Format != Parquet {
		c.Rows, c.Text.Multiline, err = countRecords(io.TeeReader(raw, hash), c.Format)
	}
	if err == nil {
		// All of a Parquet file, and what a text reader left unread.
		_, err = io.CopyBuffer(hash, raw, make([]byte, 1<<20))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return s.problem(err)
	}
	c.SHA256 = hex.EncodeToString(hash.Sum(nil))
	_, err = s.restat()
	return s.problem(err)
}

// settle waits out the tick of a file that has only just changed, before its bytes are read for a signature. On a
// file system of whole seconds it does not wait; the file is read again next time.
func (s *inspection) settle(ctx context.Context) error {
	if c := s.checked; c.Stat.Settled || c.Stat.Changed%second == 0 {
		return nil
	}
	timer := time.NewTimer(fineTick)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	var err error
	s.checked.Stat, err = s.restat()
	return err
}

// restat looks at the file again; it must still be the one whose footer was read.
func (s *inspection) restat() (Stat, error) {
	now, err := StatFile(s.checked.Path)
	if err == nil && !now.sameAs(s.checked.Stat) {
		err = &defect{"changed while it was read", "run again when the delivery is complete"}
	}
	return now, err
}

// reuse takes over what is known of the same bytes.
func (s *inspection) reuse() bool {
	c := &s.checked
	if s.opt.Known == nil || c.Stat.Signature() == "" {
		return false
	}
	known, ok := s.opt.Known(c.File)
	if !ok || known.Signature != c.Stat.Signature() || known.SHA256 == "" || c.Format != Parquet && known.Judged != judgement {
		return false
	}
	c.SHA256, c.Reused = known.SHA256, true
	if c.Many {
		c.Months = known.Months
	}
	if c.Format != Parquet {
		c.Rows, c.Text.Multiline = known.Rows, known.Multiline
	}
	return true
}

// countRecords reads a text file to its end. multiline tells that fields have line ends in them.
func countRecords(raw io.Reader, format Format) (rows int64, multiline bool, err error) {
	t, err := openText(raw, format)
	if err != nil {
		return 0, false, err
	}
	for {
		_, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, t.limit.ends.inside, nil
		}
		if err != nil {
			return 0, false, err
		}
		rows++
	}
}

// contextReader stops reading when the run is over.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
