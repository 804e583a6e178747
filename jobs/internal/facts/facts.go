// Package facts turns months of raw usage into facts: ACR by partner, tenant and service, after labels, eligibility, roll-up and deduplication.
// The facts of a month are built once, by an Engine, and kept in the cache of the snapshots.
package facts

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// Engine builds the facts of one usage month at a time. Every engine gives the same facts, byte for byte; the package factstest checks that.
type Engine interface {
	// Build reads the usage of a month and writes the files of its facts to the paths of the job: snapshot.FactsConsumption,
	// snapshot.FactsCustomers and snapshot.FactsServices. What it returns lacks version, fingerprint and files. Errors about inputs are
	// *exports.ContractError and *exports.ChangedError. An engine fetches what it reads on this machine.
	Build(ctx context.Context, job Job) (*snapshot.Facts, error)
	// Rejected names rows of a month that are bad data, up to three a file and reason. No table of Build needs to be there.
	Rejected(ctx context.Context, files []exports.File) ([]exports.Problem, error)
}

// Planner is an engine that is told beforehand which months it will be asked to build, in that order: now one after the other, and later ones.
type Planner interface{ Plan(now, later []Job) }

// Job is one month of usage to be read.
type Job struct {
	Month scoring.Month
	Files []exports.File
	Path  func(file string) string // where each file of the facts goes
	// Later are usage files of later months whose facts will be built too: a file that holds many months is read once for all of them.
	Later []exports.File
}

// Cache finds the facts of usage months in the snapshots, as an engine would build them now.
type Cache struct {
	Store   *snapshot.Store
	Inputs  *inputs.Inputs
	Version string // of the SQL engine that defines the facts
	// Statements identifies what a server of Spark is asked; facts that it built from others are rebuilt.
	Statements string
	// Definition is what Definition returns; empty: it is put together for each month.
	Definition string
	// Accounts are the accounts of locations by the partners file; nil without one.
	Accounts map[string]string
	// Later are the files of usage months after those of the inputs, which the run will ask for when it has scored the month; nil: none.
	Later map[scoring.Month][]exports.File
}

// Fingerprint identifies all that facts depend on but the partners file: the files of the month and how they are read, the rules about
// eligibility, the statements and the engine that define the facts.
func (c Cache) Fingerprint(m scoring.Month) (string, error) {
	return c.fingerprint(c.Inputs.Usage[m])
}

// Definition identifies the statements that define facts.
func Definition() (string, error) {
	return statements.Fingerprint("macros", "rules", "partners", "facts", "profiles", "dates", "undated")
}

func (c Cache) fingerprint(files []exports.File) (_ string, err error) {
	text := c.Definition
	if text == "" {
		if text, err = Definition(); err != nil {
			return "", err
		}
	}
	in := c.Inputs
	return exports.Digest(exports.Identities(files), in.Profile, in.Amounts, in.Dates, in.Partner, in.Rules.EligibilitySHA256, text, c.Version)
}

// Find returns the facts of a month as they are described, nil when there are none that can be used, and the fingerprint that they need.
func (c Cache) Find(ctx context.Context, m scoring.Month) (f *snapshot.Facts, fingerprint string, err error) {
	return c.find(ctx, m, c.Inputs.Usage[m])
}

func (c Cache) find(ctx context.Context, m scoring.Month, files []exports.File) (f *snapshot.Facts, fingerprint string, err error) {
	if fingerprint, err = c.fingerprint(files); err != nil {
		return nil, "", err
	}
	f, err = c.Store.Cache().Facts(ctx, m)
	if err != nil || f == nil || !c.Fits(f, fingerprint) || !sameAccounts(f, c.Accounts) {
		return nil, fingerprint, err
	}
	return f, fingerprint, nil
}

// Fits reports whether facts are of a fingerprint, and of today's statements where a server built them.
func (c Cache) Fits(f *snapshot.Facts, fingerprint string) bool {
	return f.Fingerprint == fingerprint && (f.BuiltBy == nil || f.BuiltBy.Statements == "" || f.BuiltBy.Statements == c.Statements)
}

