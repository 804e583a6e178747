package settings

import (
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/wording"
)

// Language is the language of pages and tables for people. Data, logs and errors are English.
type Language struct{ wording.Words }

// Option is the flag of the language. what is written in it.
func (l *Language) Option(what string) *cli.Option {
	return &cli.Option{Name: "lang", Value: strings.Join(wording.Languages(), "|"), Usage: "language of " + what, Default: wording.Words{}.Language(),
		Read: cli.Into(&l.Words, wording.ParseLanguage)}
}
