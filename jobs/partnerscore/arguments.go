package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// errHelp says that help was asked for behind an argument.
var errHelp = flag.ErrHelp

// flagsAfter takes the flags out of the arguments that follow the first one: the command line library stops looking for flags there.
// What stands behind a lone -- is an argument.
func (p *program) flagsAfter(h help, args []string) (rest []string, err error) {
	for len(args) > 0 {
		if args[0] == "--" {
			return append(rest, args[1:]...), nil
		}
		if !strings.HasPrefix(args[0], "-") || args[0] == "-" {
			rest, args = append(rest, args[0]), args[1:]
			continue
		}
		set := flag.NewFlagSet(h.name, flag.ContinueOnError)
		set.SetOutput(io.Discard)
		set.Usage = func() {}
		for _, o := range h.options {
			if err := o.Apply(set); err != nil {
				return nil, err
			}
		}
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, errHelp
			}
			return nil, flagError(h.name, h.options, err)
		}
		args = set.Args()
	}
	return rest, nil
}

// wrongFlag turns an error of the command line library into one that names the closest flag.
func wrongFlag(c *cli.Context, err error, _ bool) error {
	name := c.Command.HelpName
	name = strings.TrimPrefix(name, c.App.Name+" ")
	var options []*option
	for _, f := range c.Command.Flags {
		if o, ok := f.(*option); ok {
			options = append(options, o)
		}
	}
	return flagError(name, options, err)
}

func flagError(command string, options []*option, err error) error {
	const undefined = "flag provided but not defined: -"
	text := err.Error()
	name, unknown := strings.CutPrefix(text, undefined)
	if !unknown {
		if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
			text = fmt.Sprintf("--%s needs a value", strings.TrimPrefix(name, "-"))
		}
		return &usageError{problems: []string{text}, hint: hintHelp(command)}
	}
	name = strings.TrimPrefix(name, "-")
	flags := []cli.Flag{}
	for _, o := range options {
		flags = append(flags, o)
	}
	hint := hintHelp(command)
	if closest := cli.SuggestFlag(flags, name, true); closest != "" {
		hint = fmt.Sprintf("did you mean %s? %s", closest, hint)
	}
	return &usageError{problems: []string{fmt.Sprintf("unknown flag --%s", name)}, hint: hint}
}

// hintHelp says where help is.
func hintHelp(command string) string {
	if command == "partnerscore" || command == "" {
		return "see partnerscore --help"
	}
	return "see partnerscore " + command + " --help"
}

// readAll reads options that no config file has a say in.
func readAll(options []*option, env func(string) string) error {
	if problems := readOptions(options, env, nil); len(problems) > 0 {
		return &usageError{problems: problems}
	}
	return nil
}
