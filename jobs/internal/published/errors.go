package published

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/nearest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// ShownNames is how many existing names an error lists.
const ShownNames = 5

// UnknownError reports a name that does not exist, with the nearest that do, or one that several share.
type UnknownError struct {
	What string // "partner", "tenant", …
	Name string // as it was asked for; empty: nothing was, and there are several
	// Nearest are existing names, the nearest first; More is the number of other names.
	Nearest []string
	More    int
	// Shared is set where all of these have the name.
	Shared bool
	Hint   string
}

// FaultKind is fault.Usage.
func (e *UnknownError) FaultKind() string { return fault.Usage }

// Error names the nearest existing names.
func (e *UnknownError) Error() string {
	text := fmt.Sprintf("unknown %s %q", e.What, e.Name)
	if e.Name == "" {
		text = fmt.Sprintf("say which %s", e.What)
	}
	switch {
	case e.Shared:
		text = fmt.Sprintf("%d %ss have the name %q: %s", len(e.Nearest)+e.More, e.What, e.Name, strings.Join(e.Nearest, ", "))
	case len(e.Nearest) == 0:
		text += ": none exists"
	case e.More > 0:
		text += fmt.Sprintf(": the nearest of %d are %s", len(e.Nearest)+e.More, strings.Join(e.Nearest, ", "))
		if e.Name == "" {
			text = fmt.Sprintf("say which %s: there are %d, like %s", e.What, len(e.Nearest)+e.More, strings.Join(e.Nearest, ", "))
		}
	default:
		text += ": there is " + strings.Join(e.Nearest, ", ")
	}
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// Unknown returns the error for a name among the existing ones. label, where it is not nil, writes a name for people, and what was asked for
// may be near to either.
func Unknown(what, name string, names []string, label func(string) string, hint string) error {
	if label == nil {
		label = func(n string) string { return n }
	}
	near := slices.Clone(names)
	if len(names) > ShownNames {
		near = nearest.First(names, ShownNames, func(n string) int { return min(distance(name, n), distance(name, label(n))) })
	}
	for i, n := range near {
		near[i] = label(n)
	}
	return &UnknownError{What: what, Name: name, Nearest: near, More: len(names) - len(near), Hint: hint}
}

// distance is how far a name is from the one that was asked for, or but for the end of it: a name may be given in part. Case does not matter.
func distance(wanted, name string) int {
	wanted, name = strings.ToLower(wanted), strings.ToLower(name)
	return min(nearest.Distance(wanted, name), nearest.Distance(wanted, name[:min(len(name), len(wanted))])+1)
}

// ParseArea reads a solution area by its id. The error is an *UnknownError.
func ParseArea(text string) (scoring.Area, error) {
	var names []string
	for _, a := range scoring.Areas() {
		if text == string(a) {
			return a, nil
		}
		names = append(names, string(a))
	}
	return "", Unknown("area", text, names, nil, "")
}

// ParseMetric reads a metric by its id. The error is an *UnknownError.
func ParseMetric(text string) (scoring.Metric, error) {
	var names []string
	for _, m := range scoring.Metrics() {
		if text == string(m) {
			return m, nil
		}
		names = append(names, string(m))
	}
	return "", Unknown("metric", text, names, nil, "")
}

// UnpublishedError reports that a month is not published, or that no month is.
type UnpublishedError struct {
	Root      string
	Month     scoring.Month
	Published []scoring.Month // oldest first; empty: nothing is published
}

// FaultKind is fault.Missing.
func (e *UnpublishedError) FaultKind() string { return fault.Missing }

// Error names the published months around the one asked for and what to run.
func (e *UnpublishedError) Error() string {
	if len(e.Published) == 0 {
		return fmt.Sprintf("no month is published in %s; run partnerscore score or backfill, or name another folder with --snapshots", e.Root)
	}
	return fmt.Sprintf("%s is not published in %s: near it are %s; run partnerscore score --month %s",
		e.Month, e.Root, strings.Join(e.near(), ", "), e.Month)
}

// near lists the published months that are nearest to the one asked for, oldest first.
func (e *UnpublishedError) near() []string {
	months := slices.Clone(e.Published)
	slices.SortStableFunc(months, func(a, b scoring.Month) int { return int(max(a-e.Month, e.Month-a) - max(b-e.Month, e.Month-b)) })
	months = months[:min(len(months), ShownNames)]
	slices.Sort(months)
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = m.String()
	}
	return names
}

// DamagedError reports that the files of a published month are missing, damaged or of another version, or that their rows contradict
// each other.
type DamagedError struct {
	Month scoring.Month
	Err   error
}

// FaultKind is fault.Broken.
func (e *DamagedError) FaultKind() string { return fault.Broken }

// Error says what is wrong and what to do.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("read the snapshot of %s: %v; to repair it, run partnerscore verify --repair --exports DIR", e.Month, e.Err)
}

// FaultAdvice says that it is no export that is broken.
func (e *DamagedError) FaultAdvice() string { return fault.RepairAdvice }

// Unwrap returns what is wrong.
func (e *DamagedError) Unwrap() error { return e.Err }

// RulesError reports that the rules by which a month was scored are missing or changed since.
type RulesError struct {
	Month scoring.Month
	Want  snapshot.RulebookRef
	Given *scoring.Rulebook // nil: none
}

// FaultKind is fault.Usage.
func (e *RulesError) FaultKind() string { return fault.Usage }

// Error names the rules and what to do.
func (e *RulesError) Error() string {
	text := fmt.Sprintf("%s was scored by the rulebook %s (sha256 %.12s), which is missing or has changed since; give it with --rulebook FILE",
		e.Month, e.Want.ID, e.Want.SHA256)
	if e.Given != nil {
		text += fmt.Sprintf(": the one given is %s (sha256 %.12s)", e.Given.ID, e.Given.SHA256)
	}
	return text + ", or score the month again"
}

// NotKnownError reports a question that neither the published tables nor the cache behind them can answer.
type NotKnownError struct {
	Month scoring.Month // the published month that was asked about
	What  string
	Hint  string
}

// FaultKind is fault.Missing.
func (e *NotKnownError) FaultKind() string { return fault.Missing }

// Error says what is unknown and what to do.
func (e *NotKnownError) Error() string {
	return fmt.Sprintf("%s cannot be answered from the published month: %s; %s", e.Month, e.What, e.Hint)
}

// ScoreAside is the hint for a score by rules that answers cannot compute: score the month into another folder.
func ScoreAside(m scoring.Month, rules *scoring.Rulebook) string {
	return fmt.Sprintf("score it by these rules into a folder of its own: partnerscore score --month %s --rulebook %s --snapshots trial", m, rules.ID)
}
