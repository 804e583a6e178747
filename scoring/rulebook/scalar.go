package rulebook

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
)

// kindName returns what a node is, for messages.
func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!str":
		return "the text " + strconv.Quote(shortened(n.Value))
	default:
		return shortened(n.Value)
	}
}

// shortened cuts a long text for a message.
func shortened(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// scalar returns the text of a scalar with one of the YAML tags.
func scalar(n *yaml.Node, want string, tags ...string) (string, error) {
	if n.Kind != yaml.ScalarNode || !slices.Contains(tags, n.Tag) {
		return "", fmt.Errorf("want %s, have %s", want, kindName(n))
	}
	return n.Value, nil
}

// readText reads a text that is not blank and has no control characters or stray white space. Its tag may name its form or the only values.
func readText(n *yaml.Node, tag reflect.StructTag, out *string) error {
	if options := tag.Get("oneof"); options != "" {
		if n.Kind != yaml.ScalarNode || !slices.Contains(strings.Split(options, " or "), n.Value) {
			return fmt.Errorf("want %s, have %s", options, kindName(n))
		}
		*out = n.Value
		return nil
	}
	s, err := scalar(n, "a text", "!!str")
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(s) == "":
		return errors.New("want a text, have a blank")
	case s != strings.Join(strings.Fields(s), " "):
		return fmt.Errorf("want words with one blank between them, have %q", shortened(s))
	case strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		return fmt.Errorf("want a text without control characters, have %q", shortened(s))
	}
	*out = s
	return checkForm(s, tag.Get("form"))
}

// What ids look like.
var (
	rulebookID      = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	shortID         = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	certificationID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`) // an exam code, as a rule
)

// checkForm reports an id that is not of its form.
func checkForm(s, form string) error {
	var pattern *regexp.Regexp
	var like string
	switch form {
	case "rulebook":
		pattern, like = rulebookID, "azure-2023-06: small letters, digits, dots and hyphens"
	case "short":
		pattern, like = shortID, "csp_tier_1: small letters, digits and underscores"
	case "certification":
		pattern, like = certificationID, "AZ-104: letters, digits, dots and hyphens"
	default:
		return nil
	}
	if !pattern.MatchString(s) {
		return fmt.Errorf("want an id like %s; have %q", like, shortened(s))
	}
	return nil
}

// wholeNumber is a number as rulebooks write it: no sign but minus, no leading zeros, separators or exponents.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})$`)

// readWhole reads a whole number within the range of its tag.
func readWhole(n *yaml.Node, tag reflect.StructTag, out *int64) error {
	s, err := scalar(n, "a whole number", "!!int")
	if err != nil {
		return err
	}
	var least, most int64
	if _, err := fmt.Sscanf(tag.Get("range"), "%d..%d", &least, &most); err != nil {
		return fmt.Errorf("range of %q: %w", tag, err)
	}
	number, err := strconv.ParseInt(s, 10, 64)
	if err != nil || !wholeNumber.MatchString(s) || number < least || number > most {
		return fmt.Errorf("want a whole number from %d to %d, have %s", least, most, shortened(s))
	}
	*out = number
	return nil
}

// readAmount reads an amount of at least that of its tag.
func readAmount(n *yaml.Node, tag reflect.StructTag, out *scoring.USD) error {
	s, err := scalar(n, "an amount in USD", "!!int", "!!float")
	if err != nil {
		return err
	}
	amount, err := scoring.ParseUSD(s)
	if err != nil {
		return fmt.Errorf("want an amount in USD, digits and at most six decimals, have %s", shortened(s))
	}
	least, err := scoring.ParseUSD(tag.Get("least"))
	if err != nil {
		return err
	}
	if amount < least {
		return fmt.Errorf("want an amount of %s USD or more, have %s", least.Plain(), s)
	}
	*out = amount
	return nil
}

// readDate reads a day written as 2024-06-30.
func readDate(n *yaml.Node, out *time.Time) error {
	s, err := scalar(n, "a date like 2024-06-30", "!!timestamp", "!!str")
	if err != nil {
		return err
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil || day.Year() < scoring.FirstYear {
		return fmt.Errorf("want a date like 2024-06-30, have %q", shortened(s))
	}
	*out = day
	return nil
}
