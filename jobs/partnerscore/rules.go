package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// rulesCommand is `rules` with the commands below it.
func (p *program) rulesCommand() *cli.Command {
	h := help{
		name:      "rules",
		arguments: "COMMAND",
		about:     "list, show, compare and check the rulebooks",
		commands: [][2]string{
			{"list", "list the rulebooks"},
			{"show", "print a complete rulebook as YAML"},
			{"diff", "say where two rulebooks differ"},
			{"check", "check a rulebook file"},
		},
		examples: []string{
			"partnerscore rules list",
			"partnerscore rules diff azure-2023-06 azure-2026-05",
		},
	}
	return p.group(h, p.rulesListCommand(), p.rulesShowCommand(), p.rulesDiffCommand(), p.rulesCheckCommand())
}

// formatOption is the flag for the form of a result.
func formatOption(target *string) *option {
	*target = formatTable
	return &option{name: "format", value: "table|json", usage: "form of the result on stdout", standard: formatTable,
		read: into(target, readOneOf(formatTable, formatJSON))}
}

func (p *program) rulesListCommand() *cli.Command {
	var format string
	h := help{
		name:  "rules list",
		about: "list the rulebooks",
		more: "A month is scored by the rulebook that is in force on its last day, unless --rulebook names another one.\n\n" +
			"sha256 in the JSON result is of the rules alone: rulebooks that differ in nothing but id, title and\nfirst day have the same.",
		examples: []string{"partnerscore rules list", "partnerscore rules list --format json"},
		options:  []*option{formatOption(&format)},
	}
	return p.command(h, 0, 0, func(context.Context, []string) error {
		if err := readAll(h.options, p.env); err != nil {
			return err
		}
		return p.runRulesList(format)
	})
}

// listedRulebook is a rulebook in `rules list --format json`.
type listedRulebook struct {
	ID     string  `json:"id"`
	From   *string `json:"from"` // null: never chosen by date
	Title  string  `json:"title"`
	SHA256 string  `json:"sha256"`
}

func (p *program) runRulesList(format string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	list := []listedRulebook{}
	for _, book := range library.List() {
		entry := listedRulebook{ID: book.ID, Title: book.Title, SHA256: book.SHA256}
		if book.From != nil {
			from := book.From.Format("2006-01-02")
			entry.From = &from
		}
		list = append(list, entry)
	}
	if format == formatJSON {
		return writeJSON(p.stdout, list)
	}
	w := table.NewWriter()
	w.SetStyle(show.PlainStyle())
	w.AppendHeader(table.Row{"Rulebook", "In force from", "Title"})
	for _, entry := range list {
		from := "by name only"
		if entry.From != nil {
			from = *entry.From
		}
		w.AppendRow(table.Row{entry.ID, from, entry.Title})
	}
	return p.write(show.Render(w))
}

func (p *program) rulesShowCommand() *cli.Command {
	h := help{
		name:      "rules show",
		arguments: "ID|FILE",
		about:     "print a complete rulebook as YAML",
		more:      "What a rulebook extends is filled in. The output is a rulebook file itself: a start for one's own.",
		examples:  []string{"partnerscore rules show azure-2023-06", "partnerscore rules show own.yaml"},
	}
	return p.command(h, 1, 1, func(_ context.Context, args []string) error { return p.runRulesShow(args[0]) })
}

func (p *program) runRulesShow(idOrFile string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	book, err := findRulebook(library, idOrFile)
	if err != nil {
		return err
	}
	rules, err := rulebook.Encode(book)
	if err != nil {
		return err
	}
	return p.write(string(rules))
}

func (p *program) rulesDiffCommand() *cli.Command {
	var format string
	h := help{
		name:      "rules diff",
		arguments: "A B",
		about:     "say where two rulebooks differ",
		more: "A and B are ids or files. Of lists it shows what only one of the two has; those whose order counts,\n" +
			"gates and association_priority, are shown whole where they differ, if only in their order.",
		examples: []string{"partnerscore rules diff azure-2023-06 azure-2026-05", "partnerscore rules diff azure-2023-06 own.yaml"},
		options:  []*option{formatOption(&format)},
	}
	return p.command(h, 2, 2, func(_ context.Context, args []string) error {
		if err := readAll(h.options, p.env); err != nil {
			return err
		}
		return p.runRulesDiff(args[0], args[1], format)
	})
}

// difference is a point in which two rulebooks differ in `rules diff --format json`.
type difference struct {
	Path string `json:"path"`
	A    string `json:"a"`
	B    string `json:"b"`
}

func (p *program) runRulesDiff(a, b, format string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	var books [2]*scoring.Rulebook
	var problems []string
	for i, name := range []string{a, b} {
		if books[i], err = findRulebook(library, name); err != nil {
			problems = append(problems, lines(err)...)
		}
	}
	if len(problems) > 0 {
		return &usageError{problems: problems}
	}
	list := []difference{}
	for _, d := range rulebook.Diff(books[0], books[1]) {
		list = append(list, difference(d))
	}
	switch {
	case format == formatJSON:
		return writeJSON(p.stdout, list)
	case len(list) == 0:
		return p.write(fmt.Sprintf("%s and %s have the same rules.\n", books[0].ID, books[1].ID))
	}
	return p.write(p.diffTable(books, list))
}

func (p *program) diffTable(books [2]*scoring.Rulebook, list []difference) string {
	width := p.stdoutWidth
	if width == 0 {
		width = show.PipeWidth
	}
	w := table.NewWriter()
	w.SetStyle(show.PlainStyle())
	path := 0
	for _, d := range list {
		path = max(path, len(d.Path))
	}
	path = min(path, max(width/2, width-56))
	column := max((width-path-4)/2, 12)
	w.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, WidthMax: path, WidthMaxEnforcer: text.WrapHard},
		{Number: 2, WidthMax: column, WidthMaxEnforcer: text.WrapSoft},
		{Number: 3, WidthMax: column, WidthMaxEnforcer: text.WrapSoft},
	})
	w.AppendHeader(table.Row{"", books[0].ID, books[1].ID})
	for _, d := range list {
		w.AppendRow(table.Row{d.Path, orDash(d.A), orDash(d.B)})
	}
	return show.Render(w)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return show.Printable(s)
}

func (p *program) rulesCheckCommand() *cli.Command {
	h := help{
		name:      "rules check",
		arguments: "FILE",
		about:     "check a rulebook file",
		more:      "Every problem is reported with its line, and the exit code is then 2.",
		examples:  []string{"partnerscore rules check own.yaml"},
	}
	return p.command(h, 1, 1, func(_ context.Context, args []string) error { return p.runRulesCheck(args[0]) })
}

func (p *program) runRulesCheck(path string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	data, err := readSmall(path)
	if err != nil {
		if _, notBuiltIn := library.Get(path); notBuiltIn == nil {
			return &usageError{problems: []string{fmt.Sprintf("%s is a built-in rulebook, and check takes a file; see it with partnerscore rules show %s", path, path)}}
		}
		return &usageError{problems: []string{fmt.Sprintf("rulebook %s: %v", path, err)}}
	}
	book, err := library.Load(path, data)
	if err != nil {
		return err
	}
	from := "used by name only"
	if book.From != nil {
		from = "from " + book.From.Format("2006-01-02")
	}
	return p.write(fmt.Sprintf("%s: ok, rulebook %s, %s\n", path, book.ID, from))
}

// write prints a result.
func (p *program) write(result string) error {
	if _, err := io.Copy(p.stdout, strings.NewReader(result)); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