// sameAccounts reports whether the partners file still says the same of the month's locations; accounts is nil without a partners file.
func sameAccounts(f *snapshot.Facts, accounts map[string]string) bool {
	if (accounts == nil) != (f.Locations == nil) {
		return false
	}
	for location, before := range f.Locations {
		now, known := accounts[location]
		if known != (before != nil) || known && now != *before {
			return false
		}
	}
	return true
}

// Options are those of Prepare.
type Options struct {
	MaxRejected float64       // share of a month's rows that may be bad data
	RunID       string        // of this run
	Wait        time.Duration // for another run that builds the facts of a month
	Progress    monitor.Progress
	Log         *slog.Logger
}

// Set is the facts of the usage months of one score, oldest first.
type Set struct {
	Months        []*snapshot.Facts
	Built, Reused int
	RowsRead      int64 // usage rows of the months that were built
}

// Prepare makes sure that the facts of every usage month are in the cache and within the limit of bad data. Months whose facts are there are not
// read. Errors about inputs are those of Engine.Build; too many bad rows are a *exports.ContractError that names some.
func Prepare(ctx context.Context, engine Engine, cache Cache, opt Options) (*Set, error) {
	set := &Set{}
	months := cache.Inputs.Months
	if err := Announce(ctx, engine, cache, months); err != nil {
		return nil, err
	}
	for i, m := range months {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		opt.Progress.Step(i, len(months)+1, "facts of "+m.String())
		f, reused, err := Month(ctx, engine, cache, m, opt)
		if err != nil {
			return nil, err
		}
		if reused {
			set.Reused++
		} else {
			set.Built++
			set.RowsRead += f.Rows
		}
		set.Months = append(set.Months, f)
	}
	set.warnOfUnknownLabels(cache.Inputs.Rules, opt)
	set.warnOfSubstituted(opt.Log)
	return set, nil
}

// Announce tells an engine that plans which of some months it will be asked to build.
func Announce(ctx context.Context, engine Engine, cache Cache, months []scoring.Month) error {
	planner, ok := engine.(Planner)
	if !ok {
		return nil
	}
	now, err := cache.missing(ctx, months, cache.Inputs.Usage)
	if err != nil {
		return err
	}
	later, err := cache.missing(ctx, slices.Sorted(maps.Keys(cache.Later)), cache.Later)
	if err != nil {
		return err
	}
	planner.Plan(now, later)
	return nil
}

// missing are the months whose facts must be built.
func (c Cache) missing(ctx context.Context, months []scoring.Month, files map[scoring.Month][]exports.File) (jobs []Job, err error) {
	for _, m := range months {
		f, _, err := c.find(ctx, m, files[m])
		if err != nil {
			return nil, err
		}
		if f == nil {
			jobs = append(jobs, Job{Month: m, Files: files[m]})
		}
	}
	return jobs, nil
}

// Month makes sure of the facts of one usage month, like Prepare. reused says that they were there. The error is a *snapshot.HeldError where another
// run builds them.
func Month(ctx context.Context, engine Engine, cache Cache, m scoring.Month, opt Options) (f *snapshot.Facts, reused bool, err error) {
	begun := time.Now()
	if f, reused, err = prepareMonth(ctx, engine, cache, m, opt); err != nil {
		return nil, false, err
	}
	opt.Progress.Done(step(f, reused, begun))
	return f, reused, CheckRejected(ctx, engine, f, cache.Inputs.Usage[m], opt.MaxRejected)
}

// prepareMonth returns the facts of a month, from the cache where they are as they would be built now.
func prepareMonth(ctx context.Context, engine Engine, cache Cache, m scoring.Month, opt Options) (f *snapshot.Facts, reused bool, err error) {
	f, fingerprint, err := cache.usable(ctx, m, opt)
	if err != nil || f != nil {
		return f, true, err
	}
	stage, err := cache.claim(ctx, m, opt)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, stage.Close(ctx)) }()
	if f, _, err = cache.usable(ctx, m, opt); err != nil || f != nil { // another run has built them
		return f, true, err
	}
	later, err := cache.later(ctx, m)
	if err != nil {
		return nil, false, err
	}
	f, err = keep(ctx, stage, fingerprint, func(path func(string) string) (*snapshot.Facts, error) {
		return engine.Build(ctx, Job{Month: m, Files: cache.Inputs.Usage[m], Path: path, Later: later})
	})
	return f, false, err
}

