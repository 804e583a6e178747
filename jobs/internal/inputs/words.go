package inputs

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// MissingInWords says what is missing, without advice.
func MissingInWords(missing *exports.MissingError) string {
	if missing.Table == schema.Certifications {
		return "certifications are missing"
	}
	if len(missing.Parts) > 0 {
		return "a delivery is incomplete: " + missing.Parts[0].String()
	}
	return "usage is missing for " + scoring.MonthRanges(missing.Months)
}

// NotInForce says that a month is before the first rulebook.
func NotInForce(early *rulebook.NotInForceError) string {
	return fmt.Sprintf("no rulebook is in force yet: the first one, %s, starts on %s", early.First.ID, early.First.From.Format(time.DateOnly))
}

// WarnOfDeliveries warns about inputs beside which something is that should not be there.
func (o Options) WarnOfDeliveries(cat *exports.Catalog) {
	for _, attributes := range groupSimilar(cat.Warnings.Sentences()) {
		o.Log.Warn("an input may not be what was delivered", attributes...)
	}
}

// groupSimilar returns the attributes of warnings about sentences "path: what". Those that differ in numbers and ids alone, as where each month has
// one, become one warning with the first sentence, the number of sentences, and the path of the last.
func groupSimilar(sentences []string) (warnings [][]any) {
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
