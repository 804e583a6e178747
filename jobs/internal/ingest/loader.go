// Package ingest makes exports visible to DuckDB: their columns under canonical names, the labels of the rulebook, the partners file, and which
// file is at fault when the engine stops. It knows files that keep the input contract and one engine; what rows mean is decided elsewhere.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Dialect says how the exports are written, where the files do not say it themselves.
type Dialect struct {
	Profile schema.Profile     // what the usage files are exports of
	Amounts exports.Separators // how text amounts are written
	Dates   exports.DateOrder  // how dates with slashes are written
	Partner string             // the partner of rows that have no partner column, or a tenant id there; empty: not given
	// AllowMissingOffers reads usage without an offer column as if every offer counts.
	AllowMissingOffers bool
}

// Options are what a Loader reads by and what it may use.
type Options struct {
	Dialect
	machine.Limits
	Directories []string // that statements read or write: of the exports, and others
	// ManyMonths keeps half of the room for temporary files for usage files that hold many months: they are split by months before they are read.
	ManyMonths bool
	Rules      *scoring.Rulebook // nil: neither rules nor partners are loaded
	Partners   []exports.File    // the partners files
	Log        *slog.Logger
}

// Loader is an engine with the rules and the partners file loaded, in which exports are made visible. It is for one goroutine at a time.
type Loader struct {
	DB    *warehouse.DB
	Rules *scoring.Rulebook
	// Accounts are the accounts of locations by the partners file; nil without one.
	Accounts map[string]string
	Dates    *Dates
	Version  string  // of the engine
	Dialect  Dialect // how the exports are written
	Log      *slog.Logger

	opt     Options
	inOrder bool // the engine takes rows of text in their order and numbers them
	columns columns
	blame   blame
	months  monthSlices
}

// MaxTemp is how many bytes of temporary files the engine and files beside it may take.
func (l *Loader) MaxTemp() int64 { return l.opt.maxTemp() }

// Open starts an engine and loads the rules and the partners file. Its only errors about inputs are those of the partners file, a
// *exports.ContractError or *exports.ChangedError. The caller closes it.
func Open(ctx context.Context, opt Options) (*Loader, error) {
	return open(ctx, opt, newDates(opt.Dialect), false)
}

func open(ctx context.Context, opt Options, dates *Dates, inOrder bool) (*Loader, error) {
	l := &Loader{Rules: opt.Rules, Dates: dates, Dialect: opt.Dialect, Log: opt.Log, opt: opt, inOrder: inOrder,
		columns: columns{Dialect: opt.Dialect, dates: dates}, blame: blame{engine: opt.engine(inOrder)}}
	var err error
	if l.DB, err = warehouse.Open(ctx, l.blame.engine); err != nil {
		return nil, err
	}
	if err := l.load(ctx); err != nil {
		return nil, errors.Join(err, l.DB.Close())
	}
	return l, nil
}

// Beside returns a loader over another connection to the engine of l. Rules and partners are those of l, and what it makes visible is its own. Both
// may be used at the same time. The caller closes it before l.
func Beside(ctx context.Context, l *Loader) (*Loader, error) {
	db, err := warehouse.Beside(ctx, l.DB)
	if err != nil {
		return nil, err
	}
	other := *l
	other.DB, other.Dates, other.months = db, newDates(l.opt.Dialect), monthSlices{}
	other.columns.dates = other.Dates
	return &other, nil
}

func (l *Loader) load(ctx context.Context) (err error) {
	if l.Version, err = l.DB.Version(ctx); err != nil || l.Rules == nil {
		return err
	}
	if err := loadRules(ctx, l.DB, l.Rules); err != nil {
		return err
	}
	l.Accounts, err = partnersFile{db: l.DB, blame: l.blame, files: l.opt.Partners}.load(ctx)
	return err
}

// Close ends the engine and removes its temporary files.
func (l *Loader) Close() error { return l.DB.Close() }

// CloseAfter ends the engine after err and returns both errors. An engine that a broken file has spoiled fails once more when it is closed,
// which says nothing new.
func (l *Loader) CloseAfter(err error) error {
	closing := l.DB.Close()
	if err != nil {
		return err
	}
	return closing
}

// engine limits the engine: it reaches the exports, the folders that were named, and its temporary files, and nothing else.
func (o Options) engine(inOrder bool) warehouse.Options {
	limits := warehouse.Options{Limits: o.Limits, Directories: o.Directories, Inputs: true, InOrder: inOrder}
	limits.MaxTemp = o.maxTemp()
	return limits
}

// maxTemp is how many bytes the engine may spill. What files of many months are split into may take as much again.
func (o Options) maxTemp() int64 {
	if o.ManyMonths {
		return o.MaxTemp / 2
	}
	return o.MaxTemp
}

// UsageParts describes the usage files of a month to the engine, those that were split by their slices.
func (l *Loader) UsageParts(files []exports.File) []warehouse.Part {
	return l.months.replace(l.columns.usage(files))
}

// ExplainUsage converts an error of the engine while it read usage files into one that names the file at fault, if one is.
func (l *Loader) ExplainUsage(ctx context.Context, err error, files []exports.File) error {
	return l.blame.explain(ctx, err, l.columns.usage, files)
}

