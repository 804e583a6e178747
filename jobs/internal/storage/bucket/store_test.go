package bucket_test

import (
	"math"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
	"partnerscore/jobs/internal/storage/storagetest"
)

// quick is a timing whose waits do not hold up tests.
func quick() bucket.Timing {
	t := bucket.DefaultTiming()
	t.Poll = time.Millisecond
	return t
}

func scratch(tb testing.TB) bucket.Scratch {
	tb.Helper()
	return bucket.Scratch{Folder: tb.TempDir(), Free: func() (int64, error) { return math.MaxInt64, nil }}
}

func TestStore(t *testing.T) {
	for name, byContent := range map[string]bool{"new versions": false, "versions by content": true} {
		t.Run(name, func(t *testing.T) {
			storagetest.Suite(t, func(tb testing.TB) func() storage.Store {
				b := memory.New()
				b.ByContent = byContent
				return func() storage.Store { return bucket.Open(b.Client("some/prefix/"), scratch(tb), quick()) }
			})
		})
	}
}
