package snapshot

import (
	"fmt"
	"strconv"

	"partnerscore/scoring"
)

// SchemaVersion is the version of the tables, of the manifest and of the intent.
const SchemaVersion = 1

// Metadata is what each published file says about itself in its Parquet key-value
// metadata. It holds nothing that changes from run to run.
type Metadata struct {
	Table             string
	ScoreMonth        scoring.Month
	Rulebook          string // id
	RulebookSHA256    string
	InputsFingerprint string
}

// Pair is one entry of the key-value metadata.
type Pair struct{ Key, Value string }

// Pairs returns the entries in the order of the contract.
func (md Metadata) Pairs() []Pair {
	return []Pair{
		{"partnerscore.schema_version", strconv.Itoa(SchemaVersion)},
		{"partnerscore.table", md.Table},
		{"partnerscore.score_month", md.ScoreMonth.String()},
		{"partnerscore.rulebook", md.Rulebook},
		{"partnerscore.rulebook_sha256", md.RulebookSHA256},
		{"partnerscore.inputs_fingerprint", md.InputsFingerprint},
	}
}

// problems compares what a file says (get returns nil for an absent key) with md. An
// empty value in md matches any value that is not empty.
func (md Metadata) problems(get func(key string) *string) []string {
	var out []string
	for _, want := range md.Pairs() {
		got := get(want.Key)
		switch {
		case got == nil:
			out = append(out, fmt.Sprintf("metadata key %s is missing", want.Key))
		case want.Value == "" && *got == "":
			out = append(out, fmt.Sprintf("metadata key %s is empty", want.Key))
		case want.Value != "" && *got != want.Value:
			out = append(out, fmt.Sprintf("metadata key %s is %q, not %q", want.Key, *got, want.Value))
		}
	}
	return out
}
