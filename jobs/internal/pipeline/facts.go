package pipeline

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// rejectedRows returns how many rows of the month were bad data.
func rejectedRows(f *snapshot.Facts) (rows int64) {
	for _, e := range f.Exclusions {
		if e.Class == "data" {
			rows += e.Rows
		}
	}
	return rows
}

// factsFingerprint stands for all that facts depend on but the partners file: the files of the month and how they are read, the rules about
// eligibility, the statements and the engine.
func (r *run) factsFingerprint(m scoring.Month) (string, error) {
	text, err := statements.Fingerprint("macros", "rules", "partners", "facts", "profiles", "dates", "undated")
	if err != nil {
		return "", err
	}
	return digest(identities(r.in.usage[m]), r.opt.Profile, r.opt.Amounts, r.opt.Dates, r.opt.Partner, r.in.rules.EligibilitySHA256, text, r.engine)
}

// readFacts returns the facts of a month as they are described, or nil when there are none that can be used.
func readFacts(store *snapshot.Store, m scoring.Month, fingerprint string, partners map[string]string) (*snapshot.Facts, error) {
	f, err := store.Facts(m)
	if err != nil || f == nil || f.Fingerprint != fingerprint || !agree(f, partners) {
		return nil, err
	}
	return f, nil
}

// agree reports whether the partners file still says the same of the month's locations; partners is nil without a partners file.
func agree(f *snapshot.Facts, partners map[string]string) bool {
	if (partners == nil) != (f.Locations == nil) {
		return false
	}
	for location, before := range f.Locations {
		now, known := partners[location]
		if known != (before != nil) || known && now != *before {
			return false
		}
	}
	return true
}

// intact reports whether the files of the facts have the bytes that were written: the engine would not notice a flipped bit.
func intact(ctx context.Context, f *snapshot.Facts, dir string) (bool, error) {
	for _, file := range f.Files {
		sum, _, err := snapshot.Hash(ctx, filepath.Join(dir, file.Path))
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("read facts of %s: %w", f.Month, err)
		}
		if sum != file.SHA256 {
			return false, nil
		}
	}
	return true, nil
}

// buildFacts reads one month of usage and puts its facts into the cache.
func (r *run) buildFacts(ctx context.Context, m scoring.Month, fingerprint string) (*snapshot.Facts, error) {
	if err := r.sliceAhead(ctx, m); err != nil {
		return nil, err
	}
	if err := r.readUsage(ctx, m); err != nil {
		return nil, err
	}
	f, err := r.countUsage(ctx, m)
	if err != nil {
		return nil, err
	}
	f.Version, f.Fingerprint = snapshot.FactsVersion, fingerprint
	if r.partners != nil {
		f.Locations = map[string]*string{}
		if err := r.readLocations(ctx, f); err != nil {
			return nil, err
		}
	}
	if err := r.writeFacts(ctx, f); err != nil {
		return nil, err
	}
	return f, r.db.Drop(ctx, usageTables()...)
}

// usageTables hold the rows of the month that is being read.
func usageTables() []string {
	return []string{"usage_read", "usage_total", "usage_contested", "usage_contested_tenant", "usage_reported", "usage_losing", "usage_kept"}
}

// readUsage groups, judges and deduplicates the rows of a month. Its only error about inputs names the files that cannot be read.
func (r *run) readUsage(ctx context.Context, m scoring.Month) error {
	files := r.in.usage[m]
	if err := r.totalUsage(ctx, m, files); err != nil {
		return r.explainEngine(ctx, err, r.sourceParts, files)
	}
	for _, c := range files {
		if err := exports.Unchanged(c); err != nil {
			return err
		}
	}
	return nil
}

