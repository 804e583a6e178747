package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/cli/shell"
)

// Option is a setting of a command: a flag, an environment variable and, where it has a key, a key of the config file. All three are declared
// here. A flag overrides the variable, and that overrides the config file.
//
// It is a flag of the command line library that only keeps the texts it is given. They are read later, with those of the other sources, so
// that all mistakes are reported together.
type Option struct {
	Name     string // of the flag; the name of the environment variable follows from it
	Value    string // what help calls the value; empty: a switch
	Usage    string
	Default  string // in words; empty: none
	Key      string // in the config file; empty: not there
	List     bool   // takes several values, separated by commas or by repeating the flag
	Repeated bool   // may be repeated; each text is one value, commas and all
	Read     func(text string) error
	// Values are what a shell may complete, once Validate has read the other options; nil: it completes the words of Value, or file names.
	Values func(ctx context.Context, p Process) []shell.Candidate

	flagOnly bool // no environment variable
	given    []string
}

// Into reads a text into a field of a command's options.
func Into[T any](target *T, parse func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		value, err := parse(text)
		if err == nil {
			*target = value
		}
		return err
	}
}

// IntoList appends what a text says to a field of a command's options.
func IntoList[T any](target *[]T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		if err == nil {
			*target = append(*target, value)
		}
		return err
	}
}

// Apply makes the flag known to a set; it is part of cli.Flag.
func (o *Option) Apply(set *flag.FlagSet) error {
	set.Var(o, o.Name, o.Usage)
	return nil
}

// Names is part of cli.Flag.
func (o *Option) Names() []string { return []string{o.Name} }

// IsSet is part of cli.Flag.
func (o *Option) IsSet() bool { return len(o.given) > 0 }

// String is part of cli.Flag and of flag.Value.
func (o *Option) String() string { return strings.Join(o.given, ",") }

// Set keeps a text from the command line; it is part of flag.Value.
func (o *Option) Set(text string) error {
	o.given = append(o.given, text)
	return nil
}

// IsBoolFlag lets a switch stand without a value.
func (o *Option) IsBoolFlag() bool { return o.Value == "" }

// TakesValue lets the command line library describe the flag in completions and man pages, as do the methods below; they are part of
// cli.DocGenerationFlag and cli.VisibleFlag.
func (o *Option) TakesValue() bool { return o.Value != "" }

// GetUsage is what the flag is for.
func (o *Option) GetUsage() string { return o.Usage }

// GetValue is empty: pages show no values.
func (o *Option) GetValue() string { return "" }

// GetDefaultText is the default in words.
func (o *Option) GetDefaultText() string { return o.Default }

// GetEnvVars is the environment variable of the flag.
func (o *Option) GetEnvVars() []string {
	if o.flagOnly {
		return nil
	}
	return []string{o.variable()}
}

// IsVisible is true: no flag is hidden.
func (o *Option) IsVisible() bool { return true }

// VariablePrefix begins the names of all environment variables of the program.
const VariablePrefix = "PARTNERSCORE_"

// variable is the environment variable of the option.
func (o *Option) variable() string {
	return VariablePrefix + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// lookup returns the texts of the source that goes first, and the name of that source for messages. file is nil where there is no config file.
func (o *Option) lookup(env func(string) string, file *Config) (texts []string, source string) {
	switch {
	case len(o.given) > 0:
		texts, source = o.given, "--"+o.Name
		if o.Value == "" {
			texts = texts[len(texts)-1:] // of a switch that is given twice the last one counts
		}
	case !o.flagOnly && env(o.variable()) != "":
		texts, source = []string{env(o.variable())}, o.variable()
	case o.Key != "" && file != nil:
		return file.flags[o.Key], file.place(o.Key)
	}
	if !o.List {
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

// ReadOptions reads the texts of the options into the fields that they set, and returns every text that cannot be read. file is nil where
// there is no config file.
func ReadOptions(options []*Option, env func(string) string, file *Config) (problems []string) {
	for _, o := range options {
		if len(o.given) > 1 && o.Value != "" && !o.List && !o.Repeated {
			problems = append(problems, fmt.Sprintf("--%s: want one value, got %d: %s", o.Name, len(o.given), strings.Join(o.given, ", ")))
			continue
		}
		texts, source := o.lookup(env, file)
		for _, text := range texts {
			if err := o.Read(text); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", source, err))
			}
		}
	}
	return problems
}

// Only returns the options of these names, in their own order.
func Only(all []*Option, names ...string) []*Option {
	return slices.DeleteFunc(slices.Clone(all), func(o *Option) bool { return !slices.Contains(names, o.Name) })
}

// GivenByFlag reports whether the command line sets the option of this name.
func GivenByFlag(options []*Option, name string) bool {
	return slices.ContainsFunc(options, func(o *Option) bool { return o.Name == name && o.IsSet() })
}

// The forms of results.
const (
	FormatTable = "table"
	FormatJSON  = "json"
	FormatCSV   = "csv"
)

// FormatOption is the flag for the form of a result. Answers have CSV as well and declare their own.
func FormatOption(target *string) *Option {
	return &Option{Name: "format", Value: "table|json", Usage: "form of the result on stdout", Default: FormatTable,
		Read: Into(target, ReadOneOf(FormatTable, FormatJSON))}
}
