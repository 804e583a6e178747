package main

import (
	"context"
	_ "embed" // for the example of a config file
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/exports/schema"
)

// exampleConfig is a config file that says of every key what it is for and what its default is, and sets none of them.
//
//go:embed partnerscore.example.yaml
var exampleConfig string

// configCommand is `config` with the commands below it.
func (p *program) configCommand() *cli.Command {
	h := help{
		name:      "config",
		arguments: "COMMAND",
		about:     "write and check a config file",
		commands:  [][2]string{{"init", "write a commented config file in which nothing differs from the defaults"}, {"check", "check a config file"}},
		examples:  []string{"partnerscore config init", "partnerscore config check"},
	}
	return p.group(h, p.configInitCommand(), p.configCheckCommand())
}

func (p *program) configInitCommand() *cli.Command {
	h := help{
		name:      "config init",
		arguments: "[FILE]",
		about:     "write a commented config file in which nothing differs from the defaults",
		more:      "Without FILE it is partnerscore.yaml. A file that exists is not replaced.",
		examples:  []string{"partnerscore config init", "partnerscore config init settings/partnerscore.yaml"},
	}
	return p.command(h, 0, 1, func(_ context.Context, args []string) error {
		path := defaultConfig
		if len(args) > 0 {
			path = args[0]
		}
		return p.runConfigInit(path)
	})
}

func (p *program) runConfigInit(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return &usageError{problems: []string{path + " exists and is not replaced"}, hint: "name another file, or remove it first"}
	case err != nil:
		return &usageError{problems: []string{fmt.Sprintf("%s: %v", path, plainError(err))}}
	}
	_, err = io.WriteString(file, exampleConfig)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return p.write(fmt.Sprintf("Wrote %s. Every key in it is a comment; remove the # before those that you set, then run\npartnerscore config check%s\n", path,
		map[bool]string{true: "", false: " " + path}[path == defaultConfig]))
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
	named := schema.Options{Profile: o.file.profile, Columns: o.file.columns, Aliases: o.file.aliases}
	for _, doubtful := range named.Doubtful() {
		fmt.Fprintf(p.stderr, "%s: warning: %s\n", path, doubtful)
	}
	return p.write(fmt.Sprintf("%s: ok\n", path))
}
