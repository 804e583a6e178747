package duckdb_test

import (
	"fmt"
	"testing"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// usageCases has a partner for each worked case about usage of the domain page.
func usageCases() *world.World {
	w := world.New()
	may, base, before := world.June.Add(-1), world.June.Add(-12), world.June.Add(-13)
	// customers adds n customers of 1,000 US dollars.
	customers := func(partner string, m scoring.Month, n int) {
		for i := range n {
			w.Add(m, world.Usage{Location: partner, Tenant: world.Tenant(fmt.Sprint("c", i)), Amount: "1000"})
		}
	}
	customers("net-2", world.June, 12)
	customers("net-2", base, 10)
	customers("net-5", world.June, 25)
	customers("net-5", before, 20)
	customers("net-lost", may, 8)
	customers("net-lost", base, 11)
	one := func(partner string, m scoring.Month, amount string) {
		w.Add(m, world.Usage{Location: partner, Amount: amount})
	}
	one("tenant-may", may, "1200")
	one("tenant-may", world.June, "300")
	one("tenant-sum", may, "999.99")
	one("tenant-sum", world.June, "999.99")
	one("tenant-exact", world.June, "1000.00")
	one("tenant-below", world.June, "999.999999")
	w.Add(world.June, world.Usage{Location: "trial", Amount: "900"}, world.Usage{Location: "trial", Amount: "600", Offer: "Trial"},
		world.Usage{Location: "twice", Subscription: "s1", Amount: "700"}, world.Usage{Location: "twice", Subscription: "s1", Amount: "700", Association: "CSP Tier 2"},
		world.Usage{Location: "two-subscriptions", Subscription: "A", Amount: "700"}, world.Usage{Location: "two-subscriptions", Subscription: "B", Amount: "700", Association: "CSP Tier 1"},
		world.Usage{Location: "L1", Global: "two-locations", Subscription: "A", Amount: "600"}, world.Usage{Location: "L2", Global: "two-locations", Subscription: "B", Amount: "600"})
	for partner, amounts := range map[string][2]string{
		"growth-12": {"112900", "100000"}, "growth-35": {"135000", "100000"}, "growth-down": {"88000", "100000"}, "growth-small": {"100900", "100000"},
		"growth-exact": {"107", "100"}, "gate-below": {"150", "100"}, "gate-met": {"150", "100"}, "base-negative": {"5000", "-1"},
	} {
		one(partner, world.June, amounts[0])
		one(partner, base, amounts[1])
	}
	one("growth-exact", may, "5000")
	one("gate-below", world.June.Add(-5), "849.99")
	one("gate-met", world.June.Add(-11), "850.00")
	one("base-none", world.June, "5000")
	for _, service := range []string{"Virtual Machines", "Virtual Machines Licenses", "Storage", "Azure App Service"} {
		w.Add(world.June, world.Usage{Location: "services", Service: service, Amount: "1"})
	}
	w.Add(world.June, world.Usage{Location: "credits", Service: "Storage", Amount: "50"}, world.Usage{Location: "credits", Service: "Key Vault", Amount: "0.01"})
	w.Add(world.June.Add(-9), world.Usage{Location: "credits", Service: "Storage", Amount: "-50"})
	w.Add(base, world.Usage{Location: "credits", Service: "Backup", Amount: "70"})
	return w
}

type verdict struct{ partner, metric, current, baseline, measure, points, status string }

func usageVerdicts() []verdict {
	return []verdict{
		{"net-2", "net_customer_adds", "12.000000", "10.000000", "2.000000", "20.00", "scored"},
		{"net-5", "net_customer_adds", "25.000000", "20.000000", "5.000000", "30.00", "scored"},
		{"net-lost", "net_customer_adds", "8.000000", "11.000000", "-3.000000", "0.00", "scored"},
		{"tenant-may", "net_customer_adds", "1.000000", "0.000000", "1.000000", "10.00", "scored"},
		{"tenant-sum", "net_customer_adds", "0.000000", "0.000000", "0.000000", "0.00", "scored"},
		{"tenant-exact", "net_customer_adds", "1.000000", "0.000000", "1.000000", "10.00", "scored"},
		{"tenant-below", "net_customer_adds", "0.000000", "0.000000", "0.000000", "0.00", "scored"},
		{"trial", "net_customer_adds", "0.000000", "0.000000", "0.000000", "0.00", "scored"},
		{"twice", "net_customer_adds", "0.000000", "0.000000", "0.000000", "0.00", "scored"},
		{"two-subscriptions", "net_customer_adds", "1.000000", "0.000000", "1.000000", "10.00", "scored"},
		{"two-locations", "net_customer_adds", "1.000000", "0.000000", "1.000000", "10.00", "scored"},
		{"growth-12", "usage_growth", "112900.000000", "100000.000000", "12.900000", "12.00", "scored"},
		{"growth-35", "usage_growth", "135000.000000", "100000.000000", "35.000000", "20.00", "scored"},
		{"growth-down", "usage_growth", "88000.000000", "100000.000000", "-12.000000", "0.00", "scored"},
		{"growth-small", "usage_growth", "100900.000000", "100000.000000", "0.900000", "0.00", "scored"},
		{"growth-exact", "usage_growth", "107.000000", "100.000000", "7.000000", "7.00", "scored"},
		{"gate-below", "usage_growth", "150.000000", "100.000000", "50.000000", "0.00", "below_acr_gate"},
		{"gate-met", "usage_growth", "150.000000", "100.000000", "50.000000", "20.00", "scored"},
		{"base-none", "usage_growth", "5000.000000", "0.000000", world.Null, "0.00", "no_baseline"},
		{"base-negative", "usage_growth", "5000.000000", "-1.000000", world.Null, "0.00", "invalid_baseline"},
		{"services", "deployments", world.Null, world.Null, "2.000000", "4.00", "scored"},
		{"credits", "deployments", world.Null, world.Null, "1.000000", "2.00", "scored"},
	}
}

// TestUsageCases are the worked cases about usage of the domain page, each with a partner of its own in one export.
func TestUsageCases(t *testing.T) {
	r := world.ScoreFresh(t, usageCases().Write(t))
	for _, c := range usageVerdicts() {
		for _, area := range scoring.Areas() {
			r.One(t, snapshot.Metrics, "partner_id", c.partner, "solution_area", string(area), "metric", c.metric).Expect(t, c.partner+" "+c.metric,
				"current_value", c.current, "baseline_value", c.baseline, "measure", c.measure, "points", c.points, "status", c.status)
		}
	}
	checkCustomers(t, r)
	checkServices(t, r)
}

func checkCustomers(t *testing.T, r world.Result) {
	t.Helper()
	customer := func(partner, name string, pairs ...string) {
		t.Helper()
		r.One(t, snapshot.Customers, "partner_id", partner, "customer_tenant_id", world.Tenant(name)).Expect(t, partner+" "+name, pairs...)
	}
	customer("net-2", "c0", "acr_current", "1000.000000", "acr_baseline", "1000.000000", "eligible", "true", "eligible_baseline", "true", "movement", "kept", "shortfall_usd", "0.000000")
	customer("net-2", "c11", "movement", "gained", "acr_ttm", "1000.000000")
	customer("net-lost", "c10", "movement", "lost", "shortfall_usd", "1000.000000", "acr_ttm", "0.000000")
	customer("net-5", "c0", "acr_baseline_previous", "1000.000000", "acr_baseline", "0.000000", "movement", "kept")
	customer("tenant-may", "a", "acr_current", "300.000000", "acr_previous", "1200.000000", "acr_ttm", "1500.000000", "movement", "gained")
	customer("tenant-sum", "a", "movement", "none", "shortfall_usd", "0.010000")
	customer("tenant-below", "a", "shortfall_usd", "0.000001", "eligible", "false")
	customer("trial", "a", "shortfall_usd", "100.000000")
	customer("twice", "a", "acr_current", "700.000000")
	customer("base-negative", "a", "acr_baseline", "-1.000000", "eligible_baseline", "false")
	customer("credits", "a", "acr_ttm", "0.010000", "acr_baseline", "70.000000", "customer_name", world.Null)
}

func checkServices(t *testing.T, r world.Result) {
	t.Helper()
	for service, want := range map[string][3]string{
		"Virtual Machines": {"1.000000", "1", "excluded_service"}, "Virtual Machines Licenses": {"1.000000", "1", "excluded_service"}, "Storage": {"1.000000", "1", "counted"},
	} {
		r.One(t, snapshot.Services, "partner_id", "services", "service_level_2", service).Expect(t, service, "acr_ttm", want[0], "customers", want[1],
			"reason", want[2], "counted", fmt.Sprint(want[2] == "counted"))
	}
	r.One(t, snapshot.Services, "partner_id", "credits", "service_level_2", "Storage").Expect(t, "credited", "acr_ttm", "0.000000", "customers", "0", "reason", "not_positive")
	if found := r.Find(snapshot.Services, "partner_id", "credits", "service_level_2", "Backup"); len(found) > 0 {
		t.Errorf("a service of the baseline only is listed: %v", found)
	}
}

// TestDeduplication: which of several attributions of one consumption counts, and what one consumption is.
func TestDeduplication(t *testing.T) {
	w := world.New().Lately(1)
	type rows []world.Usage
	for partner, rows := range map[string]rows{
		"largest":            {{Subscription: "s", Amount: "700"}, {Subscription: "s", Amount: "701", Association: "CSP Tier 2"}},
		"largest-negative":   {{Subscription: "s", Amount: "5"}, {Subscription: "s", Amount: "-6", Association: "CSP Tier 2"}},
		"credit-shares-key":  {{Subscription: "s", Amount: "1000"}, {Subscription: "s", Amount: "-400"}, {Subscription: "s", Amount: "700", Association: "DPOR"}},
		"priority":           {{Subscription: "s", Amount: "10", Association: "CSP Tier 2"}, {Subscription: "s", Amount: "-10", Association: "CSP Tier 1"}, {Subscription: "s", Amount: "-10", Association: "CSP Tier 2", Location: "+2"}},
		"priority-pal":       {{Subscription: "s", Amount: "-10", Association: "Partner of record"}, {Subscription: "s", Amount: "10", Association: " partner  ADMIN link (pal)"}},
		"location":           {{Location: "+b", Subscription: "s", Amount: "3"}, {Location: "+a", Subscription: "s", Amount: "-3"}, {Location: "+A", Subscription: "s", Amount: "-3"}},
		"location-bytes":     {{Location: "+9", Subscription: "s", Amount: "3"}, {Location: "+10", Subscription: "s", Amount: "-3"}},
		"no-subscription":    {{Amount: "7"}, {Amount: "8", Association: "DPOR"}},
		"blank-is-blank":     {{Subscription: " \t", Amount: "7", Level3: " "}, {Amount: "8", Association: "DPOR"}},
		"spelling":           {{Subscription: "{S-1}", Amount: "7", Service: " storage", Resource: "/R "}, {Subscription: "s-1", Amount: "8", Service: "STORAGE", Resource: "/r", Association: "DPOR"}},
		"resource":           {{Subscription: "s", Amount: "7", Resource: "r1"}, {Subscription: "s", Amount: "8", Resource: "r2", Association: "DPOR"}},
		"level":              {{Subscription: "s", Amount: "7", Level1: "x"}, {Subscription: "s", Amount: "8", Association: "DPOR"}},
		"control-characters": {{Subscription: "s\x1fa", Amount: "7", Level1: "b"}, {Subscription: "s", Amount: "8", Level1: "a\x1fb", Association: "DPOR"}},
		"line-breaks":        {{Subscription: "s\nr", Amount: "7"}, {Subscription: "s", Amount: "8", Resource: "r", Association: "DPOR"}},
		"service":            {{Subscription: "s", Amount: "7"}, {Subscription: "s", Amount: "8", Service: "Backup", Association: "DPOR"}},
		"unknown-is-blank":   {{Subscription: "s", Amount: "7", Service: world.None}, {Subscription: "s", Amount: "8", Service: "unknown", Association: "DPOR"}},
		"filter-first":       {{Subscription: "s", Amount: "7"}, {Subscription: "s", Amount: "800", Association: "TPOR"}, {Subscription: "s", Amount: "900", Offer: "Trial", Association: "DPOR"}},
		"zero":               {{Subscription: "s", Amount: "0"}, {Subscription: "s", Amount: "5", Association: "DPOR"}, {Subscription: "s", Amount: "-5", Association: "DPOR"}},
		"mixed-with-plain":   {{Subscription: "s", Amount: "7"}, {Subscription: "s", Amount: "9", Association: "DPOR"}, {Subscription: "t", Amount: "100"}, {Tenant: world.Tenant("x"), Subscription: "s", Amount: "3"}},
		"three-of-one":       {{Subscription: "s", Amount: "1"}, {Subscription: "s", Amount: "1", Association: "DPOR"}, {Subscription: "s", Amount: "1", Association: "CSP Tier1"}},
		"same-attribution":   {{Subscription: "s", Amount: "7"}, {Subscription: "s", Amount: "7"}},
		"partners-apart":     {{Subscription: "s", Amount: "7"}},
		"partners-apart-two": {{Subscription: "s", Amount: "9", Association: "DPOR"}},
	} {
		for _, u := range rows {
			u.Global = partner
			if u.Location == "" {
				u.Location = partner
			} else {
				u.Location = partner + u.Location
			}
			w.Add(world.June, u)
		}
	}
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory)
	for partner, want := range map[string]string{
		"largest": "701.000000", "largest-negative": "-6.000000", "credit-shares-key": "700.000000", "priority": "-10.000000", "priority-pal": "10.000000",
		"location": "-3.000000", "location-bytes": "-3.000000", "no-subscription": "8.000000", "blank-is-blank": "8.000000", "spelling": "8.000000",
		"resource": "15.000000", "level": "15.000000", "service": "15.000000", "control-characters": "15.000000", "line-breaks": "15.000000",
		"unknown-is-blank": "8.000000", "filter-first": "7.000000", "zero": "0.000000",
		"mixed-with-plain": "112.000000", "three-of-one": "1.000000", "same-attribution": "14.000000", "partners-apart": "7.000000", "partners-apart-two": "9.000000",
	} {
		r.One(t, snapshot.Metrics, "partner_id", partner, "solution_area", "data_ai", "metric", "usage_growth").Expect(t, partner, "current_value", want)
	}
	// All rows of the losing attributions, in the order of the cases: 1+1+2+2+1+2+1+1+1+1+1+2+1+2 rows of
	// 700+5+(1000-400)+(10-10)-10+(3-3)+3+7+7+7+7+(5-5)+7+(1+1).
	r.One(t, snapshot.Exclusions, "reason", "duplicate_attribution").Expect(t, "duplicates", "class", "rule", "usage_month", "2024-06-01", "rows", "19", "acr_usd", "1335.000000")
}
