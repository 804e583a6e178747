package pipeline

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
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// inspect looks at exports; it gets a snapshots folder that cannot be one, since it needs none.
func inspect(t *testing.T, root string, from, to scoring.Month, change ...func(*Options)) *Inspection {
	t.Helper()
	temp := t.TempDir()
	opt := options(root, "/dev/null", temp)
	for _, c := range change {
		c(&opt)
	}
	found, err := Inspect(t.Context(), opt, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	return found
}

// TestInspectSaysWhatScoreSays: the verdict on a month is the kind of error that a score of it ends with, in the same words.
func TestInspectSaysWhatScoreSays(t *testing.T) {
	missing := missingInputs()
	for i, c := range slices.Concat(missing, badRows(), bigSums()[:1], []failure{{name: "nothing wrong"}}) {
		if i%3 > 0 && !long {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			w := everythingWorld()
			if c.change != nil {
				c.change(w)
			}
			short := i >= len(missing) // three months show the same, sooner
			for m := june.Add(-13); short && m < june.Add(-2); m++ {
				delete(w.usage, m)
			}
			option := func(o *Options) {
				o.AllowMissingHistory = short
				if c.option != nil {
					c.option(o)
				}
			}
			month, root := max(c.month, june), w.write(t)
			_, _, err := try(t, root, filepath.Join(t.TempDir(), "snapshots"), month, option)
			found := inspect(t, root, month, month, option)
			got := found.Months[0].Score
			want := VerdictProvisional
			switch {
			case err != nil && sameKind(err, &exports.MissingError{}):
				want = VerdictMissing
			case err != nil:
				want = VerdictBroken
			}
			if got.State != want || (err == nil) != (len(got.Reasons) == 0) {
				t.Errorf("verdict %+v, the score ended with %v", got, err)
			}
			for _, reason := range got.Reasons {
				reason, _, _ = strings.Cut(reason, " (and ")
				if want == VerdictBroken && !strings.Contains(err.Error(), reason) {
					t.Errorf("reason %q is not what the score says: %v", reason, err)
				}
			}
		})
	}
}

