package facts

import (
	"context"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// rejectedRows returns how many rows of the month are bad data.
func rejectedRows(f *snapshot.Facts) (rows int64) {
	for _, e := range f.Exclusions {
		if e.Class == "data" {
			rows += e.Rows
		}
	}
	return rows
}

// TooManyRejected reports whether more of a month's rows are bad data than is allowed; exactly the limit passes.
func TooManyRejected(f *snapshot.Facts, limit float64) bool {
	rejected := rejectedRows(f)
	return rejected > 0 && float64(rejected)/float64(f.Rows) > limit
}

// RejectedShare says that too many rows of a month are bad data.
func RejectedShare(f *snapshot.Facts, files []exports.File, limit float64) exports.Problem {
	return exports.Problem{
		File: files[0].Rel, Month: f.Month,
		Message: fmt.Sprintf("%s of the month's %s rows are bad data (%.2f %%), more than the %g %% that --max-rejected allows",
			scoring.Grouped(rejectedRows(f)), scoring.Grouped(f.Rows), 100*float64(rejectedRows(f))/float64(f.Rows), 100*limit),
		Hint: "fix the rows named below and export the month again, or allow more with --max-rejected",
	}
}

// CheckRejected fails with a *exports.ContractError when more of a month's rows are bad data than is allowed. The error names some of them.
func CheckRejected(ctx context.Context, engine Engine, f *snapshot.Facts, files []exports.File, limit float64) error {
	if !TooManyRejected(f, limit) {
		return nil
	}
	if err := exports.Fetch(ctx, files); err != nil {
		return err
	}
	defer exports.Forget(files)
	problems, err := engine.Rejected(ctx, files)
	if err != nil {
		return err
	}
	return &exports.ContractError{Problems: append([]exports.Problem{RejectedShare(f, files, limit)}, problems...)}
}

// Rejection is one reason for bad data.
type Rejection struct {
	Reason    string
	Canonical string // the column it is about
	Message   string // what is wrong with it
}

// rejections lists the reasons in the order in which rows are tested for them.
func rejections() []Rejection {
	return []Rejection{
		{"missing_tenant", "customer_tenant_id", "the tenant is blank or all zeros"},
		{"missing_partner", "partner_location_id", "the location id is blank, or an e-mail address stands in the place of an id"},
		{"unknown_location", "partner_location_id", "this location is not in the partners file"},
		{"missing_offer", "offer_type", "the offer is blank"},
		{"missing_association", "association_type", "the association is blank"},
		{"bad_amount", "acr_usd", "not an amount in US dollars"},
		{"bad_month", "month", "not a month"},
		{"wrong_month", "month", "the month differs from that of the folder"},
	}
}

// RejectionOf returns the reason of that name.
func RejectionOf(reason string) Rejection {
	all := rejections()
	return all[slices.IndexFunc(all, func(r Rejection) bool { return r.Reason == reason })]
}

// RejectionReasons lists the reasons for which rows are bad data.
func RejectionReasons() (names []string) {
	for _, r := range rejections() {
		names = append(names, r.Reason)
	}
	return names
}
