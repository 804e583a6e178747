package pipeline

import (
	"fmt"
	"testing"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// usageCases has a partner for each worked case about usage of the domain page.
func usageCases() *world {
	w := newWorld()
	may, base, before := june.Add(-1), june.Add(-12), june.Add(-13)
	// customers adds n customers of 1,000 US dollars.
	customers := func(partner string, m scoring.Month, n int) {
		for i := range n {
			w.add(m, usage{location: partner, tenant: tenant(fmt.Sprint("c", i)), amount: "1000"})
		}
	}
	customers("net-2", june, 12)
	customers("net-2", base, 10)
	customers("net-5", june, 25)
	customers("net-5", before, 20)
	customers("net-lost", may, 8)
	customers("net-lost", base, 11)
	one := func(partner string, m scoring.Month, amount string) {
		w.add(m, usage{location: partner, amount: amount})
	}
	one("tenant-may", may, "1200")
	one("tenant-may", june, "300")
	one("tenant-sum", may, "999.99")
	one("tenant-sum", june, "999.99")
	one("tenant-exact", june, "1000.00")
	one("tenant-below", june, "999.999999")
	w.add(june, usage{location: "trial", amount: "900"}, usage{location: "trial", amount: "600", offer: "Trial"},
		usage{location: "twice", subscription: "s1", amount: "700"}, usage{location: "twice", subscription: "s1", amount: "700", association: "CSP Tier 2"},
		usage{location: "two-subscriptions", subscription: "A", amount: "700"}, usage{location: "two-subscriptions", subscription: "B", amount: "700", association: "CSP Tier 1"},
		usage{location: "L1", global: "two-locations", subscription: "A", amount: "600"}, usage{location: "L2", global: "two-locations", subscription: "B", amount: "600"})
	for partner, amounts := range map[string][2]string{
		"growth-12": {"112900", "100000"}, "growth-35": {"135000", "100000"}, "growth-down": {"88000", "100000"}, "growth-small": {"100900", "100000"},
		"growth-exact": {"107", "100"}, "gate-below": {"150", "100"}, "gate-met": {"150", "100"}, "base-negative": {"5000", "-1"},
	} {
		one(partner, june, amounts[0])
		one(partner, base, amounts[1])
	}
	one("growth-exact", may, "5000")
	one("gate-below", june.Add(-5), "849.99")
	one("gate-met", june.Add(-11), "850.00")
	one("base-none", june, "5000")
	for _, service := range []string{"Virtual Machines", "Virtual Machines Licenses", "Storage", "Azure App Service"} {
		w.add(june, usage{location: "services", service: service, amount: "1"})
	}
	w.add(june, usage{location: "credits", service: "Storage", amount: "50"}, usage{location: "credits", service: "Key Vault", amount: "0.01"})
	w.add(june.Add(-9), usage{location: "credits", service: "Storage", amount: "-50"})
	w.add(base, usage{location: "credits", service: "Backup", amount: "70"})
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
		{"base-none", "usage_growth", "5000.000000", "0.000000", null, "0.00", "no_baseline"},
		{"base-negative", "usage_growth", "5000.000000", "-1.000000", null, "0.00", "invalid_baseline"},
		{"services", "deployments", null, null, "2.000000", "4.00", "scored"},
		{"credits", "deployments", null, null, "1.000000", "2.00", "scored"},
	}
}

// TestUsageCases are the worked cases about usage of the domain page, each with a partner of its own in one export.
func TestUsageCases(t *testing.T) {
	r := score(t, usageCases().write(t))
	for _, c := range usageVerdicts() {
		for _, area := range scoring.Areas() {
			r.one(t, snapshot.Metrics, "partner_id", c.partner, "solution_area", string(area), "metric", c.metric).expect(t, c.partner+" "+c.metric,
				"current_value", c.current, "baseline_value", c.baseline, "measure", c.measure, "points", c.points, "status", c.status)
		}
	}
	checkCustomers(t, r)
	checkServices(t, r)
}

