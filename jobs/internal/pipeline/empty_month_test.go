package pipeline

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestAnEmptyMonthOfTheHistory: a usage file without rows looks like a failed export, so the score is provisional, unless somebody says that there was
// no usage. status and verify go by what was said.
func TestAnEmptyMonthOfTheHistory(t *testing.T) {
	w := newWorld()
	empty := june.Add(-13)
	w.usage[empty] = nil
	root := w.write(t)
	reason := "usage has no rows in 2023-05 (azure_usage/month=2023-05/part-0.csv)"
	got := score(t, root)
	if len(got.Provisional) != 1 || !strings.HasPrefix(got.Provisional[0], reason) || !strings.Contains(got.Provisional[0], "--min-rows 0") {
		t.Errorf("provisional: %q", got.Provisional)
	}
	if found := inspect(t, root, june, june).Months[0].Score; found.State != VerdictProvisional || len(found.Provisional) != 1 {
		t.Errorf("inspect: %+v", found)
	}
	right := score(t, root, func(o *Options) { o.EmptyIsRight = true })
	if len(right.Provisional) != 0 {
		t.Errorf("provisional though the empty month is right: %q", right.Provisional)
	}
	for _, snapshots := range []string{got.snapshots, right.snapshots} {
		opt := options(root, snapshots, t.TempDir())
		s, err := openSession(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		if reasons, err := s.staleness(t.Context(), june); err != nil || len(reasons) > 0 {
			t.Errorf("stale: %q, %v", reasons, err)
		}
		found, err := Verify(t.Context(), opt, true)
		if err != nil || len(found.Differences) > 0 || found.ScoredAgain != 1 {
			t.Errorf("verify: %+v, %v", found, err)
		}
	}
	again := scoreInto(t, root, right.snapshots, june)
	if !again.Changed || len(again.Provisional) != 1 {
		t.Errorf("without the setting: changed %v, provisional %q", again.Changed, again.Provisional)
	}
}

// TestInspectOfBrokenHistory: a month of which no file can be read is broken, and not empty.
func TestInspectOfBrokenHistory(t *testing.T) {
	root := newWorld().write(t)
	writeFile(t, filepath.Join(root, "azure_usage/month=2023-05/part-0.csv"), []byte("a,b\n1,2\n"))
	if found := inspect(t, root, june, june).Months[0].Score; found.State != VerdictBroken || len(found.Provisional) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestInspectSaysTheSameProblemOnce: what every month's file lacks is one reason, with the months.
func TestInspectSaysTheSameProblemOnce(t *testing.T) {
	root := newWorld().write(t)
	for m := june.Add(-13); m <= june; m++ {
		writeCSV(t, filepath.Join(root, "azure_usage", "month="+m.String(), "part-0.csv"), []string{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "ACR_USD"},
			[][]string{{m.String(), "base", "PAL", tenant("b"), "Storage", "7"}})
	}
	found := inspect(t, root, june, june).Months[0].Score
	if found.State != VerdictBroken || len(found.Reasons) != 1 {
		t.Fatalf("%s, %d reasons, want 1: %q", found.State, len(found.Reasons), found.Reasons)
	}
	for _, part := range []string{"azure_usage/month=2023-05/part-0.csv", "--allow-missing offers", "the same in 13 more files: 2023-06 to 2024-06"} {
		if !strings.Contains(found.Reasons[0], part) {
			t.Errorf("the reason lacks %q: %s", part, found.Reasons[0])
		}
	}
}
