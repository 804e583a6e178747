package scoring

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const dateLayout = "2006-01-02"

// value is one place of a rulebook file: its node and the keys that lead to it. A missing key is a value without a node.
type value struct {
	node  *yaml.Node
	owner *yaml.Node // the mapping that has, or lacks, the key
	path  string
	found *problems
}

// position returns the line and column of the value, of its owner when the key is missing, zeros when it is inherited.
func (v value) position() (line, column int) {
	switch {
	case v.node != nil:
		return v.node.Line, v.node.Column
	case v.owner != nil:
		return v.owner.Line, v.owner.Column
	default:
		return 0, 0
	}
}

// problem reports a fault of the value.
func (v value) problem(format string, args ...any) { v.found.add(v, format, args...) }

// present reports whether the file has the value.
func (v value) present() bool { return v.node != nil }

// require reports a missing value, unless its owner is missing too.
func (v value) require() bool {
	if v.node == nil && v.owner != nil && !v.found.partial {
		v.problem("missing")
	}
	return v.node != nil
}

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

// entries returns the entries of a mapping in their order; the keys need not be known beforehand.
func (v value) entries() []entry {
	if !v.require() {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.problem("want a mapping, have %s", kindName(v.node))
		return nil
	}
	var all []entry
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		all = append(all, entry{key: key, value: value{
			node: v.node.Content[i+1], owner: v.node, path: joined(v.path, key.Value), found: v.found,
		}})
	}
	return all
}

// entry is a key of a mapping with its value.
type entry struct {
	value
	key *yaml.Node
}

// joined appends a key to a path.
func joined(path, key string) string {
	if path == "" {
		return shortened(key)
	}
	return path + "." + shortened(key)
}

// fields returns the value of every known key of a mapping, present or not, and reports other keys.
func (v value) fields(known ...string) map[string]value {
	fields := make(map[string]value, len(known))
	var owner *yaml.Node // nil: this mapping is a problem itself, and what it lacks is none
	if v.node != nil && v.node.Kind == yaml.MappingNode {
		owner = v.node
	}
	for _, key := range known {
		fields[key] = value{owner: owner, path: joined(v.path, key), found: v.found}
	}
	for _, e := range v.entries() {
		if !slices.Contains(known, e.key.Value) {
			at := value{node: e.key, path: e.path, found: v.found}
			at.problem("unknown key: want one of %s", strings.Join(known, ", "))
			continue
		}
		fields[e.key.Value] = e.value
	}
	return fields
}

// key returns the value of one key of a mapping, whatever else the mapping has.
func (v value) key(key string) value {
	at := value{owner: v.node, path: joined(v.path, key), found: v.found}
	if v.node != nil && v.node.Kind == yaml.MappingNode {
		if i := keyIndex(v.node, key); i >= 0 {
			at.node = v.node.Content[i+1]
		}
	}
	return at
}

// items returns the items of a list.
func (v value) items() []value {
	if !v.require() {
		return nil
	}
	if v.found.partial && v.node.Kind == yaml.MappingNode {
		return v.fields("remove", "add")["add"].items()
	}
	if v.node.Kind == yaml.MappingNode && (keyIndex(v.node, "add") >= 0 || keyIndex(v.node, "remove") >= 0) {
		v.problem("want a list: nothing is inherited here that could be changed")
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.problem("want a list, have %s", kindName(v.node))
		return nil
	}
	all := make([]value, len(v.node.Content))
	for i, item := range v.node.Content {
		all[i] = value{node: item, owner: v.node, path: v.path, found: v.found}
	}
	return all
}

// scalar returns the text of a scalar with one of the YAML tags.
func (v value) scalar(want string, tags ...string) (string, bool) {
	if !v.require() {
		return "", false
	}
	if v.node.Kind != yaml.ScalarNode || !slices.Contains(tags, v.node.Tag) {
		v.problem("want %s, have %s", want, kindName(v.node))
		return "", false
	}
	return v.node.Value, true
}

// text returns a text that is not blank and has no control characters or stray white space.
func (v value) text() string {
	s, ok := v.scalar("a text", "!!str")
	if !ok {
		return ""
	}
	switch {
	case strings.TrimSpace(s) == "":
		v.problem("want a text, have a blank")
	case s != strings.Join(strings.Fields(s), " "):
		v.problem("want words with one blank between them, have %q", shortened(s))
	case strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		v.problem("want a text without control characters, have %q", shortened(s))
	default:
		return s
	}
	return ""
}

// labels returns the items of a list of different texts, but for those that are a problem. An empty list is one unless
// emptyOK.
func (v value) labels(emptyOK bool) []value {
	items := v.items()
	if v.present() && v.node.Kind == yaml.SequenceNode && len(items) == 0 && !emptyOK {
		v.problem("want at least one, have an empty list")
	}
	var good []value
	seen := map[string]bool{}
	for _, item := range items {
		s := item.text()
		switch {
		case s == "":
		case seen[folded(s)]:
			item.problem("%q is listed twice", shortened(s))
		default:
			seen[folded(s)] = true
			good = append(good, item)
		}
	}
	return good
}

// texts returns a list of different texts.
func (v value) texts(emptyOK bool) []string { return textsOf(v.labels(emptyOK)) }

func textsOf(labels []value) []string {
	var all []string
	for _, label := range labels {
		all = append(all, label.node.Value)
	}
	return all
}

// folded returns a label as it compares: without regard to case and white space.
func folded(s string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(s), " ")))
}

// wholeNumber is a number as rulebooks write it: no sign but minus, no leading zeros, separators or exponents.
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})$`)

// whole returns a whole number within least..most.
func (v value) whole(least, most int64) int64 {
	s, ok := v.scalar("a whole number", "!!int")
	if !ok {
		return 0
	}
	if !wholeNumber.MatchString(s) {
		v.problem("want a whole number from %d to %d, have %s", least, most, shortened(s))
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		v.problem("want a whole number from %d to %d, have %s", least, most, s)
		return 0
	}
	return n
}

// usd returns an amount of at least the given one.
func (v value) usd(least USD) USD {
	s, ok := v.scalar("an amount in USD", "!!int", "!!float")
	if !ok {
		return 0
	}
	amount, err := ParseUSD(s)
	if err != nil {
		v.problem("want an amount in USD, digits and at most six decimals, have %s", shortened(s))
		return 0
	}
	if amount < least {
		v.problem("want an amount of %s USD or more, have %s", least.plain(), s)
		return 0
	}
	return amount
}

// date returns a day written as 2024-06-30.
func (v value) date() *time.Time {
	s, ok := v.scalar("a date like 2024-06-30", "!!timestamp", "!!str")
	if !ok {
		return nil
	}
	day, err := time.Parse(dateLayout, s)
	if err != nil || day.Year() < firstYear {
		v.problem("want a date like 2024-06-30, have %q", shortened(s))
		return nil
	}
	return &day
}

// none reports whether the value is the word that takes an inherited value away.
func (v value) none() bool {
	return v.present() && v.node.Kind == yaml.ScalarNode && v.node.Tag == "!!str" && v.node.Value == "none"
}

// oneOf returns one of the options.
func (v value) oneOf(options ...string) string {
	if !v.require() {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode || !slices.Contains(options, v.node.Value) {
		v.problem("want %s, have %s", strings.Join(options, " or "), kindName(v.node))
		return ""
	}
	return v.node.Value
}