func checkCustomers(t *testing.T, r result) {
	t.Helper()
	customer := func(partner, name string, pairs ...string) {
		t.Helper()
		r.one(t, snapshot.Customers, "partner_id", partner, "customer_tenant_id", tenant(name)).expect(t, partner+" "+name, pairs...)
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
	customer("credits", "a", "acr_ttm", "0.010000", "acr_baseline", "70.000000", "customer_name", null)
}

func checkServices(t *testing.T, r result) {
	t.Helper()
	for service, want := range map[string][3]string{
		"Virtual Machines": {"1.000000", "1", "excluded_service"}, "Virtual Machines Licenses": {"1.000000", "1", "excluded_service"}, "Storage": {"1.000000", "1", "counted"},
	} {
		r.one(t, snapshot.Services, "partner_id", "services", "service_level_2", service).expect(t, service, "acr_ttm", want[0], "customers", want[1],
			"reason", want[2], "counted", fmt.Sprint(want[2] == "counted"))
	}
	r.one(t, snapshot.Services, "partner_id", "credits", "service_level_2", "Storage").expect(t, "credited", "acr_ttm", "0.000000", "customers", "0", "reason", "not_positive")
	if found := r.find(snapshot.Services, "partner_id", "credits", "service_level_2", "Backup"); len(found) > 0 {
		t.Errorf("a service of the baseline only is listed: %v", found)
	}
}

// TestDeduplication: which of several attributions of one consumption counts, and what one consumption is.
func TestDeduplication(t *testing.T) {
	w := newWorld()
	type rows []usage
	for partner, rows := range map[string]rows{
		"largest":            {{subscription: "s", amount: "700"}, {subscription: "s", amount: "701", association: "CSP Tier 2"}},
		"largest-negative":   {{subscription: "s", amount: "5"}, {subscription: "s", amount: "-6", association: "CSP Tier 2"}},
		"credit-shares-key":  {{subscription: "s", amount: "1000"}, {subscription: "s", amount: "-400"}, {subscription: "s", amount: "700", association: "DPOR"}},
		"priority":           {{subscription: "s", amount: "10", association: "CSP Tier 2"}, {subscription: "s", amount: "-10", association: "CSP Tier 1"}, {subscription: "s", amount: "-10", association: "CSP Tier 2", location: "+2"}},
		"priority-pal":       {{subscription: "s", amount: "-10", association: "Partner of record"}, {subscription: "s", amount: "10", association: " partner  ADMIN link (pal)"}},
		"location":           {{location: "+b", subscription: "s", amount: "3"}, {location: "+a", subscription: "s", amount: "-3"}, {location: "+A", subscription: "s", amount: "-3"}},
		"location-bytes":     {{location: "+9", subscription: "s", amount: "3"}, {location: "+10", subscription: "s", amount: "-3"}},
		"no-subscription":    {{amount: "7"}, {amount: "8", association: "DPOR"}},
		"blank-is-blank":     {{subscription: " \t", amount: "7", level3: " "}, {amount: "8", association: "DPOR"}},
		"spelling":           {{subscription: "{S-1}", amount: "7", service: " storage", resource: "/R "}, {subscription: "s-1", amount: "8", service: "STORAGE", resource: "/r", association: "DPOR"}},
		"resource":           {{subscription: "s", amount: "7", resource: "r1"}, {subscription: "s", amount: "8", resource: "r2", association: "DPOR"}},
		"level":              {{subscription: "s", amount: "7", level1: "x"}, {subscription: "s", amount: "8", association: "DPOR"}},
		"control-characters": {{subscription: "s\x1fa", amount: "7", level1: "b"}, {subscription: "s", amount: "8", level1: "a\x1fb", association: "DPOR"}},
		"line-breaks":        {{subscription: "s\nr", amount: "7"}, {subscription: "s", amount: "8", resource: "r", association: "DPOR"}},
		"service":            {{subscription: "s", amount: "7"}, {subscription: "s", amount: "8", service: "Backup", association: "DPOR"}},
		"unknown-is-blank":   {{subscription: "s", amount: "7", service: none}, {subscription: "s", amount: "8", service: "unknown", association: "DPOR"}},
		"filter-first":       {{subscription: "s", amount: "7"}, {subscription: "s", amount: "800", association: "TPOR"}, {subscription: "s", amount: "900", offer: "Trial", association: "DPOR"}},
		"zero":               {{subscription: "s", amount: "0"}, {subscription: "s", amount: "5", association: "DPOR"}, {subscription: "s", amount: "-5", association: "DPOR"}},
		"mixed-with-plain":   {{subscription: "s", amount: "7"}, {subscription: "s", amount: "9", association: "DPOR"}, {subscription: "t", amount: "100"}, {tenant: tenant("x"), subscription: "s", amount: "3"}},
		"three-of-one":       {{subscription: "s", amount: "1"}, {subscription: "s", amount: "1", association: "DPOR"}, {subscription: "s", amount: "1", association: "CSP Tier1"}},
		"same-attribution":   {{subscription: "s", amount: "7"}, {subscription: "s", amount: "7"}},
		"partners-apart":     {{subscription: "s", amount: "7"}},
		"partners-apart-two": {{subscription: "s", amount: "9", association: "DPOR"}},
	} {
		for _, u := range rows {
			u.global = partner
			if u.location == "" {
				u.location = partner
			} else {
				u.location = partner + u.location
			}
			w.add(june, u)
		}
	}
	r := score(t, w.write(t))
	for partner, want := range map[string]string{
		"largest": "701.000000", "largest-negative": "-6.000000", "credit-shares-key": "700.000000", "priority": "-10.000000", "priority-pal": "10.000000",
		"location": "-3.000000", "location-bytes": "-3.000000", "no-subscription": "8.000000", "blank-is-blank": "8.000000", "spelling": "8.000000",
		"resource": "15.000000", "level": "15.000000", "service": "15.000000", "control-characters": "15.000000", "line-breaks": "15.000000",
		"unknown-is-blank": "8.000000", "filter-first": "7.000000", "zero": "0.000000",
		"mixed-with-plain": "112.000000", "three-of-one": "1.000000", "same-attribution": "14.000000", "partners-apart": "7.000000", "partners-apart-two": "9.000000",
	} {
		r.one(t, snapshot.Metrics, "partner_id", partner, "solution_area", "data_ai", "metric", "usage_growth").expect(t, partner, "current_value", want)
	}
	// All rows of the losing attributions, in the order of the cases: 1+1+2+2+1+2+1+1+1+1+1+2+1+2 rows of
	// 700+5+(1000-400)+(10-10)-10+(3-3)+3+7+7+7+7+(5-5)+7+(1+1).
	r.one(t, snapshot.Exclusions, "reason", "duplicate_attribution").expect(t, "duplicates", "class", "rule", "usage_month", "2024-06-01", "rows", "19", "acr_usd", "1335.000000")
}
