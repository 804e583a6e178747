package months_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// Names that drawn worlds are made of. Partners are accounts; each has two locations.
var (
	drawnPartners     = []string{"100", "200", "300"}
	drawnServices     = []string{"Storage", "storage ", "Backup", "Key Vault", "Virtual Machines", "Unknown", world.None, "Functions"}
	drawnAssociations = []string{"PAL", "PAL", "partner admin link", "DPOR", "CSP Tier 1", "CSP Tier2", "TPOR"}
	drawnTitles       = []string{"AZ-305", "AZ-104", "DP-203", "DP-100", "AZ-700", "AZ-800", "AZ-140", "AZ-120", "AZ-204", "AZ-400", "AZ-600"}
)

// drawn reports whether the usage of a month is drawn. In short tests that is those months that are compared with each other, and the others are those
// of world.New, whose facts are there.
func drawn(m scoring.Month) bool {
	back := int(world.June - m)
	return world.Long || back < 2 || back > 11
}

// drawWorld draws exports of three partners in which every rule may bite. Amounts are even numbers of millionths, so that halves are exact.
func drawWorld(t *rapid.T) *world.World {
	w := world.New()
	w.Certifications = nil
	w.Partners = []world.Location{{ID: "base", Global: "base"}}
	for _, p := range drawnPartners {
		w.Partners = append(w.Partners, world.Location{ID: p, Global: p, GlobalName: "Partner " + p}, world.Location{ID: p + "1", Global: p})
	}
	row := rapid.Custom(func(t *rapid.T) world.Usage {
		partner := rapid.SampledFrom(drawnPartners).Draw(t, "partner")
		micros := 2 * rapid.OneOf(rapid.Int64Range(-200_000_000, 900_000_000), rapid.Just[int64](500_000_000), rapid.Just[int64](499_999_999), rapid.Just[int64](0)).Draw(t, "micros")
		return world.Usage{
			Location: partner + rapid.SampledFrom([]string{"", "1"}).Draw(t, "location"), Association: rapid.SampledFrom(drawnAssociations).Draw(t, "association"),
			Tenant: world.Tenant(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "tenant")), Name: rapid.SampledFrom([]string{"", "Name", "Nom"}).Draw(t, "name"),
			Subscription: rapid.SampledFrom([]string{"", "s", "S"}).Draw(t, "subscription"), Service: rapid.SampledFrom(drawnServices).Draw(t, "service"),
			Offer: rapid.SampledFrom([]string{"", "", "", "Trial"}).Draw(t, "offer"), Amount: decimalMicros(micros), File: rapid.IntRange(0, 1).Draw(t, "file"),
		}
	})
	for m := world.June.Add(-13); m <= world.June; m++ {
		n := 6
		if back := int(world.June - m); back < 2 || back > 11 { // the months that are compared
			n = 40
		}
		if drawn(m) {
			w.Usage[m] = rapid.SliceOfN(row, n, n).Draw(t, m.String())
		}
	}
	people := rapid.Custom(func(t *rapid.T) world.Holding {
		return world.Holding{Global: rapid.SampledFrom(drawnPartners).Draw(t, "partner"), MCP: rapid.SampledFrom([]string{"m1", "m2", "m3", "M4", "m5"}).Draw(t, "person"),
			Title: rapid.SampledFrom(drawnTitles).Draw(t, "title"), Expires: rapid.SampledFrom([]string{"", "", "", "2024-05-31"}).Draw(t, "expires")}
	})
	w.Hold(world.June, rapid.SliceOfN(people, 60, 60).Draw(t, "people")...)
	return w
}

func decimalMicros(micros int64) string {
	sign := ""
	if micros < 0 {
		sign, micros = "-", -micros
	}
	return fmt.Sprintf("%s%d.%06d", sign, micros/1_000_000, micros%1_000_000)
}

func microsOf(t fatal, amount string) int64 {
	value, err := strconv.ParseInt(amount[:len(amount)-7]+amount[len(amount)-6:], 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", amount, err)
	}
	return value
}

type fatal interface {
	Fatalf(format string, args ...any)
}