// usable returns the facts of a month that are as they would be built now and whole, nil when there are none, and the fingerprint that they need.
func (c Cache) usable(ctx context.Context, m scoring.Month, opt Options) (f *snapshot.Facts, fingerprint string, err error) {
	f, fingerprint, err = c.Find(ctx, m)
	if err != nil || f == nil {
		return nil, fingerprint, err
	}
	whole, err := c.Store.Cache().IntactFacts(ctx, f)
	if err != nil || whole {
		return f, fingerprint, err
	}
	opt.Log.Warn("facts are damaged and rebuilt", "month", m.String())
	return nil, fingerprint, nil
}

// claim makes this run the one that builds the facts of a month. Another one that builds them is waited for as long as the options say.
func (c Cache) claim(ctx context.Context, m scoring.Month, opt Options) (*snapshot.CacheStage, error) {
	claim := snapshot.Claim{RunID: opt.RunID}
	stage, err := c.Store.Cache().StageFacts(ctx, m, claim)
	var held *snapshot.HeldError
	if errors.As(err, &held) && opt.Wait > 0 {
		opt.Log.Info("another run builds the facts of a month, waiting for its end", "month", m.String(), "holder", held.RunID, "at_most", opt.Wait)
		claim.Wait = opt.Wait
		stage, err = c.Store.Cache().StageFacts(ctx, m, claim)
	}
	return stage, err
}

// later lists the usage files of the months after one whose facts must be built, if one of the month's files holds many months.
func (c Cache) later(ctx context.Context, m scoring.Month) (files []exports.File, err error) {
	if !slices.ContainsFunc(c.Inputs.Usage[m], func(c exports.File) bool { return c.Many }) {
		return nil, nil
	}
	for _, u := range c.Inputs.Months {
		if u <= m {
			continue
		}
		f, _, err := c.Find(ctx, u)
		if err != nil {
			return nil, err
		}
		if f == nil {
			files = append(files, c.Inputs.Usage[u]...)
		}
	}
	return files, nil
}

// step is the facts of a month as a step of a run.
func step(f *snapshot.Facts, reused bool, begun time.Time) monitor.Step {
	s := monitor.Step{Name: monitor.StepFacts, Month: f.Month, Rows: f.Rows, Idle: reused, Engine: f.EngineName(), Rejected: map[string]int64{},
		Elapsed: time.Since(begun)}
	for _, e := range f.Exclusions {
		if e.Class == "data" {
			s.Rejected[e.Reason] += e.Rows
		}
	}
	return s
}

// Engines names the engines that built the facts, each once, in order.
func (s *Set) Engines() (names []string) {
	for _, f := range s.Months {
		names = append(names, f.EngineName())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Provisional lists what the usage rows leave open.
func (s *Set) Provisional() (reasons []string) {
	for _, f := range s.Months {
		reasons = append(reasons, f.Provisional...)
	}
	return reasons
}

// Keep puts the facts of a month into the cache: write writes their files to the paths that it is given, and describes them.
func Keep(ctx context.Context, store *snapshot.Store, m scoring.Month, fingerprint string,
	write func(path func(file string) string) (*snapshot.Facts, error)) (f *snapshot.Facts, err error) {
	stage, err := store.Cache().StageFacts(ctx, m, snapshot.Claim{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close(ctx)) }()
	return keep(ctx, stage, fingerprint, write)
}

// keep writes facts into a stage, and publishes them to the cache.
func keep(ctx context.Context, stage *snapshot.CacheStage, fingerprint string,
	write func(path func(file string) string) (*snapshot.Facts, error)) (*snapshot.Facts, error) {
	f, err := write(stage.Path)
	if err != nil {
		return nil, err
	}
	built := *f
	built.Version, built.Fingerprint = snapshot.FactsVersion, fingerprint
	return stage.PublishFacts(ctx, built)
}
