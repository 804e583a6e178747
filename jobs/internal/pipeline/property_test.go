package pipeline

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/snapshot"
)

// Names that drawn worlds are made of. Partners are accounts; each has two locations.
var (
	drawnPartners     = []string{"100", "200", "300"}
	drawnServices     = []string{"Storage", "storage ", "Backup", "Key Vault", "Virtual Machines", "Unknown", none, "Functions"}
	drawnAssociations = []string{"PAL", "PAL", "partner admin link", "DPOR", "CSP Tier 1", "CSP Tier2", "TPOR"}
	drawnTitles       = []string{"AZ-305", "AZ-104", "DP-203", "DP-100", "AZ-700", "AZ-800", "AZ-140", "AZ-120", "AZ-204", "AZ-400", "AZ-600"}
)

// drawWorld draws exports of three partners in which every rule may bite. Amounts are even numbers of millionths, so that halves are exact.
func drawWorld(t *rapid.T) *world {
	w := &world{}
	for _, p := range drawnPartners {
		w.partners = append(w.partners, location{id: p, global: p, globalName: "Partner " + p}, location{id: p + "1", global: p})
	}
	row := rapid.Custom(func(t *rapid.T) usage {
		partner := rapid.SampledFrom(drawnPartners).Draw(t, "partner")
		micros := 2 * rapid.OneOf(rapid.Int64Range(-200_000_000, 900_000_000), rapid.Just[int64](500_000_000), rapid.Just[int64](499_999_999), rapid.Just[int64](0)).Draw(t, "micros")
		return usage{
			location: partner + rapid.SampledFrom([]string{"", "1"}).Draw(t, "location"), association: rapid.SampledFrom(drawnAssociations).Draw(t, "association"),
			tenant: tenant(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "tenant")), name: rapid.SampledFrom([]string{"", "Name", "Nom"}).Draw(t, "name"),
			subscription: rapid.SampledFrom([]string{"", "s", "S"}).Draw(t, "subscription"), service: rapid.SampledFrom(drawnServices).Draw(t, "service"),
			offer: rapid.SampledFrom([]string{"", "", "", "Trial"}).Draw(t, "offer"), amount: decimalMicros(micros), file: rapid.IntRange(0, 1).Draw(t, "file"),
		}
	})
	for m := june.Add(-13); m <= june; m++ {
		n := 6
		if back := int(june - m); back < 2 || back > 11 { // the months that are compared
			n = 40
		}
		w.add(m, rapid.SliceOfN(row, n, n).Draw(t, m.String())...)
	}
	people := rapid.Custom(func(t *rapid.T) holding {
		return holding{global: rapid.SampledFrom(drawnPartners).Draw(t, "partner"), mcp: rapid.SampledFrom([]string{"m1", "m2", "m3", "M4", "m5"}).Draw(t, "person"),
			title: rapid.SampledFrom(drawnTitles).Draw(t, "title"), expires: rapid.SampledFrom([]string{"", "", "", "2024-05-31"}).Draw(t, "expires")}
	})
	w.hold(june, rapid.SliceOfN(people, 60, 60).Draw(t, "people")...)
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
		base := score(t, w.write(t))
		if len(base.tables[snapshot.Scores]) != 9 {
			rt.Fatalf("%d scores", len(base.tables[snapshot.Scores]))
		}
		checkConsistent(rt, base)
		equal := func(what string, tables map[string][]row) {
			if diff := cmp.Diff(undoubted(base), tables); diff != "" {
				rt.Fatalf("%s changes (-before +after):\n%s", what, diff)
			}
		}
		equal("another order of rows, files and partners", undoubted(score(t, shuffled(w, random).write(t))))
		halves := undoubted(score(t, halved(rt, w).write(t)))
		for i, e := range halves[snapshot.Exclusions] { // twice the rows, the same amounts
			rows, err := strconv.Atoi(e["rows"])
			if err != nil || i >= len(base.tables[snapshot.Exclusions]) || rows%2 != 0 {
				rt.Fatalf("exclusions of halves: %v", e)
			}
			e["rows"] = strconv.Itoa(rows / 2)
		}
		equal("splitting rows into halves", halves)
		apart := map[string][]row{}
		for _, partner := range drawnPartners {
			for table, rows := range undoubted(score(t, only(w, partner).write(t))) {
				apart[table] = append(apart[table], rows...)
			}
		}
		apart[snapshot.Exclusions] = base.tables[snapshot.Exclusions]
		equal("scoring partners apart", apart)
		checkMore(t, rt, w, base)
	})
}

