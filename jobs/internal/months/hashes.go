package months

import (
	"context"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/snapshot"
)

// keptHashes is the name under which the cache keeps them.
const keptHashes = "hashes"

// hashes are what earlier runs found out about input files, by path relative to the exports: a file that the file system says is unchanged
// is not read again to know its hash.
type hashes map[string]exports.Known

// known looks up what earlier runs found out; nothing for runs that read every file.
func known(ctx context.Context, store *snapshot.Store, opt Options) inputs.Known {
	all := hashes{}
	if !opt.Rehash {
		all = readHashes(ctx, store)
	}
	return func(f exports.Found) (exports.Known, bool) {
		k, ok := all[f.Rel]
		return k, ok
	}
}

// readHashes returns what is known; nothing where it is missing or unreadable, which costs time only.
func readHashes(ctx context.Context, store *snapshot.Store) hashes {
	known := hashes{}
	if !store.Cache().Kept(ctx, keptHashes, &known) {
		return hashes{}
	}
	return known
}

// keepHashes keeps what this run found out by reading files whole, so that the next one need not; nothing when it read none. The lock is held, so
// nobody else writes.
func (r *run) keepHashes(ctx context.Context, in *inputs.Inputs) error {
	all, read := in.All(), false
	known := readHashes(ctx, r.store)
	for _, c := range all {
		read = read || !c.Reused
		if k, ok := c.Known(); ok {
			known[c.Rel] = k
		}
	}
	if !read {
		return nil
	}
	if err := r.store.Cache().Keep(ctx, keptHashes, known); err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	return nil
}
