package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFile bounds the files that people write: configurations, rulebooks, keys.
const maxFile = 1 << 20

// ReadSmall reads a file that a person wrote. The error does not repeat its name.
func ReadSmall(path string) (data []byte, err error) {
	info, err := os.Stat(path) // symlinks are fine: that is how Kubernetes mounts files
	if err != nil {
		return nil, PlainError(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, PlainError(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err = io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, PlainError(err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	return data, nil
}

// WriteNew writes a file that does not exist yet. hint says what to do where it does. The error is a *UsageError where the file cannot be made.
func WriteNew(path, text, hint string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return &UsageError{Problems: []string{path + " exists and is not replaced"}, Hint: hint}
	case err != nil:
		return &UsageError{Problems: []string{fmt.Sprintf("%s: %v", path, PlainError(err))}}
	}
	_, err = io.WriteString(file, text)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// PlainError takes the path, which the caller names, off an error of the file system.
func PlainError(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("it does not exist%w", silent{fs.ErrNotExist})
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("it may not be read, check its owner and mode%w", silent{fs.ErrPermission})
	default:
		return path.Err
	}
}

// silent keeps an error for errors.Is without repeating its words.
type silent struct{ error }

// Error is empty.
func (s silent) Error() string { return "" }

// Unwrap returns the error that is kept.
func (s silent) Unwrap() error { return s.error }

// SameFile reports whether two paths lead to one folder or file.
func SameFile(a, b string) bool {
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

// Within reports whether a path is a folder or lies below it. Neither need exist; links are followed as far as they lead.
func Within(path, folder string) bool {
	at, folder := Resolved(path), Resolved(folder)
	for !SameFile(at, folder) {
		up := filepath.Dir(at)
		if up == at {
			return false
		}
		at = up
	}
	return true
}

// Resolved is the absolute path with links followed in the part of it that exists.
func Resolved(path string) string {
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
