package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestManifestFile(t *testing.T) {
	man := manifestFor(1)
	man.SchemaVersion, man.RunID = SchemaVersion, "r1"
	man.Outputs = []File{{Table: Scores, Path: TableRel(Scores, june()), Bytes: 1, Rows: 2, SHA256: "cd"}}
	man.Finished = time.Date(2024, 7, 3, 3, 0, 5, 0, time.FixedZone("", 7200))
	got, err := man.encode()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	var back Manifest
	if err := decodeVersioned("m", got, &back); err != nil {
		t.Fatal(err)
	}
	again, err := back.encode()
	if err != nil || string(again) != string(got) {
		t.Errorf("read and written again: %s, %v", again, err)
	}
}

func TestSameSubstance(t *testing.T) {
	tests := []struct {
		name string
		with func(*Manifest)
		want bool
	}{
		{"equal", func(*Manifest) {}, true},
		{"another run", func(m *Manifest) { m.RunID, m.Host, m.Started, m.Finished = "r2", "other", time.Time{}, time.Now() }, true},
		{"nil for empty", func(m *Manifest) { m.Provisional = nil }, true},
		{"another engine", func(m *Manifest) { m.EngineVersion = "v1.6.0" }, false},
		{"another setting", func(m *Manifest) { m.Settings = map[string]any{"max_rejected": 0.02} }, false},
		{"another input", func(m *Manifest) { m.Inputs = nil }, false},
		{"provisional", func(m *Manifest) { m.Provisional = []string{"certifications"} }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := manifestFor(1), manifestFor(1)
			a.Provisional = []string{}
			tt.with(b)
			if got, err := sameSubstance(a, b); err != nil || got != tt.want {
				t.Errorf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestReadManifest(t *testing.T) {
	tests := []struct {
		name    string
		content string
		want    string
	}{
		{"another version", `{"schema_version": 2, "new_field": 1}`, "schema version 2, this program knows version 1"},
		{"no version", `{}`, "schema_version is missing"},
		{"empty", ``, "unexpected end of JSON input"},
		{"cut", `{"schema_version": 1, "run_id"`, "unexpected end of JSON input"},
		{"more behind", `{"schema_version": 1} {}`, "after top-level value"},
		{"unknown field", `{"schema_version": 1, "surprise": 1}`, `unknown field "surprise"`},
		{"another month", `{"schema_version": 1, "score_month": "2024-05"}`, "score_month is 2024-05"},
		{"bad month", `{"schema_version": 1, "score_month": "2024-13"}`, "2024-13"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir())
			if err := os.MkdirAll(filepath.Dir(manifestPath(s)), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(manifestPath(s), []byte(tt.content), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := s.Manifest(t.Context(), june())
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "2024-06.json") {
				t.Errorf("got %v, want the path and %q", err, tt.want)
			}
			var version *VersionError
			if errors.As(err, &version) != (tt.name == "another version") {
				t.Errorf("got %T", err)
			}
		})
	}
}

func TestReadManifestAbsent(t *testing.T) {
	for _, root := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		s := mustOpen(t, root)
		if _, err := s.Manifest(t.Context(), june()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want fs.ErrNotExist", err)
		}
		if months, err := s.Months(t.Context()); err != nil || len(months) > 0 {
			t.Errorf("got months %v, %v", months, err)
		}
	}
}
