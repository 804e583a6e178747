package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/fault"
)

// verifyCase damages a published month. The What of a wanted difference is a part of it.
type verifyCase struct {
	name   string
	damage func(t *testing.T, s *Store)
	want   []Difference
}

func overwrite(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(content), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// editManifest changes the manifest as somebody with an editor would.
func editManifest(t *testing.T, s *Store, change func(m map[string]any)) {
	t.Helper()
	data, err := os.ReadFile(manifestPath(s))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	change(m)
	if data, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	overwrite(t, manifestPath(s), string(data))
}

func output(m map[string]any, i int) map[string]any { return m["outputs"].([]any)[i].(map[string]any) }

// fileDamage is damage to a published table.
func fileDamage() []verifyCase {
	return []verifyCase{
		{"nothing", func(*testing.T, *Store) {}, nil},
		{"a file is gone", func(t *testing.T, s *Store) {
			if err := os.Remove(tablePath(s, Services)); err != nil {
				t.Fatal(err)
			}
		}, []Difference{{june(), Services, "services/month=2024-06/part-0.parquet", "the file is missing"}}},
		{"a file is cut", func(t *testing.T, s *Store) {
			if err := os.Truncate(tablePath(s, Scores), 9); err != nil {
				t.Fatal(err)
			}
		}, []Difference{{june(), Scores, "scores/month=2024-06/part-0.parquet", "the file has 9 bytes, the manifest says "}}},
		{"one bit", func(t *testing.T, s *Store) {
			path := tablePath(s, Scores)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			data[40] ^= 4
			overwrite(t, path, string(data))
		}, []Difference{{june(), Scores, "scores/month=2024-06/part-0.parquet", "the file has sha256 "}}},
		{"a folder in place of a file", func(t *testing.T, s *Store) {
			path := tablePath(s, Scores)
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o777)); err != nil {
				t.Fatal(err)
			}
		}, []Difference{{june(), Scores, "scores/month=2024-06/part-0.parquet", "not a regular file"}}},
		{"a link in place of a file", func(t *testing.T, s *Store) {
			path := tablePath(s, Scores)
			if err := errors.Join(os.Rename(path, path+".away"), os.Symlink(path+".away", path)); err != nil {
				t.Fatal(err)
			}
		}, []Difference{
			{june(), Scores, "scores/month=2024-06/part-0.parquet", "not a regular file"},
			{june(), Scores, "scores/month=2024-06/part-0.parquet.away", "not expected"},
		}},
	}
}

// manifestDamage is damage to the manifest, or with its help.
func manifestDamage() []verifyCase {
	return []verifyCase{
		{"another structure behind a manifest that agrees", func(t *testing.T, s *Store) {
			p := newSample(Scores, 20, 1)
			p.table.Columns[5].Type = Amounts
			path := tablePath(s, Scores)
			p.write(t, path)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(data)
			editManifest(t, s, func(m map[string]any) {
				output(m, 0)["bytes"], output(m, 0)["sha256"] = len(data), hex.EncodeToString(sum[:])
			})
		}, []Difference{{june(), Scores, "scores/month=2024-06/part-0.parquet", "column total_points is DECIMAL(18,6), not DECIMAL(6,2)"}}},
		{"other rows in the manifest", func(t *testing.T, s *Store) {
			editManifest(t, s, func(m map[string]any) { output(m, 1)["rows"] = 21 })
		}, []Difference{{june(), Metrics, "metrics/month=2024-06/part-0.parquet", "the file has 20 rows, the manifest says 21"}}},
		{"another rulebook in the manifest", func(t *testing.T, s *Store) {
			editManifest(t, s, func(m map[string]any) { m["rulebook"] = map[string]any{"id": "x", "sha256": "5e1f"} })
		}, []Difference{
			{june(), Scores, "scores/month=2024-06/part-0.parquet", `partnerscore.rulebook is "2023-10", not "x"`},
			{june(), Metrics, "metrics/month=2024-06/part-0.parquet", "partnerscore.rulebook"},
			{june(), Customers, "customers/month=2024-06/part-0.parquet", "partnerscore.rulebook"},
			{june(), Services, "services/month=2024-06/part-0.parquet", "partnerscore.rulebook"},
			{june(), Certifications, "certifications/month=2024-06/part-0.parquet", "partnerscore.rulebook"},
			{june(), Exclusions, "exclusions/month=2024-06/part-0.parquet", "partnerscore.rulebook"},
		}},
		{"an output less in the manifest", func(t *testing.T, s *Store) {
			editManifest(t, s, func(m map[string]any) { m["outputs"] = m["outputs"].([]any)[:5] })
		}, []Difference{{june(), "", "_manifests/month=2024-06.json", "output exclusions is missing"}}},
		{"a path outside in the manifest", func(t *testing.T, s *Store) {
			editManifest(t, s, func(m map[string]any) { output(m, 0)["path"] = "../x" })
		}, []Difference{{june(), "", "_manifests/month=2024-06.json", `output scores has the path "../x"`}}},
		{"a cut manifest", func(t *testing.T, s *Store) {
			if err := os.Truncate(manifestPath(s), 30); err != nil {
				t.Fatal(err)
			}
		}, []Difference{{june(), "", "_manifests/month=2024-06.json", "the manifest is damaged"}}},
		{"a manifest of a later version", func(t *testing.T, s *Store) {
			editManifest(t, s, func(m map[string]any) { m["schema_version"] = 3 })
		}, []Difference{{june(), "", "_manifests/month=2024-06.json", "schema version 3"}}},
	}
}

