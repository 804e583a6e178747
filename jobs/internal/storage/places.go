package storage

import "context"

// Places opens what addresses name: paths of folders, or URLs. Package main says which kinds there are. Copies of what lies elsewhere are kept in
// the folder of temporary files, for as long as the process lives.
type Places interface {
	// Snapshots opens the place of snapshots. It creates nothing.
	Snapshots(ctx context.Context, address, tempDir string) (Store, error)
	// Exports opens the exports. A place that does not exist is a *NoSourceError.
	Exports(ctx context.Context, address, tempDir string) (Source, error)
}
