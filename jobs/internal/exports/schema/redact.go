package schema

import (
	"slices"
	"strings"
	"unicode"

	"partnerscore/jobs/internal/exports/defect"
)

// Redact returns what a message may show of a value: all of it where it can only be a number, a date or an amount, else its shape. A row whose
// fields are shifted has a tenant, a customer's name or an e-mail address where an amount is meant. It shows nothing of personal columns.
func Redact(column, value string) (shown string, whole bool) {
	switch {
	case value == "" || isPersonalColumn(column):
		return "", false
	case harmless(value):
		return value, true
	default:
		return shape(defect.Shorten(value, 80)), false
	}
}

// isPersonalColumn reports whether a column, by any of its names in the exports of Partner Center, identifies a tenant, a customer or a human being.
func isPersonalColumn(name string) bool {
	return slices.ContainsFunc(slices.Concat(partnerCenterColumns(), certificationColumns(), personNames()), func(s spec) bool { return s.personal && s.knows(name) })
}

// harmlessLength is shorter than a GUID, with dashes and without.
const harmlessLength = 26

// harmless reports whether a text is too short for an id and has no words but those of numbers, times and currencies.
func harmless(text string) bool {
	if len(text) > harmlessLength || strings.ContainsRune(text, '@') {
		return false
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(word) {
		case "e", "t", "z", "nan", "inf", "infinity", "null", "eur", "gbp", "usd":
		default:
			return false
		}
	}
	return true
}

// shape returns a text with every letter as x and every digit as 9.
func shape(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			return 'x'
		case unicode.IsDigit(r):
			return '9'
		default:
			return r
		}
	}, text)
}
