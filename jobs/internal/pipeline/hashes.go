package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/exports"
)

// hashesFile lies in the facts cache and is as safe to delete.
const hashesFile = "_facts/hashes.json"

// hashes are what earlier runs found out about input files, by path relative to the exports: a file that the file system says is unchanged
// is not read again to know its hash.
type hashes map[string]exports.Known

// readHashes returns what is known; nothing where the file is missing or unreadable, which costs time only.
func readHashes(root string) hashes {
	known := hashes{}
	text, err := os.ReadFile(filepath.Join(root, hashesFile))
	if err != nil || json.Unmarshal(text, &known) != nil {
		return hashes{}
	}
	return known
}

func (h hashes) known(f exports.Found) (exports.Known, bool) {
	k, ok := h[f.Rel]
	return k, ok
}

// rememberHashes keeps what this run found out by reading files whole, so that the next one need not; nothing when it read none.
func (r *run) rememberHashes() error {
	for _, c := range r.in.all() {
		if !c.Reused {
			return writeHashes(r.store.Root(), r.in.all())
		}
	}
	return nil
}

// writeHashes adds what this run found out. The lock is held, so nobody else writes.
func writeHashes(root string, files []exports.File) (err error) {
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
