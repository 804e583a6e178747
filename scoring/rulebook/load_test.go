package rulebook

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

// updateGolden is the environment variable for rewriting the expected messages.
const updateGolden = "UPDATE_GOLDEN"

func embedded(t *testing.T, id string) *scoring.Rulebook {
	t.Helper()
	r, err := library(t).Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func library(t interface {
	Helper()
	Fatal(args ...any)
}) *Library {
	t.Helper()
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestBadRulebooks has every bad example as a file beside the messages that it gives.
func TestBadRulebooks(t *testing.T) {
	l := library(t)
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = l.Load(filepath.Base(file), data)
			var bad *Error
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, want a *Error", err)
			}
			if !slices.IsSortedFunc(bad.Problems, func(a, b Problem) int { return a.Line - b.Line }) {
				t.Errorf("problems are not in the order of their lines: %v", bad.Problems)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", err.Error()+"\n")
		})
	}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, have string) {
	t.Helper()
	if os.Getenv(updateGolden) != "" {
		if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), have); diff != "" {
		t.Errorf("%s (set %s=1 to accept): %s", file, updateGolden, diff)
	}
}

func TestOwnRulebook(t *testing.T) {
	l := library(t)
	data, err := os.ReadFile("testdata/good/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own, err := l.Load("own.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	want := []Difference{
		{"areas.infrastructure.intermediate_certifications.electives", "", "AZ-600"},
		{"certifications.AZ-400.aliases", "Azure DevOps Engineer Expert", ""},
		{"certifications.AZ-600.title", "", "Azure Stack Hub Operator Associate"},
		{"certifications.DP-600.aliases", "", "Fabric Analytics Engineer"},
		{"deployments.excluded_services", "", "Bandwidth"},
		{"tracks.enterprise.eligible_customer_usd", "1000", "1500.5"},
		{"tracks.smb.when.acr_ttm_below_usd", "1000000", ""},
		{"usage.associations.dpor.labels", "Digital Partner of Record", ""},
		{"usage.associations.pal.labels", "", "Admin link"},
		{"usage.missing_offer", "reject", "eligible"},
		{"usage_growth.growth_rounding", "floor", "exact"},
	}
	if diff := cmp.Diff(want, Diff(embedded(t, "azure-2026-05"), own)); diff != "" {
		t.Error(diff)
	}
	checkRoundTrip(t, l, own)
	if own.From != nil {
		t.Error("a rulebook inherits the first day")
	}
	if _, err := l.Get(own.ID); err == nil {
		t.Error("a partner's rulebook is in the library")
	}
}

// TestLayoutIsNoRule: comments, order of keys and of lists without order, quotes and spelling out change no hash.
func TestLayoutIsNoRule(t *testing.T) {
	const extends = "id: own\ntitle: Own\nextends: azure-2023-06\n"
	base := embedded(t, "azure-2023-06")
	for name, c := range map[string]struct {
		text         string
		rules, facts bool // equal to those of the base
	}{
		"nothing":              {text: extends, rules: true, facts: true},
		"comments and quotes":  {text: "# own\n'title': Own\n\"id\": own\nextends: azure-2023-06 # base\n", rules: true, facts: true},
		"the same again":       {text: extends + "designation: {points: 70}\n", rules: true, facts: true},
		"an amount written so": {text: extends + "usage_growth: {acr_gate_usd: 1000.00}\n", rules: true, facts: true},
		"another first day":    {text: extends + "from: 2030-01-01\n", rules: true, facts: true},
		"a list in any order": {
			text: extends + "deployments: {excluded_services: [Virtual Machine Licenses, Virtual Machines Licenses, Virtual Machines]}\n", rules: true, facts: true,
		},
		"gates in another order": {text: extends + "areas: {data_ai: {intermediate_certifications: {gates: [AZ-104, AZ-305]}}}\n", facts: true},
		"points":                 {text: extends + "designation: {points: 71}\n", facts: true},
		"excluded services":      {text: extends + "deployments: {excluded_services: [Storage]}\n", facts: true},
		"rounding":               {text: extends + "usage_growth: {growth_rounding: exact}\n", facts: true},
		"an end date":            {text: extends + "certifications: {AZ-104: {until: 2030-01-01}}\n", facts: true},
		"priority":               {text: extends + "usage: {association_priority: [dpor, pal, csp_tier_1, csp_tier_2]}\n"},
		"a label":                {text: extends + "usage: {associations: {pal: {labels: {add: [Admin link]}}}}\n"},
		"an offer id":            {text: extends + "usage: {ineligible_offers: {trial: {offer_ids: {remove: [MS-AZR-0044P]}}}}\n"},
		"missing offers":         {text: extends + "usage: {missing_offer: eligible}\n"},
		"the unknown service":    {text: extends + "usage: {unknown_service: None}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := library(t).Load("own.yaml", []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if equal := r.SHA256 == base.SHA256; equal != c.rules {
				t.Errorf("equal rules: %v, want %v", equal, c.rules)
			}
			if equal := r.EligibilitySHA256 == base.EligibilitySHA256; equal != c.facts {
				t.Errorf("equal eligibility: %v, want %v", equal, c.facts)
			}
		})
	}
}

// FuzzLoad: no bytes make Load panic; it gives a rulebook that can be shown and scores, or says what is wrong.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good/*.yaml", "../rulebooks/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	l := library(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := l.Load("fuzz.yaml", data)
		if err != nil {
			var bad *Error
			if !errors.As(err, &bad) || len(bad.Problems) == 0 {
				t.Fatalf("error %v, want a *Error with problems", err)
			}
			return
		}
		checkRoundTrip(t, l, r)
		for _, track := range r.Tracks {
			if _, err := r.Score(track.ID, scoring.Measures{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// checkRoundTrip shows a rulebook and reads it again.
func checkRoundTrip(t *testing.T, l *Library, r *scoring.Rulebook) {
	t.Helper()
	shown, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.Load(r.ID+".yaml", shown)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Fatal(diff)
	}
	if r.SHA256 != again.SHA256 || r.EligibilitySHA256 != again.EligibilitySHA256 {
		t.Fatal("equal rules with different hashes")
	}
}
