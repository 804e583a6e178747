package answers

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// hypothetical is a change to a partner as it is asked for, and the same made to the exports.
type hypothetical struct {
	name   string
	change func(partner string) scenario.Changes
	// made gets the threshold of the partner's track in cents.
	made func(w *world, threshold int64)
}

func asked(c scenario.Changes) func(string) scenario.Changes {
	return func(string) scenario.Changes { return c }
}

func hypotheses() []hypothetical {
	return slices.Concat(customerHypotheses(), acrHypotheses(), serviceHypotheses(), peopleHypotheses())
}

func customersChange(text string) []scenario.CustomersChange {
	c, err := scenario.ParseCustomers(text)
	if err != nil {
		panic(err)
	}
	return []scenario.CustomersChange{c}
}

func acrChange(text string) scenario.ACRChange {
	c, err := scenario.ParseACR(text)
	if err != nil {
		panic(err)
	}
	return c
}

func customerHypotheses() []hypothetical {
	return []hypothetical{
		{"nothing", asked(scenario.Changes{}), func(*world, int64) {}},
		{"two customers more", asked(scenario.Changes{Customers: customersChange("+2")}), func(w *world, threshold int64) {
			w.more("n1", "Storage", threshold)
			w.more("n2", "Storage", threshold)
		}},
		{"three smaller customers more", asked(scenario.Changes{Customers: customersChange("+3@700.50")}), func(w *world, _ int64) {
			for i := range 3 {
				w.more(fmt.Sprint("n", i), "Storage", 700_50)
			}
		}},
		{"two customers fewer", asked(scenario.Changes{Customers: customersChange("-2")}), func(w *world, threshold int64) { w.lose(2, threshold) }},
		{"one customer lost", asked(scenario.Changes{LostCustomers: []string{strings.ToUpper(tenantID("a"))}}), func(w *world, _ int64) {
			w.without(func(u used) bool { return u.tenant == "a" && u.back <= 1 })
		}},
	}
}

func acrHypotheses() []hypothetical {
	return []hypothetical{
		{"ACR up by percent", asked(scenario.Changes{ACR: []scenario.ACRChange{acrChange("+5%")}}), func(w *world, _ int64) {
			sum := int64(0)
			for _, u := range w.usage {
				if u.back == 0 {
					sum += u.cents
				}
			}
			if sum%20 != 0 {
				panic("five percent are no whole cents")
			}
			w.more("a", "Storage", sum/20)
		}},
		{"ACR down by an amount", asked(scenario.Changes{ACR: []scenario.ACRChange{acrChange("-1200.50")}}), func(w *world, _ int64) { w.more("a", "Storage", -1200_50) }},
		{"a cent makes a customer eligible", asked(scenario.Changes{TenantACR: []scenario.TenantChange{{Tenant: tenantID("c"), ACRChange: acrChange("+0.01")}}}), func(w *world, _ int64) {
			w.more("c", "Azure App Service", 1)
		}},
		{"a tenant comes back", asked(scenario.Changes{TenantACR: []scenario.TenantChange{{Tenant: tenantID("f"), ACRChange: acrChange("+1500")}}}), func(w *world, _ int64) { w.more("f", "Storage", 1500_00) }},
		{"every tenant twice as large", asked(scenario.Changes{TenantACR: []scenario.TenantChange{{Tenant: scenario.AllTenants, ACRChange: acrChange("+100%")}}}), func(w *world, _ int64) {
			for i := range w.usage {
				if w.usage[i].back == 0 {
					w.usage[i].cents *= 2
				}
			}
		}},
	}
}

func serviceHypotheses() []hypothetical {
	return []hypothetical{
		{"a service in place of others", asked(scenario.Changes{Force: true, AddedServices: []scenario.ServiceChange{{Name: "Azure  Functions"}}}), func(w *world, _ int64) {
			w.more("a", "Azure Functions", 10_00)
			w.more("a", "Storage", -10_00)
		}},
		{"a service with more", asked(scenario.Changes{Force: true, AddedServices: []scenario.ServiceChange{{Name: "Event Hubs", ACR: 500 * 1_000_000}}}), func(w *world, _ int64) {
			w.more("a", "Event Hubs", 500_00)
		}},
		{"services that do not count", asked(scenario.Changes{AddedServices: []scenario.ServiceChange{{Name: "virtual machines", ACR: 1_000_000}, {Name: "Key Vault"}, {Name: "Unknown"}}}),
			func(w *world, _ int64) { w.more("a", "Virtual Machines", 1_00) }},
		{"a service lost", asked(scenario.Changes{LostServices: []string{"key vault"}}), func(w *world, _ int64) {
			w.without(func(u used) bool { return u.service == "Key Vault" && u.back < 12 })
		}},
		{"the main service lost", asked(scenario.Changes{LostServices: []string{"Storage"}}), func(w *world, _ int64) {
			w.without(func(u used) bool { return u.service == "Storage" && u.back < 12 })
		}},
	}
}

