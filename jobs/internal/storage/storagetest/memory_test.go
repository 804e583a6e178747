package storagetest_test

import (
	"testing"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/storagetest"
)

func TestMemory(t *testing.T) {
	storagetest.Suite(t, func(tb testing.TB) func() storage.Store {
		place := storagetest.NewMemory()
		return func() storage.Store { return place.Open(tb.TempDir()) }
	})
}

// A wrapper without faults is a store like the one below it.
func TestFaultlessWrapper(t *testing.T) {
	storagetest.Suite(t, func(tb testing.TB) func() storage.Store {
		place := storagetest.NewMemory()
		return func() storage.Store { return new(storagetest.Faults).Store(place.Open(tb.TempDir())) }
	})
}
