package command

import (
	"context"
	"fmt"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/show/rulebooks"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

func rulesCommand() cli.Command {
	return cli.Command{
		Name:  "rules",
		About: "list, show, compare and check the rulebooks",
		Examples: []string{
			"partnerscore rules list",
			"partnerscore rules diff azure-2023-06 azure-2026-05",
		},
		Commands: []cli.Command{rulesListCommand(), rulesShowCommand(), rulesDiffCommand(), rulesCheckCommand()},
	}
}

func rulesListCommand() cli.Command {
	format := cli.FormatTable
	return cli.Command{
		Name:  "rules list",
		About: "list the rulebooks",
		More: "A month is scored by the rulebook that is in force on its last day, unless --rulebook names another one.\n\n" +
			"sha256 in the JSON result is of the rules alone: rulebooks that differ in nothing but id, title and\nfirst day have the same.",
		Examples: []string{"partnerscore rules list", "partnerscore rules list --format json"},
		Options:  []*cli.Option{cli.FormatOption(&format)},
		Run:      func(_ context.Context, s *cli.Session, _ []string) error { return runRulesList(s, format) },
	}
}

func runRulesList(s *cli.Session, format string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	list := rulebooks.NewList(library.List())
	return s.Present(format, list, list.Text)
}

func rulesShowCommand() cli.Command {
	return cli.Command{
		Name:      "rules show",
		Arguments: "ID|FILE",
		About:     "print a complete rulebook as YAML",
		More:      "What a rulebook extends is filled in. The output is a rulebook file itself: a start for your own.",
		Examples:  []string{"partnerscore rules show azure-2023-06", "partnerscore rules show own.yaml"},
		Values:    settings.RulebookValues,
		Least:     1, Most: 1,
		Run: func(_ context.Context, s *cli.Session, args []string) error { return runRulesShow(s, args[0]) },
	}
}

func runRulesShow(s *cli.Session, idOrFile string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	book, err := settings.FindRulebook(library, idOrFile)
	if err != nil {
		return err
	}
	rules, err := rulebook.Encode(book)
	if err != nil {
		return err
	}
	return s.Print(string(rules))
}

func rulesDiffCommand() cli.Command {
	format := cli.FormatTable
	return cli.Command{
		Name:      "rules diff",
		Arguments: "A B",
		About:     "say where two rulebooks differ",
		More: "A and B are ids or files. Of lists it shows what only one of the two has; those whose order counts,\n" +
			"gates and association_priority, are shown whole where they differ, if only in their order.",
		Examples: []string{"partnerscore rules diff azure-2023-06 azure-2026-05", "partnerscore rules diff azure-2023-06 own.yaml"},
		Options:  []*cli.Option{cli.FormatOption(&format)},
		Values:   settings.RulebookValues,
		Least:    2, Most: 2,
		Run: func(_ context.Context, s *cli.Session, args []string) error {
			return runRulesDiff(s, args[0], args[1], format)
		},
	}
}

func runRulesDiff(s *cli.Session, a, b, format string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	var books [2]*scoring.Rulebook
	var problems []string
	for i, name := range []string{a, b} {
		if books[i], err = settings.FindRulebook(library, name); err != nil {
			problems = append(problems, cli.Lines(err)...)
		}
	}
	if len(problems) > 0 {
		return &cli.UsageError{Problems: problems}
	}
	differences := rulebooks.Differences(rulebook.Diff(books[0], books[1]))
	return s.Present(format, differences, func() string { return differences.Text(books[0].ID, books[1].ID, s.SentenceWidth()) })
}

func rulesCheckCommand() cli.Command {
	return cli.Command{
		Name:      "rules check",
		Arguments: "FILE",
		About:     "check a rulebook file",
		More:      "Every problem is reported with its line, and the exit code is then 2.",
		Examples:  []string{"partnerscore rules check own.yaml"},
		Values:    settings.RulebookValues,
		Least:     1, Most: 1,
		Run: func(_ context.Context, s *cli.Session, args []string) error { return runRulesCheck(s, args[0]) },
	}
}

func runRulesCheck(s *cli.Session, path string) error {
	library, err := rulebook.Embedded()
	if err != nil {
		return err
	}
	data, err := cli.ReadSmall(path)
	if err != nil {
		problem := fmt.Sprintf("rulebook %s: %v", path, err)
		if _, notBuiltIn := library.Get(path); notBuiltIn == nil {
			problem = fmt.Sprintf("%s is a built-in rulebook, and check takes a file; see it with partnerscore rules show %s", path, path)
		}
		return &cli.UsageError{Problems: []string{problem}}
	}
	book, err := library.Load(path, data)
	if err != nil {
		return err
	}
	from := "used by name only"
	if book.From != nil {
		from = "from " + book.From.Format("2006-01-02")
	}
	return s.Print(fmt.Sprintf("%s: ok, rulebook %s, %s\n", path, book.ID, from))
}
