package tables_test

import (
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/tables"
	"partnerscore/jobs/internal/world"
)

// TestFailingAuditPublishesNothing: tables that contradict each other end the run; the error names the audit and the first rows.
func TestFailingAuditPublishesNothing(t *testing.T) {
	root, snapshots := world.Everything().Only().Write(t), filepath.Join(t.TempDir(), "s")
	ctx, opt := t.Context(), world.Options(root, snapshots, t.TempDir())
	world.NoHistory(&opt)
	engine, err := world.OpenEngine(t, opt, world.June)
	world.Must(t, err)
	set, err := engine.Facts(ctx)
	world.Must(t, err)
	measured, err := measure.Month(ctx, engine.Source())
	world.Must(t, err)
	var partners []tables.Scored
	for _, p := range measured.Partners {
		scores, err := engine.Rules.Score(p.Track.ID, p.Measures)
		world.Must(t, err)
		partners = append(partners, tables.Scored{Partner: p, Scores: scores})
	}
	stage, err := engine.Store.Stage(ctx, world.June)
	world.Must(t, err)
	_, err = tables.Stage(ctx, tables.Source{DB: engine.DB, Inputs: engine.Inputs, Facts: set, Partners: append(partners, partners[0])}, stage) // one partner twice
	if err == nil || !strings.HasPrefix(err.Error(), "2024-06: audit ") || !strings.Contains(err.Error(), "partner_id="+partners[0].ID) {
		t.Errorf("error %v", err)
	}
	world.Must(t, stage.Discard(ctx))
	if found := world.PublishedFiles(t, snapshots, false); len(found) > 0 {
		t.Errorf("published: %v", found)
	}
}
