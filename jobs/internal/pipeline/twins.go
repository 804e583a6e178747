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

// mostTwins is how many files of a month may have as many rows as another one for their rows to be compared: each is read on its own. In a month
// of thousands of small files equal numbers mean nothing.
const mostTwins = 16

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
	if len(files)-len(alike) > mostTwins {
		return nil
	}
	alike, err := r.splitAlike(ctx, alike, "facts/file_sum", r.viewUsageRaw)
	if err != nil {
		return err
	}
	labels := func(ctx context.Context, files []exports.Checked) error { return r.viewUsage(ctx, m, files) }
	if alike, err = r.splitAlike(ctx, alike, "facts/file_digest", labels); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		for _, twin := range alike[key][1:] {
			r.log.Warn("two files of a month hold the same rows, and both count: if one is a second delivery, remove it", "month", m.String(),
				"file", twin.Rel, "same_rows_as", alike[key][0].Rel)
		}
	}
	return nil
}

// splitAlike asks a statement about each of the files that are alike so far, made visible by view, and keeps those together that have the same
// answer.
func (r *run) splitAlike(ctx context.Context, alike map[string][]exports.Checked, statement string,
	view func(context.Context, []exports.Checked) error) (map[string][]exports.Checked, error) {
	split := map[string][]exports.Checked{}
	for key, files := range alike {
		if len(files) < 2 {
			continue
		}
		for _, c := range files {
			if err := view(ctx, []exports.Checked{c}); err != nil {
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
