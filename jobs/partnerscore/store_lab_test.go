package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// storeLab is a lab whose exports and snapshots lie in an object store. A proxy stands before the store.
type storeLab struct {
	*lab
	proxy    *buckettest.Proxy
	emulator buckettest.Emulator
	folder   string // of the exports, before they are uploaded
}

// onStores runs a test on each emulator, with the first version of the exports of three months. Where not every point is visited, one that is named
// will do.
func onStores(t *testing.T, quick string, test func(t *testing.T, s *storeLab)) {
	t.Parallel()
	binary, err := exec.LookPath("partnerscore") // TestMain has put it there: these tests under another name
	if err != nil {
		t.Fatal(err)
	}
	buckettest.OnEmulators(t, func(t *testing.T, e buckettest.Emulator) {
		if quick != "" && e.Name != quick {
			onlyLong(t)
		}
		test(t, newStoreLab(t, newShortLab(t, binary), e))
	})
}

// onStoresOfThreeMonths is onStores for tests with so many runs that the long loop has no history either.
func onStoresOfThreeMonths(t *testing.T, test func(t *testing.T, s *storeLab)) {
	t.Parallel()
	binary, err := exec.LookPath("partnerscore")
	if err != nil {
		t.Fatal(err)
	}
	buckettest.OnEmulators(t, func(t *testing.T, e buckettest.Emulator) {
		l := newLab(t, binary)
		l.dropHistory(t)
		test(t, newStoreLab(t, l, e))
	})
}

// onlyFast skips a test on Azurite, which is slow, unless every point is visited.
func (s *storeLab) onlyFast(t *testing.T) {
	t.Helper()
	if s.emulator.Name == "azure" && !everyPoint {
		t.Skip("Azurite is slow; PARTNERSCORE_TEST_LONG=all runs it")
	}
}

func newStoreLab(t *testing.T, l *lab, e buckettest.Emulator) *storeLab {
	t.Helper()
	s := &storeLab{lab: l, proxy: buckettest.NewProxy(t, e), emulator: e}
	s.folder = s.exports
	at := e.Create(t)
	s.exports, s.snapshots = at+"/exports", at+"/snapshots"
	s.through(s.proxy.URL)
	s.upload(t)
	return s
}

// through lets processes ask the store at an endpoint.
func (s *storeLab) through(endpoint string) {
	s.env = nil
	for name, value := range s.emulator.Env(endpoint) {
		s.env = append(s.env, name+"="+value)
	}
}

