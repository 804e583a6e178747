package published

import (
	"context"
	"database/sql"

	"partnerscore/jobs/internal/snapshot"
)

// PersonHoldings are the certifications of a partner's person. The person is a pseudonym.
type PersonHoldings struct {
	Partner        string
	Person         string
	Certifications []CountedCertification // by title
}

// CountedCertification is a certification somebody holds, and whether it counts in any step that asks for it.
type CountedCertification struct {
	Title   string        `json:"certification"`
	Counted bool          `json:"counted"`
	Reason  HoldingReason `json:"reason"`
}

// HoldingsOf lists who holds certifications that a month asks for, by partner and person; an empty partner means all.
func HoldingsOf(ctx context.Context, r *Reader, m *Month, partner string) (all []PersonHoldings, err error) {
	err = r.query(ctx, m.ScoreMonth, "answers/people", func(rows *sql.Rows) error {
		var p PersonHoldings
		var c CountedCertification
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
