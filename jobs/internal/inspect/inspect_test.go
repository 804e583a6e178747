package inspect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestInspectSaysWhatScoreSays: the verdict on a month is the kind of error that a score of it ends with, in the same words.
func TestInspectSaysWhatScoreSays(t *testing.T) {
	missing := world.MissingInputs()
	for i, c := range slices.Concat(missing, world.BadRows(), world.BigSums()[:1], []world.Failure{{Name: "nothing wrong"}}) {
		if i%3 > 0 && i != len(missing) && !world.Long || c.Name == "nothing allowed" && !world.Long { // of ten thousand rows
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			w := world.Everything()
			if c.Change != nil {
				c.Change(w)
			}
			short := i >= len(missing) // two months show the same, sooner
			if short {
				w.Only(2)
			}
			option := func(o *months.Options) {
				o.AllowMissingHistory = short
				if c.Option != nil {
					c.Option(o)
				}
			}
			month, root := max(c.Month, world.June), w.Write(t)
			_, _, err := world.Try(t, root, filepath.Join(t.TempDir(), "snapshots"), month, option)
			found := world.Inspect(t, root, month, month, option)
			got := found.Months[0].Score
			want := inspect.VerdictProvisional
			switch {
			case err != nil && world.SameKind(err, &exports.MissingError{}):
				want = inspect.VerdictMissing
			case err != nil:
				want = inspect.VerdictBroken
			}
			if got.State != want || (err == nil) != (len(got.Reasons) == 0) {
				t.Errorf("verdict %+v, the score ended with %v", got, err)
			}
			for _, reason := range got.Reasons {
				reason, _, _ = strings.Cut(reason, " (and ")
				if want == inspect.VerdictBroken && !strings.Contains(err.Error(), reason) {
					t.Errorf("reason %q is not what the score says: %v", reason, err)
				}
			}
		})
	}
}

