package pipeline

import (
	"context"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
)

// keptHashes is the name under which the cache keeps them.
const keptHashes = "hashes"

// hashes are what earlier runs found out about input files, by path relative to the exports: a file that the file system says is unchanged
// is not read again to know its hash.
type hashes map[string]exports.Known

// readHashes returns what is known; nothing where it is missing or unreadable, which costs time only.
func readHashes(ctx context.Context, store *snapshot.Store) hashes {
	known := hashes{}
	if !store.Cache().Kept(ctx, keptHashes, &known) {
		return hashes{}
	}
	return known
}

func (h hashes) known(f exports.File) (exports.Known, bool) {
	k, ok := h[f.Rel]
	return k, ok
}

// rememberHashes keeps what this run found out by reading files whole, so that the next one need not; nothing when it read none.
func (r *run) rememberHashes(ctx context.Context) error {
	for _, c := range r.in.all() {
		if !c.Reused {
			return writeHashes(ctx, r.store, r.in.all())
		}
	}
	return nil
}

// writeHashes adds what this run found out. The lock is held, so nobody else writes.
func writeHashes(ctx context.Context, store *snapshot.Store, files []exports.Checked) error {
	known := readHashes(ctx, store)
	for _, c := range files {
		if k, ok := c.Known(); ok {
			known[c.Rel] = k
		}
	}
	if err := store.Cache().Keep(ctx, keptHashes, known); err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	return nil
}
