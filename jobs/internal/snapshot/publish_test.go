package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage"
)

// lockedStore is a store that this test writes to.
func lockedStore(tb testing.TB) *Store {
	tb.Helper()
	return lockedIn(tb, filepath.Join(tb.TempDir(), "snapshots"))
}

// lockedIn opens a store in a folder and locks it.
func lockedIn(tb testing.TB, root string) *Store {
	tb.Helper()
	s := mustOpen(tb, root)
	release, err := s.Lock(context.Background(), 0, "r1")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := release(); err != nil && !errors.Is(err, storage.ErrReleased) {
			tb.Error(err)
		}
	})
	return s
}

func checkedStage(tb testing.TB, fx fixtures, s *Store, version int) *Stage {
	tb.Helper()
	st, err := fx.stage(s, version)
	if err != nil {
		tb.Fatal(err)
	}
	if err := st.Check(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return st
}

func TestPublish(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	s := lockedStore(t)
	st := checkedStage(t, fx, s, 1)
	man := manifestFor(1)
	if changed, err := st.Publish(t.Context(), man); err != nil || !changed {
		t.Fatalf("got %v, %v", changed, err)
	}
	got, err := s.Manifest(t.Context(), june())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(st.Outputs(), got.Outputs); diff != "" || got.RunID != "r1" || got.SchemaVersion != SchemaVersion {
		t.Errorf("manifest of run %q, outputs (-checked +written):\n%s", got.RunID, diff)
	}
	for _, o := range got.Outputs {
		staged, err := os.ReadFile(fx.path(o.Table, 1))
		if err != nil {
			t.Fatal(err)
		}
		published, err := os.ReadFile(filepath.Join(s.files.Where(""), o.Path))
		if err != nil || string(published) != string(staged) {
			t.Errorf("%s: not the staged bytes: %v", o.Path, err)
		}
	}
	if entries, err := os.ReadDir(s.files.Where(".staging")); err != nil || len(entries) > 0 {
		t.Errorf("left in staging: %v, %v", entries, err)
	}
	if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
		t.Errorf("verify: %v, %v", diffs, err)
	}
	if _, err := st.Publish(t.Context(), man); err == nil {
		t.Error("the same stage was published twice")
	}
}

func TestPublishUnchanged(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	s := mustOpen(t, t.TempDir())
	if _, err := fx.publish(s, "r1", 1); err != nil {
		t.Fatal(err)
	}
	before := tree(t, s.files.Where(""))
	if changed, err := fx.publish(s, "r2", 1); err != nil || changed {
		t.Fatalf("same again: got %v, %v", changed, err)
	}
	after := tree(t, s.files.Where(""))
	for _, own := range []string{".lock", ".staging"} { // every run touches these two
		delete(before, own)
		delete(after, own)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("touched (-before +after):\n%s", diff)
	}
}

// Other inputs with the same result are news for the manifest alone.
func TestPublishManifestOnly(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	s := lockedStore(t)
	if _, err := checkedStage(t, fx, s, 1).Publish(t.Context(), manifestFor(1)); err != nil {
		t.Fatal(err)
	}
	before := tree(t, s.files.Where(""))
	man := manifestFor(1)
	man.Inputs[0].Bytes++
	if changed, err := checkedStage(t, fx, s, 1).Publish(t.Context(), man); err != nil || !changed {
		t.Fatalf("got %v, %v", changed, err)
	}
	after := tree(t, s.files.Where(""))
	for _, table := range Tables() {
		if rel := TableRel(table.Name, june()); before[rel] != after[rel] {
			t.Errorf("%s was touched", rel)
		}
	}
	if got, err := s.Manifest(t.Context(), june()); err != nil || got.Inputs[0].Bytes != 11 {
		t.Errorf("got manifest %+v, %v", got, err)
	}
}

// Whoever damages a published file or its manifest gets both back with the next run.
func TestPublishHealsDamage(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	s := mustOpen(t, t.TempDir())
	for name, path := range map[string]string{
		"table": tablePath(s, Metrics), "manifest": manifestPath(s),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := fx.publish(s, "r1", 1); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 0x80
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) == 0 {
				t.Errorf("verify of the damage: %v, %v", diffs, err)
			}
			if changed, err := fx.publish(s, "r2", 1); err != nil || !changed {
				t.Errorf("got %v, %v", changed, err)
			}
			if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
				t.Errorf("verify: %v, %v", diffs, err)
			}
		})
	}
}

// refusal is a reason not to publish, brought about between check and publish.
type refusal struct {
	name string
	with func(t *testing.T, s *Store, st *Stage, man *Manifest)
	want string
}

