package inputs

import (
	"cmp"
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
	"partnerscore/scoring"
)

// Folder is the exports as they were listed at one moment, and what was found out about them. The months of a run share it: the fourteen months
// of one score are mostly those of the next.
type Folder struct {
	opt     Options
	cat     *exports.Catalog
	known   Known // what earlier runs found out
	checked map[FileSet][]exports.File
	survey  *survey.Survey // of what is not taken, once it is needed
	// dated are the usage files of many months, by their path relative to the root.
	dated map[string]exports.File
}

// FileSet names files that are checked together.
type FileSet struct {
	table         schema.Table
	month         scoring.Month
	offerOptional bool // the one setting that differs between rulebooks
	profile       schema.Profile
}

// SetOf returns the set of a table's files of a month that are checked by options.
func SetOf(t schema.Table, m scoring.Month, o exports.Options) FileSet {
	return FileSet{t, m, o.OfferOptional, o.Profile}
}

// Open lists the exports, and reads which months the usage files hold whose paths do not say it. known says what earlier runs found out about
// files. Nothing is written. Errors about inputs are *exports.MissingError, *exports.ContractError and *exports.ChangedError.
func Open(ctx context.Context, opt Options, known Known) (*Folder, error) {
	source, err := opt.Places.Exports(ctx, opt.Exports, opt.TempDir)
	if err != nil {
		return nil, err
	}
	cat, err := exports.Find(ctx, source, opt.Patterns)
	if err != nil {
		return nil, err
	}
	for _, doubtful := range opt.Check(&scoring.Rulebook{}, nil).Doubtful() {
		opt.Log.Warn("the config names a wrong column", "what", doubtful)
	}
	for _, attributes := range groupSimilar(cat.Ignored.Sentences()) {
		opt.Log.Warn("not an input, ignored", attributes...)
	}
	opt.WarnOfDeliveries(cat)
	f := newFolder(opt, cat, known)
	return f, f.dateFiles(ctx)
}

// Empty is a folder of exports with nothing in it.
func Empty(opt Options) *Folder {
	return newFolder(opt, &exports.Catalog{}, func(exports.Found) (exports.Known, bool) { return exports.Known{}, false })
}

func newFolder(opt Options, cat *exports.Catalog, known Known) *Folder {
	return &Folder{opt: opt, cat: cat, known: known, checked: map[FileSet][]exports.File{}, dated: map[string]exports.File{}}
}

// With is the same folder under other options; what was checked is shared.
func (f *Folder) With(opt Options) *Folder {
	other := *f
	other.opt = opt
	return &other
}

// Catalog is what was found by names.
func (f *Folder) Catalog() *exports.Catalog { return f.cat }

// UsageMonths are the months of usage, oldest first.
func (f *Folder) UsageMonths() []scoring.Month { return slices.Sorted(maps.Keys(f.cat.Usage)) }

// Choose is the function Choose for this folder.
func (f *Folder) Choose(m scoring.Month) (*Choice, error) { return Choose(f.cat, m, f.opt) }

// Month finds and checks the inputs of a month. Besides the errors of Open it fails with a *NotReadyError.
func (f *Folder) Month(ctx context.Context, m scoring.Month) (*Inputs, error) {
	begun := f.opt.Now()
	if err := f.opt.readyBy(m); err != nil {
		return nil, err
	}
	choice, err := f.Choose(m)
	if err != nil {
		return nil, err
	}
	checked, err := f.check(ctx, choice.Files, choice.Rules)
	if err != nil {
		return nil, err
	}
	in, err := New(choice, f.cat.Folders, checked, f.opt, begun)
	if err != nil {
		return nil, err
	}
	if err := in.NotEmpty(f.opt.AllowEmpty); err != nil {
		return nil, err
	}
	if err := in.bigEnough(f.opt.Ready.Share); err != nil {
		return nil, err
	}
	return in, nil
}