// TestProperties scores drawn worlds and variations of each.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)) //nolint:gosec // a shuffle
		base := world.Score(t, w.Write(t))
		partners := drawnPartners
		if !world.Long {
			partners = append(slices.Clone(partners), "base")
		}
		if len(base.Tables[snapshot.Scores]) != 3*len(partners) {
			rt.Fatalf("%d scores", len(base.Tables[snapshot.Scores]))
		}
		checkConsistent(rt, base)
		equal := func(what string, tables map[string][]world.Row) {
			if diff := cmp.Diff(world.Undoubted(base), tables); diff != "" {
				rt.Fatalf("%s changes (-before +after):\n%s", what, diff)
			}
		}
		other := shuffled(w, random)
		if world.Long { // else both at once
			equal("another order of rows, files and partners", world.Undoubted(world.Score(t, other.Write(t))))
			other = w
		}
		halves := world.Undoubted(world.Score(t, halved(rt, other).Write(t)))
		for i, e := range halves[snapshot.Exclusions] { // twice the rows, the same amounts
			rows, err := strconv.Atoi(e["rows"])
			if err != nil || i >= len(base.Tables[snapshot.Exclusions]) || rows%2 != 0 {
				rt.Fatalf("exclusions of halves: %v", e)
			}
			e["rows"] = strconv.Itoa(rows / 2)
		}
		equal("splitting rows into halves", halves)
		checkApart(t, rt, w, base)
		checkMore(t, rt, w, base)
	})
}

// checkApart: a partner that is scored alone has the same rows; in short tests one of them is.
func checkApart(t *testing.T, rt *rapid.T, w *world.World, base world.Result) {
	partners := drawnPartners
	if !world.Long {
		partners = []string{rapid.SampledFrom(drawnPartners).Draw(rt, "apart")}
	}
	for _, partner := range partners {
		alone := world.Undoubted(world.Score(t, only(w, partner).Write(t)))
		if others := len(drawnPartners) - 1; len(alone[snapshot.Scores]) != len(base.Tables[snapshot.Scores])-3*others {
			rt.Fatalf("%s apart has %d scores", partner, len(alone[snapshot.Scores]))
		}
		for table, rows := range world.Undoubted(base) {
			if table == snapshot.Exclusions {
				continue
			}
			if diff := cmp.Diff(of(partner, rows), of(partner, alone[table])); diff != "" {
				rt.Fatalf("scoring %s apart changes %s (-before +after):\n%s", partner, table, diff)
			}
		}
	}
}

// of returns the rows of a partner.
func of(partner string, rows []world.Row) (found []world.Row) {
	for _, row := range rows {
		if row["partner_id"] == partner {
			found = append(found, row)
		}
	}
	return found
}

// checkConsistent: points within their limits, a total is its parts.
func checkConsistent(t *rapid.T, r world.Result) {
	for _, m := range r.Tables[snapshot.Metrics] {
		if m["applicable"] == "false" {
			continue
		}
		points, most := hundredthsOf(t, m["points"]), hundredthsOf(t, m["max_points"])
		if points < 0 || points > most {
			t.Fatalf("points %s of %s: %v", m["points"], m["max_points"], m)
		}
	}
	for _, s := range r.Tables[snapshot.Scores] {
		var sum int64
		for _, column := range []string{"net_customer_adds_points", "intermediate_certifications_points", "advanced_certifications_points", "usage_growth_points", "deployments_points"} {
			if s[column] != world.Null {
				sum += hundredthsOf(t, s[column])
			}
		}
		total := hundredthsOf(t, s["total_points"])
		if total != sum || total > 10_000 || hundredthsOf(t, s["points_to_designation"]) != max(0, 7_000-total) || (s["qualifies"] == "true") != (total >= 7_000 && s["blocking_metrics"] == "") {
			t.Fatalf("score %v", s)
		}
	}
}

func hundredthsOf(t fatal, points string) int64 {
	value, err := strconv.ParseFloat(points, 64)
	if err != nil {
		t.Fatalf("%q: %v", points, err)
	}
	return int64(value*100 + 0.5)
}

