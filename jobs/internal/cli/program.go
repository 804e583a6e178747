// Package cli is the command line without its commands: flags, environment variables and the config file, help and completion, the console,
// exit codes, and the record of a run. A command is a value of type Command; package command has all of them.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/cli/build"
	"partnerscore/jobs/internal/cli/shell"
	"partnerscore/jobs/internal/storage"
)

const programName = "partnerscore"

// Process is the environment of the program: streams, variables, clock. main fills it in.
type Process struct {
	Env            func(name string) string
	Stdout, Stderr io.Writer
	Clock          func() time.Time
	Sleep          func(ctx context.Context, d time.Duration) error
	StdoutWidth    int    // columns of the terminal that stdout is; 0: not a terminal
	StderrWidth    int    // the same of stderr
	StderrTerminal bool   // whether a person watches stderr
	Release        string // the version of a release and its VCS revision, where the linker knows them
	Revision       string
	// Places opens exports and snapshots. fetched is called while copies of them arrive, with bytes so far and in all.
	Places func(fetched func(name string, done, total int64)) storage.Places
}

// Program is the program with all its commands.
type Program struct {
	About    string
	Examples []string
	Commands []Command
	// EngineVersion returns the version of the SQL engine.
	EngineVersion func() string
}

// Command is a command, or a group of them.
type Command struct {
	Name      string // as typed: "rules show"
	Arguments string // "ID|FILE"
	About     string
	More      string // paragraphs below the usage
	Examples  []string
	Options   []*Option
	Columns   [][2]string // of --format csv, each with what it means
	ExitCodes bool        // whether help lists the exit codes
	Closing   string      // the last paragraph of help

	// Values are what a shell may complete for an argument; nil: file names.
	Values func() []shell.Candidate
	// Least and Most say how many arguments the command takes, without flags.
	Least, Most int

	// Validate reads the options and checks what they mean together. It returns all problems; an error is a fault of the program.
	Validate func(options []*Option, p Process) (problems []string, err error)
	// Log is how the command writes to stderr, once Validate has read it. A command without Validate and Log gets the options of the log beside its
	// own, and all of them are read from flags and variables.
	Log *LogOptions
	// Record says where the record of the run goes. nil: the command works through no months, and has no record.
	Record *RecordOptions
	// Run runs the command. args are the arguments without flags.
	Run func(ctx context.Context, s *Session, args []string) error

	Commands []Command // of a group, which has no Run
}

// lastName is the name within the group.
func (c Command) lastName() string { return c.Name[strings.LastIndexByte(c.Name, ' ')+1:] }

// Run runs what args (with the name of the program first) ask for and returns the exit code.
func Run(ctx context.Context, p Process, program Program, args []string) int {
	x := &execution{process: p, program: program, build: &build.Build{Release: p.Release, Revision: p.Revision}}
	return x.end(ctx, x.attempt(ctx, args))
}

// execution is one execution of the program.
type execution struct {
	process Process
	program Program
	build   *build.Build
	session *Session // of the command that runs; nil until its options are read
}

// attempt converts a panic into an error, so that it is logged and recorded like any other failure.
func (x *execution) attempt(ctx context.Context, args []string) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("internal error: %v; this is a bug, please report it with these lines\n%s", fault, debug.Stack())
		}
	}()
	if x.complete(ctx, args) {
		return nil
	}
	return x.app().RunContext(ctx, args)
}

// app is the tree of commands as the command line library takes it.
func (x *execution) app() *cli.App {
	version := &Option{Name: "version", flagOnly: true, Usage: "print the versions of the program and of its SQL engine"}
	top := Command{About: x.program.About, Examples: x.program.Examples, Options: []*Option{version}, ExitCodes: true,
		Commands: append(slices.Clone(x.program.Commands), completionCommand(x.program.Commands, x.app), docsCommand(x.app), x.sbomCommand(), x.helpCommand())}
	app := &cli.App{
		Name:                  programName,
		Usage:                 top.About,
		Writer:                x.process.Stdout,
		ErrWriter:             x.process.Stderr,
		Flags:                 []cli.Flag{version, cli.HelpFlag}, // named, since the library adds it only together with its own command help
		CustomAppHelpTemplate: top.help(),
		EnableBashCompletion:  true, // it answers the scripts of completionCommand
		HideVersion:           true,
		HideHelpCommand:       true,
		OnUsageError:          wrongFlag,
		ExitErrHandler:        func(*cli.Context, error) {}, // exit codes are decided in kindOf alone
		Action: func(c *cli.Context) error {
			if version.IsSet() {
				return x.printVersion()
			}
			return noCommand(c)
		},
	}
	for _, c := range top.Commands {
		app.Commands = append(app.Commands, x.command(c))
	}
	return app
}