func peopleHypotheses() []hypothetical {
	return []hypothetical{
		{"two new people", asked(scenario.Changes{Certified: []scenario.CertificationChange{{Certification: "az-305", People: 1}, {Certification: "Windows Server Hybrid Administrator Associate", People: 2}}}),
			func(w *world, _ int64) {
				partner := w.people[0].partner
				for person, title := range map[string]string{"new1": "AZ-305", "new2": "AZ-801", "new3": "AZ-800"} {
					w.people = append(w.people, certified{partner, partner + person, title, ""})
				}
			}},
		{"a person certified", func(partner string) scenario.Changes {
			return scenario.Changes{Certified: []scenario.CertificationChange{{Certification: "AZ-305", Person: personID(partner + "p3")}, {Certification: "AZ-700", Person: personID(partner + "p3")}}}
		}, func(w *world, _ int64) {
			partner := w.people[0].partner
			w.people = append(w.people, certified{partner, partner + "p3", "AZ-305", ""})
		}},
		{"a certification gone", func(partner string) scenario.Changes {
			return scenario.Changes{Uncertified: []scenario.CertificationChange{{Certification: "AZ-104", Person: personID(partner + "p2")}}}
		}, func(w *world, _ int64) { w.forget("p2", "AZ-104") }},
		{"a person gone", func(partner string) scenario.Changes {
			return scenario.Changes{LostPeople: []string{personID(partner + "p1")}}
		},
			func(w *world, _ int64) { w.forget("p1", "") }},
		{"much at once", func(partner string) scenario.Changes {
			return scenario.Changes{Customers: customersChange("+1"), LostCustomers: []string{tenantID("b")}, ACR: []scenario.ACRChange{acrChange("+10000")}, TenantACR: []scenario.TenantChange{{Tenant: tenantID("d"), ACRChange: acrChange("+50%")}},
				Force: true, AddedServices: []scenario.ServiceChange{{Name: "Azure Functions"}}, LostServices: []string{"Azure Kubernetes Service"},
				Certified: []scenario.CertificationChange{{Certification: "AZ-305", Person: personID(partner + "p2")}}, LostPeople: []string{personID(partner + "p3")}}
		}, func(w *world, threshold int64) {
			w.without(func(u used) bool { return u.tenant == "b" && u.back <= 1 || u.service == "Azure Kubernetes Service" })
			w.more("n1", "Storage", threshold)
			w.more("a", "Storage", 10000_00)
			w.more("d", "Storage", 350_00)
			w.more("a", "Azure Functions", 1_00)
			w.more("a", "Storage", -1_00)
			w.forget("p3", "")
			partner := w.people[0].partner
			w.people = append(w.people, certified{partner, partner + "p2", "AZ-305", ""})
		}},
	}
}

// TestOwnExports scores exports with partners for every change once, for all tests that ask about them.
func TestOwnExports(t *testing.T) {
	base := &world{}
	for i := range hypotheses() {
		for _, name := range []string{"plain", "smb", "small"} {
			base.add(fmt.Sprint(name, i), strings.Replace(name, "small", "smb", 1))
		}
	}
	base.addSteady("steady")
	exports := base.write(t)
	root := scoreInto(t, t.TempDir(), exports, nil)
	r := publishedtest.Open(t, root)
	t.Run("what if equals changed exports", func(t *testing.T) { whatIfEqualsChangedExports(t, base, r) })
	t.Run("what if errors", func(t *testing.T) { whatIfErrors(t, r, "plain0") })
	t.Run("blocking is unrounded", func(t *testing.T) { blockingIsUnrounded(t, exports, withFacts(t, root), "steady") })
}

