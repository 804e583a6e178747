package months_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/jobs/internal/world"
)

// TestVerifyAcrossEngines: where another version of the engine wrote a table, its rows count and not its bytes.
func TestVerifyAcrossEngines(t *testing.T) {
	root := world.Everything().Lately(2).Write(t)
	snapshots := world.Score(t, root, world.NoHistory).Snapshots
	rewriteTable(t, snapshots, "customers", "*")
	rewriteTable(t, snapshots, "services", "* REPLACE (CAST(acr_ttm + 0.000001 AS DECIMAL(18, 6)) AS acr_ttm)")
	for engine, want := range map[string][]string{thisEngine(t): {"customers", "services"}, "v1.0.0": {"services"}} {
		changeManifest(t, snapshots, func(man *snapshot.Manifest) { man.EngineVersion = engine })
		before := world.PublishedFiles(t, snapshots, true)
		found, err := months.Verify(t.Context(), world.Options(root, snapshots, t.TempDir()), true)
		world.Must(t, err)
		var got []string
		for _, d := range found.Differences {
			if got = append(got, d.Table); d.Month != world.June || !strings.Contains(d.What, "recomputing gives other contents") {
				t.Errorf("engine %s: %+v", engine, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("engine %s: tables that differ (-want +got):\n%s", engine, diff)
		}
		if diff := cmp.Diff(before, world.PublishedFiles(t, snapshots, true)); diff != "" {
			t.Errorf("engine %s: verify changed something:\n%s", engine, diff)
		}
	}
}

func thisEngine(t *testing.T) string {
	t.Helper()
	return warehouse.EngineVersion()
}

// changeManifest writes the manifest of june again with a change.
func changeManifest(t *testing.T, snapshots string, change func(man *snapshot.Manifest)) {
	t.Helper()
	store, err := snapshot.Open(t.Context(), local.Places{}, snapshots, "")
	world.Must(t, err)
	man, err := store.Manifest(t.Context(), world.June)
	world.Must(t, err)
	change(man)
	text, err := json.Marshal(man)
	world.Must(t, err)
	world.WriteFile(t, filepath.Join(snapshots, snapshot.ManifestRel(world.June)), text)
}

// rewriteTable writes a table of june again, packed otherwise, and makes its manifest agree.
func rewriteTable(t *testing.T, snapshots, table, columns string) {
	t.Helper()
	changeManifest(t, snapshots, func(man *snapshot.Manifest) {
		metadata := snapshot.Metadata{Table: table, ScoreMonth: world.June, Rulebook: man.Rulebook.ID, RulebookSHA256: man.Rulebook.SHA256,
			InputsFingerprint: man.InputsFingerprint}
		var pairs []string
		for _, p := range metadata.Pairs() {
			pairs = append(pairs, fmt.Sprintf("'%s': '%s'", p.Key, p.Value))
		}
		db, err := sql.Open("duckdb", "")
		world.Must(t, err)
		path := world.TablePath(snapshots, table, world.June)
		_, err = db.ExecContext(t.Context(), fmt.Sprintf("COPY (SELECT %s FROM read_parquet('%s', hive_partitioning = false)) TO '%s.again' "+
			"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, KV_METADATA {%s})", columns, path, path, strings.Join(pairs, ", ")))
		world.Must(t, errors.Join(err, db.Close(), os.Rename(path+".again", path)))
		sum, size, err := world.Hash(path)
		world.Must(t, err)
		for i, out := range man.Outputs {
			if out.Table == table && out.SHA256 == sum {
				t.Fatalf("%s has the same bytes as before", table)
			}
			if out.Table == table {
				man.Outputs[i].SHA256, man.Outputs[i].Bytes = sum, size
			}
		}
	})
}