// ViewUsage makes the rows of usage files of one month visible as usage_raw, by their canonical columns.
func (l *Loader) ViewUsage(ctx context.Context, files []exports.File) error {
	return l.ViewUsageAs(ctx, files, func() []warehouse.Part { return l.UsageParts(files) })
}

// ViewUsageAs is ViewUsage for files as parts describes them; it is called when the order of their dates is known. Exports of cost are rows of
// cost first, from which a statement of their profile makes rows of usage.
func (l *Loader) ViewUsageAs(ctx context.Context, files []exports.File, parts func() []warehouse.Part) error {
	if err := l.decideDates(ctx, files, "month"); err != nil {
		return err
	}
	statement, ofCost := map[schema.Profile]string{
		schema.AzureCostManagement: "profiles/azure_cost_management",
		schema.Focus:               "profiles/focus",
	}[l.opt.Profile]
	if !ofCost {
		return l.DB.View(ctx, "usage_raw", parts())
	}
	if err := l.DB.View(ctx, "cost_raw", parts()); err != nil {
		return err
	}
	return l.DB.Exec(ctx, statement)
}

// ViewCertifications reads the rows of certifications files into holding_row. Its only errors about inputs name the files that cannot be read.
func (l *Loader) ViewCertifications(ctx context.Context, files []exports.File) error {
	if err := exports.Fetch(ctx, files); err != nil {
		return err
	}
	defer exports.Forget(files)
	if err := l.decideDates(ctx, files, "completed", "expires"); err != nil {
		return err
	}
	if err := l.DB.View(ctx, "holding_raw", l.columns.certifications(files)); err != nil {
		return l.blame.explain(ctx, err, l.columns.certifications, files)
	}
	if err := l.DB.Exec(ctx, "holdings/holding_keyed"); err != nil {
		return err
	}
	if err := l.DB.Exec(ctx, "holdings/holding_row", l.Accounts != nil); err != nil {
		return l.blame.explain(ctx, err, l.columns.certifications, files)
	}
	return Unchanged(ctx, files)
}

// Unchanged reports whether files are still those that were checked; if not, the error is a *exports.ChangedError.
func Unchanged(ctx context.Context, files []exports.File) error {
	for _, c := range files {
		if err := exports.Unchanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// FilesInWords names the first of some files and counts the others.
func FilesInWords(files []exports.File) string {
	if len(files) == 1 {
		return files[0].Rel
	}
	return fmt.Sprintf("%s and %d more", files[0].Rel, len(files)-1)
}

// ViewGrouped makes rows that another engine has grouped visible as usage_raw. files stand for the usage files of one month: they have the names
// and the mapping of these, and at their paths the grouped rows, with the columns sum_usd, alone and rows (see sql/grouped/usage_raw.sql).
func (l *Loader) ViewGrouped(ctx context.Context, files []exports.File) error {
	if err := l.decideDates(ctx, files, "month"); err != nil {
		return err
	}
	parts := l.columns.usage(files)
	for i := range parts {
		parts[i].Grouped = true
		for j, c := range parts[i].Columns {
			if c.Name == "resource_id" {
				parts[i].Columns[j] = warehouse.Column{Name: c.Name, Physical: c.Name}
			}
		}
		for _, name := range []string{"sum_usd", "alone"} {
			parts[i].Columns = append(parts[i].Columns, warehouse.Column{Name: name, Physical: name, AsIs: true})
		}
	}
	if err := l.DB.View(ctx, "usage_grouped", parts); err != nil {
		return err
	}
	return l.DB.Exec(ctx, "grouped/usage_raw")
}

// RowLocator reads text files again in an engine of its own, in which their rows have numbers. That takes the rows one after the other, so it is
// done only when there is a row to report.
type RowLocator struct {
	of       *Loader
	numbered *Loader // nil until it is needed
}

// NewRowLocator returns a locator of the rows that a loader reads. The caller closes it.
func NewRowLocator(l *Loader) *RowLocator { return &RowLocator{of: l} }

// Look calls do with a loader whose engine numbers the rows of text files. After an error the locator can only be closed.
func (r *RowLocator) Look(ctx context.Context, do func(*Loader) error) (err error) {
	if r.numbered == nil {
		if r.numbered, err = open(ctx, r.of.opt, r.of.Dates, true); err != nil {
			return err
		}
	}
	return do(r.numbered)
}

// Close ends the engine, if there is one, and returns err or what closing fails with.
func (r *RowLocator) Close(err error) error {
	if r.numbered == nil {
		return err
	}
	return r.numbered.CloseAfter(err)
}

// Numbered reports whether the numbers of a file's rows in the engine are to become those of lines: rows of text files, read by a RowLocator.
func (l *Loader) Numbered(file exports.File) bool {
	return l.inOrder && file.Format != fileformat.Parquet
}

// AtLines turns numbers of rows of a text file into numbers of lines, in place.
func AtLines(ctx context.Context, file exports.File, numbers []*int64) error {
	var rows []int64
	for _, n := range numbers {
		rows = append(rows, *n)
	}
	lines, err := exports.Lines(ctx, file, rows)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		*n = lines[*n]
	}
	return nil
}
