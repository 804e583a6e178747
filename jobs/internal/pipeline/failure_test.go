package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// failure is a change to good exports and what a run must say of it.
type failure struct {
	name   string
	month  scoring.Month
	change func(w *world)
	option func(o *Options)
	says   []string // in the message
	fault  any      // what kind of error
}

// missingInputs end a run before it reads anything.
func missingInputs() []failure {
	return []failure{
		{name: "months missing", change: func(w *world) { delete(w.usage, june.Add(-13)); delete(w.usage, june.Add(-4)) },
			says: []string{"2023-05", "2024-02", "azure_usage", "--allow-missing history"}, fault: &exports.MissingError{}},
		{name: "score month missing", month: june.Add(1), says: []string{"2024-07", "latest month there is 2024-06"}, fault: &exports.MissingError{}},
		{name: "score month missing and history allowed", month: june.Add(1), option: func(o *Options) { o.AllowMissingHistory = true }, says: []string{"2024-07"}, fault: &exports.MissingError{}},
		{name: "certifications missing", change: func(w *world) { w.certifications = nil }, says: []string{"certifications", "2024-06", "--allow-missing certifications"}, fault: &exports.MissingError{}},
		{name: "certifications missing, history allowed", change: func(w *world) { w.certifications = nil }, option: func(o *Options) { o.AllowMissingHistory = true },
			says: []string{"certifications"}, fault: &exports.MissingError{}},
	}
}

// badRows are values that break the contract.
func badRows() []failure {
	return []failure{
		{name: "amounts", change: func(w *world) {
			w.add(june.Add(-2), usage{location: "base", amount: "1,000"}, usage{location: "base", amount: "EUR 5"})
		},
			says:  []string{"azure_usage/month=2024-04/part-0.csv", "month 2024-04", "column ACR_USD", `value "1,000"`, `value "EUR 5"`, "bad_amount", "--max-rejected", "2 of the month's 3 rows"},
			fault: &exports.ContractError{}},
		{name: "several reasons in two files of Parquet", change: func(w *world) {
			w.parquet = true
			w.add(june, usage{location: "base", amount: "1", tenant: "00000000-0000-0000-0000-000000000000", file: 1}, usage{location: "base", amount: "1", file: 1},
				usage{location: "nobody", amount: "1", file: 1}, usage{location: "base", amount: "1", month: "2024-05"})
		}, says: []string{"part-0.parquet", "part-1.parquet", "CustomerTenantId, row 1", "MPNId, row 3", `value like "xxxxxx"`, "wrong_month", `"2024-05"`}, fault: &exports.ContractError{}},
		{name: "months of no known form", change: func(w *world) { w.add(june, usage{location: "base", amount: "1", month: "2024/06"}) },
			says: []string{"bad_month", "understood as 2024-06, 202406, or a day"}, fault: &exports.ContractError{}},
		{name: "one row too many", change: func(w *world) { fill(w, june, 199, "1"); fill(w, june, 3, "x") },
			option: func(o *Options) { o.MaxRejected = 2.0 / 206 }, says: []string{"3 of the month's 206 rows", "0.97"}, fault: &exports.ContractError{}},
		{name: "nothing allowed", change: func(w *world) { fill(w, june, 9999, "1"); fill(w, june, 1, "?") },
			option: func(o *Options) { o.MaxRejected = 0 }, says: []string{"1 of the month's", `"?"`}, fault: &exports.ContractError{}},
		{name: "two accounts of a location", change: func(w *world) { w.partners = append(w.partners, location{id: "base", global: "other"}) },
			says: []string{"partners/part-0.csv", "belongs to two global accounts"}, fault: &exports.ContractError{}},
		{name: "completion that is no date", change: func(w *world) {
			w.hold(june, holding{global: "base", mcp: "m9", title: "AZ-104", completed: "2024-13-01"})
		},
			says: []string{"certifications/month=2024-06/part-0.csv", "TrainingCompletionDate", `"2024-13-01"`, "no date"}, fault: &exports.ContractError{}},
		{name: "expiry that is no date", change: func(w *world) {
			w.hold(june, holding{global: "base", mcp: "m9", title: "AZ-104", expires: "2024-02-30"})
		},
			says: []string{"ExpirationDate", `"2024-02-30"`}, fault: &exports.ContractError{}},
	}
}

