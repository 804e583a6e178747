package main

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/show"
)

// help is what the help of a command says.
type help struct {
	name      string // as it is called: "rules show"
	arguments string // "ID|FILE"
	about     string
	more      string // paragraphs below the usage
	examples  []string
	options   []*option
	columns   show.Columns // of --format csv
	commands  [][2]string  // those below it, with what they do
	exits     bool         // whether to list the exit codes
	closing   string
}

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

// text is the complete help. The command line library takes it as a template that has nothing to fill in.
func (h help) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s.\n\nUsage:\n  partnerscore", strings.ToUpper(h.about[:1]), h.about[1:])
	for _, part := range []string{h.name, h.arguments} {
		if part != "" {
			b.WriteString(" " + part)
		}
	}
	if len(h.options) > 0 {
		b.WriteString(" [flags]")
	}
	b.WriteString("\n")
	if h.more != "" {
		b.WriteString("\n" + h.more + "\n")
	}
	if len(h.commands) > 0 {
		b.WriteString("\nCommands:\n")
		definitions(&b, h.commands)
	}
	if len(h.examples) > 0 {
		b.WriteString("\nExamples:\n")
		for _, example := range h.examples {
			b.WriteString("  " + example + "\n")
		}
	}
	h.flags(&b)
	if len(h.columns) > 0 {
		b.WriteString("\nColumns of --format csv; what does not apply to a line is empty:\n")
		definitions(&b, h.columns.Described())
	}
	if h.exits {
		b.WriteString("\n" + exitCodes)
	}
	if h.closing != "" {
		b.WriteString("\n" + h.closing + "\n")
	}
	return b.String()
}

func (h help) flags(b *strings.Builder) {
	rows := [][2]string{}
	for _, o := range h.options {
		usage := o.usage
		if o.standard != "" {
			usage += " (default: " + o.standard + ")"
		}
		rows = append(rows, [2]string{strings.TrimSpace("--" + o.name + " " + o.value), usage})
	}
	rows = append(rows, [2]string{"--help, -h", "print this help"})
	b.WriteString("\nFlags:\n")
	definitions(b, rows)
	h.otherSources(b)
}

// otherSources says how else the flags can be given.
func (h help) otherSources(b *strings.Builder) {
	var example, keyed *option // preferably with a dash in the name, which the others spell otherwise
	var not []string
	dashed := func(o *option) bool { return strings.Contains(o.name, "-") }
	for _, o := range h.options {
		if o.flagOnly {
			return
		}
		if o.key == "" {
			not = append(not, "--"+o.name)
		} else if keyed == nil || dashed(o) && !dashed(keyed) {
			keyed = o
		}
		if example == nil || dashed(o) && !dashed(example) {
			example = o
		}
	}
	if example == nil {
		return
	}
	sentence := fmt.Sprintf("Every flag has an environment variable: --%s is %s.", example.name, example.variable())
	if keyed != nil {
		sentence += fmt.Sprintf(" All but %s can stand in the config file as well, --%s as %s."+
			" A flag goes before its environment variable, and that before the config file.", strings.Join(not, ", "), keyed.name, keyed.key)
	}
	b.WriteString("\n" + strings.Join(show.Wrapped(sentence, helpWidth), "\n") + "\n")
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

// topHelp is the help of the program itself.
func topHelp(options ...*option) string {
	return help{
		name:  "COMMAND",
		about: "compute Microsoft partner capability scores for the Azure solution areas from monthly exports",
		commands: [][2]string{
			{"score", "score one month and publish its snapshot"},
			{"backfill", "score every month of a range, each published on its own"},
			{"status", "show per month which exports, facts and snapshots there are"},
			{"verify", "check published snapshots against their manifests"},
			{"inspect", "show what the exports hold, how it is read, and what a score would say"},
			{"explain", "say why a partner's score of a published month is what it is"},
			{"compare", "say what changed a partner's score between two published months, cause by cause"},
			{"outlook", "say what the months after a published one ask for, and what happens if everything stays as it is"},
			{"whatif", "score a published month as if something had been otherwise, before and after side by side"},
			{"path", "list the cheapest ways from a published month to the designation, and who and what is nearest"},
			{"report", "write where partners stand, and what to do next, as a page"},
			{"rules", "list, show, compare and check the rulebooks"},
			{"config", "write and check a config file"},
			{"completion", "print the script by which a shell completes commands and flags"},
			{"docs", "print all commands and flags as a man page or as Markdown"},
			{"sbom", "print what this program is made of, as a CycloneDX bill of materials in JSON"},
			{"help", "print the help of a command"},
		},
		examples: []string{
			"partnerscore score --exports exports --month 2024-06",
			"partnerscore rules show azure-2023-06",
			"partnerscore score --help",
		},
		options: options,
		exits:   true,
	}.text()
}
