package exports

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// gone is the error of a store that does not answer.
type gone struct{}

func (gone) FaultKind() string { return fault.Internal }
func (gone) Error() string     { return "the store does not answer" }

// failing is a source that does not answer from one call on. It counts its calls.
type failing struct {
	storage.Source
	mu          sync.Mutex
	calls, from int
}

func (s *failing) call() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls++; s.calls >= s.from {
		return fmt.Errorf("read: %w", gone{})
	}
	return nil
}

func (s *failing) Stat(ctx context.Context, name string) (storage.SourceInfo, error) {
	if err := s.call(); err != nil {
		return storage.SourceInfo{}, err
	}
	return s.Source.Stat(ctx, name)
}

func (s *failing) Open(ctx context.Context, name string, info storage.SourceInfo) (storage.SourceReader, error) {
	if err := s.call(); err != nil {
		return nil, err
	}
	r, err := s.Source.Open(ctx, name, info)
	return goneReader{r, s}, err
}

func (s *failing) Fetch(ctx context.Context, name string, info storage.SourceInfo) error {
	if err := s.call(); err != nil {
		return err
	}
	return s.Source.Fetch(ctx, name, info)
}

type goneReader struct {
	storage.SourceReader
	source *failing
}

func (r goneReader) ReadAt(p []byte, off int64) (int, error) {
	if err := r.source.call(); err != nil {
		return 0, err
	}
	return r.SourceReader.ReadAt(p, off)
}

// TestStoreThatDoesNotAnswer: whichever call of the source fails, the error says so. No file is to blame, and nobody asks again.
func TestStoreThatDoesNotAnswer(t *testing.T) {
	row := "\n4711,PAL,tenant,Storage,Azure,1\n"
	root := tree(t, map[string]string{
		"azure_usage/month=2024-03/" + firstCommit: deltaLog("", "a.parquet", ""),
		"azure_usage/month=2024-03/a.parquet":      parquetFile(t, 1, plainUsage()),
		"azure_usage/month=2024-04/a.csv.gz":       gzipped(t, plainUsageHeader+row),
		"azure_usage/month=2024-05/a.parquet":      parquetFile(t, 1, plainUsage()),
		"azure_usage/month=2024-06/a.csv":          plainUsageHeader + row,
		"azure_usage/month=2024-06/manifest.json":  manifestOf("a.csv", fmt.Sprint(len(plainUsageHeader+row)), "1"),
		"certifications/month=2024-06/a.csv":       plainCertificationsHeader + "\n4711,p,AZ-104,Certification,2024-01-15\n",
	})
	if err := (&failing{Source: folderSource(t, root), from: 1 << 30}).read(t); err != nil && fault.Of(err) != fault.Broken {
		t.Fatal(err)
	}
	for from := 1; ; from++ {
		s := &failing{Source: folderSource(t, root), from: from}
		err := s.read(t)
		if s.calls < from {
			if from < 30 {
				t.Errorf("the source is called %d times", from)
			}
			return
		}
		if !errors.As(err, &gone{}) || fault.Of(err) != fault.Internal {
			t.Errorf("call %d: %v", from, err)
		}
		if s.calls > from+readers-1 {
			t.Errorf("call %d fails, and %d are made", from, s.calls)
		}
	}
}

// read does what runs do with exports, and returns the first error.
func (s *failing) read(t *testing.T) error {
	t.Helper()
	cat, err := Find(t.Context(), s, Patterns{})
	if err != nil {
		return err
	}
	files, err := Check(t.Context(), cat.Files(), Options{})
	if err != nil {
		return err
	}
	if err := Fetch(t.Context(), files); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := Lines(t.Context(), f, map[bool][]int64{true: {1}}[f.Rel == "azure_usage/month=2024-06/a.csv"]); err != nil {
			return err
		}
		if err := Unchanged(t.Context(), f); err != nil {
			return err
		}
	}
	if len(files) != 5 || len(cat.Usage[scoring.NewMonth(2024, 3)]) != 1 {
		t.Errorf("%d files", len(files))
	}
	return nil
}