// check checks the files that were not checked before, all of them at once, so that all problems come together. A file of many months is checked
// once as a whole.
func (f *Folder) check(ctx context.Context, files []exports.Found, rules *scoring.Rulebook) (all []exports.File, err error) {
	options := f.opt.Check(rules, f.knownNow)
	set := func(file exports.Found, m scoring.Month) FileSet { return SetOf(file.Table, m, options) }
	var open, parts []exports.Found
	asked := map[string]bool{}
	for _, file := range files {
		if _, done := f.checked[set(file, file.Month)]; done {
			continue
		}
		if file.Many {
			parts = append(parts, file)
			file.Month = 0
		}
		if !file.Many || !asked[file.Rel] && len(f.wholes(set(file, 0), file.Rel)) == 0 {
			open = append(open, file)
		}
		asked[file.Rel] = true
	}
	if err := f.checkOpen(ctx, open, options, set); err != nil {
		return nil, err
	}
	for _, file := range parts {
		for _, whole := range f.wholes(set(file, 0), file.Rel) {
			f.checked[set(file, file.Month)] = append(f.checked[set(file, file.Month)], whole.InMonth(file.Month))
		}
	}
	seen := map[FileSet]bool{}
	for _, file := range files {
		if of := set(file, file.Month); !seen[of] {
			seen[of] = true
			all = append(all, f.checked[of]...)
		}
	}
	return all, nil
}

// wholes returns the file of many months at a path, if the set has it.
func (f *Folder) wholes(set FileSet, rel string) (found []exports.File) {
	for _, c := range f.checked[set] {
		if c.Many && c.Rel == rel {
			found = append(found, c)
		}
	}
	return found
}

// checkOpen checks files and keeps those that pass.
func (f *Folder) checkOpen(ctx context.Context, open []exports.Found, options exports.Options, set func(exports.Found, scoring.Month) FileSet) error {
	checked, err := exports.Check(ctx, open, options)
	if err != nil {
		return err
	}
	for _, c := range checked {
		if err := f.keepDate(&c); err != nil {
			return err
		}
		f.checked[set(c.Found, c.Month)] = append(f.checked[set(c.Found, c.Month)], c)
		f.opt.warnOfDuplicates(c)
	}
	return nil
}

// warnOfDuplicates warns about files with the same bytes.
func (o Options) warnOfDuplicates(c exports.File) {
	for _, d := range c.Duplicates {
		o.Log.Warn("the same file twice, counted once", "file", d.Rel, "same_as", c.Rel)
	}
}

// knownNow is what this run or an earlier one found out about a file.
func (f *Folder) knownNow(file exports.Found) (exports.Known, bool) {
	if dated, ok := f.dated[file.Rel]; ok && file.Many {
		return dated.Known()
	}
	return f.known(file)
}

// keepDate gives a file of many months what was found out about it when the folder was opened: it must be the same file.
func (f *Folder) keepDate(c *exports.File) error {
	if !c.Many {
		return nil
	}
	dated := f.dated[c.Rel]
	if c.SHA256 != dated.SHA256 {
		return &exports.ChangedError{File: c.Rel, What: "changed after its months were read"}
	}
	c.Months, c.Reused = dated.Months, dated.Reused
	return nil
}

// UsageOf finds and checks the usage of some months and the partners file, for facts alone: no month is scored. last is the month whose rules count.
// Its errors are those of Open.
func (f *Folder) UsageOf(ctx context.Context, months []scoring.Month, last scoring.Month) (*Inputs, error) {
	begun := f.opt.Now()
	rules, err := f.opt.Rules(last)
	if err != nil {
		return nil, err
	}
	choice := &Choice{Month: last, Rules: rules, Months: months}
	for _, m := range months {
		if len(f.cat.Usage[m]) == 0 {
			return nil, &exports.MissingError{Table: schema.Usage, Months: []scoring.Month{m}}
		}
		choice.Files = append(choice.Files, f.cat.Usage[m]...)
	}
	if err := f.cat.Delivered(months); err != nil {
		return nil, err
	}
	choice.Files = slices.Concat(choice.Files, f.cat.Partners)
	checked, err := f.check(ctx, choice.Files, rules)
	if err != nil {
		return nil, err
	}
	return New(choice, f.cat.Folders, checked, f.opt, begun)
}

