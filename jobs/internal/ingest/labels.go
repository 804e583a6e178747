package ingest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// MaxLabels is how many different values a column of labels may have: one of more holds ids or names, and these are not shown.
const MaxLabels = 1000

// Words are the runs of letters and digits of a text, in lower case.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// ShownLabel returns a label as it may be shown: an e-mail address or a tenant can stand in its place.
func ShownLabel(text string) string {
	if strings.Contains(text, "@") || regexp.MustCompile(`(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}`).MatchString(text) {
		return fmt.Sprintf("(no label, %d characters)", len([]rune(text)))
	}
	return text
}
