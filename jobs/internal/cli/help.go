package cli

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/show"
)

// helpWidth is the columns that help keeps to.
const helpWidth = 100

// exitCodes is the section of help about exit codes.
const exitCodes = `Exit codes:
  0         done, also when there was nothing to do
  1         internal error
  2         usage or configuration error
  3         an input is missing or not ready: a month of the window, the certifications
  4         an input breaks the contract: corrupt file, missing column, wrong type, too many rejected rows
  5         another run holds the snapshots
  6         verify found a difference
  130, 143  interrupted by SIGINT, SIGTERM; nothing is half-published
`

// help is the complete help of a command. The command line library takes it as a template that has nothing to fill in.
func (c Command) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s.\n\nUsage:\n  partnerscore", strings.ToUpper(c.About[:1]), c.About[1:])
	for _, part := range []string{c.Name, c.arguments()} {
		if part != "" {
			b.WriteString(" " + part)
		}
	}
	if len(c.Options) > 0 {
		b.WriteString(" [flags]")
	}
	b.WriteString("\n")
	if c.More != "" {
		b.WriteString("\n" + c.More + "\n")
	}
	if len(c.Commands) > 0 {
		b.WriteString("\nCommands:\n")
		rows := [][2]string{}
		for _, below := range c.Commands {
			rows = append(rows, [2]string{below.lastName(), below.About})
		}
		definitions(&b, rows)
	}
	if len(c.Examples) > 0 {
		b.WriteString("\nExamples:\n")
		for _, example := range c.Examples {
			b.WriteString("  " + example + "\n")
		}
	}
	c.helpOfFlags(&b)
	if len(c.Columns) > 0 {
		b.WriteString("\nColumns of --format csv; what does not apply to a line is empty:\n")
		definitions(&b, c.Columns)
	}
	if c.ExitCodes {
		b.WriteString("\n" + exitCodes)
	}
	if c.Closing != "" {
		b.WriteString("\n" + c.Closing + "\n")
	}
	return b.String()
}

// arguments are what stands behind the name.
func (c Command) arguments() string {
	if len(c.Commands) > 0 {
		return "COMMAND"
	}
	return c.Arguments
}

func (c Command) helpOfFlags(b *strings.Builder) {
	rows := [][2]string{}
	for _, o := range c.Options {
		usage := o.Usage
		if o.Default != "" {
			usage += " (default: " + o.Default + ")"
		}
		rows = append(rows, [2]string{strings.TrimSpace("--" + o.Name + " " + o.Value), usage})
	}
	rows = append(rows, [2]string{"--help, -h", "print this help"})
	b.WriteString("\nFlags:\n")
	definitions(b, rows)
	if sentence := otherSources(c.Options); sentence != "" {
		b.WriteString("\n" + strings.Join(show.Wrapped(sentence, helpWidth), "\n") + "\n")
	}
}

// otherSources says how else the flags can be given; empty where they cannot.
func otherSources(options []*Option) string {
	var example, keyed *Option // preferably with a dash in the name, which variables and keys spell with an underscore
	var not []string
	dashed := func(o *Option) bool { return strings.Contains(o.Name, "-") }
	for _, o := range options {
		if o.flagOnly {
			return ""
		}
		if o.Key == "" {
			not = append(not, "--"+o.Name)
		} else if keyed == nil || dashed(o) && !dashed(keyed) {
			keyed = o
		}
		if example == nil || dashed(o) && !dashed(example) {
			example = o
		}
	}
	if example == nil {
		return ""
	}
	sentence := fmt.Sprintf("Every flag has an environment variable: --%s is %s.", example.Name, example.variable())
	if keyed != nil {
		sentence += fmt.Sprintf(" All but %s can also be set in the config file, --%s as %s."+
			" A flag overrides its environment variable, and that overrides the config file.", strings.Join(not, ", "), keyed.Name, keyed.Key)
	}
	return sentence
}

// definitions writes terms and what they mean in two columns.
func definitions(b *strings.Builder, rows [][2]string) {
	indent := 0
	for _, row := range rows {
		indent = max(indent, len(row[0])+4)
	}
	for _, row := range rows {
		for i, line := range show.Wrapped(row[1], helpWidth-indent) {
			term := ""
			if i == 0 {
				term = row[0]
			}
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s%s", indent-2, term, line), " ") + "\n")
		}
	}
}