// TestInspectCountsAsScoreDoes: the rows left out of every month are those of the exclusions that a score publishes.
func TestInspectCountsAsScoreDoes(t *testing.T) {
	w := world.Everything().Only(1, 3)
	w.Add(world.June, world.Usage{Location: "base", Association: "Reseller", Amount: "7"}, world.Usage{Location: "base", Association: "CSP Tier 1", Amount: "100"},
		world.Usage{Location: "base", Amount: "oops"}, world.Usage{Location: "base", Offer: "Support", Amount: "1"})
	w.Add(world.June.Add(-3), world.Usage{Location: "base", Amount: "9", Month: "2024-02"})
	root := w.Write(t)
	lenient := func(o *months.Options) { world.NoHistory(o); o.MaxRejected = 1 }
	want := []string{}
	for _, e := range world.ScoreAlone(t, root, lenient).Tables[snapshot.Exclusions] {
		want = append(want, fmt.Sprint(e["usage_month"][:7], " ", e["class"], " ", e["reason"], " ", e["rows"], " ", e["acr_usd"]))
	}
	got := []string{}
	for _, m := range world.Inspect(t, root, 0, 0, lenient).Months {
		for class, list := range map[string][]inspect.LeftOut{"data": m.Rejected, "rule": m.Excluded} {
			for _, l := range list {
				amount, err := l.ACRUSD.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%s %s %s %d %s", m.Month, class, l.Reason, l.Rows, amount))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 5 {
		t.Errorf("exclusions of the score (-), of inspect (+), %d of them:\n%s", len(got), diff)
	}
}

// TestInspectGoesOnPastDamage: a file whose footer is whole and whose pages are not is named; the others of the month are counted.
func TestInspectGoesOnPastDamage(t *testing.T) {
	w := world.New().Only(1)
	w.Parquet = true
	w.Add(world.June, world.Usage{Location: "base", Amount: "5", File: 1}, world.Usage{Location: "base", Amount: "6", File: 2}, world.Usage{Location: "base", Amount: "7", File: 2})
	w.Hold(world.June.Add(1), world.Holding{Global: "base", MCP: "m1", Title: "AZ-104"})
	root := w.Write(t)
	for _, rel := range []string{"azure_usage/month=2024-06/part-1.parquet", "certifications/month=2024-06/part-0.csv"} {
		path := filepath.Join(root, filepath.FromSlash(rel))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(rel, ".parquet") {
			copy(data[4:60], bytes.Repeat([]byte{0xff}, 56))
		} else {
			data = append(data, "base,\xff\xfe\"\n"...)
		}
		world.WriteFile(t, path, data)
	}
	found := world.Inspect(t, root, 0, 0, world.NoHistory)
	last := found.Months[len(found.Months)-1]
	for i, f := range last.Files {
		if (len(f.Problems) > 0) != (i == 1) {
			t.Errorf("%s: problems %q", f.Path, f.Problems)
		}
	}
	if last.Month != world.June || !last.Judged || last.Rows != 3 || last.Counted != 3 || last.Score.State != inspect.VerdictBroken {
		t.Errorf("june: %+v", last)
	}
	if broken, whole := found.Certifications[0], found.Certifications[1]; len(broken.Files[0].Problems) == 0 || broken.Judged || !whole.Judged || whole.Certifications != 1 {
		t.Errorf("certifications: %+v", found.Certifications)
	}
	if may := found.Months[len(found.Months)-2]; len(may.Files[0].Problems) > 0 || may.Counted != 1 {
		t.Errorf("may: %+v", may)
	}
}

// TestInspectBoundsLabels: what has too many values to be labels is counted, not shown; of what may be labels the most frequent are listed.
func TestInspectBoundsLabels(t *testing.T) {
	w := world.New().Only()
	for i := range ingest.MaxLabels + 1 {
		w.Add(world.June, world.Usage{Location: "base", Service: fmt.Sprint("id ", i), Offer: fmt.Sprint("offer ", i%200), Amount: "1"})
	}
	root := w.Write(t)
	labels := world.Inspect(t, root, world.June, world.June, world.NoHistory).Months[0].Labels
	if services := labels[2]; services.Kind != ingest.ServiceLabels || len(services.Labels) != 0 || services.More != ingest.MaxLabels+2 {
		t.Errorf("services: %d listed, %d more", len(services.Labels), services.More)
	}
	offers := labels[1]
	if offers.Kind != ingest.OfferLabels || len(offers.Labels) != inspect.ShownLabels || offers.More != 201-inspect.ShownLabels {
		t.Errorf("offers: %d listed, %d more", len(offers.Labels), offers.More)
	}
	if !slices.IsSortedFunc(offers.Labels, func(a, b inspect.Label) int { return int(b.Rows - a.Rows) }) {
		t.Errorf("offers are not sorted by rows: %+v", offers.Labels)
	}
	if association := labels[0]; len(association.Labels) != 1 || association.Labels[0] != (inspect.Label{Label: "PAL", Rows: ingest.MaxLabels + 2, Meaning: "PAL", Known: true}) {
		t.Errorf("associations: %+v", association)
	}
}

// TestInspectNamesNobody: neither people nor customers, wherever they stand.
func TestInspectNamesNobody(t *testing.T) {
	w := world.New().Only()
	w.Hold(world.June, world.Planted()...)
	w.Hold(world.June.Add(-1), world.Holding{Global: "base", Email: "secret.person@plant.example.com", Title: "lost.soul@plant.example.com", Type: "lost.soul@plant.example.com", Completed: "Plantfirst"},
		world.Holding{Global: "base", MCP: "m7", Title: "lost.soul@plant.example.com"})
	w.Add(world.June, world.Usage{Location: "base", Name: "Plant & Sons", Amount: "Plant & Sons"}, world.Usage{Location: "lost.soul@plant.example.com", Amount: "only.mail@plant.example.com"}, world.Usage{Location: "Lost Plant", Amount: "1"},
		world.Usage{Location: "base", Name: "Plant & Sons", Amount: "1", Month: "Plant & Sons"})
	w.Partners = []world.Location{{ID: "base", Global: "base", GlobalName: "Base"}}
	text, err := json.Marshal(world.Inspect(t, w.Write(t), 0, 0, world.NoHistory))
	if err != nil {
		t.Fatal(err)
	}
	world.NoPlants(t, "the result", text)
	for _, told := range []string{`"unknown_location"`, `"like":"xxxx xxxxx"`, `"missing_partner"`, `"like":"xxxx.xxxx@xxxxx.xxxxxxx.xxx"`, `"like":"xxxxx \u0026 xxxx"`} {
		if bytes.Contains(text, []byte(told)) {
			continue
		}
		t.Errorf("the result does not tell of what it hides:\n%s", text)
	}
}

// TestInspectFolders: a folder of months that cannot be listed is a problem of its own.
func TestInspectFolders(t *testing.T) {
	root := world.New().Only().Write(t)
	if err := os.RemoveAll(filepath.Join(root, "certifications")); err != nil {
		t.Fatal(err)
	}
	world.WriteFile(t, filepath.Join(root, "certifications"), []byte("no folder"))
	found := world.Inspect(t, root, world.June, world.June, world.NoHistory)
	if len(found.Problems)+len(found.Ignored) != 1 || found.Months[0].Counted != 1 || found.Months[0].Score.State != inspect.VerdictMissing {
		t.Errorf("%+v", found)
	}
}

// TestInspectJudgesCertificationsForTheMonth: those that a score of a later month uses are judged by the rules of that month.
func TestInspectJudgesCertificationsForTheMonth(t *testing.T) {
	w := &world.World{}
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m1", Title: "DP-800"})
	root := w.Write(t)
	for _, c := range []struct {
		month    scoring.Month
		rulebook string
		known    bool
	}{{0, "azure-2023-06", false}, {world.June, "azure-2023-06", false}, {world.June.Add(26), "azure-2026-07", true}} {
		found := world.Inspect(t, root, c.month, c.month).Certifications[0]
		if found.Month != world.June || found.Rulebook != c.rulebook || found.Titles.Labels[0].Known != c.known {
			t.Errorf("asked for %v: %s by %s, %+v", c.month, found.Month, found.Rulebook, found.Titles.Labels)
		}
	}
}