// whatIfEqualsChangedExports makes each change to a partner of its own, of each kind, and scores the exports by each rulebook. SMB partners have
// another threshold by some: the small ones are asked by these.
func whatIfEqualsChangedExports(t *testing.T, base *world, before published.Reader) {
	changed := &world{}
	for i, h := range hypotheses() {
		for name, threshold := range map[string]int64{"plain": 1000_00, "smb": 1000_00, "small": 500_00} {
			w := base.of(fmt.Sprint(name, i))
			h.made(w, threshold)
			changed.usage, changed.people = append(changed.usage, w.usage...), append(changed.people, w.people...)
		}
	}
	exports := changed.write(t)
	root := scoreInto(t, t.TempDir(), exports, nil)
	rulebooks := []string{"", "azure-2026-05"}
	if os.Getenv("PARTNERSCORE_TEST_LONG") != "" {
		rulebooks = append(rulebooks, "azure-2026-07")
	}
	tracks := map[string]bool{}
	for _, rulebook := range rulebooks {
		names, rules := []string{"plain", "smb"}, (*scoring.Rulebook)(nil)
		if rulebook != "" {
			names, rules = []string{"plain", "small"}, book(t, rulebook)
			root = scoreInto(t, withFacts(t, root), exports, rules)
		}
		want := publishedtest.Open(t, root)
		for i, h := range hypotheses() {
			for _, name := range names {
				partner := fmt.Sprint(name, i)
				ch := h.change(partner)
				ch.Rulebook = rules
				after := compareWhatIf(t, strings.Join([]string{h.name, name, rulebook}, ", "), before, want, partner, ch)
				tracks[after.Track.After] = true
				if !after.changes() && rulebook == "" && h.name != "nothing" {
					t.Errorf("%s, %s: nothing changes", h.name, name)
				}
			}
		}
	}
	if len(tracks) != 2 {
		t.Errorf("tracks %v, want both", tracks)
	}
}

// TestWhatIfTakesOpenCustomersAsScoreDoes: customers of unknown size are none of the SMB ones, which is what a score takes them for.
func TestWhatIfTakesOpenCustomersAsScoreDoes(t *testing.T) {
	onlyLong(t)
	base := &world{}
	var chosen []hypothetical
	for _, h := range hypotheses() {
		if h.name == "nothing" || h.name == "two customers fewer" {
			base.add(fmt.Sprint("open", len(chosen)), "open")
			chosen = append(chosen, h)
		}
	}
	exports := base.write(t)
	before := scoredBy(t, exports, "")
	if len(chosen) != 2 {
		t.Fatalf("%d of the changes", len(chosen))
	}
	changed := &world{}
	for i, h := range chosen {
		w := base.of(fmt.Sprint("open", i))
		h.made(w, 500_00)
		changed.usage, changed.people = append(changed.usage, w.usage...), append(changed.people, w.people...)
	}
	want := scoredBy(t, changed.write(t), "azure-2026-05")
	tracks := ""
	for i, h := range chosen {
		partner := fmt.Sprint("open", i)
		ch := h.change(partner)
		ch.Rulebook = book(t, "azure-2026-05")
		tracks += compareWhatIf(t, h.name, before, want, partner, ch).Track.After + " "
	}
	if tracks != "smb enterprise " { // six of seven, then four of five, which is not above 80 %
		t.Errorf("tracks %s", tracks)
	}
}

// changes reports whether any value of a metric changes.
func (w *WhatIf) changes() bool {
	for _, a := range w.Areas {
		for _, m := range a.Metrics {
			if !gocmp.Equal(m.Before, m.After) {
				return true
			}
		}
	}
	return false
}

// compareWhatIf compares every value after the change with the published month that has it.
func compareWhatIf(t *testing.T, what string, base, changed published.Reader, partner string, ch scenario.Changes) *WhatIf {
	t.Helper()
	before, err := base.Partner(t.Context(), june, partner)
	if err != nil {
		t.Fatal(err)
	}
	have, err := SupposeOf(t.Context(), base, before, "", ch)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	after, err := changed.Partner(t.Context(), june, partner)
	if err != nil {
		t.Fatal(err)
	}
	if have.Track != (Pair[string]{before.Track.ID, after.Track.ID}) {
		t.Errorf("%s: tracks %v, want %s", what, have.Track, after.Track.ID)
	}
	var want []WhatIfArea
	for _, s := range after.Scores {
		want = append(want, compareArea(after.Rules, *before.Score(s.Area), s))
	}
	if diff := gocmp.Diff(want, have.Areas); diff != "" {
		t.Errorf("%s: (-scored +what if):\n%s", what, diff)
	}
	return have
}

