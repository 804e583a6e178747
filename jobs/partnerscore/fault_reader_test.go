package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/snapshot"
)

// testReaders reads all published tables of two months again and again while they are published anew: every file is one of the versions
// that were published, whole.
func testReaders(t *testing.T, binary string) {
	publishes := 2
	if longFaults {
		publishes = 50
	}
	l := newShortLab(t, binary)
	publish := func(version int) {
		t.Helper()
		writeExports(t, l.exports, version)
		for back := range 2 {
			l.mustScore(t, lastMonth.Add(-back))
		}
	}
	versions := map[string]bool{} // complete before the reader begins
	for version := 2; version <= 3; version++ {
		publish(version)
		months, _ := l.published(t)
		for _, m := range months {
			for _, sum := range m.Tables {
				versions[sum] = true
			}
		}
	}
	if len(versions) < 16 {
		t.Fatalf("the two versions have %d different tables", len(versions))
	}
	var rounds atomic.Int64
	done, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-done:
				failed <- nil
				return
			default:
			}
			if err := l.readAll(t.Context(), versions); err != nil {
				failed <- err
				return
			}
			rounds.Add(1)
		}
	}()
	for i := range publishes / 2 {
		publish(2 + i%2)
	}
	close(done)
	if err := <-failed; err != nil {
		t.Error(err)
	}
	if t.Logf("read %d times", rounds.Load()); rounds.Load() < int64(publishes) {
		t.Errorf("the tables were read %d times only", rounds.Load())
	}
}

// readAll reads twelve tables; versions are the hashes that may be met.
func (l *lab) readAll(ctx context.Context, versions map[string]bool) error {
	for back := range 2 {
		for _, table := range snapshot.Tables() {
			path := filepath.Join(l.snapshots, filepath.FromSlash(snapshot.TableRel(table.Name, lastMonth.Add(-back))))
			if err := readWhole(ctx, path); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if sum := sha256.Sum256(data); !versions[hex.EncodeToString(sum[:])] {
				return fmt.Errorf("%s is none of the published versions", path)
			}
			if !bytes.HasPrefix(data, []byte("PAR1")) {
				return fmt.Errorf("%s is no Parquet file", path)
			}
		}
	}
	return nil
}

// readWhole reads every value.
func readWhole(ctx context.Context, path string) error {
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return err
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1024}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	table, err := reader.ReadTable(ctx)
	if err != nil {
		return err
	}
	table.Release()
	return nil
}
