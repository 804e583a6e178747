package inputs

import (
	"fmt"
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
