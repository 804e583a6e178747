package main

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
)

// wanted says which YAML types the value of a key may have.
type wanted struct {
	tags []string
	word string // what it is, for messages
	list bool   // a list of such values will do as well
}

// configKeys are the keys that stand for flags.
func configKeys() map[string]wanted {
	name := wanted{tags: []string{"!!str"}, word: "text (in quotes if need be)"}
	cost := wanted{tags: []string{"!!int", "!!float"}, word: "a number from 0 on"}
	size := wanted{tags: []string{"!!str", "!!int"}, word: "a size like 1GB"}
	return map[string]wanted{
		"acr_cost":      cost,
		"customer_cost": cost,
		"person_cost":   cost,
		"service_cost":  cost,
		"exports":       name,
		"snapshots":     name,
		"rulebook":      name,
		"skills_as_of":  {tags: []string{"!!timestamp", "!!str"}, word: "a day like 2024-07-31"},
		"allow_missing": {tags: []string{"!!str"}, word: "history, certifications or offers, or a list of them", list: true},
		"max_rejected":  {tags: []string{"!!float", "!!int"}, word: "a number from 0 to 1"},
		"threads":       {tags: []string{"!!int"}, word: "a whole number"},
		"memory_limit":  size,
		"temp_dir":      name,
		"max_temp":      size,
		"lock_wait":     {tags: []string{"!!str", "!!int"}, word: "a time like 30s"},
		"log_format":    name,
		"quiet":         {tags: []string{"!!bool"}, word: "true or false"},
	}
}

// setting takes one key of the file.
func (f *configFile) setting(path string, key, value *yaml.Node) {
	switch path {
	case "profile":
		return // by readProfile
	case "amounts":
		f.eachKey(path, value, f.separator)
		f.amountsProblems(value)
		return
	case "dates":
		f.eachKey(path, value, f.dateOrder)
		return
	case "partner":
		f.partnerID(value)
		return
	case "paths":
		f.eachKey(path, value, f.pattern)
		return
	case "columns", "aliases":
		f.names(path, value)
		return
	}
	want, known := configKeys()[path]
	if !known {
		f.problem(key.Line, "%s: unknown key, known are %s", path, strings.Join(knownKeys(), ", "))
		return
	}
	nodes := []*yaml.Node{value}
	if want.list && value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	entry := configEntry{line: key.Line}
	for _, node := range nodes {
		node = aliased(node)
		if node.Kind != yaml.ScalarNode || !slices.Contains(want.tags, node.Tag) {
			f.problem(node.Line, "%s: want %s, got %s", path, want.word, describe(node))
			return
		}
		entry.texts = append(entry.texts, node.Value)
	}
	f.entries[path] = entry
}

