package storage

import (
	"context"
	"sync"

	"partnerscore/jobs/internal/fault"
)

// WatchedSource is a source that keeps the first error which concerns the whole source: it does not answer, refuses the credentials, or copies have
// no room. Such an error names its kind; one that concerns a file does not. After it, every call fails with it at once: nobody waits for each file.
type WatchedSource struct {
	Source
	watch
}

// watch keeps an error.
type watch struct {
	mu  sync.Mutex
	err error
}

// Watch watches a source, unless it is watched already.
func Watch(s Source) *WatchedSource {
	if watched, ok := s.(*WatchedSource); ok {
		return watched
	}
	return &WatchedSource{Source: s}
}

// Err returns the error that was kept, nil where there was none.
func (w *watch) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// keep returns the error of a call, and keeps it where it is the first of its sort.
func (w *watch) keep(err error) error {
	if err == nil || !fault.Named(err) {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
	return err
}

// ReadDir lists a folder.
func (s *WatchedSource) ReadDir(ctx context.Context, dir string) ([]SourceEntry, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	entries, err := s.Source.ReadDir(ctx, dir)
	return entries, s.keep(err)
}

// Stat looks at a name.
func (s *WatchedSource) Stat(ctx context.Context, name string) (SourceInfo, error) {
	if err := s.Err(); err != nil {
		return SourceInfo{}, err
	}
	info, err := s.Source.Stat(ctx, name)
	return info, s.keep(err)
}

// Open opens a file, whose reads are watched, too.
func (s *WatchedSource) Open(ctx context.Context, name string, info SourceInfo) (SourceReader, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	r, err := s.Source.Open(ctx, name, info)
	if err != nil {
		return nil, s.keep(err)
	}
	return watchedReader{r, s}, nil
}

// Fetch makes sure that a local file is there.
func (s *WatchedSource) Fetch(ctx context.Context, name string, info SourceInfo) error {
	if err := s.Err(); err != nil {
		return err
	}
	return s.keep(s.Source.Fetch(ctx, name, info))
}

type watchedReader struct {
	SourceReader
	source *WatchedSource
}

// ReadAt reads bytes of the file.
func (r watchedReader) ReadAt(p []byte, off int64) (int, error) {
	if err := r.source.Err(); err != nil {
		return 0, err
	}
	n, err := r.SourceReader.ReadAt(p, off)
	return n, r.source.keep(err)
}

// WatchedFile is an open file that keeps the first error of a read which concerns the place where it lies: nothing is wrong with the file then.
type WatchedFile struct {
	File
	watch
}

// WatchFile watches a file.
func WatchFile(f File) *WatchedFile { return &WatchedFile{File: f} }

// ReadAt reads bytes of the file.
func (f *WatchedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	return n, f.keep(err)
}
