package cli

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
)

// ExportForm says where exports lie and how they are written.
type ExportForm struct {
	schema.Options        // how columns are named
	Partner        string // the id of the partner of all rows; empty: the rows say it
	Patterns       exports.Patterns
	Amounts        exports.Separators
	Dates          exports.DateOrder
}

// exportForm is the part of a config file that describes the exports.
type exportForm struct {
	Profile yaml.Node `yaml:"profile"`
	Partner yaml.Node `yaml:"partner"`
	Paths   struct {
		Usage          yaml.Node `yaml:"azure_usage"`
		Certifications yaml.Node `yaml:"certifications"`
		Partners       yaml.Node `yaml:"partners"`
	} `yaml:"paths"`
	Columns map[string]map[string]yaml.Node `yaml:"columns"`
	Aliases map[string]map[string]yaml.Node `yaml:"aliases"`
	Amounts struct {
		Thousands yaml.Node `yaml:"thousands"`
		Decimal   yaml.Node `yaml:"decimal"`
	} `yaml:"amounts"`
	Dates struct {
		Order yaml.Node `yaml:"order"`
	} `yaml:"dates"`
}

// readExportForm reads the values and checks each, and what they mean together.
func (f *Config) readExportForm(d *exportForm) (form ExportForm) {
	readInto(f, "profile", &d.Profile, "azure-cost-management or focus", &form.Profile, schema.ParseProfile)
	readInto(f, "partner", &d.Partner, "the id of the partner's global account, in quotes", &form.Partner, parsePartner)
	readInto(f, "dates.order", &d.Dates.Order, "mdy (month first) or dmy (day first)", &form.Dates, exports.ParseDateOrder)
	readInto(f, "amounts.thousands", &d.Amounts.Thousands, "a character in quotes", &form.Amounts.Thousands, notEmpty)
	readInto(f, "amounts.decimal", &d.Amounts.Decimal, "a character in quotes", &form.Amounts.Decimal, notEmpty)
	for _, message := range Lines(form.Amounts.Validate()) {
		key, _, _ := strings.Cut(message, ":")
		f.problem(f.lines[key], "%s", message)
	}
	f.readPatterns(d, &form.Patterns)
	form.Columns = f.names("columns", d.Columns, func(names map[schema.Table]map[string][]string) error {
		return schema.Options{Profile: form.Profile, Columns: names}.Validate()
	})
	form.Aliases = f.names("aliases", d.Aliases, func(names map[schema.Table]map[string][]string) error {
		return schema.Options{Profile: form.Profile, Aliases: names}.Validate()
	})
	return form
}

// readInto reads the text of a node; one that is absent changes nothing.
func readInto[T any](f *Config, path string, node *yaml.Node, want string, target *T, parse func(string) (T, error)) {
	if node.IsZero() {
		return
	}
	text, ok := scalar(node)
	value, err := parse(text)
	if !ok || err != nil {
		f.problem(f.lines[path], "%s: want %s, got %s", path, want, describe(resolve(node)))
		return
	}
	*target = value
}

// notEmpty accepts any text but the empty one. The message about a text that is refused is the caller's.
func notEmpty(text string) (string, error) {
	if text == "" {
		return "", errors.New("empty")
	}
	return text, nil
}

func parsePartner(text string) (string, error) {
	if strings.ContainsAny(text, "@\n") {
		return "", errors.New("an e-mail, or several lines")
	}
	return notEmpty(strings.TrimSpace(text))
}

// readPatterns reads where the files lie; each pattern is checked on its own, then all of them together.
func (f *Config) readPatterns(d *exportForm, patterns *exports.Patterns) {
	nodes := map[schema.Table]*yaml.Node{schema.Usage: &d.Paths.Usage, schema.Certifications: &d.Paths.Certifications, schema.Partners: &d.Paths.Partners}
	usual := exports.DefaultPatterns()
	for _, table := range schema.Tables() {
		path, alone := "paths."+string(table), exports.Patterns{}
		readInto(f, path, nodes[table], "a pattern like "+usual.Usage, patternOf(&alone, table), notEmpty)
		for _, message := range Lines(alone.Validate()) {
			f.problem(f.lines[path], "%s: %s", path, message)
		}
		*patternOf(patterns, table) = *patternOf(&alone, table)
	}
	if len(f.problems) == 0 {
		for _, message := range Lines(patterns.Validate()) {
			f.problem(0, "paths: %s", message)
		}
	}
}

func patternOf(p *exports.Patterns, table schema.Table) *string {
	switch table {
	case schema.Certifications:
		return &p.Certifications
	case schema.Partners:
		return &p.Partners
	default:
		return &p.Usage
	}
}

// names reads the section columns or aliases: table → canonical column → names. Each entry is checked on its own, then all of them together.
func (f *Config) names(section string, tables map[string]map[string]yaml.Node,
	validate func(map[schema.Table]map[string][]string) error) map[schema.Table]map[string][]string {
	all := map[schema.Table]map[string][]string{}
	reported := map[string]bool{}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		entries := map[string][]string{}
		for _, canonical := range slices.Sorted(maps.Keys(tables[table])) {
			path, node := section+"."+table+"."+canonical, tables[table][canonical]
			names, ok := f.nameList(path, &node)
			if !ok {
				continue
			}
			entries[canonical] = names
			for _, message := range Lines(validate(map[schema.Table]map[string][]string{schema.Table(table): {canonical: names}})) {
				f.problem(f.lines[path], "%s", message)
				reported[message] = true
			}
		}
		all[schema.Table(table)] = entries
	}
	for _, message := range Lines(validate(all)) {
		if !reported[message] { // conflicts between entries
			f.problem(f.lines[section], "%s", message)
		}
	}
	return all
}

// nameList reads the name of a column, or a list of them.
func (f *Config) nameList(path string, value *yaml.Node) (names []string, ok bool) {
	value = resolve(value)
	nodes := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	for _, node := range nodes {
		name, ok := scalar(node)
		if !ok {
			f.problem(resolve(node).Line, "%s: want the name of a column or a list of names, got %s", path, describe(resolve(node)))
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}
