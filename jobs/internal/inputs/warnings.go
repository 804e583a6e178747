package inputs

import (
	"regexp"
	"strings"

	"partnerscore/jobs/internal/exports"
)

// WarnOfDeliveries warns about inputs beside which something is that should not be there.
func (o Options) WarnOfDeliveries(cat *exports.Catalog) {
	for _, attributes := range groupAlike(cat.Warnings.Sentences()) {
		o.Log.Warn("an input may not be what was delivered", attributes...)
	}
}

// groupAlike returns the attributes of warnings about sentences "path: what". Those that differ in numbers and ids alone, as where each month has
// one, become one warning with the first sentence, the number of sentences, and the path of the last.
func groupAlike(sentences []string) (warnings [][]any) {
	variable := regexp.MustCompile(`[0-9a-f]{8,}|[0-9]+`)
	alike, kinds := map[string][]string{}, []string{}
	for _, sentence := range sentences {
		kind := variable.ReplaceAllString(sentence, "0")
		if len(alike[kind]) == 0 {
			kinds = append(kinds, kind)
		}
		alike[kind] = append(alike[kind], sentence)
	}
	for _, kind := range kinds {
		all := alike[kind]
		attributes := []any{"what", all[0]}
		if len(all) > 1 {
			last, _, _ := strings.Cut(all[len(all)-1], ": ")
			attributes = append(attributes, "similar", len(all), "last", last)
		}
		warnings = append(warnings, attributes)
	}
	return warnings
}
