package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/cli/shell"
)

// completionPatience is how long a person waits for values.
const completionPatience = 3 * time.Second

// complete prints the values that may follow where a shell asks for them, and reports whether it did. Commands and flags the library knows. Whatever
// goes wrong, there is nothing to complete: nobody who types wants to read why.
func (x *execution) complete(ctx context.Context, args []string) bool {
	asks := len(args) - 1
	if asks < 2 || args[asks] != "--generate-bash-completion" || x.process.Env("PARTNERSCORE_COMPLETES") != "value" {
		return false
	}
	c, args := commandAt(x.program.Commands, args[1:asks])
	if len(args) > 0 && args[len(args)-1] == "=" { // bash takes --flag=value apart
		args = args[:len(args)-1]
	}
	if c == nil || len(args) == 0 {
		return c != nil && c.Values != nil && x.printCandidates(c.Values())
	}
	last := args[len(args)-1]
	for _, o := range Only(c.Options, strings.TrimLeft(last, "-")) {
		if !strings.HasPrefix(last, "-") || o.Value == "" {
			continue
		}
		if o.Values == nil {
			return x.printCandidates(shell.Words(o.Value))
		}
		ctx, cancel := context.WithTimeout(ctx, completionPatience)
		defer cancel()
		_, _ = flagsAfter(*c, args[:len(args)-1])
		_, _ = c.Validate(c.Options, x.process)
		return x.printCandidates(o.Values(ctx, x.process))
	}
	return c.Values != nil && !strings.HasPrefix(last, "-") && x.printCandidates(c.Values())
}

// commandAt finds the command that a line names, and what follows its name.
func commandAt(commands []Command, args []string) (*Command, []string) {
	i := slices.IndexFunc(commands, func(c Command) bool { return len(args) > 0 && c.lastName() == args[0] })
	switch {
	case i < 0:
		return nil, args
	case len(commands[i].Commands) > 0:
		return commandAt(commands[i].Commands, args[1:])
	default:
		return &commands[i], args[1:]
	}
}

// printCandidates prints values as the shell that asks reads them, and reports whether there are any.
func (x *execution) printCandidates(all []shell.Candidate) bool {
	lines := shell.Lines(x.process.Env("SHELL"), all)
	_, _ = io.WriteString(x.process.Stdout, lines)
	return lines != ""
}

// completionCommand is `completion`. app makes the tree of commands that some scripts list.
func completionCommand(commands []Command, app func() *cli.App) Command {
	return Command{
		Name:      "completion",
		Arguments: "bash|zsh|fish",
		About:     "print a script for shell completion of commands, flags and values",
		More: `Values are the published months, the partners of a month, areas, metrics, rulebooks and codes of
certifications. They come from the snapshots that the line, PARTNERSCORE_SNAPSHOTS or the config
file names.`,
		Examples: []string{
			"source <(partnerscore completion bash)",
			"source <(partnerscore completion zsh)",
			"partnerscore completion fish >~/.config/fish/completions/partnerscore.fish",
		},
		Least: 1, Most: 1,
		Run: func(_ context.Context, s *Session, args []string) error {
			switch args[0] {
			case "bash":
				return s.Print(shell.Bash)
			case "zsh":
				return s.Print(shell.Zsh)
			case "fish":
				return printPage(s, func() (string, error) {
					script, err := app().ToFishCompletion()
					return script + fishValues(commands), err
				})
			}
			return &UsageError{Problems: []string{fmt.Sprintf("want bash, zsh or fish, got %q", args[0])}, Hint: hintHelp("completion")}
		},
	}
}

// fishValues are the lines for the values of all options.
func fishValues(commands []Command) (lines string) {
	for _, c := range commands {
		lines += fishValues(c.Commands)
		for _, o := range c.Options {
			if o.Values != nil || shell.Words(o.Value) != nil {
				lines += shell.Fish(c.Name, o.Name)
			}
		}
	}
	return lines
}

// docsCommand is `docs`.
func docsCommand(app func() *cli.App) Command {
	return Command{
		Name:      "docs",
		Arguments: "man|markdown",
		About:     "print all commands and flags as a man page or as Markdown",
		Examples:  []string{"partnerscore docs man >partnerscore.1", "partnerscore docs markdown"},
		Least:     1, Most: 1,
		Run: func(_ context.Context, s *Session, args []string) error {
			switch args[0] {
			case "man":
				return printPage(s, func() (string, error) { return app().ToManWithSection(1) })
			case "markdown":
				return printPage(s, app().ToMarkdown)
			}
			return &UsageError{Problems: []string{fmt.Sprintf("want man or markdown, got %q", args[0])}, Hint: hintHelp("docs")}
		},
	}
}

// printPage prints a text unless making it fails.
func printPage(s *Session, page func() (string, error)) error {
	text, err := page()
	if err != nil {
		return err
	}
	return s.Print(text)
}

// printVersion prints the versions of everything that a published value can depend on.
func (x *execution) printVersion() error {
	line, err := x.build.Line(x.program.EngineVersion())
	if err != nil {
		return err
	}
	_, err = io.WriteString(x.process.Stdout, line)
	return err
}

// sbomCommand is `sbom`.
func (x *execution) sbomCommand() Command {
	return Command{
		Name:      "sbom",
		Arguments: "[FILE]",
		About:     "print the components of this program as a CycloneDX bill of materials in JSON",
		More: `It lists the modules that are linked into this binary, with their versions, and the SQL engine. FILE
is another executable of the same version, as for another processor.`,
		Examples: []string{"partnerscore sbom >sbom.json"},
		Most:     1,
		Run: func(_ context.Context, s *Session, args []string) error {
			return s.Build.WriteMaterials(s.Stdout, strings.Join(args, ""), x.program.EngineVersion())
		},
	}
}
