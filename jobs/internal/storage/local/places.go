package local

import (
	"context"

	"partnerscore/jobs/internal/storage"
)

// Places opens folders. What is in a folder needs no copies.
type Places struct{}

func (Places) Snapshots(_ context.Context, folder, _ string) (storage.Store, error) {
	return Open(folder)
}

func (Places) Exports(_ context.Context, folder, _ string) (storage.Source, error) {
	return OpenSource(folder)
}