func knownKeys() []string {
	keys := []string{"profile", "paths", "columns", "aliases", "amounts", "dates", "partner"}
	for key := range configKeys() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// separator takes one key of amounts.
func (f *configFile) separator(path string, key, value *yaml.Node) {
	fields := map[string]*string{"thousands": &f.amounts.Thousands, "decimal": &f.amounts.Decimal}
	field, known := fields[key.Value]
	if !known {
		f.problem(key.Line, "%s: unknown key, known are thousands, decimal", path)
		return
	}
	if value.Kind != yaml.ScalarNode || value.Tag != "!!str" || value.Value == "" {
		f.problem(value.Line, "%s: want a character in quotes, got %s", path, describe(value))
		return
	}
	*field = value.Value
}

// dateOrder takes one key of dates.
func (f *configFile) dateOrder(path string, key, value *yaml.Node) {
	if key.Value != "order" {
		f.problem(key.Line, "%s: unknown key, known is order", path)
		return
	}
	order, err := exports.ParseDateOrder(value.Value)
	if err != nil || value.Kind != yaml.ScalarNode {
		f.problem(value.Line, "%s: want mdy (month first) or dmy (day first), got %s", path, describe(value))
		return
	}
	f.dates = order
}

// partnerID takes the id of the partner whose all rows are.
func (f *configFile) partnerID(value *yaml.Node) {
	id := strings.TrimSpace(value.Value)
	if value.Kind != yaml.ScalarNode || value.Tag != "!!str" && value.Tag != "!!int" || id == "" || strings.ContainsAny(id, "@\n") {
		f.problem(value.Line, "partner: want the id of the partner's global account, in quotes, got %s", describe(value))
		return
	}
	f.partner = id
}

// amountsProblems judges the separators together.
func (f *configFile) amountsProblems(section *yaml.Node) {
	for _, message := range lines(f.amounts.Validate()) {
		f.problem(section.Line, "%s", message)
	}
}

// pattern takes one key of paths.
func (f *configFile) pattern(path string, key, value *yaml.Node) {
	one := exports.Patterns{}
	target := map[schema.Table][2]*string{
		schema.Usage:          {&f.patterns.Usage, &one.Usage},
		schema.Certifications: {&f.patterns.Certifications, &one.Certifications},
		schema.Partners:       {&f.patterns.Partners, &one.Partners},
	}
	fields, known := target[schema.Table(key.Value)]
	if !known {
		f.problem(key.Line, "%s: unknown key, known are %s", path, tableNames())
		return
	}
	if value.Kind != yaml.ScalarNode || value.Tag != "!!str" || value.Value == "" {
		f.problem(value.Line, "%s: want a pattern like %s, got %s", path, exports.DefaultPatterns().Usage, describe(value))
		return
	}
	*fields[1] = value.Value
	for _, message := range lines(one.Validate()) {
		f.problem(value.Line, "%s: %s", path, message)
	}
	*fields[0] = value.Value
}

func tableNames() string {
	var names []string
	for _, t := range schema.Tables() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

// names takes the section columns or aliases: table → canonical column → names.
func (f *configFile) names(section string, node *yaml.Node) {
	all := map[schema.Table]map[string][]string{}
	reported := map[string]bool{}
	f.eachKey(section, node, func(path string, table, value *yaml.Node) {
		entries := map[string][]string{}
		f.eachKey(path, value, func(path string, canonical, value *yaml.Node) {
			names, ok := f.nameList(path, value)
			if !ok {
				return
			}
			entries[canonical.Value] = names
			alone := map[schema.Table]map[string][]string{schema.Table(table.Value): {canonical.Value: names}}
			for _, message := range lines(f.namesOptions(section, alone).Validate()) {
				f.problem(canonical.Line, "%s", message)
				reported[message] = true
			}
		})
		all[schema.Table(table.Value)] = entries
	})
	for _, message := range lines(f.namesOptions(section, all).Validate()) {
		if !reported[message] { // what entries do to each other
			f.problem(node.Line, "%s", message)
		}
	}
	if section == "columns" {
		f.columns = all
	} else {
		f.aliases = all
	}
}

func (f *configFile) namesOptions(section string, names map[schema.Table]map[string][]string) schema.Options {
	if section == "columns" {
		return schema.Options{Profile: f.profile, Columns: names}
	}
	return schema.Options{Profile: f.profile, Aliases: names}
}

// nameList reads the name of a column, or a list of them.
func (f *configFile) nameList(path string, value *yaml.Node) (names []string, ok bool) {
	nodes := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	for _, node := range nodes {
		node = aliased(node)
		if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
			f.problem(node.Line, "%s: want the name of a column or a list of names, got %s", path, describe(node))
			return nil, false
		}
		names = append(names, node.Value)
	}
	return names, true
}

// finish checks what only the whole file shows and returns all problems by line.
func (f *configFile) finish() []string {
	if len(f.problems) == 0 {
		for _, message := range lines(f.patterns.Validate()) {
			f.problem(0, "paths: %s", message)
		}
	}
	slices.SortStableFunc(f.problems, func(a, b configProblem) int { return a.line - b.line })
	var messages []string
	for _, p := range f.problems {
		messages = append(messages, f.place(p.line)+": "+p.message)
	}
	return messages
}

// lines are the messages of an error that joins several.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var messages []string
	for _, one := range joined.Unwrap() {
		messages = append(messages, lines(one)...)
	}
	return messages
}
