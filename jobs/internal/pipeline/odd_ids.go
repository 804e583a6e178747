package pipeline

import (
	"context"
	"database/sql"
	"fmt"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/scoring"
)

// warnOfSharedIDs warns about certification ids with the addresses of several people, who count as one person.
func (r *run) warnOfSharedIDs(ctx context.Context, folder string) error {
	var ids, found, addresses int64
	err := r.db.Query(ctx, "holdings/shared_id", func(rows *sql.Rows) error { return rows.Scan(&ids, &found, &addresses) })
	if err != nil || ids == 0 {
		return err
	}
	r.log.Warn("certification ids have three or more e-mail addresses each, and each id counts as one person; if several people share an id, "+
		"export the ids again, or leave the column blank so that the e-mail decides", "folder", folder, "ids", ids, "rows", found, "addresses", addresses)
	return nil
}

// doubtOddIDs makes the score provisional where an id of a customer or a partner is what a tool writes for a missing value: it counts, since any text
// is an id, and yet the rows of many may stand under it.
func (r *run) doubtOddIDs(ctx context.Context) error {
	return r.db.Query(ctx, "measures/odd_id", func(rows *sql.Rows) error {
		var what, text string
		var acr duckdb.Decimal
		if err := rows.Scan(&what, &text, &acr); err != nil {
			return err
		}
		reason := fmt.Sprintf("the %s id %q looks like a missing one and counts as an id: %s USD of ACR in twelve months are under it; leave the cell blank in the export",
			what, text, scoring.USD(micros(acr)))
		r.log.Warn("an id looks like a missing one", "month", r.in.month.String(), "what", reason)
		r.doubts = append(r.doubts, reason)
		return nil
	})
}
