// Package monitor keeps the record of a run: what it did, how long each step took and how it ended. The log of the steps, the outcome that
// closes the log, the receipt and the metrics all come from this one record, so that they cannot disagree. Nothing in it names a tenant, a
// customer or a person.
package monitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"partnerscore/scoring"
)

// StepName names what a step of a run is about.
type StepName string

// The steps of a run, in their order within a month.
const (
	StepInputs   StepName = "inputs"   // the files of a score month found, checked and hashed; rows: of all of them
	StepFacts    StepName = "facts"    // the facts of a usage month built or found in the cache; rows: of its usage files
	StepMeasures StepName = "measures" // the measures of a score month and their points; rows: partners × areas
	StepTables   StepName = "tables"   // its tables written aside, read back and audited; rows: of all tables
	StepPublish  StepName = "publish"  // the snapshot made the published one, or found to be it; rows: of all tables, 0 when unchanged
	StepVerify   StepName = "verify"   // published months compared; rows: none
)

// StepNames lists the steps.
func StepNames() []StepName {
	return []StepName{StepInputs, StepFacts, StepMeasures, StepTables, StepPublish, StepVerify}
}

// Step is one step that has ended well.
type Step struct {
	Name  StepName
	Month scoring.Month // 0: none
	Rows  int64
	// Idle says that there was nothing to do: facts came from the cache, or an equal snapshot was already published.
	Idle bool
	// Rejected counts the rows of facts that are bad data, by reason.
	Rejected map[string]int64
	// Engine is what built the facts; "" in other steps.
	Engine  string
	Elapsed time.Duration
}

// MarshalJSON writes the step as the receipt has it.
func (s Step) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Step     StepName         `json:"step"`
		Month    scoring.Month    `json:"month,omitzero"`
		Result   string           `json:"result"`
		Rows     int64            `json:"rows"`
		Rejected map[string]int64 `json:"rejected,omitempty"`
		Engine   string           `json:"engine,omitempty"`
		Seconds  float64          `json:"seconds"`
	}{s.Name, s.Month, s.result(), s.Rows, s.Rejected, s.Engine, Seconds(s.Elapsed)})
}

// result is what came of the step, in a word.
func (s Step) result() string {
	switch {
	case s.Name == StepFacts && s.Idle:
		return "reused"
	case s.Name == StepFacts:
		return "built"
	case s.Name == StepPublish && s.Idle:
		return "unchanged"
	case s.Name == StepPublish:
		return "published"
	default:
		return "done"
	}
}

// message is the step for the log.
func (s Step) message() string {
	if s.Name == StepPublish {
		return "snapshot " + s.result()
	}
	return string(s.Name) + " " + s.result()
}

// MonthResult is how one score month ended.
type MonthResult struct {
	Month  scoring.Month `json:"score_month"`
	Result string        `json:"result"` // published, unchanged or failed
	Error  string        `json:"error,omitempty"`
}

// recordVersion is the version of the receipt. It grows when a field changes its meaning or goes; fields are added without that.
const recordVersion = 1

// Record is all that is known of a run. Its JSON form is the receipt.
type Record struct {
	Version     int       `json:"schema_version"`
	RunID       string    `json:"run_id"`
	Command     string    `json:"command"`
	ToolVersion string    `json:"tool_version"`
	Started     time.Time `json:"started"`  // UTC
	Finished    time.Time `json:"finished"` // UTC
	Seconds     float64   `json:"seconds"`

	Ending

	Months []MonthResult `json:"months"`
	Steps  []Step        `json:"steps"`

	RowsRead        int64            `json:"rows_read"` // usage rows of the months whose facts were built
	Rejected        map[string]int64 `json:"rejected"`  // of these, bad data by reason
	FactsBuilt      int              `json:"facts_built"`
	FactsReused     int              `json:"facts_reused"`
	MonthsPublished int              `json:"months_published"`
	MonthsUnchanged int              `json:"months_unchanged"`
	MonthsFailed    int              `json:"months_failed"`
	// Stale are the published months whose inputs, rules or settings had changed when the run ended; null: not checked.
	Stale []scoring.Month `json:"stale_months"`
	// Latest is the latest published month when the run ended; absent: none, or not looked up.
	Latest scoring.Month `json:"latest_published_month,omitzero"`
}

// add enters a step.
func (r *Record) add(s Step) {
	r.Steps = append(r.Steps, s)
	switch s.Name {
	case StepFacts:
		if s.Idle {
			r.FactsReused++
			return
		}
		r.FactsBuilt++
		r.RowsRead += s.Rows
		for reason, rows := range s.Rejected {
			r.Rejected[reason] += rows
		}
	case StepPublish:
		r.Months = append(r.Months, MonthResult{Month: s.Month, Result: s.result()})
		if s.Idle {
			r.MonthsUnchanged++
		} else {
			r.MonthsPublished++
		}
	}
}

// fail enters a score month that failed.
func (r *Record) fail(m scoring.Month, text string) {
	r.Months = append(r.Months, MonthResult{Month: m, Result: "failed", Error: text})
	r.MonthsFailed++
}

// Seconds rounds a time to milliseconds, as log, receipt and metrics have it.
func Seconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond).Milliseconds()) / 1000
}

// Host is the name of this machine, "unknown" where it has none.
func Host() string {
	host, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return host
}

// WriteReceipt replaces the receipt at path by this record.
func (r *Record) WriteReceipt(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	return replaceFile(path, append(text, '\n'))
}

// replaceFile puts a file with these bytes at path in one step: readers see the old or the new file, even if the process dies.
func replaceFile(path string, data []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(file.Name())))
		}
	}()
	if _, err := file.Write(data); err != nil {
		return errors.Join(err, file.Close())
	}
	// Readable for the collector, which is another user; CreateTemp makes it private.
	if err := errors.Join(file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
