package exports

import (
	"strconv"
	"strings"
	"unicode"
)

// shownValue is the value for a message.
func shownValue(column, value string) string {
	shown, whole := Discreet(column, value)
	switch {
	case shown == "":
		return ""
	case whole:
		return ", value " + strconv.QuoteToASCII(shown)
	default:
		return ", value like " + strconv.QuoteToASCII(shown)
	}
}

// Discreet is a value as it may be shown: whole where it can be nothing but a number, a date or an amount, else its shape. A row that slipped
// by a column has a tenant, a customer's name or an e-mail address where an amount is meant. Of columns that name somebody nothing is shown.
func Discreet(column, value string) (shown string, whole bool) {
	switch {
	case value == "" || namesSomebody(column):
		return "", false
	case harmless(value):
		return value, true
	default:
		return shape(cut(value, 80)), false
	}
}

// namesSomebody tells whether a column, by any of its known names, identifies a tenant, a customer or a human being.
func namesSomebody(name string) bool {
	if namesPerson(name) {
		return true
	}
	for _, c := range partnerCenterColumns() {
		if c.canonical != "customer_tenant_id" && c.canonical != "customer_name" {
			continue
		}
		for _, known := range append(c.names, c.canonical) {
			if fold(known) == fold(name) {
				return true
			}
		}
	}
	return false
}

// harmlessLength is shorter than a GUID, with dashes and without.
const harmlessLength = 26

// harmless tells whether a text is too short for an id and has no words but those of numbers, times and currencies.
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

// shape is a text with every letter an x and every digit a 9.
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