// strayFiles are files without a manifest and files that nobody published.
func strayFiles() []verifyCase {
	return []verifyCase{
		{"no manifest", func(t *testing.T, s *Store) {
			if err := os.Remove(manifestPath(s)); err != nil {
				t.Fatal(err)
			}
		}, []Difference{
			{june(), Certifications, "certifications/month=2024-06/part-0.parquet", "belongs to no manifest"},
			{june(), Customers, "customers/month=2024-06/part-0.parquet", "belongs to no manifest"},
			{june(), Exclusions, "exclusions/month=2024-06/part-0.parquet", "belongs to no manifest"},
			{june(), Metrics, "metrics/month=2024-06/part-0.parquet", "belongs to no manifest"},
			{june(), Scores, "scores/month=2024-06/part-0.parquet", "belongs to no manifest"},
			{june(), Services, "services/month=2024-06/part-0.parquet", "belongs to no manifest"},
		}},
		{"strangers", func(t *testing.T, s *Store) {
			for _, rel := range []string{
				"README", "scores/x.parquet", "scores/month=2024-06/.hidden", "scores/month=2024-6/part-0.parquet",
				"_manifests/month=2024-06.json.bak", "other/deep/file",
				".staging/dead/2024-06/scores.staged", "_facts/month=2024-06/part-0.parquet", "lost+found/x", // these three are fine
			} {
				overwrite(t, filepath.Join(s.files.Where(""), rel), "x")
			}
		}, []Difference{
			{0, "", "README", "not expected"},
			{0, "", "_manifests/month=2024-06.json.bak", "not expected"},
			{0, "", "other/deep/file", "not expected"},
			{june(), Scores, "scores/month=2024-06/.hidden", "not expected"},
			{0, "", "scores/month=2024-6/part-0.parquet", "not expected"},
			{0, "", "scores/x.parquet", "not expected"},
		}},
	}
}

func TestVerifyNamesDifferences(t *testing.T) {
	fx := newFixtures(t, 20, 1)
	template := filepath.Join(t.TempDir(), "template")
	mustPublish(t, fx, template, 1)
	for _, tt := range slices.Concat(fileDamage(), manifestDamage(), strayFiles()) {
		t.Run(tt.name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "snapshots")
			if err := os.CopyFS(root, os.DirFS(template)); err != nil {
				t.Fatal(err)
			}
			s := mustOpen(t, root)
			tt.damage(t, s)
			before := tree(t, root)
			got, err := s.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if i < len(tt.want) && strings.Contains(got[i].What, tt.want[i].What) {
					got[i].What = tt.want[i].What
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, tree(t, root)); diff != "" {
				t.Errorf("verify changed the tree (-before +after):\n%s", diff)
			}
		})
	}
}

