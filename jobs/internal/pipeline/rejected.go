package pipeline

import (
	"context"
	"database/sql"
	"fmt"

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
	canonical, message := rejection(reason)
	err = r.db.Query(ctx, "facts/rejected", func(rows *sql.Rows) error {
		var row sql.NullInt64
		var value sql.NullString
		if err := rows.Scan(&row, &value); err != nil {
			return err
		}
		p := exports.Problem{File: file.Rel, Month: file.Month, Column: canonical, Row: row.Int64, Value: value.String, Message: message}
		if column, ok := file.Mapping[canonical]; ok {
			p.Column = column.Name
		}
		found = append(found, p)
		return nil
	}, reason)
	return found, err
}

// rejection says which column a reason for bad data is about, and what is wrong with it.
func rejection(reason string) (canonical, message string) {
	switch reason {
	case "missing_tenant":
		return "customer_tenant_id", "missing_tenant: the tenant is blank or all zeros"
	case "missing_partner":
		return "partner_location_id", "missing_partner: the location id is blank"
	case "unknown_location":
		return "partner_location_id", "unknown_location: the partners file does not know this location"
	case "missing_offer":
		return "offer_type", "missing_offer: the offer is blank"
	case "missing_association":
		return "association_type", "missing_association: the association is blank"
	case "bad_amount":
		return "acr_usd", "bad_amount: this is no amount in US dollars"
	case "bad_month":
		return "month", "bad_month: this is no month"
	default:
		return "month", reason + ": the row is of another month than its folder"
	}
}
