package results

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Verified is what verifying found out.
type Verified struct {
	Months         int // that are published
	ScoredAgain    int // of these, and compared
	Differences    []snapshot.Difference
	NotScoredAgain []NotScoredAgain
	Repaired       []RepairedMonth // by Repair
	DeltaLogs      []string        // tables whose Delta log Repair has corrected
}

// Err counts the differences, each of which is listed on its own, and says what could not be compared.
func (v Verified) Err() error {
	text := "verify found 1 difference"
	switch n := len(v.Differences); {
	case n == 0:
		return notScored(v.NotScoredAgain)
	case n > 1:
		text = fmt.Sprintf("verify found %d differences", n)
	}
	if v.Months == 0 {
		return &noSnapshotError{text + ", and no month is published there"}
	}
	if len(v.NotScoredAgain) > 0 {
		text += "\n" + whyNotScored(v.NotScoredAgain)
	}
	return fault.Errorf(fault.Differs, "%s", text)
}

// noSnapshotError reports files in a place without a published month, which may be the wrong one.
type noSnapshotError struct{ text string }

// FaultKind is fault.Differs.
func (e *noSnapshotError) FaultKind() string { return fault.Differs }

// FaultAdvice does not say that files are to be deleted, as that of other differences does.
func (e *noSnapshotError) FaultAdvice() string {
	return "name the folder of the snapshots with --snapshots, if it is another one"
}

// Error counts the files.
func (e *noSnapshotError) Error() string { return e.text }

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

// whyNotScored has one line per reason, with the first of its months.
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

// notScored is the error about the months that were not scored again, nil without any: for want of the settings with which they were published, or of
// inputs, some of which may be there and break the contract.
func notScored(all []NotScoredAgain) error {
	kind := fault.Kind(fault.Missing)
	switch {
	case len(all) == 0:
		return nil
	case slices.ContainsFunc(all, func(n NotScoredAgain) bool { return !n.Broken && !n.Missing }):
		kind = fault.Usage
	case slices.ContainsFunc(all, func(n NotScoredAgain) bool { return n.Broken }):
		kind = fault.Broken
	}
	return fault.Errorf(kind, "%s", whyNotScored(all))
}
