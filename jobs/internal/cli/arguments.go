package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsAfter takes the flags out of the arguments that follow the first one: the command line library stops looking for flags there.
// What stands behind a lone -- is an argument. The error is flag.ErrHelp where help is asked for.
func flagsAfter(c Command, args []string) (rest []string, err error) {
	for len(args) > 0 {
		if args[0] == "--" {
			return append(rest, args[1:]...), nil
		}
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			rest, args = append(rest, args[0]), args[1:]
			continue
		}
		set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
		set.SetOutput(io.Discard)
		set.Usage = func() {}
		for _, o := range c.Options {
			if err := o.Apply(set); err != nil {
				return nil, err
			}
		}
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, flagError(c.Name, c.Options, err)
		}
		args = set.Args()
	}
	return rest, nil
}

// wrongFlag turns an error of the command line library into one that names the closest flag.
func wrongFlag(c *cli.Context, err error, _ bool) error {
	var options []*Option
	for _, f := range c.Command.Flags {
		if o, ok := f.(*Option); ok {
			options = append(options, o)
		}
	}
	return flagError(strings.TrimPrefix(c.Command.HelpName, c.App.Name+" "), options, err)
}

func flagError(command string, options []*Option, err error) error {
	const undefined = "flag provided but not defined: -"
	text := err.Error()
	name, unknown := strings.CutPrefix(text, undefined)
	if !unknown {
		if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
			text = fmt.Sprintf("--%s needs a value", strings.TrimPrefix(name, "-"))
		}
		return &UsageError{Problems: []string{text}, Hint: hintHelp(command)}
	}
	name = strings.TrimPrefix(name, "-")
	hint := hintHelp(command)
	if closest := cli.SuggestFlag(flagsOf(options), name, true); closest != "" {
		hint = fmt.Sprintf("did you mean %s? %s", closest, hint)
	}
	return &UsageError{Problems: []string{fmt.Sprintf("unknown flag --%s", name)}, Hint: hint}
}

// flagsOf are options as the command line library takes them.
func flagsOf(options []*Option) (flags []cli.Flag) {
	for _, o := range options {
		flags = append(flags, o)
	}
	return flags
}

// hintHelp says where help is.
func hintHelp(command string) string {
	if command == programName || command == "" {
		return "see partnerscore --help"
	}
	return "see partnerscore " + command + " --help"
}
