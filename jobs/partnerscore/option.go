package main

import (
	"flag"
	"fmt"
	"strings"
)

// option is one thing that a command can be told: by flag, by environment variable and, where it has a key, by the config file. The first of
// these that says anything is followed.
//
// It is a flag of the command line library that only keeps the texts it is given. They are read later, with those of the other sources, so
// that all that is wrong is reported together.
type option struct {
	name     string // of the flag; the environment variable follows from it
	value    string // what help calls the value; empty: a switch
	usage    string
	standard string // the default in words; empty: none
	key      string // of the config file; empty: not there
	list     bool   // may be given several times, and several values with commas between
	repeated bool   // may be given several times; each is one value, commas and all
	flagOnly bool   // no environment variable
	read     func(text string) error

	given []string
}

// into reads a text into a field of a command's options.
func into[T any](target *T, parse func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		value, err := parse(text)
		if err == nil {
			*target = value
		}
		return err
	}
}

// intoList appends what a text says to a field of a command's options.
func intoList[T any](target *[]T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		if err == nil {
			*target = append(*target, value)
		}
		return err
	}
}

// Apply makes the flag known to a set; it is part of cli.Flag.
func (o *option) Apply(set *flag.FlagSet) error {
	set.Var(o, o.name, o.usage)
	return nil
}

// Names is part of cli.Flag.
func (o *option) Names() []string { return []string{o.name} }

// IsSet is part of cli.Flag.
func (o *option) IsSet() bool { return len(o.given) > 0 }

// String is part of cli.Flag and of flag.Value.
func (o *option) String() string { return strings.Join(o.given, ",") }

// Set keeps a text from the command line; it is part of flag.Value.
func (o *option) Set(text string) error {
	o.given = append(o.given, text)
	return nil
}

// IsBoolFlag lets a switch stand without a value.
func (o *option) IsBoolFlag() bool { return o.value == "" }

// variable is the environment variable of the option.
func (o *option) variable() string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

// variablePrefix begins the names of all environment variables of the program.
const variablePrefix = "PARTNERSCORE_"

// told returns what the option was told by the source that goes first, and the name of that source for messages.
func (o *option) told(env func(string) string, file *configFile) (texts []string, source string) {
	switch {
	case len(o.given) > 0:
		texts, source = o.given, "--"+o.name
		if o.value == "" {
			texts = texts[len(texts)-1:] // a switch that is told twice
		}
	case !o.flagOnly && env(o.variable()) != "":
		texts, source = []string{env(o.variable())}, o.variable()
	case o.key != "" && file != nil:
		entry, ok := file.entries[o.key]
		if !ok {
			return nil, ""
		}
		return entry.texts, file.place(entry.line) + ": " + o.key
	}
	if !o.list {
		return texts, source
	}
	var items []string
	for _, text := range texts {
		for item := range strings.SplitSeq(text, ",") {
			items = append(items, strings.TrimSpace(item))
		}
	}
	return items, source
}

// readOptions reads what the options were told into the fields they stand for and returns everything that cannot be read.
func readOptions(options []*option, env func(string) string, file *configFile) (problems []string) {
	for _, o := range options {
		if len(o.given) > 1 && o.value != "" && !o.list && !o.repeated {
			problems = append(problems, fmt.Sprintf("--%s: want one value, got %d: %s", o.name, len(o.given), strings.Join(o.given, ", ")))
			continue
		}
		texts, source := o.told(env, file)
		for _, text := range texts {
			if err := o.read(text); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", source, err))
			}
		}
	}
	return problems
}
