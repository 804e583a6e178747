package main

import (
	"os"
	"path/filepath"
)

// sameFolder reports whether two paths lead to one folder or file.
func sameFolder(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// within reports whether a path is a folder or lies below it. Neither need exist; links are followed as far as they lead.
func within(path, folder string) bool {
	at, folder := resolvedPath(path), resolvedPath(folder)
	for !sameFolder(at, folder) {
		up := filepath.Dir(at)
		if up == at {
			return false
		}
		at = up
	}
	return true
}

// resolvedPath is the absolute path with the links of what there is of it followed.
func resolvedPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for at := abs; ; {
		if resolved, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(resolved, rest)
		}
		up := filepath.Dir(at)
		if up == at {
			return abs
		}
		at, rest = up, filepath.Join(filepath.Base(at), rest)
	}
}
