package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// program is the command line with all that it knows of its surroundings.
type program struct {
	env            func(name string) string
	stdout, stderr io.Writer
	clock          func() time.Time
	sleep          func(ctx context.Context, d time.Duration) error
	stdoutWidth    int  // columns of the terminal that stdout is; 0: it is none
	stderrWidth    int  // the same of stderr
	stderrTerminal bool // whether a person watches stderr

	asked []*option // those of the command that runs, with what the command line says
	job   *job      // what is running, once it is known; nil: nothing with a log
	build string    // what version returns, once it was asked
}

// run does what args (with the name of the program first) ask for and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	return p.end(ctx, p.attempt(ctx, args))
}

// attempt turns a panic into an error, so that it is told where all other ends are told.
func (p *program) attempt(ctx context.Context, args []string) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = &panicError{fault: fault, stack: debug.Stack()}
		}
	}()
	return p.app().RunContext(ctx, args)
}

// app is the tree of commands.
func (p *program) app() *cli.App {
	version := &option{name: "version", flagOnly: true, usage: "print the versions of the program and of its SQL engine"}
	app := &cli.App{
		Name:      "partnerscore",
		Usage:     "compute Microsoft partner capability scores for the Azure solution areas from monthly exports",
		Writer:    p.stdout,
		ErrWriter: p.stderr,
		Flags:     []cli.Flag{version, cli.HelpFlag}, // named, since the library adds it only together with its own command help
		Commands: []*cli.Command{
			p.scoreCommand(),
			p.backfillCommand(),
			p.statusCommand(),
			p.explainCommand(),
			p.compareCommand(),
			p.outlookCommand(),
			p.whatIfCommand(),
			p.pathCommand(),
			p.reportCommand(),
			p.verifyCommand(),
			p.inspectCommand(),
			p.rulesCommand(),
			p.configCommand(),
			p.completionCommand(),
			p.docsCommand(),
			p.sbomCommand(),
			p.helpCommand(),
		},
		// What completes a line in a shell: see completionCommand.
		EnableBashCompletion: true,

		HideVersion:     true,
		HideHelpCommand: true,
		OnUsageError:    wrongFlag,
		ExitErrHandler:  func(*cli.Context, error) {}, // exit codes are decided in exitCode alone
	}
	app.CustomAppHelpTemplate = topHelp(version)
	app.Action = func(c *cli.Context) error {
		if version.IsSet() {
			return p.runVersion(c.Context)
		}
		return p.noCommand(c)
	}
	return app
}

// command completes a command: its flags, its help, and how its arguments are taken. run gets the arguments that are no flags, from least
// to most of them.
func (p *program) command(h help, least, most int, run func(ctx context.Context, args []string) error) *cli.Command {
	if !slices.ContainsFunc(h.options, func(o *option) bool { return o.name == "quiet" }) {
		h, run = p.withLog(h, run)
	}
	var flags []cli.Flag
	for _, o := range h.options {
		flags = append(flags, o)
	}
	return &cli.Command{
		Name:               h.name[strings.LastIndexByte(h.name, ' ')+1:],
		Usage:              h.about,
		Flags:              flags,
		CustomHelpTemplate: h.text(),
		HideHelpCommand:    true,
		OnUsageError:       wrongFlag,
		Action: func(c *cli.Context) error {
			p.asked = h.options
			args, err := p.flagsAfter(h, c.Args().Slice())
			if errors.Is(err, errHelp) {
				_, err = io.WriteString(p.stdout, h.text())
				return err
			}
			if err != nil {
				return err
			}
			switch {
			case len(args) < least:
				return &usageError{problems: []string{fmt.Sprintf("%s needs %s", h.name, h.arguments)}, hint: hintHelp(h.name)}
			case len(args) > most:
				return &usageError{problems: []string{fmt.Sprintf("unexpected argument %q", args[most])}, hint: hintHelp(h.name)}
			}
			return run(c.Context, args)
		},
	}
}

// withLog completes a command that reads no settings by the options of the log.
func (p *program) withLog(h help, run func(ctx context.Context, args []string) error) (help, func(ctx context.Context, args []string) error) {
	log := logOptions{logFormat: logText}
	own := log.options()
	for _, o := range own {
		o.key = "" // no config file is read
	}
	h.options = slices.Concat(h.options, own)
	return h, func(ctx context.Context, args []string) error {
		if err := readAll(own, p.env); err != nil {
			return err
		}
		p.logEnd(log)
		return run(ctx, args)
	}
}

// group is a command that only has commands below it.
func (p *program) group(h help, commands ...*cli.Command) *cli.Command {
	return &cli.Command{
		Name:               h.name,
		Usage:              h.about,
		Subcommands:        commands,
		CustomHelpTemplate: h.text(),
		HideHelpCommand:    true,
		OnUsageError:       wrongFlag,
		Action:             p.noCommand,
	}
}

// noCommand answers a call that names no command, or none that exists.
func (p *program) noCommand(c *cli.Context) error {
	name, commands := c.App.Name, c.App.Commands
	if c.Command.Name != c.App.Name {
		name, commands = c.Command.Name, c.Command.Subcommands
	}
	var names []string
	for _, command := range commands {
		names = append(names, command.Name)
	}
	known := "commands are " + strings.Join(names, ", ")
	if !c.Args().Present() {
		return &usageError{problems: []string{name + " needs a command"}, hint: known + "; " + hintHelp(name)}
	}
	return &usageError{problems: []string{fmt.Sprintf("unknown command %q", c.Args().First())}, hint: known + "; " + hintHelp(name)}
}

// helpCommand is `partnerscore help score` for `partnerscore score --help`.
func (p *program) helpCommand() *cli.Command {
	h := help{name: "help", arguments: "[COMMAND]", about: "print the help of a command", examples: []string{"partnerscore help score"}}
	return p.command(h, 0, 2, func(ctx context.Context, args []string) error {
		return p.app().RunContext(ctx, append(append([]string{"partnerscore"}, args...), "--help"))
	})
}
