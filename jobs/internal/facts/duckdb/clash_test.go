package duckdb_test

import (
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/world"
)

// TestTextsThatShareAHash: these pairs have the same 64-bit hash in the engine, which stands for a text where no two of a month share it.
func TestTextsThatShareAHash(t *testing.T) {
	w := world.New().Lately(1)
	for tenant, name := range map[string]string{"one": "Shop 100/ Unit 6", "two": "Shop 109/ Unit 9", "three": "Store 00 Area 140", "four": "Store 07 Area 190"} {
		w.Add(world.June, world.Usage{Location: "base", Tenant: tenant, Name: name, Amount: "2000"})
	}
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory)
	var names []string
	for _, row := range r.Find("customers") {
		if row["customer_name"] != world.Null { // the tenant that every month has
			names = append(names, row["customer_name"])
		}
	}
	slices.Sort(names)
	if want := "Shop 100/ Unit 6, Shop 109/ Unit 9, Store 00 Area 140, Store 07 Area 190"; strings.Join(names, ", ") != want {
		t.Errorf("customers %q, want %s", names, want)
	}
}

// TestResourcesThatShareAHash: two disks of a subscription, each attributed once, are no duplicates of each other, though the hashes of their ids
// are equal, forwards and backwards.
func TestResourcesThatShareAHash(t *testing.T) {
	const group = "/subscriptions/0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0/resourcegroups/"
	w := world.New().Lately(1)
	w.Add(world.June,
		world.Usage{Location: "base", Tenant: "one", Association: "PAL", Amount: "100", Resource: group + "prod02/providers/microsoft.compute/disks/vm10_osdisk"},
		world.Usage{Location: "base", Tenant: "one", Association: "CSP Tier 1", Amount: "90", Resource: group + "prod22/providers/microsoft.compute/disks/vm16_osdisk"})
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory)
	if found := r.Find("exclusions", "reason", "duplicate_attribution"); len(found) != 0 {
		t.Errorf("taken for duplicates: %v", found)
	}
}
