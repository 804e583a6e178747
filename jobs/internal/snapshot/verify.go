package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot/deltalog"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Difference is one mismatch between the published files and the manifests. Month is zero and Table empty when it belongs to no month or table; Path
// is relative to the root, with slashes.
type Difference struct {
	Month scoring.Month
	Table string
	Path  string
	What  string
}

// verifyTries bounds how often a month is read again because a run replaced it meanwhile.
const verifyTries = 10

// Verify compares every published month with its manifest, reading all files whole, and looks for files that belong to no month. It takes no lock and
// changes nothing. The error is for a store that cannot be read at all.
func (s *Store) Verify(ctx context.Context) ([]Difference, error) {
	v := verifier{s.files}
	months, err := s.Months(ctx)
	if err != nil {
		return nil, err
	}
	var out []Difference
	for _, m := range months {
		diffs, err := v.month(ctx, m)
		if err != nil {
			return nil, err
		}
		out = append(out, diffs...)
	}
	logs, err := s.Delta().Compare(ctx, true)
	if err != nil {
		return nil, err
	}
	for _, l := range logs {
		for _, d := range l.Differences {
			m, _ := monthOfKey(path.Dir(d.Path))
			out = append(out, Difference{Month: m, Table: l.Table, Path: path.Join(l.Table, d.Path), What: d.What})
		}
	}
	_, open, unfinished, err := interrupted(ctx, s.files)
	switch {
	case fault.Named(err):
		return nil, err
	case err != nil:
		out = append(out, Difference{Path: s.files.Properties().Intent, What: err.Error()})
	}
	if unfinished && !slices.Contains(months, open) {
		out = append(out, openPublish(s.files, open))
	}
	strangers, err := v.unexpected(ctx, months)
	if err != nil {
		return nil, err
	}
	for _, path := range strangers {
		out = append(out, unexpected(path))
	}
	return out, nil
}

func openPublish(files storage.Store, m scoring.Month) Difference {
	return Difference{Month: m, Path: files.Properties().Intent, What: "a publish of this month is not finished; the next score or backfill finishes it"}
}

// verifier compares published files with manifests.
type verifier struct{ files storage.Store }

// month checks one month. A run may be publishing it: differences count only when the manifest stayed the same, and those of an open publish are one
// difference.
func (v verifier) month(ctx context.Context, m scoring.Month) ([]Difference, error) {
	for range verifyTries {
		man, before, err := readManifest(ctx, v.files, m)
		if fault.Named(err) {
			return nil, err
		}
		diffs := manifestDifferences(m, man, err)
		if man != nil && len(diffs) == 0 {
			if diffs, err = v.tables(ctx, man); err != nil {
				return nil, err
			}
		}
		_, open, unfinished, err := interrupted(ctx, v.files)
		if fault.Named(err) {
			return nil, err
		}
		if err == nil && unfinished && open == m {
			return []Difference{openPublish(v.files, m)}, nil
		}
		if len(diffs) == 0 {
			return nil, nil
		}
		_, after, err := readManifest(ctx, v.files, m)
		if fault.Named(err) {
			return nil, err
		}
		if err != nil || bytes.Equal(before.data, after.data) {
			return diffs, nil
		}
	}
	return []Difference{{Month: m, Path: ManifestRel(m), What: "the month was published again each time it was read; verify it later"}}, nil
}

// manifestDifferences says what is wrong with the manifest itself; err is that of reading it.
func manifestDifferences(m scoring.Month, man *Manifest, err error) []Difference {
	var out []Difference
	tell := func(what string) { out = append(out, Difference{Month: m, Path: ManifestRel(m), What: what}) }
	var damaged *DamagedError
	var version *VersionError
	switch {
	case errors.As(err, &damaged):
		tell("the manifest is damaged: " + damaged.Err.Error())
	case errors.As(err, &version):
		tell(fmt.Sprintf("the manifest has schema version %d, this program knows version %d", version.Got, SchemaVersion))
	case err != nil:
		tell(err.Error())
	default:
		for _, p := range man.problems() {
			tell(p)
		}
	}
	return out
}

