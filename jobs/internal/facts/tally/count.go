package tally

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// counter describes a month whose rows were read: how many there are, and which do not count.
type counter struct {
	*ingest.Loader
	files []exports.File
}

// Describe describes the month that was read: how many rows its files have, and which do not count. doubts are the reasons to be provisional that
// reading found.
func Describe(ctx context.Context, l *ingest.Loader, m scoring.Month, files []exports.File, doubts []string) (*snapshot.Facts, error) {
	c := counter{Loader: l, files: files}
	f := &snapshot.Facts{Month: m, Exclusions: []snapshot.Exclusion{}, Provisional: doubts, Rows: RowsOf(files)}
	for _, step := range []func(context.Context, *snapshot.Facts) error{c.checkRows, c.checkSums, c.readUnknownLabels, c.readSubstituted, c.readExclusions, c.readLocations} {
		if err := step(ctx, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// readExclusions adds the rows that do not count, by reason.
func (c counter) readExclusions(ctx context.Context, f *snapshot.Facts) error {
	return c.DB.Query(ctx, "facts/exclusions", func(rows *sql.Rows) error {
		var left snapshot.Exclusion
		var amount warehouse.Decimal
		if err := rows.Scan(&left.Class, &left.Reason, &left.Rows, &amount); err != nil {
			return err
		}
		left.ACRUSD = scoring.USD(warehouse.Micros(amount))
		f.Exclusions = append(f.Exclusions, left)
		return nil
	})
}

// checkRows makes sure that the engine read every row that the files hold by their footers, or by the structure of their text.
func (c counter) checkRows(ctx context.Context, f *snapshot.Facts) error {
	var read int64
	if err := c.DB.Query(ctx, "facts/rows", func(rows *sql.Rows) error { return rows.Scan(&read) }); err != nil {
		return err
	}
	if f.Rows == 0 {
		c.Log.Warn("the usage files of a month hold no rows; export it again unless there was no usage", "month", f.Month.String(),
			"file", c.files[0].Rel)
	}
	if read == f.Rows {
		return nil
	}
	return &exports.ContractError{Problems: []exports.Problem{{
		File: c.files[0].Rel, Month: f.Month,
		Message: fmt.Sprintf("the files of the month hold %s rows, but %s could be read", scoring.Grouped(f.Rows), scoring.Grouped(read)),
		Hint:    "export the month again",
	}}}
}

// checkSums refuses sums that the published type cannot hold: a trillion dollars is no consumption.
func (c counter) checkSums(ctx context.Context, f *snapshot.Facts) error {
	found, err := c.DB.Violations(ctx, "facts/overflow")
	if err != nil || len(found) == 0 {
		return err
	}
	return &exports.ContractError{Problems: []exports.Problem{{
		File: c.files[0].Rel, Month: f.Month, Column: "acr_usd",
		Message: fmt.Sprintf("amounts add up to a trillion US dollars or more: %s", found[0]),
		Hint:    "check the unit of the amounts in this export",
	}}}
}

// readLocations says to which account each location rolled up, where there is a partners file.
func (c counter) readLocations(ctx context.Context, f *snapshot.Facts) error {
	if c.Accounts == nil {
		return nil
	}
	f.Locations = map[string]*string{}
	return c.DB.Query(ctx, "facts/locations", func(rows *sql.Rows) error {
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

// keptSegments is how many segments of a month are kept: there are a dozen, unless another column stands in their place.
const keptSegments = 100

// readUnknownLabels notes the labels of a month's usage, which is visible, that the rulebook does not know.
func (c counter) readUnknownLabels(ctx context.Context, f *snapshot.Facts) error {
	return c.DB.Query(ctx, "facts/unknown_label", func(rows *sql.Rows) error {
		var u snapshot.UnknownLabels
		var label string
		var amount warehouse.Decimal
		if err := rows.Scan(&u.Kind, &label, &u.Rows, &amount); err != nil {
			return err
		}
		if u.Kind == ingest.SegmentLabels {
			u.ACRUSD, u.Labels = scoring.USD(warehouse.Micros(amount)), []string{ingest.ShownLabel(label)}
			f.Segments = append(f.Segments, u)
			return nil
		}
		if n := len(f.Unknown); n == 0 || f.Unknown[n-1].Kind != u.Kind {
			u.ACRUSD = scoring.USD(warehouse.Micros(amount))
			f.Unknown = append(f.Unknown, u)
		}
		last := &f.Unknown[len(f.Unknown)-1]
		last.Labels = append(last.Labels, ingest.ShownLabel(label))
		return nil
	}, int32(facts.ShownUnknown), int32(keptSegments))
}

// readSubstituted counts the rows of a month whose charged cost counts in place of their list cost. The rows must be visible.
func (c counter) readSubstituted(ctx context.Context, f *snapshot.Facts) error {
	if c.Dialect.Profile == schema.PartnerCenter || !slices.ContainsFunc(c.files, saysCharged) {
		return nil
	}
	return c.DB.Query(ctx, "profiles/substituted", func(rows *sql.Rows) error {
		s := snapshot.Substituted{Month: f.Month}
		var amount string
		if err := rows.Scan(&s.Rows, &amount); err != nil || s.Rows == 0 {
			return err
		}
		if err := s.ACRUSD.UnmarshalJSON([]byte(amount)); err != nil {
			return fmt.Errorf("add up the cost charged in %s: %w", f.Month, err)
		}
		f.Substituted = &s
		return nil
	})
}

// saysCharged reports whether a file of cost says what was charged, whatever the list cost is.
func saysCharged(c exports.File) bool {
	return slices.ContainsFunc([]string{"effective_usd", "effective_cost"}, func(name string) bool { _, ok := c.Mapping[name]; return ok })
}
