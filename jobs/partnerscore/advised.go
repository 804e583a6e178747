package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// inspectAlike is the command that looks at the exports as the one that runs does.
func (p *program) inspectAlike() string {
	return p.alike("inspect", "exports", "config", "rulebook", "allow-missing", "max-rejected")
}

// alike writes a command that a person may run next, with the flags of these names as the command line of the one that runs has them. What the
// environment or a config file says holds for both.
func (p *program) alike(command string, names ...string) string {
	text := "partnerscore " + command
	for _, name := range names {
		i := slices.IndexFunc(p.asked, func(o *option) bool { return o.name == name })
		if i < 0 {
			continue
		}
		for _, given := range p.asked[i].given {
			text += " --" + name + " " + shellWord(given)
		}
	}
	return text
}

// plainWord is what no shell takes for more than a word.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,-]+$`)

// shellWord quotes a text for a shell where that is needed, on one line whatever the text holds.
func shellWord(text string) string {
	switch {
	case plainWord.MatchString(text):
		return text
	case text == printable(text):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for _, c := range []byte(text) {
		if plainWord.Match([]byte{c}) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return "$'" + b.String() + "'"
}
