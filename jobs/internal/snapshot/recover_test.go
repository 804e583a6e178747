package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

// crashed is a tree with version 1 published and version 2 stopped at an operation.
func crashed(t *testing.T, op string) (fixtures, *Store) {
	t.Helper()
	fx := newFixtures(t, 5, 1, 2)
	root := filepath.Join(fastDir(t), "snapshots")
	mustPublish(t, fx, root, 1)
	s := mustOpen(t, root)
	if !crashes(t, s, stopAtOp(op), func() { _, _ = fx.publish(s, "victim", 2) }) {
		t.Fatalf("no crash at %q", op)
	}
	return fx, mustOpen(t, root)
}

const middle = "rename certifications/month=2024-06/part-0.parquet"

func TestRecoverFinishes(t *testing.T) {
	fx, s := crashed(t, middle)
	if runID, m, open, err := interrupted(t.Context(), s.files); runID != "victim" || m != june() || !open || err != nil {
		t.Errorf("interrupted: %q, %v, %v, %v", runID, m, open, err)
	}
	release, err := s.Lock(t.Context(), 0, "next")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Recover(t.Context())
	if diff := cmp.Diff([]scoring.Month{june()}, got); diff != "" || err != nil {
		t.Errorf("recover, %v (-want +got):\n%s", err, diff)
	}
	if got, err := s.Recover(t.Context()); len(got) > 0 || err != nil {
		t.Errorf("recover again: %v, %v", got, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if version := wholeVersion(t, fx, s); version != 2 {
		t.Errorf("version %d is published", version)
	}
}

// Stage and Publish of the same process must not step on an open intent of an earlier
// month that failed behind it.
func TestPublishFinishesOpenIntent(t *testing.T) {
	fx := newFixtures(t, 5, 1, 2)
	s := lockedStore(t)
	st := checkedStage(t, fx, s, 1)
	faultsOf(s).Before = func(op string) error {
		if op == middle {
			return errors.New("disk trouble")
		}
		return nil
	}
	if _, err := st.Publish(t.Context(), manifestFor(1)); err == nil {
		t.Fatal("no error")
	}
	if err := st.Discard(context.Background()); err != nil { // must leave what the intent needs
		t.Fatal(err)
	}
	faultsOf(s).Before = nil
	other, err := s.Stage(context.Background(), june().Add(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range Tables() {
		p := newSample(table.Name, 3, 1)
		p.pairs[2].Value = "2024-07"
		p.write(t, other.Path(table.Name))
	}
	if err := other.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if changed, err := other.Publish(t.Context(), manifestFor(1)); err != nil || !changed {
		t.Fatalf("got %v, %v", changed, err)
	}
	months, err := s.Months(t.Context())
	if diff := cmp.Diff([]scoring.Month{june(), june().Add(1)}, months); diff != "" || err != nil {
		t.Errorf("months, %v (-want +got):\n%s", err, diff)
	}
	if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
		t.Errorf("verify: %v, %v", diffs, err)
	}
}

// An intent that is no intent was never complete: the old month stays.
func TestRecoverTornIntent(t *testing.T) {
	torn := map[string]func(data []byte) []byte{
		"empty":         func([]byte) []byte { return nil },
		"half":          func(data []byte) []byte { return data[:len(data)/2] },
		"zeros":         func(data []byte) []byte { return make([]byte, len(data)) },
		"no moves":      func([]byte) []byte { return []byte(`{"schema_version": 1, "run_id": "x", "score_month": "2024-06"}`) },
		"outside paths": func(data []byte) []byte { return []byte(strings.Replace(string(data), "victim", "../victim", 1)) },
		"unknown table": func(data []byte) []byte { return []byte(strings.Replace(string(data), "scores", "../../x", 1)) },
	}
	for name, tear := range torn {
		t.Run(name, func(t *testing.T) {
			fx, s := crashed(t, "rename scores/month=2024-06/part-0.parquet")
			data, err := os.ReadFile(s.files.Where(".staging/intent.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(s.files.Where(".staging/intent.json"), tear(data), 0o666); err != nil {
				t.Fatal(err)
			}
			mustRecover(t, s)
			if version := wholeVersion(t, fx, s); version != 1 {
				t.Errorf("version %d is published", version)
			}
			if entries, err := os.ReadDir(s.files.Where(".staging")); err != nil || len(entries) > 0 {
				t.Errorf("left in staging: %v, %v", entries, err)
			}
		})
	}
}

func TestRecoverLostFiles(t *testing.T) {
	damage := func(t *testing.T, s *Store) {
		t.Helper()
		staged := s.files.Where(".staging/victim/2024-06/exclusions.staged")
		data, err := os.ReadFile(staged)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)/2] ^= 1
		if err := os.WriteFile(staged, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("before the first rename the old month stays", func(t *testing.T) {
		fx, s := crashed(t, "rename scores/month=2024-06/part-0.parquet")
		damage(t, s)
		mustRecover(t, s)
		if version := wholeVersion(t, fx, s); version != 1 {
			t.Errorf("version %d is published", version)
		}
	})
	t.Run("behind it the month is named", func(t *testing.T) {
		fx, s := crashed(t, middle)
		damage(t, s)
		release, err := s.Lock(t.Context(), 0, "next")
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Recover(t.Context())
		intent := s.files.Where(s.files.Properties().Intent)
		if err == nil || !strings.Contains(err.Error(), "delete "+intent+" and score "+june().String()) || !strings.Contains(err.Error(), "exclusions.staged") {
			t.Fatalf("got %v, want an error that names month, file and intent", err)
		}
		if err := errors.Join(os.RemoveAll(intent), release()); err != nil {
			t.Fatal(err)
		}
		if _, err := fx.publish(s, "again", 2); err != nil { // what the message says to do
			t.Fatal(err)
		}
		if version := wholeVersion(t, fx, s); version != 2 {
			t.Errorf("version %d is published", version)
		}
	})
}

func TestRecoverRefuses(t *testing.T) {
	t.Run("an intent of a later version", func(t *testing.T) {
		_, s := crashed(t, middle)
		if err := os.WriteFile(s.files.Where(".staging/intent.json"), []byte(`{"schema_version": 9}`), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Lock(t.Context(), 0, "next"); err != nil {
			t.Fatal(err)
		}
		var version *VersionError
		if _, err := s.Recover(t.Context()); !errors.As(err, &version) || version.Got != 9 {
			t.Errorf("got %v, want a VersionError", err)
		}
		if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) == 0 {
			t.Errorf("verify: %v, %v", diffs, err)
		}
	})
	t.Run("without the lock", func(t *testing.T) {
		s := mustOpen(t, t.TempDir())
		if _, err := s.Recover(t.Context()); err == nil {
			t.Error("recovered")
		}
		if _, err := s.Stage(context.Background(), june()); err == nil {
			t.Error("staged")
		}
		if _, err := s.Cache().StageFacts(t.Context(), june(), Claim{}); err == nil {
			t.Error("staged facts")
		}
	})
	t.Run("a link as staging", func(t *testing.T) {
		s := lockedStore(t)
		precious := t.TempDir()
		kept := filepath.Join(precious, "file")
		if err := errors.Join(os.WriteFile(kept, nil, 0o666), os.Symlink(precious, s.files.Where(".staging"))); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Recover(t.Context()); err == nil || !strings.Contains(err.Error(), "in the way") {
			t.Errorf("got %v", err)
		}
		if !exists(kept) {
			t.Error("swept what the link points to")
		}
	})
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// TestSweepBehind: a run that ends before its publish leaves nothing behind, one that ends within it leaves what the next one needs.
func TestSweepBehind(t *testing.T) {
	for _, published := range []bool{false, true} {
		s, err := open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		release, err := s.Lock(t.Context(), 0, "run-1")
		if err != nil {
			t.Fatal(err)
		}
		st, err := s.Cache().StageHoldings(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		in := intent{SchemaVersion: SchemaVersion, RunID: "run-1", Moves: []move{{Name: manifestName}}}
		text, err := in.encode()
		if err := errors.Join(err, os.WriteFile(st.Path(HoldingsRows), nil, 0o666)); err != nil {
			t.Fatal(err)
		}
		if published {
			if err := s.writer.Begin(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		s.SweepBehind(t.Context())
		if err := release(); err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadDir(s.files.Where(".staging"))
		if err != nil || published != (len(left) > 0) {
			t.Errorf("in the middle of a publish %t: left are %v, %v", published, left, err)
		}
	}
}