// undoubted returns the tables of a run; where only a doubt about two deliveries makes it provisional, as if it were not: whether a file of a few rows
// looks like another delivery is a matter of how rows are dealt to files.
func undoubted(r result) map[string][]row {
	for _, reason := range r.Provisional {
		if !strings.Contains(reason, "may hold the same usage as") {
			return r.tables
		}
	}
	for _, s := range r.tables[snapshot.Scores] {
		s["provisional"] = "false"
	}
	return r.tables
}

// checkConsistent: points within their limits, a total is its parts.
func checkConsistent(t *rapid.T, r result) {
	for _, m := range r.tables[snapshot.Metrics] {
		if m["applicable"] == "false" {
			continue
		}
		points, most := hundredthsOf(t, m["points"]), hundredthsOf(t, m["max_points"])
		if points < 0 || points > most {
			t.Fatalf("points %s of %s: %v", m["points"], m["max_points"], m)
		}
	}
	for _, s := range r.tables[snapshot.Scores] {
		var sum int64
		for _, column := range []string{"net_customer_adds_points", "intermediate_certifications_points", "advanced_certifications_points", "usage_growth_points", "deployments_points"} {
			if s[column] != null {
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

func shuffled(w *world, random *rand.Rand) *world {
	c := w.clone()
	for _, m := range slices.Sorted(maps.Keys(c.usage)) {
		rows := c.usage[m]
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for i := range rows {
			rows[i].file = random.IntN(3)
		}
	}
	people := c.certifications[june]
	random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	slices.Reverse(c.partners)
	return c
}

// halved has every row twice with half the amount.
func halved(t *rapid.T, w *world) *world {
	c := w.clone()
	for m, rows := range c.usage {
		for i := range rows {
			rows[i].amount = decimalMicros(microsOf(t, rows[i].amount) / 2)
		}
		c.usage[m] = append(rows, rows...)
	}
	return c
}

// only keeps the rows of one partner.
func only(w *world, partner string) *world {
	c := w.clone()
	for m, rows := range c.usage {
		c.usage[m] = slices.DeleteFunc(rows, func(u usage) bool { return u.location[:3] != partner })
	}
	c.certifications[june] = slices.DeleteFunc(c.certifications[june], func(h holding) bool { return h.global != partner })
	return c
}

// checkMore: one more certified person, eligible customer or service lowers no score.
func checkMore(t *testing.T, rt *rapid.T, w *world, base result) {
	seed := filepath.Join(base.snapshots, "_facts")
	for what, more := range map[string]func(c *world, partner string){
		"a person": func(c *world, partner string) {
			c.hold(june, holding{global: partner, mcp: "one more", title: rapid.SampledFrom(drawnTitles).Draw(rt, "title")})
		},
		"a customer": func(c *world, partner string) {
			c.add(june, usage{location: partner, tenant: tenant("new"), subscription: "new", amount: "1000"})
		},
		"a service": func(c *world, partner string) {
			c.add(june, usage{location: partner, tenant: tenant("a"), subscription: "new", service: "Event Hubs", amount: "0.01"})
		},
	} {
		c := w.clone()
		for _, partner := range drawnPartners {
			more(c, partner)
		}
		snapshots := filepath.Join(t.TempDir(), "more")
		copyFacts(t, seed, snapshots)
		after := scoreInto(t, c.write(t), snapshots, june)
		for i, s := range base.tables[snapshot.Scores] {
			if a := after.tables[snapshot.Scores][i]; hundredthsOf(rt, a["total_points"]) < hundredthsOf(rt, s["total_points"]) {
				rt.Fatalf("%s more lowers %s in %s from %s to %s", what, s["partner_id"], s["solution_area"], s["total_points"], a["total_points"])
			}
		}
	}
}

// TestOneMoreCounts: what is added in checkMore does count.
func TestOneMoreCounts(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: tenant("new"), amount: "1000", service: "Event Hubs"})
	w.hold(june, holding{global: "base", mcp: "m2", title: "AZ-104"}, holding{global: "base", mcp: "m2", title: "AZ-700"})
	r := score(t, w.write(t))
	r.one(t, snapshot.Scores, "solution_area", "infrastructure").expect(t, "more", "net_customer_adds_points", "10.00", "intermediate_certifications_points", "4.00",
		"usage_growth_points", "20.00", "deployments_points", "4.00", "total_points", "38.00", "blocking_metrics", "advanced_certifications", "rulebook", "azure-2023-06")
}
