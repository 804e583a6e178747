package published

import "partnerscore/scoring"

// Usage is what the facts say of a partner in the fourteen months of a score: who used what for how much. Facts are a cache, which may be
// missing, or rebuilt from other exports since: only what adds up to the published tables is used.
type Usage struct {
	Rows []Consumption // by month, tenant and service
	// Services has the spelling of each service key of the rows: the smallest in byte order of the months that have facts.
	Services map[string]string
	// Segments has the segment of each tenant in the last month that names one, folded; the track follows from it.
	Segments map[string]string
	// Gaps are the months of the window without usable facts, oldest first; Rows have nothing of them.
	Gaps []Gap
}

// Consumption is what a customer tenant consumed of a service in a month, in millionths of a US dollar.
type Consumption struct {
	UsageMonth scoring.Month
	Tenant     string
	Service    string // the key, a folded name
	ACR        scoring.USD
}

// Gap is a usage month whose facts cannot be used.
type Gap struct {
	UsageMonth scoring.Month `json:"usage_month"`
	Reason     GapReason     `json:"reason"`
}

// GapReason says why the facts of a month cannot be used.
type GapReason string

// The reasons for a gap.
const (
	GapMissing  GapReason = "missing"  // no facts in the cache
	GapOther    GapReason = "other"    // the facts are not those that the published tables came from
	GapAbsent   GapReason = "absent"   // there was no export when the month was scored, which was done without it
	GapUnproven GapReason = "unproven" // only together with a month that is missing or other would they add up to what was published
)
