package world

import (
	"context"
	"os"
	"strings"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
	"partnerscore/jobs/internal/storage/local"
)

// BucketPlaces opens addresses like memory://exports/ in a place in memory, and others as folders.
type BucketPlaces struct {
	local.Places
	Bucket *memory.Bucket
	// Request is called with each request, as "exports: get azure_usage/a.csv"; nil for nobody.
	Request func(op string)
	// Room is the room for copies of exports; 0: there is no limit.
	Room int64
}

const scheme = "memory://"

func (p BucketPlaces) client(address string) *memory.Client {
	c := p.Bucket.Client(strings.TrimPrefix(address, scheme))
	c.Before = func(op string) error {
		if p.Request != nil {
			p.Request(strings.TrimPrefix(address, scheme) + " " + op)
		}
		return nil
	}
	return c
}

// scratch makes a folder that nobody removes but the test whose temporary folder it is in.
func scratch(tempDir string) (bucket.Scratch, error) {
	folder, err := os.MkdirTemp(tempDir, "bucket-")
	return bucket.Scratch{Folder: folder, Free: func() (int64, error) { return 1 << 62, nil }}, err
}

func sizeOf(folder string) (n int64) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if e.IsDir() {
			n += sizeOf(folder + "/" + e.Name())
		} else if info, err := e.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}

// Snapshots opens snapshots.
func (p BucketPlaces) Snapshots(ctx context.Context, address, tempDir string) (storage.Store, error) {
	if !strings.HasPrefix(address, scheme) {
		return p.Places.Snapshots(ctx, address, tempDir)
	}
	at, err := scratch(tempDir)
	timing := bucket.DefaultTiming()
	timing.Poll = time.Millisecond
	return bucket.Open(p.client(address), at, timing), err
}

// Exports opens exports.
func (p BucketPlaces) Exports(ctx context.Context, address, tempDir string) (storage.Source, error) {
	if !strings.HasPrefix(address, scheme) {
		return p.Places.Exports(ctx, address, tempDir)
	}
	at, err := scratch(tempDir)
	if err != nil {
		return nil, err
	}
	if p.Room > 0 {
		at.Free = func() (int64, error) { return p.Room - sizeOf(at.Folder), nil }
	}
	return bucket.OpenSource(ctx, p.client(address), at)
}
