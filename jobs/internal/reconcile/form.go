package reconcile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is a line of a YAML file.
type entry struct {
	Area   yamlText `yaml:"area"`
	Metric yamlText `yaml:"metric"`
	Points yamlText `yaml:"points"`
	Value  yamlText `yaml:"value"`
}

// yamlText is a text or a number as it is written, with its line.
type yamlText text

// UnmarshalYAML keeps the text of a scalar: a number keeps its decimals.
func (t *yamlText) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: want a text or a number", node.Line)}}
	}
	*t = yamlText{value: strings.TrimSpace(node.Value), line: node.Line}
	return nil
}

// readYAML reads a list of lines.
func (f *portalFile) readYAML(data []byte) (lines []written) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var entries []entry
	err := decoder.Decode(&entries)
	var types *yaml.TypeError
	switch {
	case errors.Is(err, io.EOF):
		return nil // nothing but comments
	case errors.As(err, &types):
		for _, text := range types.Errors {
			f.yamlProblem(text)
		}
	case err != nil:
		f.yamlProblem(notYAML.ReplaceAllString(err.Error(), "${1}not valid YAML: "))
		return nil
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		f.problem(0, "want one YAML document")
	}
	for _, e := range entries {
		w := written{texts: map[string]text{"area": text(e.Area), "metric": text(e.Metric), "points": text(e.Points), "value": text(e.Value)}}
		for _, t := range w.texts {
			if t.line > 0 && (w.line == 0 || t.line < w.line) {
				w.line = t.line
			}
		}
		lines = append(lines, w)
	}
	return lines
}

var (
	notYAML     = regexp.MustCompile(`^yaml: (line [0-9]+: )?`)
	yamlPlace   = regexp.MustCompile(`^line ([0-9]+): (.*)$`)
	yamlUnknown = regexp.MustCompile(`^field (.*) not found in type .*$`)
	yamlOther   = regexp.MustCompile(`^cannot unmarshal .*$`)
)

// yamlProblem turns an error of the YAML decoder, which names types of the program, into a problem.
func (f *portalFile) yamlProblem(text string) {
	line := 0
	if parts := yamlPlace.FindStringSubmatch(text); parts != nil {
		line, _ = strconv.Atoi(parts[1]) // digits by the expression
		text = parts[2]
	}
	switch {
	case yamlUnknown.MatchString(text):
		f.problem(line, "unknown key %s; want %s", shortened(yamlUnknown.FindStringSubmatch(text)[1]), strings.Join(columns(), ", "))
	case yamlOther.MatchString(text):
		f.problem(line, "want a list with an entry like - {area: Infrastructure, metric: Usage growth, points: 12}")
	default:
		f.problem(line, "%s", text)
	}
}

// readCSV reads a table with a header. The delimiter is the comma, the semicolon or the tab that the header has; with semicolons numbers may have a
// decimal comma.
func (f *portalFile) readCSV(data []byte) (lines []written) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	header, _, _ := bytes.Cut(data, []byte("\n"))
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord, reader.TrimLeadingSpace, reader.Comment = -1, true, '#'
	for _, delimiter := range []rune{';', '\t'} {
		if bytes.ContainsRune(header, delimiter) {
			reader.Comma = delimiter
		}
	}
	var names []string
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			f.problem(wrong.Line, "not CSV: %v", wrong.Err)
			return lines
		}
		if err != nil {
			f.problem(0, "not CSV: %v", err)
			return lines
		}
		line, _ := reader.FieldPos(0)
		if names == nil {
			if names = f.header(record, line); names == nil {
				return nil
			}
			continue
		}
		lines = append(lines, f.record(names, record, line, reader.Comma == ';'))
	}
}

// header returns the columns of a table; nil where it cannot be used.
func (f *portalFile) header(record []string, line int) []string {
	known, seen := columnNames(), map[string]bool{}
	var names []string
	before := len(f.problems)
	for _, cell := range record {
		name := known[folded(cell)]
		switch {
		case name == "":
			f.problem(line, "unknown column %q; want %s", shortened(cell), knownColumns())
		case seen[name]:
			f.problem(line, "the column %s stands twice", name)
		}
		seen[name] = true
		names = append(names, name)
	}
	if !seen["area"] || !seen["points"] && !seen["value"] {
		f.problem(line, "want the first line to name the columns: area, metric, and points or value")
	}
	if len(f.problems) > before {
		return nil
	}
	return names
}

// record reads a line of a table.
func (f *portalFile) record(names, record []string, line int, decimalComma bool) written {
	w := written{texts: map[string]text{}, line: line}
	if len(record) > len(names) {
		f.problem(line, "%d fields, the header has %d columns; put texts with the delimiter in quotes", len(record), len(names))
		return w
	}
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		if decimalComma && (names[i] == "points" || names[i] == "value") {
			cell = strings.Replace(cell, ",", ".", 1)
		}
		w.texts[names[i]] = text{value: cell, line: line}
	}
	return w
}
