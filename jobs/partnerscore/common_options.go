package main

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// The forms of results.
const (
	formatTable = "table"
	formatJSON  = "json"
)

// logOptions are how a command writes to stderr.
type logOptions struct {
	logFormat string
	quiet     bool
}

// options are the last ones of every command.
func (o *logOptions) options() []*option {
	return []*option{
		{name: "log-format", value: "text|json", key: "log_format", usage: "form of the log on stderr", standard: "text",
			read: into(&o.logFormat, readOneOf(logText, logJSON))},
		{name: "quiet", key: "quiet", usage: "log warnings only, and show no progress", read: into(&o.quiet, readSwitch)},
	}
}

// only returns the options of these names, in the order in which they stand.
func only(all []*option, names ...string) []*option {
	return slices.DeleteFunc(slices.Clone(all), func(o *option) bool { return !slices.Contains(names, o.name) })
}

// personKeyHelp closes the help of commands that make person ids.
const personKeyHelp = `The environment variable PARTNERSCORE_PERSON_KEY, or the file that PARTNERSCORE_PERSON_KEY_FILE
names, keys the pseudonyms of people in the snapshots.`

// warnOfPlainPersonIDs warns of person ids without a key.
func warnOfPlainPersonIDs(opt months.Options) {
	if len(opt.PersonKey) == 0 {
		opt.Log.Warn("person ids are plain hashes, which anyone who knows an e-mail can compute: set PARTNERSCORE_PERSON_KEY")
	}
}

// farFromMonth is how many days the day of certifications may be from the end of the scored month without a warning.
const farFromMonth = 31

// warnOfSkillsDay warns of certifications that are judged long before or after the end of the scored month: the setting may be left over from another
// month.
func warnOfSkillsDay(opt months.Options, m scoring.Month) {
	if opt.SkillsAsOf == nil {
		return
	}
	if days := int(opt.SkillsAsOf.Sub(m.Last()).Abs() / (24 * time.Hour)); days > farFromMonth {
		opt.Log.Warn("the day on which certifications must be held is far from the end of the month: check --skills-as-of and skills_as_of", "month", m.String(),
			"skills_as_of", opt.SkillsAsOf.Format(time.DateOnly), "days", days)
	}
}

// folderProblems checks the folders of a command that reads exports.
func (o *scoringOptions) folderProblems() []string {
	switch {
	case o.exports == "":
		return []string{missingExports}
	case sameFolder(o.exports, o.snapshots):
		return []string{"exports and snapshots are the same folder, where the certifications of one would be taken for those of the other; " +
			"name another one with --snapshots"}
	default:
		return nil
	}
}

// ruleProblems checks that there are rules for a month.
func (o *scoringOptions) ruleProblems(m scoring.Month) []string {
	if o.rulebook != "" {
		return nil
	}
	if _, err := o.library.InForce(m); err != nil {
		return []string{err.Error() + "; choose one with --rulebook"}
	}
	return nil
}

// shown is the error of a run whose result was printed with printErr. A reader of stdout who has left does not make a success of a failure.
func shown(err, printErr error) error {
	if printErr == nil || err != nil && errors.Is(printErr, syscall.EPIPE) {
		return err
	}
	return errors.Join(err, printErr)
}

// noFolderError says that there is nothing to look at.
type noFolderError struct{ what string }

// FaultKind is fault.Missing.
func (e *noFolderError) FaultKind() string { return fault.Missing }

// FaultAdvice is the hint.
func (e *noFolderError) FaultAdvice() string {
	return "name the folder that the snapshots are in with --snapshots, or score a month first"
}

// Error says which folder is not there.
func (e *noFolderError) Error() string { return e.what }

// exists reports whether there is a folder at path, or something else that a later step complains about.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !os.IsNotExist(err)
}

// monthWord writes a number of months.
func monthWord(n int) string { return show.Count(int64(n), "month") }

// sentenceWidth is the columns that sentences keep to.
func (p *program) sentenceWidth() int {
	if p.stdoutWidth == 0 {
		return show.PipeWidth
	}
	return p.stdoutWidth
}