// dateFiles finds out which months the usage files of many months hold, and puts each file into the catalog once for each of its months.
// It reads the month column of a file that no earlier run has read. Its only errors about inputs are *exports.ContractError and
// *exports.ChangedError.
func (f *Folder) dateFiles(ctx context.Context) error {
	checked, err := exports.Check(ctx, f.cat.Undated, f.opt.CheckUndated(f.known))
	if err != nil {
		return err
	}
	d := ingest.NewDater(f.opt.Ingest(f.cat.Folders, nil))
	var problems []exports.Problem
	for i := range checked {
		c := &checked[i]
		f.opt.warnOfDuplicates(*c)
		problem, err := d.Date(ctx, c)
		if err != nil {
			return d.Close(err)
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
		f.dated[c.Rel] = *c
	}
	if err := d.Close(nil); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	for _, c := range checked {
		f.opt.ListMonths(f.cat, c)
	}
	return nil
}

// ListMonths puts a file of many months into the catalog, once for each of its months, and warns about rows that are of none.
func (o Options) ListMonths(cat *exports.Catalog, c exports.File) {
	for m := range c.Months.Rows {
		one := c.Found
		one.Month = m
		cat.Usage[m] = append(cat.Usage[m], one)
		slices.SortStableFunc(cat.Usage[m], func(a, b exports.Found) int { return strings.Compare(a.Rel, b.Rel) })
	}
	switch {
	case c.Rows == 0:
		o.Log.Warn("a usage file of many months holds no rows; export it again unless there was no usage", "file", c.Rel)
	case c.Months.Unread > 0:
		o.Log.Warn("rows of a usage file whose month cannot be read are bad data of its newest month", "file", c.Rel,
			"month", c.Months.Newest().String(), "rows", c.Months.Unread)
	}
}

// Explain adds to an error about inputs that are not there what the exports hold in their place, and the line of the config that describes it.
func (f *Folder) Explain(ctx context.Context, err error) error {
	var missing *exports.MissingError
	if !errors.As(err, &missing) || missing.Table == "" || ctx.Err() != nil {
		return err
	}
	if f.survey == nil {
		f.survey = survey.New(ctx, f.cat, f.opt.Patterns)
	}
	f.opt.AddLayout(ctx, f.survey, f.dated, missing)
	return err
}

// AddLayout adds to the advice about missing inputs what lies in their place, once. dated are the usage files of many months, by path.
func (o Options) AddLayout(ctx context.Context, survey *survey.Survey, dated map[string]exports.File, missing *exports.MissingError) {
	months := missing.Months
	if missing.Table == schema.Certifications {
		months = nil // those of any month will do
	}
	hint := survey.Hint(ctx, missing.Table, o.CheckUndated(nil), months...)
	if missing.Table == schema.Usage {
		hint = cmp.Or(o.dateHint(dated, missing.Months), hint)
	}
	switch {
	case hint == "":
	case missing.Hint == "":
		missing.Hint = hint
	default:
		missing.Hint = hint + "; else " + missing.Hint
	}
}

// dateHint names a usage file of many months that would have missing months if its dates were read in the other order; empty where none would.
func (o Options) dateHint(dated map[string]exports.File, missing []scoring.Month) string {
	for _, rel := range slices.Sorted(maps.Keys(dated)) {
		c := dated[rel]
		if c.Months == nil || !slices.ContainsFunc(missing, func(m scoring.Month) bool { return slices.Contains(c.Months.Otherwise, m) }) {
			continue
		}
		now := cmp.Or(o.Dates, exports.MonthFirst)
		return fmt.Sprintf("the dates of %s are read %s; read %s it holds %s: if that is right, write dates: {order: %s} into the config",
			rel, now.Words(), now.Other().Words(), scoring.MonthRanges(c.Months.Otherwise), now.Other())
	}
	return ""
}
