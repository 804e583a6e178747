package months_test

import (
	"bytes"
	"context"
	"io/fs"
	"math"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/azure"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
	"partnerscore/jobs/internal/storage/s3"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// emulated opens exports and snapshots in an emulator of an object store.
type emulated struct {
	b         *testing.B
	emulator  buckettest.Emulator
	variables map[string]string
}

func (p emulated) client(ctx context.Context, address string) (bucket.Client, error) {
	where, err := storage.ParseAddress(address)
	if err != nil {
		return nil, err
	}
	open := map[string]func(context.Context, storage.Address, func(string) string, remote.Limits) (bucket.Client, error){"azure": azure.Open, "s3": s3.Open}
	return open[p.emulator.Name](ctx, where, func(name string) string { return p.variables[name] }, remote.DefaultLimits())
}

func (p emulated) scratch() bucket.Scratch {
	return bucket.Scratch{Folder: p.b.TempDir(), Free: func() (int64, error) { return math.MaxInt64, nil }}
}

func (p emulated) Snapshots(ctx context.Context, address, _ string) (storage.Store, error) {
	c, err := p.client(ctx, address)
	if err != nil {
		return nil, err
	}
	return bucket.Open(c, p.scratch(), bucket.DefaultTiming()), nil
}

func (p emulated) Exports(ctx context.Context, address, _ string) (storage.Source, error) {
	c, err := p.client(ctx, address)
	if err != nil {
		return nil, err
	}
	return bucket.OpenSource(ctx, c, p.scratch())
}

// spent returns the time and the CPU time of this process that do takes.
func spent(b *testing.B, do func() error) (wall, cpu time.Duration) {
	b.Helper()
	now := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	begun := now()
	wall = timed(b, do)
	return wall, now() - begun
}

// BenchmarkStore scores a month for the first time, from exports in a folder into a folder, and from an emulator of an object store into that. x-folder
// is the ratio of the best times, x-folder-cpu that of the CPU times of this process; the emulator is another one. It skips where no emulator is named.
func BenchmarkStore(b *testing.B) {
	emulators := buckettest.Emulators()
	if len(emulators) == 0 {
		b.Skip("PARTNERSCORE_TEST_AZURE and PARTNERSCORE_TEST_S3 are not set")
	}
	dir := world.Generate(b, benchRows(b), 1)
	for _, e := range emulators {
		b.Run(e.Name, func(b *testing.B) { benchStore(b, e, dir) })
	}
}

func benchStore(b *testing.B, e buckettest.Emulator, dir string) {
	at := e.Create(b)
	direct := emulated{b, e, e.Env(e.Endpoint)}
	c, err := direct.client(b.Context(), at+"/exports")
	if err != nil {
		b.Fatal(err)
	}
	world.Walk(b, dir, func(rel string, data []byte, _ fs.FileInfo) {
		content := bucket.Content{Body: bytes.NewReader(data), Bytes: int64(len(data))}
		if _, err := c.Put(b.Context(), filepath.ToSlash(rel), content, bucket.Condition{}); err != nil {
			b.Fatal(err)
		}
	})
	score := func(opt months.Options) func() error {
		return func() error { _, err := months.Score(b.Context(), opt, scoring.NewMonth(2024, time.June)); return err }
	}
	stored := func(places storage.Places) months.Options {
		opt := benchOptions(b, at+"/exports")
		opt.Places, opt.Snapshots = places, at+"/snapshots-"+filepath.Base(b.TempDir())
		return opt
	}
	proxy := buckettest.NewProxy(b, e)
	if err := score(stored(emulated{b, e, e.Env(proxy.URL)}))(); err != nil {
		b.Fatal(err)
	}
	requests := proxy.Take()
	var moved int64
	for _, r := range requests {
		moved += r.Bytes
	}
	folder, folderCPU, store, storeCPU := time.Hour, time.Hour, time.Hour, time.Hour
	for b.Loop() {
		wall, cpu := spent(b, score(benchOptions(b, dir)))
		folder, folderCPU = min(folder, wall), min(folderCPU, cpu)
		wall, cpu = spent(b, score(stored(direct)))
		store, storeCPU = min(store, wall), min(storeCPU, cpu)
	}
	b.ReportMetric(store.Seconds()/folder.Seconds(), "x-folder")
	b.ReportMetric(storeCPU.Seconds()/folderCPU.Seconds(), "x-folder-cpu")
	for name, took := range map[string]time.Duration{"folder-s": folder, "store-s": store, "folder-cpu-s": folderCPU, "store-cpu-s": storeCPU} {
		b.ReportMetric(took.Seconds(), name)
	}
	b.ReportMetric(float64(len(requests)), "requests")
	b.ReportMetric(float64(moved)/1e6, "MB-read")
}
