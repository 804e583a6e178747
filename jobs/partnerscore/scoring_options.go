package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/pipeline"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// scoringOptions are what every command is told that scores months. Zero limits mean what the machine allows.
type scoringOptions struct {
	config       string
	exports      string
	snapshots    string
	rulebook     string
	skillsAsOf   *time.Time
	maxRejected  float64
	allowMissing []string
	limits       pipeline.Limits
	lockWait     time.Duration
	rehash       bool
	logOptions

	file      *configFile // nil: none
	library   *rulebook.Library
	book      *scoring.Rulebook // nil: by date
	personKey []byte
}

// The inputs that --allow-missing allows to be missing.
const (
	missingHistory        = "history"
	missingCertifications = "certifications"
	missingOffers         = "offers"
)

// newScoringOptions returns the options with their defaults.
func newScoringOptions() scoringOptions {
	return scoringOptions{snapshots: "snapshots", maxRejected: 0.01, limits: pipeline.Limits{TempDir: os.TempDir()}, logOptions: logOptions{logFormat: logText}}
}

func (o *scoringOptions) options() []*option {
	return append([]*option{
		{name: "exports", value: "DIR", key: "exports", usage: "folder of the exports", read: into(&o.exports, readText)},
		{name: "snapshots", value: "DIR", key: "snapshots", usage: "folder of the snapshots", standard: "snapshots", read: into(&o.snapshots, readText)},
		{name: "config", value: "FILE", usage: "YAML file with settings", standard: defaultConfig + " if there is one", read: into(&o.config, readText)},
		{name: "rulebook", value: "ID|FILE", key: "rulebook", usage: "rules to score by", standard: "those in force on the last day of the month",
			read: into(&o.rulebook, readText)},
		{name: "skills-as-of", value: "DATE", key: "skills_as_of", usage: "day on which certifications must be held",
			standard: "the last day of the month", read: into(&o.skillsAsOf, readDay)},
		{name: "allow-missing", value: "WHAT", key: "allow_missing", list: true,
			usage: "score as provisional without history (usage months before the scored one), certifications or offers (no offer column: " +
				"every offer counts), or several, with commas between",
			read: intoList(&o.allowMissing, readOneOf(missingHistory, missingCertifications, missingOffers))},
		{name: "max-rejected", value: "RATIO", key: "max_rejected", usage: "share of a month's usage rows that may be bad data, 0 to 1",
			standard: "0.01", read: into(&o.maxRejected, readRatio)},
		{name: "threads", value: "N", key: "threads", usage: "threads of the SQL engine", standard: "the CPUs at hand", read: into(&o.limits.Threads, readThreads)},
		{name: "memory-limit", value: "SIZE", key: "memory_limit", usage: "memory of the SQL engine like 1GB, 512MiB or a number of bytes; the process needs up to 256 MB more",
			standard: "60 % of the machine or container", read: into(&o.limits.MemoryLimit, readMemory)},
		{name: "temp-dir", value: "DIR", key: "temp_dir", usage: "folder of temporary files", standard: "the system's", read: into(&o.limits.TempDir, readText)},
		{name: "max-temp", value: "SIZE", key: "max_temp", usage: "most that temporary files may take", standard: "90 % of what is free there",
			read: into(&o.limits.MaxTemp, readSize)},
		{name: "lock-wait", value: "DURATION", key: "lock_wait", usage: "how long to wait for another run to end, like 10m", standard: "0",
			read: into(&o.lockWait, readWait)},
		{name: "rehash", usage: "read every input whole, even if it looks unchanged", read: into(&o.rehash, readSwitch)},
	}, o.logOptions.options()...)
}

