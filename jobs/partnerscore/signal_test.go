package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
)

// signalLimit is how long a run may take to end after SIGTERM, in whatever phase it is. Queries and publishes have tests of their own.
const signalLimit = 5 * time.Second

// reads reports whether a process has a file open.
func (s *started) reads(path string) bool {
	dir := filepath.Join("/proc", strconv.Itoa(s.Process.Pid), "fd")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		target, err := os.Readlink(filepath.Join(dir, e.Name()))
		return err == nil && target == path
	})
}

// terminate sends SIGTERM and returns the exit code, which must come in time.
func (s *started) terminate(t *testing.T) int {
	t.Helper()
	s.signal(t, syscall.SIGTERM)
	return s.end(t, signalLimit)
}

func TestTerminatedWhileReadingInputs(t *testing.T) {
	l := newLab(t, asProgram(t))
	big := filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-1.csv")
	writeText(t, big, usageText(lastMonth, 400_000, 1))
	run := l.start(t, l.score(lastMonth)...)
	await(t, "look into the big file", func() bool { return run.reads(big) })
	if code := run.terminate(t); code != exitTerminated {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
	if isThere(filepath.Join(l.snapshots, "_manifests")) {
		t.Error("something is published")
	}
}

func TestTerminatedWhileWaiting(t *testing.T) {
	l := newLab(t, asProgram(t))
	store, err := snapshot.Open(t.Context(), local.Places{}, l.snapshots, "")
	if err != nil {
		t.Fatal(err)
	}
	release, err := store.Lock(t.Context(), 0, "somebody-else")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = release() }()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	run := &started{Cmd: l.command(t.Context(), l.score(lastMonth, "--lock-wait", "1h")...), done: make(chan error, 1)}
	run.Stderr = log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { run.done <- run.Wait() }()
	told := func() string {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	await(t, "word of who holds the snapshots", func() bool { return strings.Contains(told(), "waiting for its end") })
	if code := run.terminate(t); code != exitTerminated || !strings.Contains(told(), "holder=somebody-else") {
		t.Errorf("waiting for the lock: ended with %d: %s", code, told())
	}
}

// TestTerminatedWhileNobodyReads: a run that hangs in its log, since whoever reads that does not, ends in time all the same.
func TestTerminatedWhileNobodyReads(t *testing.T) {
	t.Parallel()
	l := newLab(t, asProgram(t))
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer writer.Close()
	if err := writer.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.WriteString(strings.Repeat("x", 1<<22)); !errors.Is(err, os.ErrDeadlineExceeded) { // as much as there is room for
		t.Fatalf("the pipe is not full: %v", err)
	}
	run := &started{Cmd: l.command(t.Context(), l.score(lastMonth)...), done: make(chan error, 1)}
	run.Stderr = writer
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { run.done <- run.Wait() }()
	await(t, "lock", func() bool { return isThere(filepath.Join(l.snapshots, ".lock")) }) // the first line of the log is next
	time.Sleep(200 * time.Millisecond)
	if code := run.terminate(t); code != exitTerminated {
		t.Errorf("ended with %d", code)
	}
}

// TestTerminatedWhilePushing: what the run was for is done, and a gateway that does not answer is no reason to stay.
func TestTerminatedWhilePushing(t *testing.T) {
	t.Parallel()
	asked, end := make(chan struct{}, 9), make(chan struct{})
	gateway := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-end
	}))
	defer gateway.Close()
	defer close(end)
	l := newLab(t, asProgram(t))
	run := l.start(t, l.score(lastMonth, "--pushgateway", gateway.URL)...)
	select {
	case <-asked:
	case <-time.After(time.Minute):
		t.Fatal("nothing is pushed")
	}
	if code := run.terminate(t); code != exitDone {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
	if months, _ := l.published(t); len(months) != 1 || !strings.Contains(run.stderr.String(), "metrics not pushed") {
		t.Errorf("%d months are published: %s", len(months), run.stderr.String())
	}
	// A run that was interrupted still tries to tell, and not for long.
	run = l.start(t, l.score(lastMonth.Add(-1), "--pushgateway", gateway.URL)...)
	await(t, "temporary folder of the engine", func() bool { entries, _ := os.ReadDir(l.temp); return len(entries) > 0 })
	if code := run.terminate(t); code != exitTerminated {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
}

// TestWithinTheMemoryOfAContainer runs in a cgroup with little memory and no flags: the engine takes its share of that and writes aside what
// does not fit, and the kernel kills nobody.
func TestWithinTheMemoryOfAContainer(t *testing.T) {
	if !longFaults {
		t.Skip("many rows; PARTNERSCORE_TEST_LONG=1 reads them")
	}
	const limit = 768 << 20
	group := memoryGroup(t, limit)
	l := labIn(t, asProgram(t), t.TempDir())
	writeText(t, filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-0.csv"), distinctUsage(1_500_000))
	run := l.start(t, "sh", "-c", `echo $$ >"$0"/cgroup.procs && exec "$@"`, group, l.binary, "score", "--exports", l.exports, "--snapshots", l.snapshots,
		"--temp-dir", l.temp, "--month", lastMonth.String(), "--allow-missing", "history,certifications")
	var own, spilled int64
	run.watch(t, func() {
		own, spilled = max(own, run.memory(t, "RssAnon")), max(spilled, folderSize(l.temp))
	})
	t.Logf("in %d MB: at most %d MB of its own, and %d MB of temporary files", limit>>20, own>>20, spilled>>20)
	if code := codeOfState(run.ProcessState); code != exitDone {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
	if own == 0 || own > limit || spilled < limit/10 {
		t.Errorf("%d MB of its own in %d MB, and %d MB of temporary files", own>>20, limit>>20, spilled>>20)
	}
	l.noLeftovers(t)
}

// folderSize is how many bytes the files below a folder take at this moment.
func folderSize(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // it has just gone
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}

// memoryGroup makes a cgroup of this process's hierarchy, v2 or v1, and skips the test where that is not possible.
func memoryGroup(t *testing.T, limit int64) string {
	t.Helper()
	for root, file := range map[string]string{"/sys/fs/cgroup": "memory.max", "/sys/fs/cgroup/memory": "memory.limit_in_bytes"} {
		group := filepath.Join(root, "partnerscore-test-"+strconv.Itoa(os.Getpid()))
		if err := os.Mkdir(group, 0o777); err != nil {
			continue
		}
		t.Cleanup(func() { _ = os.Remove(group) })
		// Not made where it is not there: the folder of all the hierarchies of v1 is an ordinary one.
		f, err := os.OpenFile(filepath.Join(group, file), os.O_WRONLY, 0)
		if err != nil {
			continue
		}
		_, err = f.WriteString(strconv.FormatInt(limit, 10))
		if err := errors.Join(err, f.Close()); err == nil {
			return group
		}
	}
	t.Skip("no cgroup of a memory controller can be made here")
	return ""
}

// distinctUsage is a usage export in which every row is a tenant of its own.
func distinctUsage(rows int) string {
	var text strings.Builder
	text.WriteString("Month,MPNId,PartnerAttributionType,CustomerTenantId,SubscriptionId,ServiceLevel2,OfferType,ACR_USD\n")
	for i := range rows {
		n := strconv.Itoa(10_000_000 + i)
		text.WriteString(lastMonth.String() + ",partner-0,PAL," + n + "-0000-4000-8000-000000000001,subscription-of-the-tenant-" + n + ",Storage,Microsoft Azure,12\n")
	}
	return text.String()
}
