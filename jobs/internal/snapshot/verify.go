package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"partnerscore/scoring"
)

// Difference is one thing that is not as the manifests say. Month is zero and Table
// empty where a difference belongs to none; Path is relative to the root, with slashes.
type Difference struct {
	Month scoring.Month
	Table string
	Path  string
	What  string
}

// verifyTries bounds how often a month is read again because a run replaced it
// meanwhile.
const verifyTries = 10

// Verify compares every published month with its manifest, reading all files whole, and
// looks for files that belong to no month. It takes no lock and changes nothing. The
// error is for a store that cannot be read at all.
func (s *Store) Verify(ctx context.Context) ([]Difference, error) {
	months, err := s.Months()
	if err != nil {
		return nil, err
	}
	var out []Difference
	for _, m := range months {
		diffs, err := s.verifyMonth(ctx, m)
		if err != nil {
			return nil, err
		}
		out = append(out, diffs...)
	}
	_, open, interrupted, err := s.Interrupted()
	if err != nil {
		out = append(out, Difference{Path: s.rel(s.intentPath()), What: err.Error()})
	}
	if interrupted && !slices.Contains(months, open) {
		out = append(out, s.openPublish(open))
	}
	strangers, err := s.Unexpected()
	if err != nil {
		return nil, err
	}
	for _, path := range strangers {
		out = append(out, unexpected(path))
	}
	return out, nil
}

func (s *Store) openPublish(m scoring.Month) Difference {
	return Difference{Month: m, Path: s.rel(s.intentPath()), What: "a publish of this month is not finished; the next score or backfill finishes it"}
}

// verifyMonth checks one month. A run may be publishing it: differences count only when
// the manifest stayed the same, and those of an open publish are told as one.
func (s *Store) verifyMonth(ctx context.Context, m scoring.Month) ([]Difference, error) {
	for range verifyTries {
		man, before, err := s.readManifest(m)
		diffs := s.manifestDifferences(m, man, err)
		if man != nil && len(diffs) == 0 {
			if diffs, err = s.tableDifferences(ctx, man); err != nil {
				return nil, err
			}
		}
		_, open, interrupted, err := s.Interrupted()
		if err == nil && interrupted && open == m {
			return []Difference{s.openPublish(m)}, nil
		}
		if len(diffs) == 0 {
			return nil, nil
		}
		_, after, err := s.readManifest(m)
		if err != nil || bytes.Equal(before, after) {
			return diffs, nil
		}
	}
	return []Difference{{Month: m, Path: manifestRel(m), What: "the month was published again each time it was read; verify it later"}}, nil
}

// manifestDifferences says what is wrong with the manifest itself; err is that of
// reading it.
func (s *Store) manifestDifferences(m scoring.Month, man *Manifest, err error) []Difference {
	var out []Difference
	tell := func(what string) { out = append(out, Difference{Month: m, Path: manifestRel(m), What: what}) }
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

func (s *Store) tableDifferences(ctx context.Context, man *Manifest) ([]Difference, error) {
	var out []Difference
	for i, t := range Tables() {
		for _, what := range s.outputProblems(ctx, man, t, man.Outputs[i]) {
			out = append(out, Difference{Month: man.ScoreMonth, Table: t.Name, Path: man.Outputs[i].Path, What: what})
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("verify %s: %w", man.ScoreMonth, context.Cause(ctx))
		}
	}
	return out, nil
}

// outputProblems compares one file with its entry. The contents are looked into only
// when the bytes are the published ones: a damaged file is not worth a second opinion,
// and a foreign one may be made to be expensive to read.
func (s *Store) outputProblems(ctx context.Context, man *Manifest, t Table, want File) []string {
	path := s.TablePath(t.Name, man.ScoreMonth)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []string{"the file is missing"}
	case err != nil:
		return []string{err.Error()}
	case !info.Mode().IsRegular():
		return []string{errNotRegular.Error()}
	case info.Size() != want.Bytes:
		return []string{fmt.Sprintf("the file has %d bytes, the manifest says %d", info.Size(), want.Bytes)}
	}
	sum, err := hashPath(ctx, path)
	if err != nil {
		return []string{err.Error()}
	}
	if sum != want.SHA256 {
		return []string{fmt.Sprintf("the file has sha256 %s, the manifest says %s", sum, want.SHA256)}
	}
	got, err := inspect(ctx, path, t, man.metadata(t.Name))
	var format *FormatError
	switch {
	case errors.As(err, &format):
		return format.Problems
	case err != nil:
		return []string{err.Error()}
	case got.Rows != want.Rows:
		return []string{fmt.Sprintf("the file has %d rows, the manifest says %d", got.Rows, want.Rows)}
	}
	return nil
}

func hashPath(ctx context.Context, path string) (sum string, err error) {
	f, size, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return hashFile(ctx, f, size)
}
