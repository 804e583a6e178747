package rulebook

import (
	"testing"

	"partnerscore/scoring"
)

// TestVariantHasTheHashesOfAFileThatSaysTheSame: a change in the program and the same change in a file are the same rules.
func TestVariantHasTheHashesOfAFileThatSaysTheSame(t *testing.T) {
	rules := embedded(t, "azure-2023-06")
	made := Variant(rules, func(r *scoring.Rulebook) { r.Deduplicate = scoring.DeduplicateNone })
	read, err := library(t).Load("own.yaml", []byte("id: own\ntitle: Own\nextends: azure-2023-06\nfrom: 2023-06-13\nusage: {deduplicate: none}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if made.SHA256 != read.SHA256 || made.EligibilitySHA256 != read.EligibilitySHA256 {
		t.Errorf("hashes %.12s and %.12s, a file with the same change has %.12s and %.12s", made.SHA256, made.EligibilitySHA256, read.SHA256, read.EligibilitySHA256)
	}
	if made.SHA256 == rules.SHA256 || made.EligibilitySHA256 == rules.EligibilitySHA256 || rules.Deduplicate != scoring.DeduplicateConsumption {
		t.Error("the change has no effect, or changes the rules that it started from")
	}
}