// bigSums are sums of a trillion US dollars, which no published column can hold, each in another place.
func bigSums() []failure {
	return []failure{
		{name: "sum of a tenant and service", change: func(w *world) { fill(w, june, 2, "999999999999.99") }, says: []string{"2024-06", "trillion", "base"}, fault: &exports.ContractError{}},
		{name: "sum of months", change: func(w *world) { fill(w, june, 1, "999999999999"); fill(w, june.Add(-1), 1, "999999999999") }, says: []string{"trillion", "base"}, fault: &exports.ContractError{}},
		{name: "negative sum of a partner", change: func(w *world) {
			for i := range 3 {
				w.add(june, usage{location: "base", tenant: tenant(fmt.Sprint("t", i)), amount: "-400000000000"})
			}
		}, says: []string{"trillion", "base"}, fault: &exports.ContractError{}},
		{name: "sum of a service", change: func(w *world) { // the tenants and the partner come to nothing
			for i := range 2 {
				for service, amount := range map[string]string{"Backup": "600000000000", "Automation": "-600000000000"} {
					w.add(june, usage{location: "base", tenant: tenant(fmt.Sprint("t", i)), service: service, amount: amount})
				}
			}
		}, says: []string{"trillion"}, fault: &exports.ContractError{}},
		{name: "sum of a customer's month", change: func(w *world) {
			for service := range 2 {
				w.add(june, usage{location: "base", service: fmt.Sprint("S", service), amount: "600000000000"}, usage{location: "base", service: fmt.Sprint("S", service), tenant: tenant("x"), amount: "-600000000000"})
				w.add(june.Add(-2), usage{location: "base", service: fmt.Sprint("S", service), amount: "-600000000000"}, usage{location: "base", service: fmt.Sprint("S", service), tenant: tenant("x"), amount: "600000000000"})
			}
		}, says: []string{"trillion"}, fault: &exports.ContractError{}},
		{name: "sum of what does not count", change: func(w *world) {
			for range 2 {
				w.add(june, usage{location: "base", offer: "Trial", amount: "999999999999"})
			}
		}, says: []string{"trillion"}, fault: &exports.ContractError{}},
	}
}

// TestFailures: each names what is wrong and leaves a month that was published before as it was, byte by byte, with nothing new beside it.
func TestFailures(t *testing.T) {
	good := everythingWorld()
	snapshots := score(t, good.write(t)).snapshots
	before := publishedFiles(t, snapshots, true)
	for _, c := range slices.Concat(missingInputs(), badRows(), bigSums()) {
		t.Run(c.name, func(t *testing.T) {
			w := good.clone()
			if c.change != nil {
				c.change(w)
			}
			month := max(c.month, june)
			_, _, err := try(t, w.write(t), snapshots, month, func(o *Options) {
				if c.option != nil {
					c.option(o)
				}
			})
			if err == nil || !sameKind(err, c.fault) {
				t.Errorf("error %v (%T), want a %T", err, err, c.fault)
			}
			for _, want := range c.says {
				if err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("the message lacks %q:\n%v", want, err)
				}
			}
			if diff := cmp.Diff(before, publishedFiles(t, snapshots, true)); diff != "" {
				t.Errorf("what was published changed:\n%s", diff)
			}
		})
	}
	if again := scoreInto(t, good.write(t), snapshots, june); again.Changed {
		t.Errorf("afterwards the good exports give something else: %+v", again.Outcome)
	}
	if left, err := os.ReadDir(filepath.Join(snapshots, ".staging")); err != nil && !errors.Is(err, os.ErrNotExist) || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// fill adds rows with that amount for one tenant and service.
func fill(w *world, m scoring.Month, n int, amount string) {
	for i := range n {
		w.add(m, usage{location: "base", subscription: fmt.Sprint(i), amount: amount})
	}
}

func sameKind(err error, kind any) bool {
	var missing *exports.MissingError
	var contract *exports.ContractError
	switch kind.(type) {
	case *exports.MissingError:
		return errors.As(err, &missing)
	default:
		return errors.As(err, &contract)
	}
}

// TestMissingMonthsAreNamed: all of them, in order, as values too.
func TestMissingMonthsAreNamed(t *testing.T) {
	w := newWorld()
	delete(w.usage, june.Add(-12))
	delete(w.usage, june.Add(-3))
	snapshots := filepath.Join(t.TempDir(), "none")
	_, _, err := try(t, w.write(t), snapshots, june)
	var missing *exports.MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff([]scoring.Month{june.Add(-12), june.Add(-3)}, missing.Months); diff != "" || missing.Table != schema.Usage {
		t.Errorf("%s: %s", missing.Table, diff)
	}
	if _, err := os.Stat(snapshots); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the snapshots folder: %v", err)
	}
}

// TestExactlyTheLimitPasses: one row in a hundred is one per cent.
func TestExactlyTheLimitPasses(t *testing.T) {
	w := newWorld()
	fill(w, june, 98, "1")
	fill(w, june, 1, "nothing")
	r := score(t, w.write(t), func(o *Options) { o.MaxRejected = 0.01 })
	r.one(t, snapshot.Exclusions, "reason", "bad_amount").expect(t, "one of a hundred", "rows", "1", "class", "data")
}