func refusals() []refusal {
	return []refusal{
		{"a folder for a file", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			overwrite(t, filepath.Join(tablePath(s, Services), "x"), "")
		}, "services/month=2024-06/part-0.parquet is in the way"},
		{"a folder for the manifest", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			overwrite(t, filepath.Join(manifestPath(s), "x"), "")
		}, "_manifests/month=2024-06.json is in the way"},
		{"a file for a folder", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			overwrite(t, filepath.Join(s.files.Where(""), Exclusions), "")
		}, "exclusions is in the way"},
		{"a link for a folder", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			if err := os.Symlink(t.TempDir(), filepath.Join(s.files.Where(""), Exclusions)); err != nil {
				t.Fatal(err)
			}
		}, "exclusions is in the way"},
		{"a pipe for a file", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			path := tablePath(s, Scores)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), syscall.Mkfifo(path, 0o666)); err != nil {
				t.Fatal(err)
			}
		}, "scores/month=2024-06/part-0.parquet is in the way"},
		{"a manifest of a later version", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			overwrite(t, manifestPath(s), `{"schema_version": 7}`)
		}, "schema version 7"},
		{"a file written after its check", func(t *testing.T, _ *Store, st *Stage, _ *Manifest) {
			overwrite(t, st.Path(Scores), "other")
		}, "staged table scores was written to after its check"},
		{"no check", func(_ *testing.T, _ *Store, st *Stage, _ *Manifest) { st.checked = nil }, "not checked"},
		{"other rules than in the files", func(_ *testing.T, _ *Store, _ *Stage, man *Manifest) { man.Rulebook.SHA256 = "dead" }, "partnerscore.rulebook_sha256"},
		{"no fingerprint", func(_ *testing.T, _ *Store, _ *Stage, man *Manifest) { man.InputsFingerprint = "" }, "fingerprint"},
		{"no lock", func(t *testing.T, s *Store, _ *Stage, _ *Manifest) {
			if err := s.writer.Release(); err != nil {
				t.Fatal(err)
			}
		}, "not locked"},
	}
}

func TestPublishRefuses(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	for _, tt := range refusals() {
		t.Run(tt.name, func(t *testing.T) {
			s := lockedStore(t)
			st, man := checkedStage(t, fx, s, 1), manifestFor(1)
			tt.with(t, s, st, man)
			changed, err := st.Publish(t.Context(), man)
			if err == nil || changed || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "publish 2024-06: ") {
				t.Fatalf("got %v, %v, want an error with %q", changed, err, tt.want)
			}
			if err := st.Discard(context.Background()); err != nil && !errors.Is(err, storage.ErrReleased) {
				t.Error(err)
			}
			if _, _, open, err := interrupted(t.Context(), s.files); open || err != nil {
				t.Errorf("an intent was left: %v", err)
			}
			if err := s.writer.Release(); err != nil && !errors.Is(err, storage.ErrReleased) {
				t.Error(err)
			}
			if _, err := s.Lock(t.Context(), 0, "next"); err != nil {
				t.Fatal(err)
			}
			if months, err := s.Recover(t.Context()); len(months) > 0 || err != nil {
				t.Errorf("recover after the refusal: %v, %v", months, err)
			}
		})
	}
}

func TestCheckNamesEveryBadFile(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	s := lockedStore(t)
	st, err := fx.stage(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(st.Path(Services)), os.Truncate(st.Path(Metrics), 100)); err != nil {
		t.Fatal(err)
	}
	err = st.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "table services") || !strings.Contains(err.Error(), st.Path(Metrics)) {
		t.Errorf("got %v, want both files named", err)
	}
	if st.Outputs() != nil {
		t.Error("outputs of a failed check")
	}
}

// Cancelling stops a publish before its intent, never behind it.
func TestPublishCancelled(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	for _, at := range []string{"write .staging/intent.staged", "rename .staging/intent.json"} {
		s := lockedStore(t)
		st := checkedStage(t, fx, s, 1)
		ctx, cancel := context.WithCancel(t.Context())
		faultsOf(s).Before = func(op string) error {
			if op == at {
				cancel()
			}
			return nil
		}
		changed, err := st.Publish(ctx, manifestFor(1))
		committed := strings.HasPrefix(at, "rename")
		if ctx.Err() == nil || changed != committed || errors.Is(err, context.Canceled) == committed {
			t.Errorf("cancelled at %q: got %v, %v", at, changed, err)
		}
	}
}

func TestPublishLeavesStrangersAlone(t *testing.T) {
	fx := newFixtures(t, 20, 1, 2)
	s := mustOpen(t, t.TempDir())
	if _, err := fx.publish(s, "r1", 1); err != nil {
		t.Fatal(err)
	}
	stranger := filepath.Join(filepath.Dir(tablePath(s, Scores)), "part-1.parquet")
	if err := os.WriteFile(stranger, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := fx.publish(s, "r2", 2); err != nil {
		t.Fatal(err)
	}
	got, err := unexpectedFiles(t, s)
	if diff := cmp.Diff([]string{"scores/month=2024-06/part-1.parquet"}, got); diff != "" || err != nil {
		t.Errorf("unexpected files, %v (-want +got):\n%s", err, diff)
	}
}

func TestPublishUmask(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	root := t.TempDir()
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	s := mustOpen(t, filepath.Join(root, "tight"))
	if _, err := fx.publish(s, "r1", 1); err != nil {
		t.Fatal(err)
	}
	for rel, e := range tree(t, s.files.Where("")) {
		want := os.FileMode(0o640)
		if e.Mode.IsDir() {
			want = 0o750
		}
		if e.Mode.Perm() != want {
			t.Errorf("%s has mode %v, want %v", rel, e.Mode.Perm(), want)
		}
	}
}

// A folder that cannot be written is noticed before the first file is moved.
func TestPublishReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser may write everywhere")
	}
	fx := newFixtures(t, 20, 1, 2)
	s := mustOpen(t, t.TempDir())
	if _, err := fx.publish(s, "r1", 1); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(tablePath(s, Services))
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := fx.publish(s, "r2", 2)
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "services/month=2024-06") {
		t.Errorf("got %v, want a permission error naming the folder", err)
	}
	if version := wholeVersion(t, fx, s); version != 1 {
		t.Errorf("version %d is published", version)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := fx.publish(s, "r3", 2); err != nil {
		t.Error(err)
	}
}
