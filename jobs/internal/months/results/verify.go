package results

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// VerifyError says that what is published is not what it should be.
type VerifyError struct{ Verified }

// FaultKind is fault.Differs.
func (e *VerifyError) FaultKind() string { return fault.Differs }

// Error counts the differences, each of which is listed on its own, and says what could not be compared.
func (e *VerifyError) Error() string {
	text := "verify found 1 difference"
	if len(e.Differences) != 1 {
		text = fmt.Sprintf("verify found %d differences", len(e.Differences))
	}
	if len(e.NotScoredAgain) > 0 {
		text += "\n" + whyNotScored(e.NotScoredAgain)
	}
	return text
}

// Verified is what verifying found out.
type Verified struct {
	Months         int // that are published
	ScoredAgain    int // of these, and compared
	Differences    []snapshot.Difference
	NotScoredAgain []NotScoredAgain
	Repaired       []RepairedMonth // by Repair
	DeltaLogs      []string        // tables whose Delta log Repair has corrected
}

// Err is a *VerifyError where there are differences, else a *SettingsError or an *InputsError where months could not be scored again for want of
// settings or inputs.
func (v Verified) Err() error {
	if len(v.Differences) > 0 {
		return &VerifyError{v}
	}
	return notScored(v.NotScoredAgain)
}

// RepairedMonth is a month that was scored again since its files were not those of its manifest.
type RepairedMonth struct {
	Month scoring.Month
	// Was is what was different.
	Was []snapshot.Difference
	// Changed says what changed in the exports since the month was published; nothing: it is as it was.
	Changed []string
}

// NotScoredAgain is a month that could not be scored again, so that nothing was compared: a setting with which it was published was not
// given, or its inputs are not what they were.
type NotScoredAgain struct {
	Month scoring.Month
	// Why names the setting and how to give it, or what is wrong with the inputs.
	Why string
	// Missing: inputs are not there. Broken: inputs break the contract.
	Missing, Broken bool
}

// SettingsError says that months were not scored again for want of the settings with which they were published.
type SettingsError struct{ Months []NotScoredAgain }

// FaultKind is fault.Usage.
func (e *SettingsError) FaultKind() string { return fault.Usage }

// Error has one line per reason, with the first of its months.
func (e *SettingsError) Error() string { return whyNotScored(e.Months) }

// InputsError says that months were not scored again for want of their inputs. Broken: some are there, and break the contract.
type InputsError struct {
	Months []NotScoredAgain
	Broken bool
}

// FaultKind is fault.Missing, or fault.Broken where some of the inputs break the contract.
func (e *InputsError) FaultKind() string {
	if e.Broken {
		return fault.Broken
	}
	return fault.Missing
}

// Error has one line per reason, with the first of its months.
func (e *InputsError) Error() string { return whyNotScored(e.Months) }

func whyNotScored(all []NotScoredAgain) string {
	var reasons []string
	months := map[string][]scoring.Month{}
	for _, one := range all {
		if len(months[one.Why]) == 0 {
			reasons = append(reasons, one.Why)
		}
		months[one.Why] = append(months[one.Why], one.Month)
	}
	for i, why := range reasons {
		where := months[why][0].String()
		if more := len(months[why]) - 1; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		reasons[i] = where + " cannot be scored again: " + why
	}
	return strings.Join(reasons, "\n")
}

// notScored is the error about the months that were not scored again, nil without any.
func notScored(all []NotScoredAgain) error {
	broken := slices.ContainsFunc(all, func(n NotScoredAgain) bool { return n.Broken })
	switch {
	case len(all) == 0:
		return nil
	case slices.ContainsFunc(all, func(n NotScoredAgain) bool { return !n.Broken && !n.Missing }):
		return &SettingsError{all}
	default:
		return &InputsError{Months: all, Broken: broken}
	}
}
