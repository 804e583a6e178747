package actions

import (
	"slices"
	"testing"

	"partnerscore/jobs/internal/answers"
	"partnerscore/scoring"
)

// TestKnownMonths: a month that is known is looked at although the one before it is not: the outlook says what is lost in it.
func TestKnownMonths(t *testing.T) {
	customers, acr := int64(1), scoring.USD(1)
	known := func(m scoring.Month) answers.OutlookMonth {
		return answers.OutlookMonth{Month: m, BaselineCustomers: &customers, BaselineACR: &acr}
	}
	x := &finder{outlook: &answers.Outlook{Months: []answers.OutlookMonth{{Month: 11}, known(12), {Month: 13}, known(14)}}}
	if got := x.knownMonths(10); !slices.Equal(got, []scoring.Month{12, 14}) {
		t.Errorf("after 10: %v", got)
	}
	if got := x.knownMonths(12); !slices.Equal(got, []scoring.Month{14}) {
		t.Errorf("after 12: %v", got)
	}
}
