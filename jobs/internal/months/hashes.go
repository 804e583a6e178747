package months

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/snapshot"
)

// hashesFile lies in the facts cache and is as safe to delete.
const hashesFile = "_facts/hashes.json"

// hashes are what earlier runs found out about input files, by path relative to the exports: a file that the file system says is unchanged
// is not read again to know its hash.
type hashes map[string]exports.Known

// known looks up what earlier runs found out; nothing for runs that read every file.
func known(store *snapshot.Store, opt Options) inputs.Known {
	all := hashes{}
	if !opt.Rehash {
		all = readHashes(store.Root())
	}
	return func(f exports.File) (exports.Known, bool) {
		k, ok := all[f.Rel]
		return k, ok
	}
}

// readHashes returns what is known; nothing where the file is missing or unreadable, which costs time only.
func readHashes(root string) hashes {
	known := hashes{}
	text, err := os.ReadFile(filepath.Join(root, hashesFile))
	if err != nil || json.Unmarshal(text, &known) != nil {
		return hashes{}
	}
	return known
}

// keepHashes keeps what this run found out by reading files whole, so that the next one need not; nothing when it read none. The lock is held, so
// nobody else writes.
func (r *run) keepHashes(in *inputs.Inputs) error {
	for _, c := range in.All() {
		if !c.Reused {
			return writeHashes(r.store.Root(), in.All())
		}
	}
	return nil
}

// writeHashes adds what this run found out. The lock is held, so nobody else writes.
func writeHashes(root string, files []exports.Checked) (err error) {
	known := readHashes(root)
	for _, c := range files {
		if k, ok := c.Known(); ok {
			known[c.Rel] = k
		}
	}
	text, err := json.Marshal(known)
	if err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	path := filepath.Join(root, hashesFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	if err := os.WriteFile(path+".new", text, 0o666); err != nil {
		return errors.Join(fmt.Errorf("remember hashes: %w", err), os.Remove(path+".new"))
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	return nil
}
