package snapshot

import "partnerscore/scoring"

// The files of a usage month's facts. FactsDescription is written last: facts without it, or whose files do not match it, are ignored and rebuilt.
const (
	FactsConsumption = "part-0.parquet"      // partner × tenant × service → ACR
	FactsCustomers   = "customers-0.parquet" // partner × tenant → name, segment
	FactsServices    = "services-0.parquet"  // partner × service → spelling
	FactsDescription = "facts.json"
)

// FactsVersion is the version of the files of facts; other versions are rebuilt.
const FactsVersion = 2

// Facts describe what is counted of one month of usage, and what they were built from.
type Facts struct {
	Version     int           `json:"version"`
	Month       scoring.Month `json:"month"`
	Fingerprint string        `json:"fingerprint"`
	// BuiltBy is the engine that built them; nil: DuckDB, by a version of the program that did not say so.
	BuiltBy *BuiltBy `json:"built_by,omitempty"`
	Rows    int64    `json:"rows"` // of the usage files
	// Locations says which account each location id of the month rolled up to by the partners file, null for one it does not know;
	// absent when there was no partners file. Facts are reused while the partners file maps these to the same accounts.
	Locations  map[string]*string `json:"locations,omitempty"`
	Exclusions []Exclusion        `json:"exclusions"`
	// Provisional says what the rows themselves leave open: a score that uses these facts is provisional, for these reasons.
	Provisional []string `json:"provisional,omitempty"`
	// Segments are the customer segments of the month's usage, the most frequent first, each with its rows.
	Segments []UnknownLabels `json:"segments,omitempty"`
	// Unknown are labels that the rulebook does not know, by kind.
	Unknown []UnknownLabels `json:"unknown_labels,omitempty"`
	// Substituted counts rows of cost for which another amount counts; nil: no row.
	Substituted *Substituted `json:"substituted,omitempty"`
	Files       []File       `json:"files"`
}

// BuiltBy names the engine that built facts. Every engine gives the same files.
type BuiltBy struct {
	Engine  string `json:"engine"` // duckdb or spark
	Version string `json:"version"`
	// Statements identifies what a server was asked; facts from other statements are rebuilt. Empty where the fingerprint covers them.
	Statements string `json:"statements,omitempty"`
}

// EngineName names the engine that built the facts.
func (f *Facts) EngineName() string {
	if f.BuiltBy == nil {
		return DuckDB
	}
	return f.BuiltBy.Engine
}

// The names of engines in descriptions of facts. DuckDB is the one in this program.
const (
	DuckDB = "duckdb"
	Spark  = "spark"
)

// UnknownLabels are the labels of one kind that the rulebook does not know: how much usage carries them, and the most frequent ones.
type UnknownLabels struct {
	Kind   string      `json:"kind"`
	Rows   int64       `json:"rows"`
	ACRUSD scoring.USD `json:"acr_usd"` // the readable amounts
	Labels []string    `json:"labels"`
}

// The files of a score month's holdings. HoldingsDescription is written last, as with facts.
const (
	HoldingsRows        = "part-0.parquet" // partner × person × certification, people as pseudonyms
	HoldingsDescription = "holdings.json"
)

// HoldingsVersion is the version of the files of holdings; other versions are rebuilt.
const HoldingsVersion = 2

// Holdings describe who held which certification when a month was scored, beyond what its rules asked for. They are a cache like facts.
type Holdings struct {
	Version    int           `json:"version"`
	ScoreMonth scoring.Month `json:"score_month"`
	// Fingerprint is that of the inputs of the published month that the holdings belong to.
	Fingerprint string `json:"inputs_fingerprint"`
	// Types and Active are the rules by which rows were taken for holdings and these for active.
	Types  []string `json:"types"`
	Active []string `json:"active"`
	// Labels are all texts that were looked for, in the form in which titles compare. A certification with another name is unknown here.
	Labels []string `json:"labels"`
	Files  []File   `json:"files"`
}