// TestInspectCountsAsScoreDoes: the rows left out of every month are those of the exclusions that a score publishes.
func TestInspectCountsAsScoreDoes(t *testing.T) {
	w := everythingWorld()
	w.add(june, usage{location: "base", association: "Reseller", amount: "7"}, usage{location: "base", association: "CSP Tier 1", amount: "100"},
		usage{location: "base", amount: "oops"}, usage{location: "base", offer: "Support", amount: "1"})
	w.add(june.Add(-3), usage{location: "base", amount: "9", month: "2024-02"})
	root := w.write(t)
	lenient := func(o *Options) { o.MaxRejected = 1 }
	want := []string{}
	for _, e := range score(t, root, lenient).tables[snapshot.Exclusions] {
		want = append(want, fmt.Sprint(e["usage_month"][:7], " ", e["class"], " ", e["reason"], " ", e["rows"], " ", e["acr_usd"]))
	}
	got := []string{}
	for _, m := range inspect(t, root, 0, 0, lenient).Months {
		for class, list := range map[string][]LeftOut{"data": m.Rejected, "rule": m.Excluded} {
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
	w := newWorld()
	w.parquet = true
	w.add(june, usage{location: "base", amount: "5", file: 1}, usage{location: "base", amount: "6", file: 2}, usage{location: "base", amount: "7", file: 2})
	w.hold(june.Add(1), holding{global: "base", mcp: "m1", title: "AZ-104"})
	root := w.write(t)
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
		writeFile(t, path, data)
	}
	found := inspect(t, root, 0, 0)
	last := found.Months[len(found.Months)-1]
	for i, f := range last.Files {
		if (len(f.Problems) > 0) != (i == 1) {
			t.Errorf("%s: problems %q", f.Path, f.Problems)
		}
	}
	if last.Month != june || !last.Judged || last.Rows != 3 || last.Counted != 3 || last.Score.State != VerdictBroken {
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
	w := newWorld()
	for i := range maxLabels + 1 {
		w.add(june, usage{location: "base", service: fmt.Sprint("id ", i), offer: fmt.Sprint("offer ", i%200), amount: "1"})
	}
	root := w.write(t)
	labels := inspect(t, root, june, june).Months[0].Labels
	if services := labels[2]; services.Kind != serviceLabels || len(services.Labels) != 0 || services.More != maxLabels+2 {
		t.Errorf("services: %d listed, %d more", len(services.Labels), services.More)
	}
	offers := labels[1]
	if offers.Kind != offerLabels || len(offers.Labels) != shownLabels || offers.More != 201-shownLabels {
		t.Errorf("offers: %d listed, %d more", len(offers.Labels), offers.More)
	}
	if !slices.IsSortedFunc(offers.Labels, func(a, b Label) int { return int(b.Rows - a.Rows) }) {
		t.Errorf("offers are not sorted by rows: %+v", offers.Labels)
	}
	if association := labels[0]; len(association.Labels) != 1 || association.Labels[0] != (Label{Label: "PAL", Rows: maxLabels + 2, Meaning: "PAL", Known: true}) {
		t.Errorf("associations: %+v", association)
	}
}

// TestInspectNamesNobody: neither people nor customers, wherever they stand.
func TestInspectNamesNobody(t *testing.T) {
	w := newWorld()
	w.hold(june, planted()...)
	w.hold(june.Add(-1), holding{global: "base", email: "secret.person@plant.example.com", title: "lost.soul@plant.example.com", typ: "lost.soul@plant.example.com", completed: "Plantfirst"},
		holding{global: "base", mcp: "m7", title: "lost.soul@plant.example.com"})
	w.add(june, usage{location: "base", name: "Plant & Sons", amount: "Plant & Sons"}, usage{location: "lost.soul@plant.example.com", amount: "only.mail@plant.example.com"}, usage{location: "Lost Plant", amount: "1"},
		usage{location: "base", name: "Plant & Sons", amount: "1", month: "Plant & Sons"})
	w.partners = []location{{id: "base", global: "base", globalName: "Base"}}
	text, err := json.Marshal(inspect(t, w.write(t), 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	noPlants(t, "the result", text)
	for _, told := range []string{`"unknown_location"`, `"like":"xxxx xxxxx"`, `"missing_partner"`, `"like":"xxxx.xxxx@xxxxx.xxxxxxx.xxx"`, `"like":"xxxxx \u0026 xxxx"`} {
		if bytes.Contains(text, []byte(told)) {
			continue
		}
		t.Errorf("the result does not tell of what it hides:\n%s", text)
	}
}

// TestInspectFolders: a folder of months that cannot be listed is a problem of its own.
func TestInspectFolders(t *testing.T) {
	root := newWorld().write(t)
	if err := os.RemoveAll(filepath.Join(root, "certifications")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(root, "certifications"), []byte("no folder"))
	found := inspect(t, root, june, june)
	if len(found.Problems)+len(found.Ignored) != 1 || found.Months[0].Counted != 1 || found.Months[0].Score.State != VerdictMissing {
		t.Errorf("%+v", found)
	}
}

// similar labels are none that the rulebook names.
func TestSimilarLabels(t *testing.T) {
	library, err := rulebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := library.InForce(june)
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{"CSP Tier-1": "CSP Tier 1", "partneradminlink": "PAL", "Transacting Partner of Record": "", "Reseller": "", "CSP Tier 3": ""} {
		if got := similarAssociation(label, rules); got != want {
			t.Errorf("association %q is similar to %q, want %q", label, got, want)
		}
	}
	for label, want := range map[string]string{"Free Trial": "trial", "Internal use": "internal", "Trialware": "", "Azure plan": "", "0044P MS-AZR": "trial", "Benefit Programs 2024": "benefit program"} {
		if got := similarOffer(label, rules); got != want {
			t.Errorf("offer %q is similar to %q, want %q", label, got, want)
		}
	}
}

// TestInspectJudgesCertificationsForTheMonth: those that a score of a later month uses are judged by the rules of that month.
func TestInspectJudgesCertificationsForTheMonth(t *testing.T) {
	w := &world{}
	w.hold(june, holding{global: "base", mcp: "m1", title: "DP-800"})
	root := w.write(t)
	for _, c := range []struct {
		month    scoring.Month
		rulebook string
		known    bool
	}{{0, "azure-2023-06", false}, {june, "azure-2023-06", false}, {june.Add(26), "azure-2026-07", true}} {
		found := inspect(t, root, c.month, c.month).Certifications[0]
		if found.Month != june || found.Rulebook != c.rulebook || found.Titles.Labels[0].Known != c.known {
			t.Errorf("asked for %v: %s by %s, %+v", c.month, found.Month, found.Rulebook, found.Titles.Labels)
		}
	}
}
