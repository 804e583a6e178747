package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/exports"
)

// configCommand is `config` with the command below it.
func (p *program) configCommand() *cli.Command {
	h := help{
		name:      "config",
		arguments: "COMMAND",
		about:     "check a config file",
		commands:  [][2]string{{"check", "check a config file"}},
		examples:  []string{"partnerscore config check"},
	}
	return p.group(h, p.configCheckCommand())
}

func (p *program) configCheckCommand() *cli.Command {
	h := help{
		name:      "config check",
		arguments: "[FILE]",
		about:     "check a config file",
		more: `Without FILE it is partnerscore.yaml. Every problem is reported with its line, and the exit code is then 2.
Environment variables and flags are left aside.`,
		examples: []string{"partnerscore config check", "partnerscore config check settings/partnerscore.yaml"},
	}
	return p.command(h, 0, 1, func(_ context.Context, args []string) error {
		path := defaultConfig
		if len(args) > 0 {
			path = args[0]
		}
		return p.runConfigCheck(path)
	})
}

func (p *program) runConfigCheck(path string) error {
	o := newScoringOptions()
	options := o.options()
	for _, candidate := range options {
		if candidate.name == "config" {
			candidate.given = []string{path}
		}
	}
	problems, err := o.resolve(options, func(string) string { return "" })
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &usageError{problems: problems}
	}
	named := exports.Options{Profile: o.file.profile, Columns: o.file.columns, Aliases: o.file.aliases}
	for _, doubtful := range named.Doubtful() {
		fmt.Fprintf(p.stderr, "%s: warning: %s\n", path, doubtful)
	}
	return p.write(fmt.Sprintf("%s: ok\n", path))
}
