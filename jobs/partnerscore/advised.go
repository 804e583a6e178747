package main

import (
	"slices"

	"partnerscore/jobs/internal/show"
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
			text += " --" + name + " " + show.ShellWord(given)
		}
	}
	return text
}
