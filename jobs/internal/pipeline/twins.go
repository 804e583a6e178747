package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// warnOfTwins tells of usage files of a month that hold the same rows in other bytes: an export that was delivered twice, as Parquet and as CSV
// say, counts twice. Rows may be equal for good reasons, so that this is not refused. Only files with as many rows are looked at, and only of
// those with the same sum more than the amounts. It leaves one file visible.
func (r *run) warnOfTwins(ctx context.Context, m scoring.Month, files []exports.Checked) error {
	alike := map[string][]exports.Checked{}
	for _, c := range files {
		if c.Rows > 0 {
			rows := fmt.Sprint(c.Rows)
			alike[rows] = append(alike[rows], c)
		}
	}
	for _, statement := range []string{"facts/file_sum", "facts/file_digest"} {
		var err error
		if alike, err = r.splitAlike(ctx, m, alike, statement); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		for _, twin := range alike[key][1:] {
			r.log.Warn("two files of a month hold the same rows, and both count: if one is a second delivery, remove it", "month", m.String(),
				"file", twin.Rel, "same_rows_as", alike[key][0].Rel)
		}
	}
	return nil
}

// splitAlike asks a statement about each of the files that are alike so far, and keeps those together that have the same answer.
func (r *run) splitAlike(ctx context.Context, m scoring.Month, alike map[string][]exports.Checked, statement string) (map[string][]exports.Checked, error) {
	split := map[string][]exports.Checked{}
	for key, files := range alike {
		if len(files) < 2 {
			continue
		}
		for _, c := range files {
			if err := r.viewUsage(ctx, m, []exports.Checked{c}); err != nil {
				return nil, err
			}
			var answer string
			if err := r.db.Query(ctx, statement, func(rows *sql.Rows) error { return rows.Scan(&answer) }); err != nil {
				return nil, err
			}
			split[key+" "+answer] = append(split[key+" "+answer], c)
		}
	}
	return split, nil
}
