package rulebook

import "partnerscore/scoring"

// Variant returns rules in which something is changed, with the hashes of the changed rules. The change must not write into the lists and pointers
// of the rules, which others share.
func Variant(rules *scoring.Rulebook, change func(*scoring.Rulebook)) *scoring.Rulebook {
	other := *rules
	change(&other)
	setHashes(&other)
	return &other
}
