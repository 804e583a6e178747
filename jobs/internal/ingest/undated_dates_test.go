package ingest_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// TestDatesThatHideMonths: where a file of many months lacks a month that it would have with day and month in the other order, the message names the
// setting, also when the months of the file are remembered, and the setting gives the month.
func TestDatesThatHideMonths(t *testing.T) {
	w := world.New()
	for m, rows := range w.Usage {
		year, month, _ := strings.Cut(m.String(), "-")
		for i := range rows {
			rows[i].Month = "01/" + month + "/" + year
		}
	}
	root, snapshots := w.WriteMany(t, oneFile), filepath.Join(t.TempDir(), "snapshots")
	for range 2 {
		_, _, err := world.Try(t, root, snapshots, world.June, world.ManyMonths)
		var missing *exports.MissingError
		if !errors.As(err, &missing) {
			t.Fatalf("error %v", err)
		}
		for _, part := range []string{"azure_usage/all-0.csv", "dates: {order: dmy}", "2023-05 to 2024-06"} {
			if !strings.Contains(missing.Hint, part) {
				t.Errorf("the hint lacks %q: %s", part, missing.Hint)
			}
		}
	}
	opt := world.Options(root, "", t.TempDir())
	world.ManyMonths(&opt)
	found, err := inspect.Inspect(t.Context(), inspect.Options{Options: opt.Options, MaxRejected: 1, RunID: opt.RunID, Progress: opt.Progress}, world.June, world.June)
	if err != nil || !strings.Contains(found.Months[0].Score.Advice, "dates: {order: dmy}") {
		t.Errorf("inspect: %+v, %v", found.Months[0].Score, err)
	}
	dayFirst := func(o *months.Options) { world.ManyMonths(o); o.Dates = exports.DayFirst }
	opt.Snapshots, opt.Dates = snapshots, exports.DayFirst
	if plan, err := months.MakePlan(t.Context(), opt, world.June); err != nil || len(plan.Usage) != inputs.WindowMonths || len(plan.Provisional) != 0 {
		t.Errorf("plan: %+v, %v", plan, err)
	}
	if world.Long {
		if got := world.ScoreInto(t, root, snapshots, world.June, dayFirst); len(got.Provisional) != 0 {
			t.Errorf("provisional: %q", got.Provisional)
		}
	}
	_, _, err = world.Try(t, root, snapshots, world.June.Add(-1), dayFirst)
	var missing *exports.MissingError
	if !errors.As(err, &missing) || strings.Contains(missing.Hint, "dates:") {
		t.Errorf("the other order does not give 2023-04, error %v", err)
	}
}