// client makes requests past the proxy.
func (s *storeLab) client(tb testing.TB, address string) bucket.Client {
	tb.Helper()
	variables := s.emulator.Env(s.emulator.Endpoint)
	stores := reportingPlaces{&places{env: func(name string) string { return variables[name] }}, nil}
	_, c, err := stores.client(tb.Context(), address)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// localLab is the same lab with the exports and snapshots in folders.
func (s *storeLab) localLab(tb testing.TB) *lab {
	tb.Helper()
	l := *s.lab
	l.exports, l.snapshots, l.env = s.folder, filepath.Join(tb.TempDir(), "snapshots"), nil
	return &l
}

// upload puts what differs from the folder of the exports into the store.
func (s *storeLab) upload(tb testing.TB) {
	tb.Helper()
	c, there := s.client(tb, s.exports), s.content(tb, s.exports)
	err := filepath.WalkDir(s.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, s.folder+"/"))
		if old, ok := there[name]; ok && bytes.Equal(old, data) {
			return nil
		}
		return putObject(tb.Context(), c, name, data)
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func putObject(ctx context.Context, c bucket.Client, name string, data []byte) error {
	sum := sha256.Sum256(data)
	content := bucket.Content{Body: bytes.NewReader(data), Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	_, err := c.Put(ctx, name, content, bucket.Condition{})
	return err
}

// content reads all objects below an address.
func (s *storeLab) content(tb testing.TB, address string) map[string][]byte {
	tb.Helper()
	c := s.client(tb, address)
	for {
		found, err := contentOf(tb.Context(), c)
		if errors.Is(err, bucket.ErrCondition) || errors.Is(err, fs.ErrNotExist) {
			continue // the store was still at a request of a run that was killed
		}
		if err != nil {
			tb.Fatal(err)
		}
		return found
	}
}

// contentOf reads the objects that a list names, in the versions that it names.
func contentOf(ctx context.Context, c bucket.Client) (map[string][]byte, error) {
	all, err := c.List(ctx, "")
	if err != nil {
		return nil, err
	}
	found := map[string][]byte{}
	for _, o := range all {
		body, _, err := c.Get(ctx, o.Name, o.Version, 0, -1)
		if err != nil {
			return nil, err
		}
		found[o.Name], err = io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// fill makes new snapshots with the objects of others.
func (s *storeLab) fill(tb testing.TB, snapshots string, objects map[string][]byte) {
	tb.Helper()
	s.snapshots = snapshots
	c := s.client(tb, snapshots)
	for name, data := range objects {
		if err := putObject(tb.Context(), c, name, data); err != nil {
			tb.Fatal(err)
		}
	}
}

// register is what tests read of the object .lock.
type register struct {
	Holder *struct {
		PID int `json:"pid"`
	} `json:"holder"`
	Open *string `json:"open"`
}

// published reads the published months of the store and holds their tables against the manifests, as lab.published does for a folder. It returns the
// month of an open publish apart, and nothing that is not finished.
func (s *storeLab) published(tb testing.TB) (months map[string]month, open string) {
	tb.Helper()
	objects := s.content(tb, s.snapshots)
	var r register
	if data, ok := objects[".lock"]; ok {
		if err := json.Unmarshal(data, &r); err != nil {
			tb.Fatal(err)
		}
	}
	if r.Open != nil {
		var intent struct {
			Month string `json:"score_month"`
		}
		if err := json.Unmarshal([]byte(*r.Open), &intent); err != nil || intent.Month == "" {
			tb.Fatalf("the open publish names no month: %s, %v", *r.Open, err)
		}
		open = intent.Month
	}
	mirror := *s.lab
	mirror.exports, mirror.snapshots = s.folder, tb.TempDir()
	for name, data := range objects {
		path := filepath.Join(mirror.snapshots, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			tb.Fatal(err)
		}
		if name == "_manifests/month="+open+".json" {
			continue
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	months, _ = mirror.published(tb)
	return months, open
}

// noLeftovers checks that nothing is staged, no publish is open, the lock is free, and scratch folders are gone.
func (s *storeLab) noLeftovers(tb testing.TB) {
	tb.Helper()
	objects := s.content(tb, s.snapshots)
	for name := range objects {
		if strings.HasPrefix(name, ".staging/") {
			tb.Errorf("%s is left over", name)
		}
	}
	var r register
	if err := json.Unmarshal(objects[".lock"], &r); err != nil || r.Holder != nil || r.Open != nil {
		tb.Errorf("the register is not free: %s, %v", objects[".lock"], err)
	}
}

// mustVerify checks the snapshots, which must be whole.
func (s *storeLab) mustVerify(tb testing.TB) {
	tb.Helper()
	if e := s.run(tb, s.binary, "verify", "--snapshots", s.snapshots, "--temp-dir", s.temp); e.code != exitDone {
		tb.Errorf("verify ended with %d: %s%s", e.code, e.stdout, e.stderr)
	}
}

// sameTables fails where the tables of two sets of months differ. Manifests differ in the addresses of the exports.
func sameTables(tb testing.TB, want, got map[string]month) {
	tb.Helper()
	tables := func(months map[string]month) map[string]map[string]string {
		all := map[string]map[string]string{}
		for name, m := range months {
			all[name] = m.Tables
		}
		return all
	}
	if diff := cmp.Diff(tables(want), tables(got)); diff != "" {
		tb.Errorf("tables differ (-want +got):\n%s", diff)
	}
}