// command is a command as the command line library takes it.
func (x *execution) command(c Command) *cli.Command {
	if c.Validate == nil && c.Run != nil {
		c = withLog(c)
	}
	command := &cli.Command{
		Name:               c.lastName(),
		Usage:              c.About,
		Flags:              flagsOf(c.Options),
		CustomHelpTemplate: c.help(),
		HideHelpCommand:    true,
		OnUsageError:       wrongFlag,
		Action:             noCommand,
	}
	for _, below := range c.Commands {
		command.Subcommands = append(command.Subcommands, x.command(below))
	}
	if c.Run != nil {
		command.Action = func(library *cli.Context) error { return x.call(library.Context, c, library.Args().Slice()) }
	}
	return command
}

// withLog completes a command that reads no config file: it adds the options of the log, and reads all options.
func withLog(c Command) Command {
	c.Log = &LogOptions{Format: LogText}
	own := c.Log.Options()
	for _, o := range own {
		o.Key = ""
	}
	c.Options = slices.Concat(c.Options, own)
	c.Validate = func(options []*Option, p Process) ([]string, error) { return ReadOptions(options, p.Env, nil), nil }
	return c
}

// call runs a command with the arguments that follow its leading flags.
func (x *execution) call(ctx context.Context, c Command, args []string) error {
	args, err := flagsAfter(c, args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(x.process.Stdout, c.help())
		return err
	}
	if err != nil {
		return err
	}
	switch {
	case len(args) < c.Least:
		return &UsageError{Problems: []string{fmt.Sprintf("%s needs %s", c.Name, c.Arguments)}, Hint: hintHelp(c.Name)}
	case len(args) > c.Most:
		return &UsageError{Problems: []string{fmt.Sprintf("unexpected argument %q", args[c.Most])}, Hint: hintHelp(c.Name)}
	}
	problems, err := c.Validate(c.Options, x.process)
	if err != nil {
		return err
	}
	s := NewSession(x.process, c, x.build)
	x.session = s
	if c.Record != nil {
		if err := s.beginRecord(c); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return &UsageError{Problems: problems}
	}
	return c.Run(ctx, s, args)
}

// noCommand is the error of a call without a command, or with an unknown one.
func noCommand(c *cli.Context) error {
	name, commands := c.App.Name, c.App.Commands
	if c.Command.Name != c.App.Name {
		name, commands = c.Command.Name, c.Command.Subcommands
	}
	var names []string
	for _, command := range commands {
		names = append(names, command.Name)
	}
	const list = "commands are "
	if !c.Args().Present() {
		return &UsageError{Problems: []string{name + " needs a command"}, Hint: list + strings.Join(names, ", ") + "; " + hintHelp(name)}
	}
	wanted := c.Args().First()
	hint := suggestion(wanted, list, names)
	if !strings.HasSuffix(hint, "?") {
		hint += ";"
	}
	return &UsageError{Problems: []string{fmt.Sprintf("unknown command %q", wanted)}, Hint: hint + " " + hintHelp(name)}
}

// helpCommand is `partnerscore help score` for `partnerscore score --help`.
func (x *execution) helpCommand() Command {
	return Command{Name: "help", Arguments: "[COMMAND]", About: "print the help of a command", Examples: []string{"partnerscore help score"}, Most: 2,
		Run: func(ctx context.Context, _ *Session, args []string) error {
			return x.app().RunContext(ctx, append(append([]string{programName}, args...), "--help"))
		}}
}
