package inspect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/survey"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// inspector shares between the months of one Inspect what was found out about the exports.
type inspector struct {
	opt     Options
	folder  *folder
	engines *engines
	// refused are problems of the folder and of undated files, which keep every month from being scored.
	refused []exports.Problem
	survey  *survey.Survey
	// usage and holdings have what the rows of months came to: the fourteen months of one score are mostly those of the next.
	usage    map[rowSet]*usageRows
	holdings map[rowSet]*holdingRows
	// partners are the partners files, if they can be used; otherwise rows are classified without them.
	partners        []exports.File
	partnersRefused []exports.Problem
	// facts are those of the months that were read, where tracks follow from them; nil where no month asks for tracks.
	facts *trackFacts
}

// folder is the exports and what was found out about their files.
type folder struct {
	opt Options
	cat *exports.Catalog
	// files has what was examined.
	files map[inputs.FileSet]*examined
	// dated are the usage files of many months by their path, undated those of which no month is known. first and last bound the months that
	// are read, 0 for none.
	dated       map[string]exports.File
	undated     *examined
	first, last scoring.Month
}

// rowSet names rows that are read together, by the rules that decide about them.
type rowSet struct {
	month scoring.Month
	rules string
}

// examined are the files of a table and month.
type examined struct {
	files []exports.FileReport
	// problems are those of all files together; they belong to no single one.
	problems []exports.Problem
	// read tells whether all rows of the files without problems were read.
	read bool
}

func newInspector(opt Options, cat *exports.Catalog) *inspector {
	return &inspector{opt: opt, engines: &engines{opt: opt, folders: cat.Folders},
		folder: &folder{opt: opt, cat: cat, files: map[inputs.FileSet]*examined{}, dated: map[string]exports.File{}},
		usage:  map[rowSet]*usageRows{}, holdings: map[rowSet]*holdingRows{}}
}

// rulesOf returns the rules for the exports of a month: those that a score of it would use, or the first rulebook for earlier months.
func (o Options) rulesOf(m scoring.Month) (*scoring.Rulebook, error) {
	rules, err := o.Rules(m)
	var early *rulebook.NotInForceError
	if errors.As(err, &early) {
		return early.First, nil
	}
	return rules, err
}

// examine looks at the files of a table and month, unless that was done under rules that ask the same.
func (s *folder) examine(ctx context.Context, table schema.Table, m scoring.Month, files []exports.Found, rules *scoring.Rulebook) (*examined, error) {
	options := s.opt.Check(rules, s.known)
	key := inputs.SetOf(table, m, options)
	if known, ok := s.files[key]; ok {
		return known, nil
	}
	found, err := exports.Examine(ctx, files, options)
	if err != nil {
		return nil, err
	}
	s.inMonth(found)
	s.files[key] = &examined{files: found}
	return s.files[key], nil
}

// fetched calls read with files that the engine can open.
func fetched(ctx context.Context, files []exports.File, read func([]exports.File) error) error {
	if err := exports.Fetch(ctx, files); err != nil {
		return err
	}
	defer exports.Forget(files)
	return read(files)
}

// readAll calls read with the files that keep the contract, and again without those that it finds damaged, until it succeeds or none is left.
func (e *examined) readAll(ctx context.Context, read func([]exports.File) error) error {
	for {
		passed := exports.Passed(e.files)
		if len(passed) == 0 {
			return nil
		}
		err := fetched(ctx, passed, read)
		switch {
		case err == nil:
			e.read = true
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !e.blame(err):
			e.problems = append(e.problems, problemOf(err, passed[0])...)
			return nil
		}
	}
}

// blame gives the files that an error names their problems, and reports whether it names any.
func (e *examined) blame(err error) bool {
	var damaged *ingest.DamagedError
	var changed *exports.ChangedError
	var problems []exports.Problem
	switch {
	case errors.As(err, &damaged):
		problems = damaged.Files.Problems
	case errors.As(err, &changed):
		problems = []exports.Problem{{File: changed.File, Message: changed.What, Hint: "run again when the delivery is complete"}}
	}
	blamed := false
	for _, p := range problems {
		for i, f := range e.files {
			if f.Rel == p.File && len(f.Problems) == 0 {
				e.files[i].Problems = append(f.Problems, p)
				blamed = true
			}
		}
	}
	return blamed
}

// problemOf converts an error of reading files into a problem, when no single file is at fault.
func problemOf(err error, first exports.File) []exports.Problem {
	var contract *exports.ContractError
	if errors.As(err, &contract) {
		return contract.Problems
	}
	p := exports.Problem{File: string(first.Table), Month: first.Month, Message: "the files cannot be read together"}
	switch {
	case warehouse.OutOfMemory(err):
		p.Message, p.Hint = "reading the files takes more memory than there is", "allow more with --memory-limit, or use fewer --threads"
	case first.Table != schema.Certifications: // whose values are people, and the engine may quote one
		line, _, _ := strings.Cut(err.Error(), "\n")
		p.Message += ": " + line
	}
	return []exports.Problem{p}
}

// allProblems lists the problems of the files and those of all of them together.
func (e *examined) allProblems() []exports.Problem {
	var all []exports.Problem
	for _, f := range e.files {
		all = append(all, f.Problems...)
	}
	return append(all, e.problems...)
}

