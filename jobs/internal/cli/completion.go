package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"
)

// The scripts by which shells complete a line: they ask the program, which knows its commands and flags. Where it knows nothing, the shell
// completes file names. Two dashes alone would end the flags, so the scripts ask with one.
const (
	bashCompletion = `_partnerscore() {
  local words=("${COMP_WORDS[@]:0:COMP_CWORD}") word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
  case $word in --) words+=(-) ;; -*) words+=("$word") ;; esac
  COMPREPLY=($(compgen -W "$(SHELL=bash "${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word"))
}
complete -o bashdefault -o default -F _partnerscore partnerscore
`
	zshCompletion = `#compdef partnerscore
_partnerscore() {
  local -a asked found
  asked=("${(@)words[1,CURRENT-1]}")
  case $words[CURRENT] in --) asked+=(-) ;; -*) asked+=("$words[CURRENT]") ;; esac
  found=("${(@f)$(SHELL=zsh "${asked[@]}" --generate-bash-completion 2>/dev/null)}")
  if [[ -n $found[1] ]]; then
    _describe 'partnerscore' found
  else
    _files
  fi
}
compdef _partnerscore partnerscore
`
)

// completionCommand is `completion`. app makes the tree of commands that some scripts list.
func completionCommand(app func() *cli.App) Command {
	return Command{
		Name:      "completion",
		Arguments: "bash|zsh|fish",
		About:     "print a script for shell completion of commands and flags",
		Examples: []string{
			"source <(partnerscore completion bash)",
			"source <(partnerscore completion zsh)",
			"partnerscore completion fish >~/.config/fish/completions/partnerscore.fish",
		},
		Least: 1, Most: 1,
		Run: func(_ context.Context, s *Session, args []string) error {
			switch args[0] {
			case "bash":
				return s.Print(bashCompletion)
			case "zsh":
				return s.Print(zshCompletion)
			case "fish":
				return printPage(s, app().ToFishCompletion)
			}
			return &UsageError{Problems: []string{fmt.Sprintf("want bash, zsh or fish, got %q", args[0])}, Hint: hintHelp("completion")}
		},
	}
}

// docsCommand is `docs`.
func docsCommand(app func() *cli.App) Command {
	return Command{
		Name:      "docs",
		Arguments: "man|markdown",
		About:     "print all commands and flags as a man page or as Markdown",
		Examples:  []string{"partnerscore docs man >partnerscore.1", "partnerscore docs markdown"},
		Least:     1, Most: 1,
		Run: func(_ context.Context, s *Session, args []string) error {
			switch args[0] {
			case "man":
				return printPage(s, func() (string, error) { return app().ToManWithSection(1) })
			case "markdown":
				return printPage(s, app().ToMarkdown)
			}
			return &UsageError{Problems: []string{fmt.Sprintf("want man or markdown, got %q", args[0])}, Hint: hintHelp("docs")}
		},
	}
}

// printPage prints a text unless making it fails.
func printPage(s *Session, page func() (string, error)) error {
	text, err := page()
	if err != nil {
		return err
	}
	return s.Print(text)
}
