package reader

import (
	"context"
	"database/sql"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
)

// HoldingsOf lists who holds certifications that a month asks for, by partner and person; an empty partner means all.
func HoldingsOf(ctx context.Context, r *Reader, m *published.Month, partner string) (all []published.PersonHoldings, err error) {
	err = r.query(ctx, m.ScoreMonth, "answers/people", func(rows *sql.Rows) error {
		var p published.PersonHoldings
		var c published.CountedCertification
		if err := rows.Scan(&p.Partner, &p.Person, &c.Title, &c.Counted, &c.Reason); err != nil {
			return err
		}
		if last := len(all) - 1; last < 0 || all[last].Partner != p.Partner || all[last].Person != p.Person {
			all = append(all, p)
		}
		last := &all[len(all)-1]
		last.Certifications = append(last.Certifications, c)
		return nil
	}, r.files(snapshot.Certifications, m.ScoreMonth), partner)
	return all, err
}
