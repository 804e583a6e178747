package settings

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/cli/shell"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// MissingExports is the problem of a command that does not know where the exports are.
const MissingExports = "say where the exports are: --exports DIR, the environment variable PARTNERSCORE_EXPORTS or exports in the config file"

// FolderProblems checks the folders of a command that reads exports.
func (s *Scoring) FolderProblems() []string {
	switch {
	case s.Exports == "":
		return []string{MissingExports}
	case samePlace(s.Exports, s.Snapshots):
		return []string{"exports and snapshots are the same folder, so published certifications would be read as an export; " +
			"name another one with --snapshots"}
	default:
		return nil
	}
}

// samePlace reports whether two addresses lead to one folder or one place in an object store. What is wrong with an address is told when it is opened.
func samePlace(a, b string) bool {
	first, err := storage.ParseAddress(a)
	second, other := storage.ParseAddress(b)
	if err != nil || other != nil || first.Kind == storage.Folder && second.Kind == storage.Folder {
		return cli.SameFile(cmp.Or(first.Path, a), cmp.Or(second.Path, b))
	}
	return first.SamePlace(second)
}

// RulesOf returns the rules that a month is scored by.
func (s *Scoring) RulesOf(m scoring.Month) (*scoring.Rulebook, error) {
	if s.Book != nil {
		return s.Book, nil
	}
	return s.Library.InForce(m)
}

// RuleProblems checks that there are rules for a month. A rulebook that cannot be read is a problem already.
func (s *Scoring) RuleProblems(m scoring.Month) []string {
	if s.Rulebook != "" {
		return nil
	}
	if _, err := s.RulesOf(m); err != nil {
		return []string{err.Error() + "; choose one with --rulebook"}
	}
	return nil
}

// FindRulebook returns the built-in rulebook of an id, or reads a file.
func FindRulebook(library *rulebook.Library, idOrFile string) (*scoring.Rulebook, error) {
	book, err := library.Get(idOrFile)
	if err == nil {
		return book, nil
	}
	data, fileErr := cli.ReadSmall(idOrFile)
	if fileErr == nil {
		return library.Load(idOrFile, data)
	}
	if _, statErr := os.Stat(idOrFile); statErr != nil && !strings.ContainsAny(idOrFile, "/.") {
		return nil, err // an id that does not exist, not a file that does not
	}
	return nil, &cli.UsageError{Problems: []string{fmt.Sprintf("rulebook %s: %v", idOrFile, fileErr)}}
}

// RulebookValues are the built-in rulebooks, for a shell to complete.
func RulebookValues() (all []shell.Candidate) {
	library, err := rulebook.Embedded()
	if err != nil {
		return nil
	}
	for _, book := range library.List() {
		all = append(all, shell.Candidate{Value: book.ID, About: book.Title})
	}
	return all
}

// PersonKeyHelp closes the help of commands that make person ids.
const PersonKeyHelp = `The key of the pseudonyms of people is in the environment variable PARTNERSCORE_PERSON_KEY, or in the
file that PARTNERSCORE_PERSON_KEY_FILE names. It has at least 16 bytes.`

// shortestKey is the least length of a key in bytes: 128 bits.
const shortestKey = 16

// personKey returns the key of the pseudonyms of people, or nil. It comes from the environment alone: command lines show in
// the process list.
func personKey(env func(string) string) ([]byte, error) {
	const variable, fileVariable = cli.VariablePrefix + "PERSON_KEY", cli.VariablePrefix + "PERSON_KEY_FILE"
	key, path, from := env(variable), env(fileVariable), variable
	switch {
	case path == "":
	case key != "":
		return nil, errors.New("set one of " + variable + " and " + fileVariable + ", not both")
	default:
		data, err := cli.ReadSmall(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", fileVariable, path, err)
		}
		if key, from = strings.TrimRight(string(data), "\r\n"), fileVariable+": "+path; key == "" {
			return nil, fmt.Errorf("%s is empty", from)
		}
	}
	if key != "" && len(key) < shortestKey {
		return nil, fmt.Errorf("%s: the key has %d bytes, and a key of fewer than %d can be guessed; make one with: openssl rand -hex 32", from, len(key), shortestKey)
	}
	return []byte(key), nil
}
