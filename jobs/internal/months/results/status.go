package results

import (
	"partnerscore/scoring"
)

// The states of a month's snapshot in a MonthStatus.
const (
	StatePublished   = "published"
	StateStale       = "stale"
	StateMissing     = "missing"      // it could be scored and is not
	StateNotScorable = "not_scorable" // some of its fourteen months are not there
)

// MonthStatus is what is there for one month.
type MonthStatus struct {
	Month          scoring.Month `json:"month"`
	UsageFiles     int           `json:"usage_files"`
	UsageBytes     int64         `json:"usage_bytes"`
	Certifications bool          `json:"certifications"`
	Facts          bool          `json:"facts"`                  // some are in the cache; whether they still fit is found out when they are needed
	FactsEngine    string        `json:"facts_engine,omitempty"` // that built them
	Snapshot       string        `json:"snapshot"`
	Reasons        []string      `json:"reasons"` // why it is stale or not scorable
	Provisional    []string      `json:"provisional"`
}

// DeltaLog is the Delta log of a table, and what it says wrong of the published months.
type DeltaLog struct {
	Table    string   `json:"table"`
	Version  int64    `json:"version"` // -1 if the log is missing or cannot be read
	Problems []string `json:"problems"`
}
