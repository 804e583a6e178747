// Package settings has the options that several commands share: where exports and snapshots are, the rules, what may be missing, what the engine
// may use, the log, and what actions cost. Each is declared once, with its flag, its environment variable and its key in the config file.
package settings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/cli/shell"
	"partnerscore/jobs/internal/machine"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Scoring are the settings of commands that score months. Zero limits mean what the machine allows.
type Scoring struct {
	Exports      string
	Snapshots    string
	Rulebook     string // an id or a file; empty: the rules in force in each month
	SkillsAsOf   *time.Time
	AllowMissing []string
	MaxRejected  float64
	Limits       machine.Limits
	LockWait     time.Duration
	Rehash       bool
	Delta        bool
	Engine       Engine
	Log          cli.LogOptions

	// What Read finds.
	Form      cli.ExportForm // of the config file
	Library   *rulebook.Library
	Book      *scoring.Rulebook // that Rulebook names; nil: by date
	PersonKey []byte

	config string // the file; empty: the default one
}

// The inputs that --allow-missing allows to be missing.
const (
	MissingHistory        = "history"
	MissingCertifications = "certifications"
	MissingOffers         = "offers"
)

// mostThreads is far above what helps, and low enough to catch a number that was meant for something else.
const mostThreads = 1024

// NewScoring returns the defaults.
func NewScoring() Scoring {
	return Scoring{Snapshots: "snapshots", MaxRejected: 0.01, Limits: machine.Limits{TempDir: os.TempDir()}, Engine: newEngine(), Log: cli.LogOptions{Format: cli.LogText}}
}

// Options are all flags of the settings; most commands take some of them.
func (s *Scoring) Options() []*cli.Option {
	return slices.Concat([]*cli.Option{
		{Name: "exports", Value: "DIR|URL", Key: "exports", Usage: "folder of the exports, or their address: az://container/path, abfss://, https:// or s3://bucket/path",
			Read: cli.Into(&s.Exports, cli.ReadText)},
		{Name: "snapshots", Value: "DIR|URL", Key: "snapshots", Usage: "folder of the snapshots, or their address", Default: "snapshots",
			Read: cli.Into(&s.Snapshots, cli.ReadText)},
		{Name: "config", Value: "FILE", Usage: "YAML file with settings", Default: cli.DefaultConfig + ", if it exists", Read: cli.Into(&s.config, cli.ReadText)},
		{Name: "rulebook", Value: "ID|FILE", Key: "rulebook", Usage: "rules to score by", Default: "those in force on the last day of the month",
			Read: cli.Into(&s.Rulebook, cli.ReadText), Values: func(context.Context, cli.Process) []shell.Candidate { return RulebookValues() }},
		{Name: "skills-as-of", Value: "DATE", Key: "skills_as_of", Usage: "day on which certifications must be held",
			Default: "the last day of the month", Read: cli.Into(&s.SkillsAsOf, cli.ReadDay)},
		{Name: "allow-missing", Value: "WHAT", Key: "allow_missing", List: true,
			Usage: "inputs that may be missing, separated by commas: history (usage months before the scored one), certifications, " +
				"offers (without an offer column every offer counts); the score is then provisional",
			Read: cli.IntoList(&s.AllowMissing, cli.ReadOneOf(MissingHistory, MissingCertifications, MissingOffers))},
		{Name: "max-rejected", Value: "RATIO", Key: "max_rejected", Usage: "share of a month's usage rows that may be bad data, 0 to 1",
			Default: "0.01", Read: cli.Into(&s.MaxRejected, cli.ReadRatio)},
		{Name: "threads", Value: "N", Key: "threads", Usage: "threads of the SQL engine", Default: "the available CPUs",
			Read: cli.Into(&s.Limits.Threads, cli.ReadNumber(mostThreads))},
		{Name: "memory-limit", Value: "SIZE", Key: "memory_limit", Usage: "memory of the SQL engine like 1GB, 512MiB or a number of bytes; the process needs up to 256 MB more",
			Default: "60 % of the machine or container", Read: cli.Into(&s.Limits.MemoryLimit, cli.ReadMemory)},
		{Name: "temp-dir", Value: "DIR", Key: "temp_dir", Usage: "folder of temporary files", Default: "the system's", Read: cli.Into(&s.Limits.TempDir, cli.ReadText)},
		{Name: "max-temp", Value: "SIZE", Key: "max_temp", Usage: "maximum size of temporary files", Default: "90 % of what is free there",
			Read: cli.Into(&s.Limits.MaxTemp, cli.ReadSize)},
		{Name: "lock-wait", Value: "DURATION", Key: "lock_wait", Default: "0",
			Usage: "how long to wait for another run to end, like 10m; in an object store the lock of a killed run is free after a minute",
			Read:  cli.Into(&s.LockWait, cli.ReadWait)},
		{Name: "delta", Key: "delta", Usage: "make the published tables Delta tables as well: a log in TABLE/_delta_log; months that are published already come into it. " +
			"Logs that exist are kept right without it", Read: cli.Into(&s.Delta, cli.ReadSwitch)},
		{Name: "rehash", Usage: "read every input whole, even if it looks unchanged", Read: cli.Into(&s.Rehash, cli.ReadSwitch)},
	}, s.Engine.options(), s.Log.Options())
}

// keyed are all options that a config file can set, whichever command reads it.
func keyed() []*cli.Option {
	s, c := NewScoring(), NewCosts()
	return slices.DeleteFunc(append(s.Options(), c.Options()...), func(o *cli.Option) bool { return o.Key == "" })
}

// Read reads the options of a command from command line, environment and config file, and validates the settings among them. It returns every
// problem.
func (s *Scoring) Read(options []*cli.Option, env func(string) string) (problems []string, err error) {
	config, others := cli.Only(options, "config"), slices.DeleteFunc(slices.Clone(options), func(o *cli.Option) bool { return o.Name == "config" })
	var file *cli.Config
	if problems = cli.ReadOptions(config, env, nil); len(problems) == 0 {
		if file, err = cli.OpenConfig(s.config, keyed()); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if file != nil {
		s.Form = file.Exports
		problems = append(problems, file.Problems()...)
	}
	problems = append(problems, cli.ReadOptions(others, env, file)...)
	if s.Library, err = rulebook.Embedded(); err != nil {
		return nil, err
	}
	problems = append(problems, s.validate(env, file.Places(others, env))...)
	return file.ByLine(problems), nil
}

// validate checks the settings against each other and against the machine. places says where in the config file a setting is.
func (s *Scoring) validate(env func(string) string, places map[string]string) (problems []string) {
	place := func(option string) string {
		if places[option] == "" {
			return ""
		}
		return places[option] + ": "
	}
	if s.Rulebook != "" {
		book, err := FindRulebook(s.Library, s.Rulebook)
		var inRulebook *rulebook.Error
		if err != nil && !errors.As(err, &inRulebook) { // that one names lines of the rulebook
			err = errors.New(place("rulebook") + err.Error())
		}
		problems = append(problems, cli.Lines(err)...)
		s.Book = book
	}
	if info, err := os.Stat(s.Limits.TempDir); err != nil || !info.IsDir() {
		problems = append(problems, place("temp-dir")+fmt.Sprintf("the folder of temporary files, %s, is not a folder; name another one with --temp-dir", s.Limits.TempDir))
	}
	key, err := personKey(env)
	if err != nil {
		problems = append(problems, err.Error())
	}
	s.PersonKey = key
	return append(problems, s.Engine.read(env, s.Exports)...)
}
