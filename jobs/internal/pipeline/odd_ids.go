package pipeline

import (
	"context"
	"database/sql"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/scoring"
)

// warnOfSharedIDs tells of certification ids with the addresses of several people, who count as one person.
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

// warnOfOddTenants warns of customers whose tenant id is what a tool writes for a missing value: they count, since any text is a tenant.
func (r *run) warnOfOddTenants(ctx context.Context) error {
	var tenants int64
	var acr duckdb.Decimal
	err := r.db.Query(ctx, "measures/odd_tenant", func(rows *sql.Rows) error { return rows.Scan(&tenants, &acr) })
	if err != nil || tenants == 0 {
		return err
	}
	r.log.Warn("a tenant id like nan or N/A, which stands for a missing one, counts as a customer; check the column of the tenant in the exports", "month", r.in.month.String(),
		"tenants", tenants, "acr_usd", scoring.USD(micros(acr)).String())
	return nil
}
