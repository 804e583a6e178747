package pipeline

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

	"partnerscore/jobs/internal/snapshot"
)

// TestVerifyAcrossEngines: where another version of the engine wrote a table, its rows count and not its bytes.
func TestVerifyAcrossEngines(t *testing.T) {
	root := everythingWorld().write(t)
	snapshots := score(t, root).snapshots
	rewriteTable(t, snapshots, "customers", "*")
	rewriteTable(t, snapshots, "services", "* REPLACE (CAST(acr_ttm + 0.000001 AS DECIMAL(18, 6)) AS acr_ttm)")
	for engine, want := range map[string][]string{thisEngine(t): {"customers", "services"}, "v1.0.0": {"services"}} {
		changeManifest(t, snapshots, func(man *snapshot.Manifest) { man.EngineVersion = engine })
		before := publishedFiles(t, snapshots, true)
		found, err := Verify(t.Context(), options(root, snapshots, t.TempDir()), true)
		must(t, err)
		var got []string
		for _, d := range found.Differences {
			if got = append(got, d.Table); d.Month != june || !strings.Contains(d.What, "recomputing gives other contents") {
				t.Errorf("engine %s: %+v", engine, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("engine %s: tables that differ (-want +got):\n%s", engine, diff)
		}
		if diff := cmp.Diff(before, publishedFiles(t, snapshots, true)); diff != "" {
			t.Errorf("engine %s: verify changed something:\n%s", engine, diff)
		}
	}
}

func thisEngine(t *testing.T) string {
	t.Helper()
	version, err := EngineVersion(t.Context())
	must(t, err)
	return version
}

// changeManifest writes the manifest of june again with a change.
func changeManifest(t *testing.T, snapshots string, change func(man *snapshot.Manifest)) {
	t.Helper()
	store, err := snapshot.Open(snapshots)
	must(t, err)
	man, err := store.Manifest(t.Context(), june)
	must(t, err)
	change(man)
	text, err := json.Marshal(man)
	must(t, err)
	writeFile(t, filepath.Join(snapshots, snapshot.ManifestRel(june)), text)
}

// rewriteTable writes a table of june again, packed otherwise, and makes its manifest agree.
func rewriteTable(t *testing.T, snapshots, table, columns string) {
	t.Helper()
	changeManifest(t, snapshots, func(man *snapshot.Manifest) {
		metadata := snapshot.Metadata{Table: table, ScoreMonth: june, Rulebook: man.Rulebook.ID, RulebookSHA256: man.Rulebook.SHA256,
			InputsFingerprint: man.InputsFingerprint}
		var pairs []string
		for _, p := range metadata.Pairs() {
			pairs = append(pairs, fmt.Sprintf("'%s': '%s'", p.Key, p.Value))
		}
		db, err := sql.Open("duckdb", "")
		must(t, err)
		path := tablePath(snapshots, table, june)
		_, err = db.ExecContext(t.Context(), fmt.Sprintf("COPY (SELECT %s FROM read_parquet('%s', hive_partitioning = false)) TO '%s.again' "+
			"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, KV_METADATA {%s})", columns, path, path, strings.Join(pairs, ", ")))
		must(t, errors.Join(err, db.Close(), os.Rename(path+".again", path)))
		content, err := os.ReadFile(path)
		must(t, err)
		sum, size := sha256Of(content), int64(len(content))
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

// TestFailingAuditPublishesNothing: tables that contradict each other end the run; the error names the audit and the first rows.
func TestFailingAuditPublishesNothing(t *testing.T) {
	root, snapshots := everythingWorld().write(t), filepath.Join(t.TempDir(), "s")
	sow(t, root, snapshots)
	ctx := t.Context()
	s, err := openSession(t.Context(), options(root, snapshots, t.TempDir()))
	must(t, err)
	r, err := s.prepare(ctx, june)
	must(t, err)
	release, err := s.lock(ctx)
	must(t, err)
	must(t, r.open(ctx))
	must(t, r.prepareFacts(ctx))
	partners, err := r.measureAndScore(ctx)
	must(t, err)
	stage, err := s.store.Stage(ctx, june)
	must(t, err)
	_, err = r.fillStage(ctx, stage, append(partners, partners[0])) // one partner twice
	var audit *AuditError
	if !errors.As(err, &audit) || audit.Month != june || len(audit.Rows) == 0 || !strings.Contains(err.Error(), audit.Rows[0]) {
		t.Errorf("error %v", err)
	} else if !strings.Contains(err.Error(), "2024-06: audit "+audit.Audit+" ") || !strings.Contains(audit.Rows[0], "partner_id="+partners[0].id) {
		t.Errorf("audit %s, rows %q: %v", audit.Audit, audit.Rows, err)
	}
	must(t, errors.Join(stage.Discard(ctx), r.db.Close(), release()))
	if found := publishedFiles(t, snapshots, false); len(found) > 0 {
		t.Errorf("published: %v", found)
	}
}
