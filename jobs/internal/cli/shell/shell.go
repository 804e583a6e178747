// Package shell has what shells need to complete a line: scripts that ask the program, and values as each shell reads them.
package shell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/show"
)

// The scripts by which shells complete a line: they ask the program, which knows its commands and flags. Where it knows nothing, the shell
// completes file names. Two dashes alone would end the flags, so the scripts ask with one.
const (
	Bash = `_partnerscore() {
  local words=("${COMP_WORDS[@]:0:COMP_CWORD}") word=${COMP_WORDS[COMP_CWORD]} what= IFS=$'\n'
  case $word in --) words+=(-) ;; -*) words+=("$word") ;; =) word= what=value ;; *) what=value ;; esac
  COMPREPLY=($(compgen -W "$(SHELL=bash PARTNERSCORE_COMPLETES=$what "${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word"))
}
complete -o bashdefault -o default -F _partnerscore partnerscore
`
	Zsh = `#compdef partnerscore
_partnerscore() {
  local -a asked found
  local what=
  asked=("${(@)words[1,CURRENT-1]}")
  case $words[CURRENT] in --) asked+=(-) ;; -*) asked+=("$words[CURRENT]") ;; *) what=value ;; esac
  found=("${(@f)$(SHELL=zsh PARTNERSCORE_COMPLETES=$what "${asked[@]}" --generate-bash-completion 2>/dev/null)}")
  if [[ -n $found[1] ]]; then
    _describe 'partnerscore' found
  else
    _files
  fi
}
compdef _partnerscore partnerscore
`
)

// Fish is a line for each option of a command that takes values which the program knows: the script of the command line library has no values.
func Fish(command, option string) string {
	seen := "__fish_seen_subcommand_from " + strings.ReplaceAll(command, " ", "; and __fish_seen_subcommand_from ")
	return fmt.Sprintf("complete -c partnerscore -n '%s' -l %s -x -a '(env SHELL=fish PARTNERSCORE_COMPLETES=value (commandline -opc) --generate-bash-completion 2>/dev/null)'\n",
		seen, option)
}

// Candidate is a value that a shell may complete, with what it is for the shells that show that.
type Candidate struct{ Value, About string }

// Candidates are values that explain themselves.
func Candidates[T ~string](values ...T) (all []Candidate) {
	for _, value := range values {
		all = append(all, Candidate{Value: string(value)})
	}
	return all
}

// Words are the words that an option takes, like those of table|json; none where it takes something else, like ID|FILE.
func Words(value string) []Candidate {
	if words := strings.Split(value, "|"); len(words) > 1 && value == strings.ToLower(value) {
		return Candidates(words...)
	}
	return nil
}

// plainValue is a value that no shell reads as anything else: bash expands what it is given.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

// Lines are values as a shell reads them, one a line. Values that a shell could take for something else are left out.
func Lines(shell string, all []Candidate) string {
	var b strings.Builder
	for _, c := range slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return !plainValue.MatchString(c.Value) }) {
		b.WriteString(c.Value)
		switch about := show.Printable(c.About); {
		case about == "":
		case strings.HasSuffix(shell, "zsh"):
			b.WriteString(":" + about)
		case strings.HasSuffix(shell, "fish"):
			b.WriteString("\t" + about)
		}
		b.WriteString("\n")
	}
	return b.String()
}