// TestLessMayBeRejectedLater: a published month is held to the limit of the run that finds it as it is, and stays published.
func TestLessMayBeRejectedLater(t *testing.T) {
	w := newWorld()
	fill(w, june, 98, "1")
	fill(w, june, 1, "nothing")
	exported := w.write(t)
	r := score(t, exported)
	before := tableBytes(t, r.snapshots)
	opt := options(exported, r.snapshots, t.TempDir())
	opt.MaxRejected = 0.009
	only := Range{From: june, To: june}
	for name, run := range map[string]func() error{
		"score":            func() error { _, err := Score(t.Context(), opt, june); return err },
		"plan":             func() error { _, err := MakePlan(t.Context(), opt, june); return err },
		"backfill":         func() error { _, err := Backfill(t.Context(), opt, only, func(_, _ int, _ MonthResult) {}); return err },
		"plan of backfill": func() error { _, err := PlanBackfill(t.Context(), opt, only); return err },
	} {
		err := run()
		var broken *exports.ContractError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), "1 of the month's") {
			t.Errorf("%s: %v, want that one row is too much", name, err)
		}
	}
	if diff := cmp.Diff(before, tableBytes(t, r.snapshots)); diff != "" {
		t.Error(diff)
	}
}

// TestAllowedToMiss: what may be missing, what it takes away, and that the month is provisional.
func TestAllowedToMiss(t *testing.T) {
	history := func(o *Options) { o.AllowMissingHistory = true }
	noData := func(metrics ...string) []string { return metrics }
	skills := noData("advanced_certifications", "intermediate_certifications")
	for _, c := range []struct {
		name   string
		change func(w *world)
		option func(o *Options)
		reason string
		noData []string
		total  string
	}{
		{"a month in between", func(w *world) { delete(w.usage, june.Add(-5)) }, history, "2024-01", nil, "22.00"},
		{"M-1", func(w *world) { delete(w.usage, june.Add(-1)) }, history, "2024-05", noData("net_customer_adds"), "22.00"},
		{"M-12", func(w *world) { delete(w.usage, june.Add(-12)) }, history, "2023-06", noData("net_customer_adds", "usage_growth"), "2.00"},
		{"M-13", func(w *world) { delete(w.usage, june.Add(-13)) }, history, "2023-05", noData("net_customer_adds"), "22.00"},
		{"all but M", func(w *world) {
			for m := june.Add(-13); m < june; m++ {
				delete(w.usage, m)
			}
		}, history, "2023-05, 2023-06", noData("net_customer_adds", "usage_growth"), "2.00"},
		{"certifications", func(w *world) { w.certifications = nil }, func(o *Options) { o.AllowMissingCertifications = true }, "certifications are missing", skills, "22.00"},
		{"later certifications only", func(w *world) {
			w.certifications[june.Add(3)] = w.certifications[june]
			w.certifications[june.Add(4)] = []holding{{global: "base", mcp: "x", title: "AZ-700"}}
			delete(w.certifications, june)
		}, func(*Options) {}, "2024-09", nil, "22.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.add(june, usage{location: "base", amount: "900"}) // 1,000 with the row that is there
			c.change(w)
			r := score(t, w.write(t), c.option)
			for _, s := range r.tables[snapshot.Scores] {
				s.expect(t, s["solution_area"], "provisional", "true")
			}
			store, err := snapshot.Open(r.snapshots)
			if err != nil {
				t.Fatal(err)
			}
			man, err := store.Manifest(t.Context(), june)
			if err != nil || len(man.Provisional) != 1 || !strings.Contains(man.Provisional[0], c.reason) {
				t.Errorf("reasons %q, %v, want one with %q", man.Provisional, err, c.reason)
			}
			var got []string
			for _, m := range r.find(snapshot.Metrics, "solution_area", "infrastructure", "status", "no_data") {
				got = append(got, m["metric"])
				m.expect(t, m["metric"], "points", "0.00")
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.noData, got); diff != "" {
				t.Errorf("no_data (-want +got):\n%s", diff)
			}
			if c.name == "later certifications only" {
				r.one(t, snapshot.Certifications, "solution_area", "infrastructure").expect(t, "holding", "certification", "Azure Administrator Associate")
			}
		})
	}
}

// TestCertificationsOfAnEarlierMonth are used without more ado.
func TestCertificationsOfAnEarlierMonth(t *testing.T) {
	w := newWorld()
	w.certifications = nil
	w.hold(june.Add(-20), holding{global: "base", mcp: "old", title: "AZ-305"})
	w.hold(june.Add(-2), holding{global: "base", mcp: "new", title: "AZ-104"})
	w.hold(june.Add(1), holding{global: "base", mcp: "later", title: "AZ-700"})
	r := score(t, w.write(t))
	for _, h := range r.tables[snapshot.Certifications] {
		h.expect(t, "holding", "certification", "Azure Administrator Associate")
	}
	r.find(snapshot.Scores)[0].expect(t, "score", "provisional", "false")
}

// TestRulebookUnknownMonth: before the first rulebook there are no rules.
func TestRulebookUnknownMonth(t *testing.T) {
	_, _, err := try(t, newWorld().write(t), filepath.Join(t.TempDir(), "s"), scoring.NewMonth(2022, 9))
	if err == nil || !strings.Contains(err.Error(), "azure-2022-10") {
		t.Errorf("error %v", err)
	}
}
