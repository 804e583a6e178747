package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"
)

// The scripts by which shells complete a line: they ask the program, which knows its commands and flags. Where it knows nothing the shell
// completes file names. Two dashes alone would end the flags, so that they ask with one.
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

// completionCommand is `completion`.
func (p *program) completionCommand() *cli.Command {
	h := help{
		name:      "completion",
		arguments: "bash|zsh|fish",
		about:     "print the script by which a shell completes commands and flags",
		examples: []string{
			"source <(partnerscore completion bash)",
			"source <(partnerscore completion zsh)",
			"partnerscore completion fish >~/.config/fish/completions/partnerscore.fish",
		},
	}
	return p.command(h, 1, 1, func(_ context.Context, args []string) error {
		switch args[0] {
		case "bash":
			return p.write(bashCompletion)
		case "zsh":
			return p.write(zshCompletion)
		case "fish":
			return p.writeMade(p.app().ToFishCompletion())
		}
		return &usageError{problems: []string{fmt.Sprintf("want bash, zsh or fish, got %q", args[0])}, hint: hintHelp(h.name)}
	})
}

// docsCommand is `docs`.
func (p *program) docsCommand() *cli.Command {
	h := help{
		name:      "docs",
		arguments: "man|markdown",
		about:     "print all commands and flags as a man page or as Markdown",
		examples:  []string{"partnerscore docs man >partnerscore.1", "partnerscore docs markdown"},
	}
	return p.command(h, 1, 1, func(_ context.Context, args []string) error {
		switch args[0] {
		case "man":
			return p.writeMade(p.app().ToManWithSection(1))
		case "markdown":
			return p.writeMade(p.app().ToMarkdown())
		}
		return &usageError{problems: []string{fmt.Sprintf("want man or markdown, got %q", args[0])}, hint: hintHelp(h.name)}
	})
}

// writeMade writes a text that was made, unless making it failed.
func (p *program) writeMade(text string, err error) error {
	if err != nil {
		return err
	}
	return p.write(text)
}

// TakesValue and the methods below let the command line library describe the flag in completions and man pages; they are part of
// cli.DocGenerationFlag and cli.VisibleFlag.
func (o *option) TakesValue() bool { return o.value != "" }

// GetUsage is what the flag is for.
func (o *option) GetUsage() string { return o.usage }

// GetValue is empty: values are in no page.
func (o *option) GetValue() string { return "" }

// GetDefaultText is the default in words.
func (o *option) GetDefaultText() string { return o.standard }

// GetEnvVars is the environment variable of the flag.
func (o *option) GetEnvVars() []string {
	if o.flagOnly {
		return nil
	}
	return []string{o.variable()}
}

// IsVisible says that no flag is hidden.
func (o *option) IsVisible() bool { return true }
