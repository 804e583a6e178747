package snapshot

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot/deltalog"
)

// tampering is a change of a log that verify must find.
type tampering struct {
	name string
	do   func(log string) error
	want string // of the difference
}

func tamperings() []tampering {
	first := "00000000000000000000.json"
	replace := func(old, by string) func(string) error {
		return func(log string) error {
			file := filepath.Join(log, first)
			text, err := os.ReadFile(file)
			if err == nil && !strings.Contains(string(text), old) {
				err = fmt.Errorf("no %s in %s", old, text)
			}
			return errors.Join(err, os.WriteFile(file, []byte(strings.Replace(string(text), old, by, 1)), 0o666))
		}
	}
	write := func(name, text string) func(string) error {
		return func(log string) error { return os.WriteFile(filepath.Join(log, name), []byte(text), 0o666) }
	}
	return []tampering{
		{"another size", replace(`"size":`, `"size":1`), "bytes, the manifest says"},
		{"another hash", replace(`"partnerscore.sha256":"`, `"partnerscore.sha256":"0`), "sha256"},
		{"other statistics", replace(`numRecords\":5`, `numRecords\":4`), "other statistics than the file"},
		{"another month", replace(`"partitionValues":{"month":"2024-06"}`, `"partitionValues":{"month":"2024-05"}`), `is of the month "2024-05"`},
		{"another column", replace(`\"total_points\"`, `\"points\"`), "other columns"},
		{"a removal", write("00000000000000000001.json", `{"remove":{"path":"month=2024-06/part-0.parquet","dataChange":true}}`), "does not list the file"},
		{"a file of somebody else", write("00000000000000000001.json", `{"commitInfo":{"timestamp":"x","operationParameters":{"auto":false,"n":1}}}`+"\n"+`{"add":{"path":"x.parquet","size":1,"dataChange":true}}`), "which is not published"},
		{"no JSON", write(first, "x"), "cannot be read: line 1 is no action"},
		{"an empty commit", write(first, ""), "cannot be read: the commit is empty"},
		{"a gap", write("00000000000000000002.json", "{}"), "this commit is missing"},
		{"no protocol", replace(`"protocol"`, `"protokoll"`), "no protocol"},
		{"a newer protocol", replace(`"minReaderVersion":1`, `"minReaderVersion":3`), "another program made the table one of reader version 3"},
		{"another partition", replace(`"partitionColumns":["month"]`, `"partitionColumns":[]`), "another program partitioned"},
		{"a broken checkpoint", write("00000000000000000000.checkpoint.parquet", "PAR1 no PAR1"), "the checkpoint is damaged"},
		{"a missing checkpoint", write("_last_checkpoint", `{"version":10}`), "names the checkpoint of version 10, which is missing"},
		{"a damaged note", write("_last_checkpoint", `{`), "the file that names the last checkpoint is damaged"},
		{"a stranger", write("00000000000000000000.crc", "{}"), "not expected here"},
		{"no log", os.RemoveAll, "has no Delta log, but others have"},
	}
}

func TestVerifyDelta(t *testing.T) {
	fx := deltaFixtures(t, 1)
	template := t.TempDir()
	mustPublish(t, fx, template, 1)
	for _, tt := range tamperings() {
		t.Run(tt.name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "snapshots")
			if err := os.CopyFS(root, os.DirFS(template)); err != nil {
				t.Fatal(err)
			}
			if err := tt.do(filepath.Join(root, Scores, deltalog.Dir)); err != nil {
				t.Fatal(err)
			}
			diffs, err := mustOpen(t, root).Verify(t.Context())
			if err != nil || len(diffs) != 1 || !strings.Contains(diffs[0].What, tt.want) || diffs[0].Table != Scores && tt.name != "a stranger" {
				t.Fatalf("got %+v, %v, want one with %q", diffs, err, tt.want)
			}
			// What can be read is put right by the next run; what cannot stops it, and says what to do.
			_, err = fx.publish(mustOpen(t, root), "next", 1)
			var broken *deltalog.Error
			if errors.As(err, &broken) {
				if !strings.Contains(broken.FaultAdvice(), "delete the folder _delta_log of this table") {
					t.Errorf("advice: %s", broken.FaultAdvice())
				}
				err = os.RemoveAll(filepath.Join(root, Scores, deltalog.Dir))
				mustPublish(t, fx, root, 1)
			}
			if tt.name == "other statistics" { // a usual run does not read footers
				s := lockedIn(t, root)
				if changed, err := s.Delta().Sync(t.Context(), false, true, noon(), "0.1.0"); err != nil || !slices.Equal(changed, []string{Scores}) {
					t.Errorf("corrected %v, %v", changed, err)
				}
			}
			diffs, verr := mustOpen(t, root).Verify(t.Context())
			// A note is written with the next checkpoint.
			if left := tt.name == "a stranger" || tt.name == "a missing checkpoint" || tt.name == "a damaged note"; err != nil || verr != nil || len(diffs) > 0 != left {
				t.Errorf("after the next run: %+v, %v, %v", diffs, err, verr)
			}
		})
	}
}
