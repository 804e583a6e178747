package results_test

import (
	"errors"
	"testing"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/scoring"
)

func TestBackfillErrorTellsAlikeFailuresOnce(t *testing.T) {
	june := scoring.NewMonth(2024, time.June)
	broken := &exports.ContractError{Problems: []exports.Problem{{File: "a.csv", Message: "broken"}}}
	err := error(&results.BackfillError{Failures: []results.MonthResult{
		{Month: june, Err: broken}, {Month: june.Add(1), Err: &exports.MissingError{Table: schema.Usage}}, {Month: june.Add(2), Err: broken},
	}})
	if want := "2024-06, 2024-08: a.csv: broken\n2024-07: no export of azure_usage"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	var contract *exports.ContractError
	var missing *exports.MissingError
	if !errors.As(err, &contract) || errors.As(err, &missing) {
		t.Error("the error is not of the kind of the first failure alone")
	}
}
