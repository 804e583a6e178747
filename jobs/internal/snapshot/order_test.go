package snapshot

import (
	"slices"
	"strings"
	"testing"
)

// What is renamed was synced before, the intent is complete before the first rename,
// and the manifest is the last of them.
func TestPublishOrder(t *testing.T) {
	fx := newFixtures(t, 5, 1)
	s := lockedStore(t)
	st := checkedStage(t, fx, s, 1)
	var ops []string
	faultsOf(s).Before = func(op string) error {
		ops = append(ops, op)
		return nil
	}
	if _, err := st.Publish(t.Context(), manifestFor(1)); err != nil {
		t.Fatal(err)
	}
	at := func(op string) int {
		i := slices.Index(ops, op)
		if i < 0 {
			t.Fatalf("no %q in\n%s", op, strings.Join(ops, "\n"))
		}
		return i
	}
	order := func(first, then string) {
		if at(first) >= at(then) {
			t.Errorf("%q comes before %q", then, first)
		}
	}
	intentShown := "rename .staging/intent.json"
	order("fsync .staging/intent.staged", intentShown)
	order("fsync .staging/r1/2024-06", intentShown)
	for _, table := range Tables() {
		rename := "rename " + TableRel(table.Name, june())
		order("fsync .staging/r1/2024-06/"+table.Name+".staged", intentShown)
		order("fsync "+table.Name, intentShown) // the new month folder itself
		order(intentShown, rename)
		order("fsync .staging", rename)
		order("fsync "+table.Name+"/month=2024-06", "rename "+ManifestRel(june()))
		order(rename, "fsync "+table.Name+"/month=2024-06")
	}
	order("fsync .staging/r1/2024-06/manifest.staged", intentShown)
	if last := lastIndex(ops, "fsync _manifests"); last > at("remove .staging/intent.json") || last < at("rename "+ManifestRel(june())) {
		t.Error("the manifest is not synced before the intent is removed")
	}
}

func lastIndex(ops []string, op string) int {
	for i := len(ops) - 1; i >= 0; i-- {
		if ops[i] == op {
			return i
		}
	}
	return -1
}
