package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// sparkLab is a lab of two months of the samples, and a way to the Spark server of the tests that can be cut.
type sparkLab struct {
	*lab
	way    *way
	remote string // what the program is told: the way, or something else before the server
}

// newSparkLab skips the test where there is no server.
func newSparkLab(t *testing.T) sparkLab {
	t.Helper()
	server, ok := strings.CutPrefix(os.Getenv("PARTNERSCORE_TEST_SPARK"), "sc://")
	if !ok {
		t.Skip("PARTNERSCORE_TEST_SPARK names no Spark Connect server, like sc://127.0.0.1:15002")
	}
	way := newWay(t, server)
	return sparkLab{samplesLab(t), way, way.address}
}

// samplesLab is a lab of two months of the samples.
func samplesLab(t *testing.T) *lab {
	t.Helper()
	binary, err := exec.LookPath("partnerscore")
	if err != nil {
		t.Fatal(err)
	}
	l := labIn(t, binary, t.TempDir())
	for _, folder := range []string{"azure_usage/month=2024-05", "azure_usage/month=2024-06", "certifications/month=2024-06", "partners"} {
		if err := os.CopyFS(filepath.Join(l.exports, folder), os.DirFS(filepath.Join("../../samples/exports", folder))); err != nil {
			t.Fatal(err)
		}
	}
	l.flags = []string{"--allow-missing", "history"}
	return l
}

// with are the flags of a run that asks the server.
func (s sparkLab) with(engine string) []string {
	return []string{"--engine", engine, "--spark-remote", "sc://" + s.remote}
}

// likeDuckDB checks that the published months are those of DuckDB alone.
func (s sparkLab) likeDuckDB(t *testing.T) {
	t.Helper()
	got, open := s.published(t)
	alone := *s.lab
	alone.snapshots = filepath.Join(t.TempDir(), "duckdb")
	alone.mustScore(t, lastMonth)
	want, _ := alone.published(t)
	if sameTables(t, want, got); open != "" {
		t.Errorf("the publish of %s is open", open)
	}
	s.noLeftovers(t)
}

// TestSpark: Spark builds the facts that DuckDB builds, and everything says who did it.
func TestSpark(t *testing.T) {
	s := newSparkLab(t)
	receipt, metrics := filepath.Join(t.TempDir(), "receipt.json"), filepath.Join(t.TempDir(), "metrics.prom")
	e := s.mustScore(t, lastMonth, append(s.with("spark"), "--receipt", receipt, "--metrics-file", metrics)...)
	s.likeDuckDB(t)
	status := s.run(t, s.binary, "status", "--exports", s.exports, "--snapshots", s.snapshots, "--format", "json")
	for what, where := range map[string]string{
		"engine=spark":      e.stderr,
		`"engine": "spark"`: text(t, receipt),
		`partnerscore_facts_built_by_engine{command="score",engine="spark"} 2`: text(t, metrics),
		`"facts_engines": [` + "\n    \"spark\"\n  ]":                          text(t, filepath.Join(s.snapshots, "_manifests/month=2024-06.json")),
		`"facts_engine": "spark"`:                                              status.stdout,
	} {
		if !strings.Contains(where, what) {
			t.Errorf("no %s in %s", what, where)
		}
	}
	if e := s.mustScore(t, lastMonth); !strings.Contains(e.stdout, "Unchanged") {
		t.Errorf("with DuckDB afterwards: %s", e.stdout)
	}
	if e := s.run(t, append([]string{s.binary, "verify", "--deep", "--exports", s.exports, "--snapshots", s.snapshots}, s.with("spark")...)...); e.code != exitDone {
		t.Errorf("verify --deep ended with %d: %s%s", e.code, e.stdout, e.stderr)
	}
}

// TestSparkIsNotProvenEqual: text exports are refused with the flag that helps, and auto lets DuckDB read them.
func TestSparkIsNotProvenEqual(t *testing.T) {
	s := newSparkLab(t)
	for _, folder := range []string{"azure_usage", "partners"} {
		if err := os.RemoveAll(filepath.Join(s.exports, folder)); err != nil {
			t.Fatal(err)
		}
	}
	writeMonth(t, s.exports, lastMonth, 1)
	e := s.run(t, s.score(lastMonth, s.with("spark")...)...)
	if e.code != exitUsage || !strings.Contains(e.stderr, "azure_usage/month=2024-06/part-0.csv, month 2024-06: it is a text file") ||
		!strings.Contains(e.stderr, "--engine auto") || isThere(filepath.Join(s.snapshots, "scores")) {
		t.Errorf("ended with %d: %s", e.code, e.stderr)
	}
	if e := s.mustScore(t, lastMonth, s.with("auto")...); !strings.Contains(e.stderr, "DuckDB builds the facts of this month") {
		t.Errorf("auto does not say that DuckDB read the month: %s", e.stderr)
	}
	s.likeDuckDB(t)
}

// TestSparkIsLost: a server that is lost at any moment, or a run that is ended, leaves nothing half-written, and the next run with DuckDB gives the
// bytes of one that nobody disturbed.
func TestSparkIsLost(t *testing.T) {
	s := newSparkLab(t)
	for _, after := range []int64{0, 2_000, 20_000, 60_000} {
		s.snapshots = filepath.Join(t.TempDir(), "snapshots")
		s.way.cutAfter(after)
		e := s.run(t, s.score(lastMonth, s.with("spark")...)...)
		if e.code != exitInternal || !strings.Contains(e.stderr, s.way.address+" does not answer") || !strings.Contains(e.stderr, "run again when the server answers") {
			t.Errorf("cut after %d bytes: ended with %d: %s", after, e.code, e.stderr)
		}
		s.mustScore(t, lastMonth)
		s.likeDuckDB(t)
	}
	s.way.cutAfter(-1)
	s.snapshots = filepath.Join(t.TempDir(), "snapshots")
	run := s.start(t, s.score(lastMonth, s.with("spark")...)...)
	time.Sleep(2 * time.Second)
	run.signal(t, syscall.SIGTERM)
	if code := run.end(t, 6*time.Second); code != 128+int(syscall.SIGTERM) && code != exitDone {
		t.Errorf("after a signal: ended with %d: %s", code, run.stderr.String())
	}
	s.mustScore(t, lastMonth)
	s.likeDuckDB(t)
}

func text(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Error(err)
	}
	return string(data)
}

// way forwards connections to a server, and cuts them once so many bytes came back.
type way struct {
	address string
	left    atomic.Int64 // bytes; below zero: it is not cut
}

func newWay(t *testing.T, server string) *way {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	w := &way{address: listener.Addr().String()}
	w.cutAfter(-1)
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			go w.forward(here, server)
		}
	}()
	return w
}

func (w *way) cutAfter(bytes int64) { w.left.Store(bytes) }

func (w *way) forward(here net.Conn, server string) {
	defer here.Close()
	if w.left.Load() == 0 {
		return
	}
	there, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer there.Close()
	go io.Copy(there, here) //nolint:errcheck // ends with the connection
	buffer := make([]byte, 1_000)
	for {
		n, err := there.Read(buffer)
		if left := w.left.Load(); left >= 0 {
			if left <= int64(n) {
				w.left.Store(0)
				return
			}
			w.left.Add(-int64(n))
		}
		if _, failed := here.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}