func TestVerifyDuringAnOpenPublish(t *testing.T) {
	for _, op := range []string{middle, "rename _manifests/month=2024-06.json"} {
		_, s := crashed(t, op)
		before := tree(t, s.files.Where(""))
		got, err := s.Verify(t.Context())
		if err != nil || len(got) != 1 || got[0].Month != june() || !strings.Contains(got[0].What, "not finished") {
			t.Errorf("stopped at %q: got %v, %v, want the open publish and nothing else", op, got, err)
		}
		if diff := cmp.Diff(before, tree(t, s.files.Where(""))); diff != "" {
			t.Errorf("verify changed the tree (-before +after):\n%s", diff)
		}
	}
}

func TestVerifyFirstPublishOpen(t *testing.T) {
	fx := newFixtures(t, 5, 1)
	s := mustOpen(t, t.TempDir())
	if !crashes(t, s, stopAtOp(middle), func() { _, _ = fx.publish(s, "victim", 1) }) {
		t.Fatal("no crash")
	}
	got, err := s.Verify(t.Context())
	if err != nil || len(got) != 1 || got[0].Month != june() || !strings.Contains(got[0].What, "not finished") {
		t.Errorf("got %v, %v, want the open publish and nothing else", got, err)
	}
}

func TestVerifyNothingThere(t *testing.T) {
	root := filepath.Join(t.TempDir(), "none")
	if got, err := mustOpen(t, root).Verify(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if exists(root) {
		t.Error("verify created the root")
	}
}

func TestVerifyCancelled(t *testing.T) {
	fx := newFixtures(t, 5, 1)
	s := mustOpen(t, t.TempDir())
	mustPublish(t, fx, s.files.Where(""), 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A root that is a symbolic link is a root like any other.
func TestLinkedRoot(t *testing.T) {
	fx := newFixtures(t, 5, 1)
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "real"), 0o777), os.Symlink("real", filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	mustPublish(t, fx, link, 1)
	s := mustOpen(t, link)
	if err := os.WriteFile(filepath.Join(link, "stranger"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := s.Verify(t.Context())
	if err != nil || len(got) != 1 || got[0].Path != "stranger" {
		t.Errorf("got %v, %v, want the stranger alone", got, err)
	}
}

// unexpectedFiles lists the files that belong to no published month.
func unexpectedFiles(t *testing.T, s *Store) ([]string, error) {
	t.Helper()
	months, err := s.Months(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return verifier{s.files}.unexpected(t.Context(), months)
}

// gone is the error of a store that does not answer.
type gone struct{}

func (gone) FaultKind() string { return fault.Internal }
func (gone) Error() string     { return "the store does not answer" }

// A request that is not answered tells nothing about a month: verify, quick check and status end with its error, and find no difference.
func TestAStoreThatDoesNotAnswerIsNotDamaged(t *testing.T) {
	notDamaged(t, newFixtures(t, 5, 1))
	notDamaged(t, deltaFixtures(t, 1))
}

func notDamaged(t *testing.T, fx fixtures) {
	t.Helper()
	place := newBucket(t, fx, false, []int{1})
	for what, look := range map[string]func(s *Store) error{
		"verify": func(s *Store) error {
			found, err := s.Verify(t.Context())
			if len(found) > 0 {
				t.Errorf("%+v, %v", found, err)
			}
			return err
		},
		"quick check": func(s *Store) error {
			man, err := s.Manifest(t.Context(), june())
			if err != nil {
				return err
			}
			return s.QuickCheck(t.Context(), man)
		},
		"delta": func(s *Store) error { _, err := s.Delta().Compare(t.Context(), true); return err },
		"facts": func(s *Store) error { _, err := s.Cache().FactsEngine(t.Context(), june()); return err },
	} {
		for n := 1; ; n++ {
			s, client := bucketOf(t, place)
			asked := 0
			client.Before = func(string) error {
				if asked++; asked == n {
					return gone{}
				}
				return nil
			}
			err := look(s)
			if asked < n {
				if err != nil || n < 2 {
					t.Errorf("%s: after %d requests: %v", what, asked, err)
				}
				break
			}
			if !errors.As(err, &gone{}) || fault.Of(err) != fault.Internal {
				t.Errorf("%s, request %d: %v", what, n, err)
			}
		}
	}
}