// resolve reads what the options were told by command line, environment and config file, and validates all of it. It returns every problem.
func (o *scoringOptions) resolve(options []*option, env func(string) string) (problems []string, err error) {
	var config []*option
	for _, candidate := range options {
		if candidate.name == "config" {
			config = []*option{candidate}
		}
	}
	if problems = readOptions(config, env, nil); len(problems) == 0 {
		if o.file, err = openConfig(o.config); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if o.file != nil {
		problems = append(problems, o.file.finish()...)
	}
	others := slices.DeleteFunc(slices.Clone(options), func(candidate *option) bool { return candidate.name == "config" })
	problems = append(problems, readOptions(others, env, o.file)...)
	if o.library, err = rulebook.Embedded(); err != nil {
		return nil, err
	}
	inFile := map[string]string{}
	for _, candidate := range others {
		if _, source := candidate.told(env, o.file); o.file != nil && strings.HasPrefix(source, o.file.path+":") {
			inFile[candidate.name] = source + ": "
		}
	}
	problems = append(problems, o.validate(env, inFile)...)
	if o.file != nil {
		problems = o.file.byLine(problems)
	}
	return problems, nil
}

// validate checks what the options mean together and outside of themselves. inFile has the place of those that the config file gives.
func (o *scoringOptions) validate(env func(string) string, inFile map[string]string) (problems []string) {
	if o.rulebook != "" {
		book, err := findRulebook(o.library, o.rulebook)
		if err != nil && !isA[*rulebook.Error](err) { // that one names lines of the rulebook
			err = errors.New(inFile["rulebook"] + err.Error())
		}
		problems = append(problems, lines(err)...)
		o.book = book
	}
	if info, err := os.Stat(o.limits.TempDir); err != nil || !info.IsDir() {
		problems = append(problems, inFile["temp-dir"]+fmt.Sprintf("the folder of temporary files, %s, is no folder; name another one with --temp-dir", o.limits.TempDir))
	}
	key, err := personKey(env)
	if err != nil {
		problems = append(problems, err.Error())
	}
	o.personKey = key
	return problems
}

// missingExports is the problem of a command that was not told where the exports are.
const missingExports = "say where the exports are: --exports DIR, the environment variable PARTNERSCORE_EXPORTS or exports in the config file"

// personKey returns the key of the pseudonyms of people, nil when there is none. It comes from the environment alone: what stands on a
// command line shows in the process list.
func personKey(env func(string) string) ([]byte, error) {
	const variable, fileVariable = variablePrefix + "PERSON_KEY", variablePrefix + "PERSON_KEY_FILE"
	key, path := env(variable), env(fileVariable)
	switch {
	case path == "":
		return []byte(key), nil
	case key != "":
		return nil, errors.New("set one of " + variable + " and " + fileVariable + ", not both")
	}
	data, err := readSmall(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", fileVariable, path, err)
	}
	text := strings.TrimRight(string(data), "\r\n")
	if text == "" {
		return nil, fmt.Errorf("%s: %s is empty", fileVariable, path)
	}
	return []byte(text), nil
}

// pipeline returns the options of a run.
func (o *scoringOptions) pipeline(p *program, log *slog.Logger, progress pipeline.Progress) (pipeline.Options, error) {
	limits, err := o.limits.Complete()
	if err != nil {
		return pipeline.Options{}, err
	}
	version, err := p.version()
	if err != nil {
		return pipeline.Options{}, err
	}
	opt := pipeline.Options{
		Exports: o.exports, Snapshots: o.snapshots,
		Rulebook: o.book, Library: o.library, SkillsAsOf: o.skillsAsOf,
		AllowMissingHistory:        slices.Contains(o.allowMissing, missingHistory),
		AllowMissingCertifications: slices.Contains(o.allowMissing, missingCertifications),
		AllowMissingOffers:         slices.Contains(o.allowMissing, missingOffers),
		MaxRejected:                o.maxRejected,
		Limits:                     limits,
		LockWait:                   o.lockWait, Rehash: o.rehash, PersonKey: o.personKey,
		ToolVersion: version, RunID: p.job.runID, Now: p.clock, Log: log, Progress: progress,
	}
	if o.file != nil {
		opt.Profile, opt.Amounts = o.file.profile, o.file.amounts
		opt.Dates, opt.Partner = o.file.dates, o.file.partner
		opt.Patterns, opt.Columns, opt.Aliases = o.file.patterns, o.file.columns, o.file.aliases
	}
	return opt, nil
}

// findRulebook returns the built-in rulebook of an id, or reads a file.
func findRulebook(library *rulebook.Library, idOrFile string) (*scoring.Rulebook, error) {
	book, err := library.Get(idOrFile)
	if err == nil {
		return book, nil
	}
	data, fileErr := readSmall(idOrFile)
	if fileErr == nil {
		return library.Load(idOrFile, data)
	}
	if _, statErr := os.Stat(idOrFile); statErr != nil && !strings.ContainsAny(idOrFile, "/.") {
		return nil, err // an id that does not exist, not a file that does not
	}
	return nil, &usageError{problems: []string{fmt.Sprintf("rulebook %s: %v", idOrFile, fileErr)}}
}

// defaultMonth is the last calendar month that is over, in UTC.
func defaultMonth(now time.Time) scoring.Month { return scoring.MonthOf(now).Add(-1) }
