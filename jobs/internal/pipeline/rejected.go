package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
)

// rejectedProblems looks for rows of a month that are bad data, up to three a file and reason, so that the message can name them.
func (r *run) rejectedProblems(ctx context.Context, f *snapshot.Facts) ([]exports.Problem, error) {
	problems := []exports.Problem{{
		File: r.in.usage[f.Month][0].Rel, Month: f.Month,
		Message: fmt.Sprintf("%d of the month's %d rows are bad data (%.2f %%), more than the %g %% that --max-rejected allows",
			rejectedRows(f), f.Rows, 100*float64(rejectedRows(f))/float64(f.Rows), 100*r.opt.MaxRejected),
		Hint: "mend the rows named below and export the month again, or allow more with --max-rejected",
	}}
	for _, file := range r.in.usage[f.Month] {
		if err := r.viewUsage(ctx, f.Month, []exports.Checked{file}); err != nil {
			return nil, r.explainEngine(ctx, err, r.usageParts, []exports.Checked{file})
		}
		for _, e := range f.Exclusions {
			if e.Class != "data" {
				continue
			}
			found, err := r.rejectedRows(ctx, file, e.Reason)
			if err != nil {
				return nil, r.explainEngine(ctx, err, r.usageParts, []exports.Checked{file})
			}
			problems = append(problems, found...)
		}
	}
	return problems, nil
}

func (r *run) rejectedRows(ctx context.Context, file exports.Checked, reason string) (found []exports.Problem, err error) {
	all := rejections()
	why := all[slices.IndexFunc(all, func(r rejection) bool { return r.reason == reason })]
	err = r.db.Query(ctx, "facts/rejected", func(rows *sql.Rows) error {
		var row sql.NullInt64
		var value sql.NullString
		if err := rows.Scan(&row, &value); err != nil {
			return err
		}
		p := exports.Problem{File: file.Rel, Month: file.Month, Column: why.canonical, Row: row.Int64, Value: value.String,
			Message: why.reason + ": " + why.message}
		if column, ok := file.Mapping[why.canonical]; ok {
			p.Column = column.Name
		}
		found = append(found, p)
		return nil
	}, reason)
	return found, err
}

// rejection is one reason for bad data: the column it is about, and what is wrong with it.
type rejection struct{ reason, canonical, message string }

// rejections lists the reasons in the order in which rows are tested for them.
func rejections() []rejection {
	return []rejection{
		{"missing_tenant", "customer_tenant_id", "the tenant is blank or all zeros"},
		{"missing_partner", "partner_location_id", "the location id is blank"},
		{"unknown_location", "partner_location_id", "the partners file does not know this location"},
		{"missing_offer", "offer_type", "the offer is blank"},
		{"missing_association", "association_type", "the association is blank"},
		{"bad_amount", "acr_usd", "this is no amount in US dollars"},
		{"bad_month", "month", "this is no month"},
		{"wrong_month", "month", "the row is of another month than its folder"},
	}
}

// RejectionReasons lists the reasons for which rows are bad data.
func RejectionReasons() (names []string) {
	for _, r := range rejections() {
		names = append(names, r.reason)
	}
	return names
}
