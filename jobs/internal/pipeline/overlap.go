package pipeline

import (
	"context"
	"database/sql"
	"path"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// costFolder is the folder of a file of cost, which stands for a run of an export; empty for other usage, where folders mean nothing.
func (r *run) costFolder(c exports.Checked) string {
	if r.opt.Profile == exports.PartnerCenter {
		return ""
	}
	return path.Dir(c.Rel)
}

// anyFolder puts the files of all folders together.
func anyFolder(exports.Checked) string { return "" }

// checkOverlap refuses exports of cost that hold the same rows in several folders: Azure Cost Management writes a new folder with each run,
// and the usual one holds the month so far, so that the rows of two runs would count twice. Runs of other days, exports of other
// subscriptions, and the folders that one run is spread over, add up. The rows must be visible already.
func (r *run) checkOverlap(ctx context.Context, m scoring.Month, files []exports.Checked) error {
	another := func(c exports.Checked) bool { return r.costFolder(c) != r.costFolder(files[0]) }
	if !slices.ContainsFunc(files, another) {
		return nil
	}
	var found []exports.Overlap
	err := r.db.Query(ctx, "profiles/overlap", func(rows *sql.Rows) error {
		var o exports.Overlap
		if err := rows.Scan(&o.Folder, &o.First, &o.Last); err != nil {
			return err
		}
		found = append(found, o)
		return nil
	}, m.First())
	if err != nil || len(found) == 0 {
		return err
	}
	return &exports.ContractError{Problems: []exports.Problem{exports.OverlapProblem(m, found)}}
}
