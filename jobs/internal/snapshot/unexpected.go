package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Unexpected lists the files that belong to no published month: other names in the
// folders of the tables and of the manifests, tables of a month without a manifest,
// anything else at the root. Staging, lock and facts cache are not looked into. Paths
// are relative to the root, with slashes, sorted. Publishing leaves such files alone.
func (s *Store) Unexpected() ([]string, error) {
	expected, err := s.expectedFiles()
	if err != nil {
		return nil, err
	}
	root, err := filepath.EvalSymlinks(s.root) // a walk does not follow a link as its root
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for unexpected files: %w", err)
	}
	var out []string
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since it was listed
		}
		if err != nil {
			return fmt.Errorf("look for unexpected files: %w", err)
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if slices.Contains([]string{stagingName, factsDir, "lost+found"}, rel) {
				return fs.SkipDir
			}
			return nil
		}
		if !expected(rel) {
			out = append(out, rel)
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// expectedFiles returns the test for a path relative to the root.
func (s *Store) expectedFiles() (func(rel string) bool, error) {
	months, err := s.Months()
	if err != nil {
		return nil, err
	}
	// The tables of an open publish may be there before their manifest.
	_, open, interrupted, err := s.Interrupted()
	if err == nil && interrupted {
		months = append(months, open)
	}
	known := map[string]bool{lockName: true}
	for _, m := range months {
		known[manifestRel(m)] = true
		for _, t := range Tables() {
			known[TableRel(t.Name, m)] = true
		}
	}
	return func(rel string) bool { return known[rel] }, nil
}

// unexpected tells of one such file, with month and table where its path has them.
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
