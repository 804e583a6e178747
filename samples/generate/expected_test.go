package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write samples/expected from the ledger")

// null is how the expected files spell NULL; an empty field is an empty text.
const null = `\N`

// verdict is what a person works out from a story for one score month: counts of customers and people, sums of ACR, and
// the points these are worth. It was written down by hand from the stories, with the rules beside it.
type verdict struct {
	customers, before    int    // eligible customers of the month, and of twelve months before
	acr, acrBefore       string // eligible ACR of both months, US dollars
	growth               string // per cent, null without a base
	growthStatus         string
	services             int    // that count as deployments
	points               [3]int // net customer adds, usage growth, deployments
	data, infra, digital skills
	roundingSensitive    string // the one area where a fraction of a percent would decide
}

// skills are the people on the last step of intermediate and advanced certifications, and the points they are worth; a
// negative number of points says that a gate is unmet.
type skills struct{ people, points, advancedPeople, advancedPoints int }

var areas = []string{"data_ai", "digital_app_innovation", "infrastructure"} // in byte order, as the tables are sorted

// TestExpected compares the files in samples/expected with the ledger. It reads no exports and uses no rule of the
// program: what the program makes of the exports must agree with this, not the other way round.
func TestExpected(t *testing.T) {
	for _, m := range []int{202406, 202407, 202408} {
		tables := map[string][][]string{"scores": scoreRows(m), "metrics": metricRows(m), "customers": customerRows(m)}
		for table, rows := range tables {
			t.Run(fmt.Sprint(table, " ", monthOf(m)), func(t *testing.T) {
				slices.SortFunc(rows[1:], func(a, b []string) int { return slices.Compare(a[:4], b[:4]) })
				var want strings.Builder
				if err := csv.NewWriter(&want).WriteAll(rows); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join("..", "expected", fmt.Sprintf("%s-%s.csv", table, monthOf(m)))
				if *update {
					if err := os.WriteFile(path, []byte(want.String()), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				got, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want.String(), string(got)); diff != "" {
					t.Errorf("%s differs from the ledger (-ledger +file):\n%s", path, diff)
				}
			})
		}
	}
}

// TestVerdictsAgreeWithStories adds up the tenants of each story and counts its services: the totals that were written
// down by hand must come out.
func TestVerdictsAgreeWithStories(t *testing.T) {
	for _, m := range []int{202406, 202407, 202408} {
		for id, v := range verdicts(m) {
			var acr, acrBefore int64
			var customers, before int
			for _, a := range accounts(1, stories()) {
				if a.partner.id != id {
					continue
				}
				l := lineOf(a, monthOf(m))
				acr, acrBefore = acr+l.current, acrBefore+l.baseline
				customers, before = customers+oneIf(l.eligible), before+oneIf(l.eligibleBaseline)
			}
			services := 0
			for _, s := range storyByID(id).services {
				services += oneIf(!slices.Contains([]string{"Virtual Machines", "Virtual Machines Licenses", "Unknown"}, s))
			}
			got := fmt.Sprint(customers, before, usd(acr), usd(acrBefore), services)
			want := fmt.Sprint(v.customers, v.before, v.acr, v.acrBefore, v.services)
			if got != want {
				t.Errorf("%s in %s: tenants add up to %s, the verdict says %s", id, monthOf(m), got, want)
			}
		}
	}
}

func oneIf(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

func storyByID(id string) story {
	all := stories()
	return all[slices.IndexFunc(all, func(s story) bool { return s.id == id })]
}

// usd writes millionths as DECIMAL(18,6).
func usd(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1_000_000, micros%1_000_000) }

// line is one tenant in one score month.
type line struct {
	current, previous, baseline, baselinePrevious, ttm int64
	eligible, eligibleBaseline                         bool
}

const threshold = 1000 * 1_000_000

func lineOf(a account, m month) line {
	l := line{current: a.spent(m), previous: a.spent(m - 1), baseline: a.spent(m - 12), baselinePrevious: a.spent(m - 13)}
	for i := range 12 {
		l.ttm += a.spent(m - month(i))
	}
	l.eligible = max(l.current, l.previous) >= threshold
	l.eligibleBaseline = max(l.baseline, l.baselinePrevious) >= threshold
	return l
}

func customerRows(yyyymm int) [][]string {
	m := monthOf(yyyymm)
	rows := [][]string{strings.Split("score_month partner_id customer_tenant_id customer_name acr_current acr_previous "+
		"acr_baseline acr_baseline_previous acr_ttm eligible eligible_baseline movement shortfall_usd", " ")}
	movements := map[[2]bool]string{
		{true, true}: "kept", {true, false}: "gained", {false, true}: "lost", {false, false}: "none",
	}
	for _, a := range accounts(1, stories()) {
		l := lineOf(a, m)
		if l.ttm+l.baseline+l.baselinePrevious == 0 { // the fourteen months
			continue
		}
		name := a.customer
		if name == "" {
			name = null
		}
		shortfall := max(0, threshold-max(l.current, l.previous))
		rows = append(rows, []string{
			m.String() + "-01", a.partner.id, a.tenant, name, usd(l.current), usd(l.previous), usd(l.baseline),
			usd(l.baselinePrevious), usd(l.ttm), fmt.Sprint(l.eligible), fmt.Sprint(l.eligibleBaseline),
			movements[[2]bool{l.eligible, l.eligibleBaseline}], usd(shortfall),
		})
	}
	return rows
}
