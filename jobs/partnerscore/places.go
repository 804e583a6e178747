package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/azure"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/storage/remote"
	"partnerscore/jobs/internal/storage/s3"
	"partnerscore/jobs/internal/warehouse"
)

// places opens exports and snapshots in folders, Azure Storage and S3. This is the only file that opens places of every kind.
type places struct {
	folders local.Places
	env     func(name string) string
	limits  remote.Limits // of requests; the zero value is the default

	mu        sync.Mutex
	scratches []*warehouse.Scratch // for copies of what lies in object stores
}

// reporting returns the same places, which call fetched while copies arrive.
func (p *places) reporting(fetched func(name string, done, total int64)) storage.Places {
	return reportingPlaces{p, fetched}
}

type reportingPlaces struct {
	*places
	fetched func(name string, done, total int64)
}

// Snapshots opens the place of snapshots.
func (p reportingPlaces) Snapshots(ctx context.Context, address, tempDir string) (storage.Store, error) {
	where, client, err := p.client(ctx, address)
	if err != nil {
		return nil, err
	}
	if client == nil {
		return p.folders.Snapshots(ctx, where.Path, tempDir)
	}
	scratch, err := p.scratch(tempDir)
	if err != nil {
		return nil, err
	}
	return bucket.Open(client, scratch, bucket.DefaultTiming()), nil
}

// Exports opens the exports.
func (p reportingPlaces) Exports(ctx context.Context, address, tempDir string) (storage.Source, error) {
	where, client, err := p.client(ctx, address)
	if err != nil {
		return nil, err
	}
	if client == nil {
		return p.folders.Exports(ctx, where.Path, tempDir)
	}
	scratch, err := p.scratch(tempDir)
	if err != nil {
		return nil, err
	}
	return bucket.OpenSource(ctx, client, scratch)
}

// client returns the client of an object store; nil for a folder.
func (p reportingPlaces) client(ctx context.Context, address string) (storage.Address, bucket.Client, error) {
	where, err := storage.ParseAddress(address)
	if err != nil {
		return where, nil, err
	}
	var client bucket.Client
	limits := cmp.Or(p.limits, remote.DefaultLimits())
	switch where.Kind {
	case storage.Azure:
		client, err = azure.Open(ctx, where, p.env, limits)
	case storage.S3:
		client, err = s3.Open(ctx, where, p.env, limits)
	case storage.Folder:
	}
	return where, client, err
}

// scratch makes a folder for copies, which stays until close.
func (p reportingPlaces) scratch(tempDir string) (bucket.Scratch, error) {
	made, err := warehouse.NewScratch(tempDir)
	if err != nil {
		return bucket.Scratch{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scratches = append(p.scratches, made)
	free := func() (int64, error) { return machine.FreeSpace(tempDir) }
	return bucket.Scratch{Folder: made.Path(), Free: free, Fetched: p.fetched}, nil
}

// close removes the copies.
func (p *places) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, s := range p.scratches {
		errs = append(errs, s.Close())
	}
	p.scratches = nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove copies: %w", err)
	}
	return nil
}
