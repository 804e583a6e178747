package settings

import (
	"context"
	_ "embed" // for the example of a config file
	"fmt"

	"partnerscore/jobs/internal/cli"
)

// exampleConfig is a config file that says of every key what it is for and what its default is, and sets none of them.
//
//go:embed partnerscore.example.yaml
var exampleConfig string

// ConfigCommand is the command `config`, which writes and checks config files.
func ConfigCommand() cli.Command {
	return cli.Command{
		Name:     "config",
		About:    "write and check a config file",
		Examples: []string{"partnerscore config init", "partnerscore config check"},
		Commands: []cli.Command{configInitCommand(), configCheckCommand()},
	}
}

func configInitCommand() cli.Command {
	return cli.Command{
		Name:      "config init",
		Arguments: "[FILE]",
		About:     "write a commented config file in which nothing differs from the defaults",
		More:      "Without FILE it is partnerscore.yaml. A file that exists is not replaced.",
		Examples:  []string{"partnerscore config init", "partnerscore config init settings/partnerscore.yaml"},
		Most:      1,
		Run: func(_ context.Context, s *cli.Session, args []string) error {
			return runConfigInit(s, configPath(args))
		},
	}
}

// configPath is the file that the arguments name, or the default one.
func configPath(args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	return cli.DefaultConfig
}

func runConfigInit(s *cli.Session, path string) error {
	if err := cli.WriteNew(path, exampleConfig, "name another file, or remove it first"); err != nil {
		return err
	}
	check := "partnerscore config check"
	if path != cli.DefaultConfig {
		check += " " + path
	}
	return s.Print(fmt.Sprintf("Wrote %s. Every key in it is a comment; remove the # before those that you set, then run\n%s\n", path, check))
}

func configCheckCommand() cli.Command {
	return cli.Command{
		Name:      "config check",
		Arguments: "[FILE]",
		About:     "check a config file",
		More: `Without FILE it is partnerscore.yaml. Every problem is reported with its line, and the exit code is then 2.
Environment variables and flags are ignored.`,
		Examples: []string{"partnerscore config check", "partnerscore config check settings/partnerscore.yaml"},
		Most:     1,
		Run: func(_ context.Context, s *cli.Session, args []string) error {
			return runConfigCheck(s, configPath(args))
		},
	}
}

func runConfigCheck(s *cli.Session, path string) error {
	o, costs := NewScoring(), NewCosts()
	options := append(o.Options(), costs.Options()...)
	for _, config := range cli.Only(options, "config") {
		if err := config.Set(path); err != nil {
			return err
		}
	}
	problems, err := o.Read(options, func(string) string { return "" })
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &cli.UsageError{Problems: problems}
	}
	for _, doubtful := range o.Form.Doubtful() {
		fmt.Fprintf(s.Stderr, "%s: warning: %s\n", path, doubtful)
	}
	return s.Print(fmt.Sprintf("%s: ok\n", path))
}
