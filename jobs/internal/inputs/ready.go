package inputs

import (
	"fmt"
	"slices"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/scoring"
)

// Readiness says when the export of a score month counts as complete. Zero: as soon as it exists. It applies when no month was named: a month that
// a person names is scored with the export that exists.
type Readiness struct {
	// From is the first instant at which it may be; zero: any.
	From time.Time
	// Share is how many of the usual rows it must have at least, 0 to 1; the usual number is the median of the six usage months before it.
	Share float64
}

// usualMonths is how many months before the score month say what is usual, and leastUsual how many of them there must be to say anything.
const (
	usualMonths = 6
	leastUsual  = 3
)

// NotReadyError says that the export of a month is there, and is not taken for complete: exit code 3.
type NotReadyError struct {
	Month scoring.Month
	What  string
	Hint  string
}

func (e *NotReadyError) FaultKind() string { return fault.Missing }

func (e *NotReadyError) FaultAdvice() string { return e.Hint }

func (e *NotReadyError) Error() string {
	return fmt.Sprintf("the export of azure_usage for %s is not ready: %s; %s", e.Month, e.What, e.Hint)
}

// readyBy refuses a month whose time has not come.
func (o Options) readyBy(m scoring.Month) error {
	if o.Ready.From.IsZero() || !o.Now().Before(o.Ready.From) {
		return nil
	}
	return &NotReadyError{Month: m, What: fmt.Sprintf("it may still be refreshed until %s", o.Ready.From.UTC().Format(time.DateOnly)),
		Hint: "run again from that day on, or name the month with --month to score it as it is"}
}

// NotEmpty refuses a score month whose files hold no rows at all: an export that failed looks like that. The error is a *NotReadyError.
func (in *Inputs) NotEmpty(allowEmpty bool) error {
	if allowEmpty || in.UsageRows(in.Month) > 0 {
		return nil
	}
	return &NotReadyError{Month: in.Month, What: fmt.Sprintf("%s: no rows at all", ingest.FilesInWords(in.Usage[in.Month])),
		Hint: "export the month again, or score it with --month and --min-rows 0 if there was no usage"}
}

// bigEnough refuses a month with far fewer rows than usual.
func (in *Inputs) bigEnough(share float64) error {
	var before []int64
	for _, m := range in.Months {
		if m < in.Month && m >= in.Month.Add(-usualMonths) {
			before = append(before, in.UsageRows(m))
		}
	}
	if len(before) < leastUsual {
		return nil
	}
	slices.Sort(before)
	usual, rows := before[(len(before)-1)/2], in.UsageRows(in.Month)
	if float64(rows) >= share*float64(usual) {
		return nil
	}
	return &NotReadyError{Month: in.Month,
		What: fmt.Sprintf("it holds %s rows, and the months before it usually hold %s", scoring.Grouped(rows), scoring.Grouped(usual)),
		Hint: "run again when the delivery is complete, or name the month with --month if it is"}
}