func (v verifier) tables(ctx context.Context, man *Manifest) ([]Difference, error) {
	var out []Difference
	for i, t := range Tables() {
		problems, err := v.problems(ctx, man, t, man.Outputs[i])
		if ctx.Err() != nil {
			return nil, fmt.Errorf("verify %s: %w", man.ScoreMonth, context.Cause(ctx))
		}
		if err != nil {
			return nil, err
		}
		for _, what := range problems {
			out = append(out, Difference{Month: man.ScoreMonth, Table: t.Name, Path: man.Outputs[i].Path, What: what})
		}
	}
	return out, nil
}

// problems compares one file with its entry. The contents are looked into only when the bytes are the published ones: a damaged file needs no second
// check, and a foreign one may be built to be expensive to read. The error is for a place that cannot be read.
func (v verifier) problems(ctx context.Context, man *Manifest, t Table, want File) ([]string, error) {
	name := TableRel(t.Name, man.ScoreMonth)
	f, err := v.files.Open(ctx, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []string{"the file is missing"}, nil
	case errors.Is(err, storage.ErrNotFile):
		return []string{storage.ErrNotFile.Error()}, nil
	case err != nil:
		return orFault(err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	if size := f.Object().Bytes; size != want.Bytes {
		return []string{fmt.Sprintf("the file has %d bytes, the manifest says %d", size, want.Bytes)}, nil
	}
	sum, err := hashFile(ctx, f)
	if err != nil {
		return orFault(err)
	}
	if sum != want.SHA256 {
		return []string{fmt.Sprintf("the file has sha256 %s, the manifest says %s", sum, want.SHA256)}, nil
	}
	got, err := inspect(ctx, f, v.files.Where(name), t, man.metadata(t.Name))
	var format *FormatError
	switch {
	case errors.As(err, &format):
		return format.Problems, nil
	case err != nil:
		return orFault(err)
	case got.Rows != want.Rows:
		return []string{fmt.Sprintf("the file has %d rows, the manifest says %d", got.Rows, want.Rows)}, nil
	}
	return nil, nil
}

// orFault returns an error of reading a file as a problem of the file; one that names its kind is about the place, which does not answer or refuses.
func orFault(err error) ([]string, error) {
	if fault.Named(err) {
		return nil, err
	}
	return []string{err.Error()}, nil
}

// unexpected lists the files that belong to no published month: other names in the folders of the tables and of the manifests, tables of a month
// without a manifest, anything else beside them. The cache is not looked into. Paths are sorted. Publishing leaves such files alone.
func (v verifier) unexpected(ctx context.Context, months []scoring.Month) ([]string, error) {
	// The tables of an open publish may be there before their manifest.
	_, open, unfinished, err := interrupted(ctx, v.files)
	if fault.Named(err) {
		return nil, err
	}
	if err == nil && unfinished {
		months = append(slices.Clone(months), open)
	}
	known := map[string]bool{}
	for _, m := range months {
		known[ManifestRel(m)] = true
		for _, t := range Tables() {
			known[TableRel(t.Name, m)] = true
		}
	}
	all, err := v.files.List(ctx, "", factsDir)
	if err != nil {
		return nil, fmt.Errorf("look for unexpected files: %w", err)
	}
	var out []string
	for _, o := range all {
		table, rel, _ := strings.Cut(o.Name, "/")
		if _, ok := lookup(table); !known[o.Name] && !(ok && deltalog.Belongs(rel)) {
			out = append(out, o.Name)
		}
	}
	return out, nil
}

// unexpected is the difference of one such file, with month and table where its path has them.
func unexpected(rel string) Difference {
	d := Difference{Path: rel, What: "the file is not expected here"}
	parts := strings.Split(rel, "/")
	if len(parts) < 3 {
		return d
	}
	m, ok := monthOfKey(parts[1])
	if _, table := lookup(parts[0]); !ok || !table {
		return d
	}
	d.Month, d.Table = m, parts[0]
	if rel == TableRel(d.Table, m) {
		d.What = "the file belongs to no manifest"
	}
	return d
}

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
