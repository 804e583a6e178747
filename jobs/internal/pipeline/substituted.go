package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// charged are the canonical columns of exports of cost that say what was charged, whatever the list cost is.
func charged() []string { return []string{"effective_usd", "effective_cost"} }

// readSubstituted counts the rows of a month whose charged cost counts in place of their list cost. The rows must be visible.
func (r *run) readSubstituted(ctx context.Context, f *snapshot.Facts) error {
	if r.opt.Profile == schema.PartnerCenter || !slices.ContainsFunc(r.in.usage[f.Month], saysCharged) {
		return nil
	}
	return r.db.Query(ctx, "profiles/substituted", func(rows *sql.Rows) error {
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

func saysCharged(c exports.File) bool {
	return slices.ContainsFunc(charged(), func(name string) bool { _, ok := c.Mapping[name]; return ok })
}

// substituted lists the usage months with such rows, oldest first.
func (r *run) substituted() (list []snapshot.Substituted) {
	for _, f := range r.facts {
		if f.Substituted != nil {
			list = append(list, *f.Substituted)
		}
	}
	return list
}

// tellSubstituted says once a score that charged cost counts.
func (r *run) tellSubstituted() {
	list := r.substituted()
	if len(list) == 0 {
		return
	}
	var rows int64
	var amount scoring.USD
	for _, s := range list {
		rows, amount = rows+s.Rows, amount+s.ACRUSD
	}
	text, err := amount.MarshalJSON()
	if err != nil {
		return
	}
	r.log.Warn("rows of cost have no list cost though a cost was charged, as under a reservation: the effective cost counts", "rows", rows,
		"acr_usd", string(text), "first_month", list[0].Month.String(), "last_month", list[len(list)-1].Month.String())
}