func shuffled(w *world.World, random *rand.Rand) *world.World {
	c := w.Clone()
	for _, m := range slices.Sorted(maps.Keys(c.Usage)) {
		if !drawn(m) {
			continue
		}
		rows := c.Usage[m]
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for i := range rows {
			rows[i].File = random.IntN(3)
		}
	}
	people := c.Certifications[world.June]
	random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	slices.Reverse(c.Partners)
	return c
}

// halved has every row twice with half the amount.
func halved(t *rapid.T, w *world.World) *world.World {
	c := w.Clone()
	for m, rows := range c.Usage {
		if !drawn(m) {
			continue
		}
		for i := range rows {
			rows[i].Amount = decimalMicros(microsOf(t, rows[i].Amount) / 2)
		}
		c.Usage[m] = append(rows, rows...)
	}
	return c
}

// only keeps the rows of one partner.
func only(w *world.World, partner string) *world.World {
	c := w.Clone()
	for m, rows := range c.Usage {
		if drawn(m) {
			c.Usage[m] = slices.DeleteFunc(rows, func(u world.Usage) bool { return u.Location[:3] != partner })
		}
	}
	c.Certifications[world.June] = slices.DeleteFunc(c.Certifications[world.June], func(h world.Holding) bool { return h.Global != partner })
	return c
}

// checkMore: one more certified person, eligible customer or service lowers no score; in short tests one of these is added.
func checkMore(t *testing.T, rt *rapid.T, w *world.World, base world.Result) {
	seed := filepath.Join(base.Snapshots, "_facts")
	changes := map[string]func(c *world.World, partner string){
		"a person": func(c *world.World, partner string) {
			c.Hold(world.June, world.Holding{Global: partner, MCP: "one more", Title: rapid.SampledFrom(drawnTitles).Draw(rt, "title")})
		},
		"a customer": func(c *world.World, partner string) {
			c.Add(world.June, world.Usage{Location: partner, Tenant: world.Tenant("new"), Subscription: "new", Amount: "1000"})
		},
		"a service": func(c *world.World, partner string) {
			c.Add(world.June, world.Usage{Location: partner, Tenant: world.Tenant("a"), Subscription: "new", Service: "Event Hubs", Amount: "0.01"})
		},
	}
	if !world.Long {
		one := rapid.SampledFrom(slices.Sorted(maps.Keys(changes))).Draw(rt, "more")
		maps.DeleteFunc(changes, func(what string, _ func(*world.World, string)) bool { return what != one })
	}
	for what, more := range changes {
		c := w.Clone()
		for _, partner := range drawnPartners {
			more(c, partner)
		}
		snapshots := filepath.Join(t.TempDir(), "more")
		world.CopyFacts(t, seed, snapshots)
		after := world.ScoreInto(t, c.Write(t), snapshots, world.June)
		for i, s := range base.Tables[snapshot.Scores] {
			if a := after.Tables[snapshot.Scores][i]; hundredthsOf(rt, a["total_points"]) < hundredthsOf(rt, s["total_points"]) {
				rt.Fatalf("%s more lowers %s in %s from %s to %s", what, s["partner_id"], s["solution_area"], s["total_points"], a["total_points"])
			}
		}
	}
}

// TestOneMoreCounts: what is added in checkMore does count.
func TestOneMoreCounts(t *testing.T) {
	w := world.New()
	w.Add(world.June, world.Usage{Location: "base", Tenant: world.Tenant("new"), Amount: "1000", Service: "Event Hubs"})
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m2", Title: "AZ-104"}, world.Holding{Global: "base", MCP: "m2", Title: "AZ-700"})
	r := world.Score(t, w.Write(t))
	r.One(t, snapshot.Scores, "solution_area", "infrastructure").Expect(t, "more", "net_customer_adds_points", "10.00", "intermediate_certifications_points", "4.00",
		"usage_growth_points", "20.00", "deployments_points", "4.00", "total_points", "38.00", "blocking_metrics", "advanced_certifications", "rulebook", "azure-2023-06")
}