// countUsage says what the rows of a month that was read come to: how many there are, and which do not count.
func (r *run) countUsage(ctx context.Context, m scoring.Month) (*snapshot.Facts, error) {
	f := &snapshot.Facts{Month: m, Exclusions: []snapshot.Exclusion{}, Provisional: r.unclear}
	for _, c := range r.in.usage[m] {
		f.Rows += c.Rows
	}
	if err := r.checkRows(ctx, f); err != nil {
		return nil, err
	}
	if err := r.checkSums(ctx, m); err != nil {
		return nil, err
	}
	if err := r.readUnknownLabels(ctx, f); err != nil {
		return nil, err
	}
	if err := r.readSubstituted(ctx, f); err != nil {
		return nil, err
	}
	return f, r.readExclusions(ctx, f)
}

// copiedRows is up to how many rows of a month are copied into a table. Statements that read files are planned twice each, with all that spells
// labels alike, which is most of what a month of a hundred rows costs (copied, a score of 14 such months takes a third less). From some 5,000 rows
// on it costs more than it saves, since a copy forgets that a column has few different values.
const copiedRows = 2_000

// viewUsage makes the rows of usage files of a month visible to the statements, each judged on its own.
func (r *run) viewUsage(ctx context.Context, m scoring.Month, files []exports.Checked) error {
	if err := r.viewUsageRaw(ctx, files); err != nil {
		return err
	}
	if rowsOf(files) <= copiedRows {
		if err := r.execAll(ctx, "facts/usage_read", "facts/usage_copied"); err != nil {
			return err
		}
	}
	rules := r.in.rules
	offerRequired := rules.MissingOffer == scoring.RejectMissingOffer
	if err := r.db.Exec(ctx, "facts/usage_setting", m.First(), r.partners != nil, offerRequired, rules.UnknownService); err != nil {
		return err
	}
	return r.execAll(ctx, "facts/usage_label", "facts/usage_source", "facts/usage_row", "facts/usage_judged")
}

// viewUsageRaw makes the rows visible by their canonical columns. Exports of cost are rows of cost first, from which a statement of their
// profile makes rows of usage.
func (r *run) viewUsageRaw(ctx context.Context, files []exports.Checked) error {
	return r.viewUsageAs(ctx, files, func() []warehouse.Part { return r.usageParts(files) })
}

// viewUsageAs is viewUsageRaw for files as parts describes them once the order of their dates is known.
func (r *run) viewUsageAs(ctx context.Context, files []exports.Checked, parts func() []warehouse.Part) error {
	if err := r.decideDates(ctx, files, "month"); err != nil {
		return err
	}
	statement, ofCost := map[exports.Profile]string{
		exports.AzureCostManagement: "profiles/azure_cost_management",
		exports.Focus:               "profiles/focus",
	}[r.opt.Profile]
	if !ofCost {
		return r.db.View(ctx, "usage_raw", parts())
	}
	if err := r.db.View(ctx, "cost_raw", parts()); err != nil {
		return err
	}
	return r.db.Exec(ctx, statement)
}

// totalUsage runs the statements that group, judge and deduplicate the month. What is left of another month makes room first: it would count
// against the memory limit.
func (r *run) totalUsage(ctx context.Context, m scoring.Month, files []exports.Checked) error {
	if err := r.db.Drop(ctx, usageTables()...); err != nil {
		return err
	}
	if err := r.checkDeliveries(ctx, m, files); err != nil {
		return err
	}
	if err := r.viewUsage(ctx, m, files); err != nil {
		return err
	}
	if err := r.execAll(ctx, "facts/usage_total", "facts/usage_contested", "facts/usage_contested_tenant", "facts/usage_source_contested",
		"facts/usage_reported", "facts/usage_losing", "facts/usage_kept", "facts/usage_fact"); err != nil {
		return err
	}
	return r.db.Drop(ctx, "usage_reported") // the widest, of which usage_kept is the rest
}

