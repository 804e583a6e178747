package local_test

import (
	"path/filepath"
	"testing"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/storage/storagetest"
)

func TestStore(t *testing.T) {
	storagetest.Suite(t, func(tb testing.TB) func() storage.Store {
		root := filepath.Join(tb.TempDir(), "deep", "snapshots")
		return func() storage.Store {
			s, err := local.Open(root)
			if err != nil {
				tb.Error(err)
			}
			return s
		}
	})
}
