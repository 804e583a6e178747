package inspect

import (
	"testing"

	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// similar labels are none that the rulebook names.
func TestSimilarLabels(t *testing.T) {
	library, err := rulebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := library.InForce(scoring.NewMonth(2024, 6))
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{"CSP Tier-1": "CSP Tier 1", "partneradminlink": "PAL", "Transacting Partner of Record": "", "Reseller": "", "CSP Tier 3": ""} {
		if got := similarAssociation(label, rules); got != want {
			t.Errorf("association %q is similar to %q, want %q", label, got, want)
		}
	}
	for label, want := range map[string]string{"Free Trial": "trial", "Internal use": "internal", "Trialware": "", "Azure plan": "", "0044P MS-AZR": "trial", "Benefit Programs 2024": "benefit program"} {
		if got := similarOffer(label, rules); got != want {
			t.Errorf("offer %q is similar to %q, want %q", label, got, want)
		}
	}
}

// TestSimilarSegments look like one that the rulebook names.
func TestSimilarSegments(t *testing.T) {
	library, err := rulebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := library.Get("azure-2026-07")
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{"Small Medium and Corporate": "Small, Medium & Corporate", "enterprise-commercial": "Enterprise Commercial", "Growth": "", "SM": ""} {
		if got := similarSegment(label, rules.Selection()); got != want {
			t.Errorf("%q looks like %q, want %q", label, got, want)
		}
	}
}