// shownColumns is how many ignored columns of a file are listed.
const shownColumns = 100

// describe lists the files, and adds up their rows; equal files count once.
func (e *examined) describe() (list []InspectedFile, rows int64) {
	list = []InspectedFile{}
	original := map[string]string{}
	for _, c := range exports.Passed(e.files) {
		rows += c.Rows
		for _, d := range c.Duplicates {
			original[d.Rel] = c.Rel
		}
	}
	for _, f := range e.files {
		file := InspectedFile{Path: f.Rel, Format: string(f.Format), Bytes: f.Bytes, Rows: f.Rows, SameAs: original[f.Rel],
			Many: f.Many, Columns: []InspectedColumn{}, Lacks: append([]string{}, f.Lacks...), Problems: texts(f.Problems)}
		if len(f.Columns) == 0 {
			file.Lacks = []string{}
		}
		others := 0
		for _, c := range f.Uses {
			if len(c.Canonical) == 0 && c.Rival == "" {
				if others++; others > shownColumns {
					continue
				}
			}
			file.Columns = append(file.Columns, InspectedColumn{Name: c.Name, Type: c.Type, StandsFor: append([]string{}, c.Canonical...), Rival: c.Rival})
		}
		file.MoreColumns = len(f.Columns) - len(file.Columns)
		list = append(list, file)
	}
	return list, rows
}

// engines has the engine of the last look, for the rules and partners files that key identifies.
type engines struct {
	opt         Options
	folders     []string // of the exports
	manyMonths  bool     // there are usage files that hold many months
	directories []string // where statements may write
	loader      *ingest.Loader
	key         string
}

// use runs look in an engine with the rules and partners files, that of the look before where these are the same. A broken file can spoil an engine,
// so that after an error the next look gets another one.
func (e *engines) use(ctx context.Context, rules *scoring.Rulebook, partners []exports.File, look func(*ingest.Loader) error) (err error) {
	key := fmt.Sprintf("%s %d", rules.SHA256, len(partners))
	if e.loader != nil && e.key != key {
		if err := e.close(); err != nil {
			return err
		}
	}
	if e.loader == nil {
		opt := e.opt.Ingest(slices.Concat(e.folders, e.directories), rules)
		opt.ManyMonths, opt.Partners = e.manyMonths, partners
		if e.loader, err = ingest.Open(ctx, opt); err != nil {
			return fmt.Errorf("start to look at exports: %w", err)
		}
		e.key = key
	}
	if err := look(e.loader); err != nil {
		_ = e.close() // it may be spoiled, and then says so once more
		return err
	}
	return nil
}

// close ends the engine, if there is one.
func (e *engines) close() error {
	if e.loader == nil {
		return nil
	}
	l := e.loader
	e.loader = nil
	return l.Close()
}

// dateFiles finds out which months the usage files of many months hold, as a score does. Broken files and empty ones are of no month: they are
// what is left in s.undated.
func (s *folder) dateFiles(ctx context.Context, from, to scoring.Month) error {
	if s.first, s.last = from, to; from != 0 {
		s.first = from.Add(1 - inputs.WindowMonths)
	}
	found, err := exports.Examine(ctx, s.cat.Undated, s.opt.CheckUndated(nil))
	if err != nil {
		return err
	}
	all := &examined{files: found}
	d := ingest.NewDater(s.opt.Ingest(s.cat.Folders, nil))
	byHash := map[string]*exports.MonthRows{}
	for i := range found {
		f := &found[i]
		if f.Months = byHash[f.SHA256]; len(f.Problems) > 0 || f.Months != nil {
			continue
		}
		problem, err := d.Date(ctx, &f.File)
		if problem != nil {
			f.Problems = append(f.Problems, *problem)
		}
		if err == nil {
			byHash[f.SHA256] = f.Months
			continue
		}
		if err := d.Close(err); ctx.Err() != nil {
			return err
		}
		if !all.blame(err) {
			f.Problems = append(f.Problems, problemOf(err, f.File)...)
		}
	}
	s.undated = &examined{}
	for _, f := range found {
		if len(f.Problems) > 0 || f.Rows == 0 {
			s.undated.files = append(s.undated.files, f)
			continue
		}
		s.dated[f.Rel] = f.File
		s.opt.ListMonths(s.cat, f.File)
	}
	return d.Close(nil)
}

// known is what dateFiles found out about a file.
func (s *folder) known(f exports.Found) (exports.Known, bool) {
	if !f.Many {
		return exports.Known{}, false
	}
	return s.dated[f.Rel].Known()
}

// inMonth makes files of many months those of the month that they were examined for.
func (s *folder) inMonth(files []exports.FileReport) {
	for i, f := range files {
		if f.Many && len(f.Problems) == 0 {
			files[i].Months = s.dated[f.Rel].Months
			files[i].File = files[i].InMonth(f.Month)
		}
	}
}

// splitAhead splits files of many months for all months that are looked at, so that each is read once.
func (s *folder) splitAhead(ctx context.Context, l *ingest.Loader, files []exports.File) error {
	var wanted []exports.File
	for _, c := range files {
		if !c.Many {
			continue
		}
		for _, m := range within(slices.Sorted(maps.Keys(c.Months.Rows)), s.first, s.last) {
			wanted = append(wanted, c.InMonth(m))
		}
	}
	return l.Split(ctx, wanted, nil)
}