// execAll runs statements without arguments, one after the other.
func (r *run) execAll(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := r.db.Exec(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) readExclusions(ctx context.Context, f *snapshot.Facts) error {
	return r.db.Query(ctx, "facts/exclusions", func(rows *sql.Rows) error {
		var e snapshot.Exclusion
		var amount duckdb.Decimal
		if err := rows.Scan(&e.Class, &e.Reason, &e.Rows, &amount); err != nil {
			return err
		}
		e.ACRUSD = snapshot.Amount(micros(amount))
		f.Exclusions = append(f.Exclusions, e)
		return nil
	})
}

// checkRows makes sure that the engine read every row that the files hold by their footers, or by the structure of their text.
func (r *run) checkRows(ctx context.Context, f *snapshot.Facts) error {
	var read int64
	if err := r.db.Query(ctx, "facts/rows", func(rows *sql.Rows) error { return rows.Scan(&read) }); err != nil {
		return err
	}
	if f.Rows == 0 {
		r.log.Warn("the usage files of a month hold no rows; export it again unless there was no usage", "month", f.Month.String(),
			"file", r.in.usage[f.Month][0].Rel)
	}
	if read == f.Rows {
		return nil
	}
	return &exports.ContractError{Problems: []exports.Problem{{
		File: r.in.usage[f.Month][0].Rel, Month: f.Month,
		Message: fmt.Sprintf("the files of the month hold %s rows, but %s could be read", scoring.Grouped(f.Rows), scoring.Grouped(read)),
		Hint:    "export the month again",
	}}}
}

// checkSums refuses sums that the published type cannot hold: a trillion dollars is no consumption.
func (r *run) checkSums(ctx context.Context, m scoring.Month) error {
	found, err := r.db.Violations(ctx, "facts/overflow")
	if err != nil || len(found) == 0 {
		return err
	}
	return &exports.ContractError{Problems: []exports.Problem{{
		File: r.in.usage[m][0].Rel, Month: m, Column: "acr_usd",
		Message: fmt.Sprintf("amounts add up to a trillion US dollars or more: %s", found[0]),
		Hint:    "check the unit of the amounts in this export",
	}}}
}

func (r *run) readLocations(ctx context.Context, f *snapshot.Facts) error {
	return r.db.Query(ctx, "facts/locations", func(rows *sql.Rows) error {
		var location string
		var partner sql.NullString
		if err := rows.Scan(&location, &partner); err != nil {
			return err
		}
		f.Locations[location] = nil
		if partner.Valid {
			f.Locations[location] = &partner.String
		}
		return nil
	})
}

// writeFacts writes the files of the facts aside and moves them into the cache.
func (r *run) writeFacts(ctx context.Context, f *snapshot.Facts) error {
	dir, err := r.store.StageFacts(r.opt.RunID, f.Month)
	if err != nil {
		return err
	}
	for _, part := range []struct{ statement, name string }{
		{"facts/consumption", snapshot.FactsConsumption}, {"facts/customers", snapshot.FactsCustomers}, {"facts/services", snapshot.FactsServices},
	} {
		path := filepath.Join(dir, part.name)
		if err := r.db.Exec(ctx, part.statement, path); err != nil {
			return err
		}
		sum, size, err := snapshot.Hash(ctx, path)
		if err != nil {
			return fmt.Errorf("read back facts of %s: %w", f.Month, err)
		}
		f.Files = append(f.Files, snapshot.File{Table: "facts", Path: part.name, Bytes: size, SHA256: sum})
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("describe facts of %s: %w", f.Month, err)
	}
	if err := os.WriteFile(filepath.Join(dir, snapshot.FactsDescription), append(text, '\n'), 0o666); err != nil {
		return fmt.Errorf("write facts of %s: %w", f.Month, err)
	}
	return r.store.PublishFacts(r.opt.RunID, f.Month, snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices, snapshot.FactsDescription)
}

// checkRejected fails when more of a month's rows are bad data than is allowed; exactly the limit passes.
func (r *run) checkRejected(ctx context.Context, f *snapshot.Facts) error {
	if !r.tooManyRejected(f) {
		return nil
	}
	problems, err := r.rejectedProblems(ctx, f)
	if err != nil {
		return err
	}
	return &exports.ContractError{Problems: problems}
}

// rowsOf is how many rows files have.
func rowsOf(files []exports.Checked) (rows int64) {
	for _, c := range files {
		rows += c.Rows
	}
	return rows
}
