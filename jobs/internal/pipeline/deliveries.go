package pipeline

import (
	"context"
	"database/sql"
	"path"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/twice"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Sizes of what is looked at to find two deliveries. They cost a few percent of what a month of many rows takes; a smaller one is looked at whole.
const (
	// comparedRows is how many rows the compared tenants should have.
	comparedRows = 20_000
	// comparedLeast is how many counts are too few, unless all tenants are compared: a few large tenants may be most of a month.
	comparedLeast = 2_000
	// comparedMost is from how many counts on a part of the keys is compared.
	comparedMost = 50_000
	// glanceRows is from how many rows on a month is glanced at first.
	glanceRows = 500_000
	// fewRows is up to how many rows of a month are compared row by row, where keys tell nothing.
	fewRows = 10_000
)

// checkDeliveries refuses usage files of a month that hold the same consumption twice: a restated file beside the old one, two runs of an export
// in one folder or in two, a month as Parquet and as CSV. Where the keys cannot tell that from one delivery, it warns and leaves a reason to be
// provisional. It works on the keys of some tenants, of all in a month that is not large.
func (r *run) checkDeliveries(ctx context.Context, m scoring.Month, files []exports.Checked) error {
	r.unclear = nil
	if len(files) < 2 {
		return nil
	}
	parts, err := r.viewKeys(ctx, m, files)
	if err != nil {
		return err
	}
	var rows int64
	text := false
	for _, c := range files {
		rows += c.Rows
		text = text || c.Format != exports.Parquet
	}
	look := keyLook{run: r, month: m, files: r.numbers(parts, files), tenants: max(1, rows/comparedRows)}
	from := sourcesOf(files)
	if rows > glanceRows && !text { // reading some columns of text costs as much as reading all
		counts, err := look.at(ctx, "facts/delivery_glance")
		if err != nil {
			return err
		}
		if !twice.Glance(counts, from) {
			return nil
		}
	}
	counts, err := look.at(ctx, "facts/delivery_key")
	if err != nil {
		return err
	}
	found := twice.Compare(counts, from)
	if len(found.Same) == 0 && rows <= fewRows {
		if err := look.rows(ctx, from, &found); err != nil {
			return err
		}
	}
	return r.judgeDeliveries(m, files, found)
}

// rows compares the rows of a month that has few, amounts and all. Half of them make two folders two runs of a cost export: the folders over which
// one run is spread have next to no equal rows. All of them make two other files doubtful: a file of a few equal rows may be there for a reason.
func (l *keyLook) rows(ctx context.Context, from []twice.Source, found *twice.Result) error {
	counts, err := l.at(ctx, "facts/delivery_row")
	if err != nil || len(counts) == 0 {
		return err
	}
	if l.run.opt.Profile != exports.PartnerCenter {
		found.Same = twice.SameRows(counts, from, true, func(common, least int) bool { return 2*common >= least })
		return nil
	}
	if len(found.Unclear) == 0 {
		found.Unclear = twice.SameRows(counts, from, false, func(common, least int) bool { return common == least })
	}
	return nil
}

// judgeDeliveries refuses what is found twice, and tells of what may be.
func (r *run) judgeDeliveries(m scoring.Month, files []exports.Checked, found twice.Result) error {
	runs := r.opt.Profile != exports.PartnerCenter
	describe := func(findings []twice.Finding) (all []exports.Twice) {
		for _, f := range findings {
			t := exports.Twice{Folders: f.Folders, Runs: runs, Common: f.Common, Keys: f.Keys, First: pathsOf(files, f.A, f.Folders), Second: pathsOf(files, f.B, f.Folders)}
			if found.Days > 1 {
				t.FirstDay, t.LastDay = dayOf(f.First), dayOf(f.Last)
			}
			all = append(all, t)
		}
		return all
	}
	if same := describe(found.Same); len(same) > 0 {
		return &exports.ContractError{Problems: exports.TwiceProblems(m, same)}
	}
	for _, p := range exports.MaybeTwice(m, describe(found.Unclear)) {
		r.log.Warn("two deliveries of a month, or the parts of one: the rows cannot tell, and all of them count", "month", m.String(),
			"file", p.File, "what", p.Message, "hint", p.Hint)
		r.unclear = append(r.unclear, p.String())
	}
	return nil
}

func dayOf(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// pathsOf are the paths of files, or the one of the folder that they are in.
func pathsOf(files []exports.Checked, numbers []int, folder bool) (all []string) {
	if folder {
		return []string{path.Dir(files[numbers[0]].Rel)}
	}
	for _, n := range numbers {
		all = append(all, files[n].Rel)
	}
	return all
}

// sourcesOf says of files where they come from.
func sourcesOf(files []exports.Checked) (from []twice.Source) {
	known := map[string]int{}
	number := func(name string) int {
		if _, ok := known[name]; !ok {
			known[name] = len(known)
		}
		return known[name]
	}
	for _, c := range files {
		s := twice.Source{Folder: number(path.Dir(c.Rel)), Run: -1}
		if c.Run != "" {
			s.Run = number(c.Run)
		}
		for _, name := range exports.Series(c.Rel) {
			s.Series = append(s.Series, number(name))
		}
		from = append(from, s)
	}
	return from
}

// keyLook reads the keys of a month.
type keyLook struct {
	run     *run
	month   scoring.Month
	files   []int // by number in the view, the number of the file
	tenants int64 // one in so many is looked at
}

// arguments are those of a statement: rows are all looked at.
func (l *keyLook) arguments(statement string) []any {
	if statement == "facts/delivery_row" {
		return []any{l.month.First()}
	}
	return []any{l.month.First(), l.tenants, comparedMost}
}

// at runs a statement that counts rows by file and key, of so many tenants that there are enough.
func (l *keyLook) at(ctx context.Context, statement string) (counts []twice.Count, err error) {
	for {
		counts = nil
		err := l.run.db.Query(ctx, statement, func(rows *sql.Rows) error {
			var c twice.Count
			if err := rows.Scan(&c.File, &c.Key, &c.Block, &c.Day, &c.Rows); err != nil {
				return err
			}
			c.File = l.files[c.File]
			counts = append(counts, c)
			return nil
		}, l.arguments(statement)...)
		if err != nil || l.tenants == 1 || len(counts) >= comparedLeast {
			return counts, err
		}
		l.tenants = max(1, l.tenants/10)
	}
}

// viewKeys makes the rows visible by what all files have of a key: a file without resources holds the same consumption as one with them.
func (r *run) viewKeys(ctx context.Context, m scoring.Month, files []exports.Checked) ([]warehouse.Part, error) {
	var parts []warehouse.Part
	err := r.viewUsageAs(ctx, files, func() []warehouse.Part {
		parts = r.keyParts(m, files)
		return parts
	})
	if err != nil {
		return nil, err
	}
	return parts, r.db.Exec(ctx, "facts/usage_label")
}

// keyParts are usageParts without the columns of a key that not all files have.
func (r *run) keyParts(m scoring.Month, files []exports.Checked) []warehouse.Part {
	lacking := func(canonical string) bool {
		return slices.ContainsFunc(files, func(c exports.Checked) bool { _, has := c.Mapping[canonical]; return !has })
	}
	parts := r.usageParts(files)
	for _, p := range parts {
		for i, c := range p.Columns {
			switch c.Name {
			case "partner_location_id", "partner_global_id", "association_type", "offer_type", "offer_id", "subscription_id", "service_level_1",
				"service_level_3", "service_level_4", "resource_id":
				if lacking(c.Name) {
					p.Columns[i] = warehouse.Column{Name: c.Name}
				}
			case "usage_day":
				if lacking("month") {
					p.Columns[i] = warehouse.Column{Name: c.Name, Macro: "day_of_month_text", AsText: true, Constant: m.String(), Arguments: []string{string(exports.MonthFirst)}}
				}
			}
		}
	}
	return parts
}

// numbers says, for each path of parts, which of the files it is, or a slice of.
func (r *run) numbers(parts []warehouse.Part, files []exports.Checked) (of []int) {
	known := map[string]int{}
	for i, c := range files {
		known[c.Path] = i
		for _, path := range r.slices.paths[slice{c.Path, c.Month}] {
			known[path] = i
		}
	}
	for _, p := range parts {
		for _, path := range p.Paths {
			of = append(of, known[path])
		}
	}
	return of
}
