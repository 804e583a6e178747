package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// tooManyRejected reports whether more of a month's rows are bad data than is allowed.
func (r *run) tooManyRejected(f *snapshot.Facts) bool {
	rejected := rejectedRows(f)
	return rejected > 0 && float64(rejected)/float64(f.Rows) > r.opt.MaxRejected
}

// rejectedShare says that too many rows of a month are bad data.
func (r *run) rejectedShare(f *snapshot.Facts) exports.Problem {
	return exports.Problem{
		File: r.in.usage[f.Month][0].Rel, Month: f.Month,
		Message: fmt.Sprintf("%s of the month's %s rows are bad data (%.2f %%), more than the %g %% that --max-rejected allows",
			scoring.Grouped(rejectedRows(f)), scoring.Grouped(f.Rows), 100*float64(rejectedRows(f))/float64(f.Rows), 100*r.opt.MaxRejected),
		Hint: "mend the rows named below and export the month again, or allow more with --max-rejected",
	}
}

// rejectedProblems looks for rows of a month that are bad data, up to three a file and reason, so that the message can name them.
func (r *run) rejectedProblems(ctx context.Context, f *snapshot.Facts) (problems []exports.Problem, err error) {
	lines := &numbering{of: r}
	defer func() { err = lines.close(err) }()
	problems = []exports.Problem{r.rejectedShare(f)}
	for _, file := range r.in.usage[f.Month] {
		found, err := r.rejectedRows(ctx, file, lines)
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			p := row.problem(file)
			switch {
			case row.reason == "bad_month" && r.dateCause(row.value, file) != "":
				p.Hint = r.withCause(row.value, file, monthHint)
			case strings.HasSuffix(row.reason, "_month") && slashDate.MatchString(row.value):
				order := r.orderOf(file)
				p.Hint = fmt.Sprintf("dates with slashes are read %s here; if they are written %s, write dates: {order: %s} into the config",
					order.Words(), order.Other().Words(), order.Other())
			case row.reason == "missing_partner" && row.value == "" && r.opt.Partner == "" && r.opt.Profile != schema.PartnerCenter:
				p.Hint = "where all rows are of one partner, name it in the config: partner: ID"
			case row.reason == "bad_month":
				p.Hint = monthHint
				if file.Many {
					p.Hint += "; rows of no month count for the newest month of their file"
				}
			case row.reason == "bad_amount" && r.opt.Amounts.Usual():
				p.Hint = exports.SeparatorHint(row.value)
			}
			problems = append(problems, p)
		}
	}
	return problems, nil
}

// slashDate is how a date begins in which the month may stand first or second.
var slashDate = regexp.MustCompile(`^\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}`)

// rejectedRow is a row of a usage file that is bad data.
type rejectedRow struct {
	reason string
	row    int64  // from 1; in text files the line that it begins on
	value  string // what is at fault, as it stands there
}

// rejectedRows finds up to three rows of a file for each reason for which it has bad data, by reason.
func (r *run) rejectedRows(ctx context.Context, file exports.File, lines *numbering) (found []rejectedRow, err error) {
	if found, err = r.findRejected(ctx, file); err != nil || len(found) == 0 || file.Format == fileformat.Parquet {
		return found, err
	}
	err = lines.look(ctx, func(n *run) error {
		found, err = n.findRejected(ctx, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	var numbers []*int64
	for i := range found {
		numbers = append(numbers, &found[i].row)
	}
	return found, atLines(ctx, file, numbers)
}

func (r *run) findRejected(ctx context.Context, file exports.File) (found []rejectedRow, err error) {
	files := []exports.File{file}
	if err := r.viewUsage(ctx, file.Month, files); err != nil {
		return nil, r.explainEngine(ctx, err, r.sourceParts, files)
	}
	err = r.db.Query(ctx, "facts/rejected", func(rows *sql.Rows) error {
		var e rejectedRow
		var row sql.NullInt64
		var value sql.NullString
		if err := rows.Scan(&e.reason, &row, &value); err != nil {
			return err
		}
		e.row, e.value = row.Int64, value.String
		found = append(found, e)
		return nil
	})
	if err != nil {
		return nil, r.explainEngine(ctx, err, r.sourceParts, files)
	}
	return found, nil
}

// problem puts the row into a message.
func (e rejectedRow) problem(file exports.File) exports.Problem {
	why := rejectionOf(e.reason)
	p := exports.Problem{File: file.Rel, Month: file.Month, Column: why.canonical, Row: e.row, Value: e.value, Message: e.reason + ": " + why.message}
	if column, ok := file.Mapping[why.canonical]; ok {
		p.Column = column.Name
	}
	return p
}

// rejection is one reason for bad data: the column it is about, and what is wrong with it.
type rejection struct{ reason, canonical, message string }

// rejections lists the reasons in the order in which rows are tested for them.
func rejections() []rejection {
	return []rejection{
		{"missing_tenant", "customer_tenant_id", "the tenant is blank or all zeros"},
		{"missing_partner", "partner_location_id", "the location id is blank, or an e-mail address stands in the place of an id"},
		{"unknown_location", "partner_location_id", "the partners file does not know this location"},
		{"missing_offer", "offer_type", "the offer is blank"},
		{"missing_association", "association_type", "the association is blank"},
		{"bad_amount", "acr_usd", "this is no amount in US dollars"},
		{"bad_month", "month", "this is no month"},
		{"wrong_month", "month", "the row is of another month than its folder"},
	}
}

// rejectionOf returns the reason of that name.
func rejectionOf(reason string) rejection {
	all := rejections()
	return all[slices.IndexFunc(all, func(r rejection) bool { return r.reason == reason })]
}

// RejectionReasons lists the reasons for which rows are bad data.
func RejectionReasons() (names []string) {
	for _, r := range rejections() {
		names = append(names, r.reason)
	}
	return names
}