// TestWhatIfNothing: without a change every partner of every sample month has its published score.
func TestWhatIfNothing(t *testing.T) {
	r := samples.Open(t)
	samples.EveryPartner(t, func(p *published.Partner) {
		w, err := SupposeOf(t.Context(), r, p, "", scenario.Changes{})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range w.Areas {
			if a.Total.Before != a.Total.After || a.Total.After != p.Score(a.Area).Total || a.Qualifies.After != p.Score(a.Area).Qualifies {
				t.Errorf("%s %s %s: %v", p.ScoreMonth, p.ID, a.Area, a.Total)
			}
			for _, m := range a.Metrics {
				if diff := gocmp.Diff(m.Before, m.After); diff != "" {
					t.Errorf("%s %s %s %s:\n%s", p.ScoreMonth, p.ID, a.Area, m.Metric, diff)
				}
			}
		}
		if len(w.Areas) != len(p.Scores) || len(w.Changes)+len(w.Notes) > 0 {
			t.Errorf("%s %s: %+v", p.ScoreMonth, p.ID, w)
		}
	})
}

func whatIfErrors(t *testing.T, r published.Reader, partner string) {
	counting, err := publishedtest.Library().Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\nusage: {missing_offer: eligible}\n"))
	if err != nil {
		t.Fatal(err)
	}
	asking, err := publishedtest.Library().Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\ncertifications:\n  XX-1: {title: Something New}\n"+
		"areas:\n  data_ai:\n    intermediate_certifications:\n      electives: {add: [XX-1]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ch   scenario.Changes
		want string
	}{
		"tenant":        {scenario.Changes{LostCustomers: []string{"nobody"}}, `unknown customer "nobody"`},
		"service":       {scenario.Changes{LostServices: []string{"Key Valt"}}, `unknown service "Key Valt": the nearest of 8 are Key Vault, `},
		"person":        {scenario.Changes{LostPeople: []string{"0000"}}, `unknown person "0000": the nearest of 6 are `},
		"certification": {scenario.Changes{Certified: []scenario.CertificationChange{{Certification: "AZ-103", People: 1}}}, `unknown certification "AZ-103": the nearest of 40 are AZ-104, `},
		"nobody loses":  {scenario.Changes{Uncertified: []scenario.CertificationChange{{Certification: "AZ-104", People: 1}}}, "say who loses Azure Administrator Associate"},
		"too many":      {scenario.Changes{Customers: []scenario.CustomersChange{{Number: -4}}}, "4 customers cannot be lost: 3 are eligible"},
		"all amounts":   {scenario.Changes{TenantACR: []scenario.TenantChange{{Tenant: scenario.AllTenants, ACRChange: scenario.ACRChange{Value: 1}}}}, "give a percentage"},
		"lost and more": {scenario.Changes{LostCustomers: []string{tenantID("a")}, TenantACR: []scenario.TenantChange{{Tenant: tenantID("a"), ACRChange: scenario.ACRChange{Value: 1}}}}, "is lost and changed at once"},
		"lost and used": {scenario.Changes{LostServices: []string{"Key Vault"}, AddedServices: []scenario.ServiceChange{{Name: " key vault"}}}, "service Key Vault is lost and added at once"},
		"new service":   {scenario.Changes{AddedServices: []scenario.ServiceChange{{Name: "Key Valt"}}}, `unknown service "Key Valt": the nearest of `},
		"a trillion":    {scenario.Changes{ACR: []scenario.ACRChange{{Value: scenario.MaxAmount}}}, "a trillion US dollars or more"},
		"percents":      {scenario.Changes{ACR: []scenario.ACRChange{{Percent: true, Value: scenario.MaxAmount}}}, "a trillion US dollars or more"},
		"other usage":   {scenario.Changes{Rulebook: counting}, "the rulebook own counts other usage rows than the facts hold; score it by these rules into a folder of its own"},
		"other people":  {scenario.Changes{Rulebook: asking}, `who holds "Something New", which the rulebook own asks for, was not kept`},
	} {
		_, err := Suppose(t.Context(), r, june, partner, "", c.ch)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestWhatIfWithoutCache: what the published tables do not tell is refused, the rest answered.
func TestWhatIfWithoutCache(t *testing.T) {
	r := publishedtest.Open(t, samples.Copy(t, june)) // facts, no holdings
	id := "1060000"
	var unknown *published.NotKnownError
	if _, err := Suppose(t.Context(), r, june, id, "", scenario.Changes{Rulebook: book(t, "azure-2026-05")}); !errors.As(err, &unknown) ||
		!strings.Contains(err.Error(), "run partnerscore score --month 2024-06 with the exports, which builds _facts again") {
		t.Errorf("without holdings: %v", err)
	}
	if _, err := Suppose(t.Context(), r, june, id, "", scenario.Changes{ACR: []scenario.ACRChange{{Value: 1_000_000}}}); err != nil {
		t.Errorf("a change that needs no cache: %v", err)
	}
	if _, err := LookAhead(t.Context(), r, june, id, "", 1); !errors.As(err, &unknown) {
		t.Errorf("an outlook without holdings: %v", err)
	}
}
