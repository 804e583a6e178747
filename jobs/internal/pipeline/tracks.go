package pipeline

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/scoring"
)

// partnerSize is what decides the track of a partner.
type partnerSize struct {
	scoring.PartnerSize
	open int64  // of its customers, those of unknown size
	away *int64 // see scoring.TrackChoice
}

// partnerTracks lists the scored partners and gives each its track, from which the threshold of eligible customers follows. Where customers
// of unknown size could change the track, the partner is provisional, and r.left says why.
func (r *run) partnerTracks(ctx context.Context) ([]*partner, error) {
	if err := r.sizeSegments(ctx); err != nil {
		return nil, err
	}
	byMonth := r.in.rules.CustomersWindow() == scoring.CustomersMonth
	var partners, open []*partner
	err := r.db.Query(ctx, "measures/partner_size", func(rows *sql.Rows) error {
		var p partner
		var acr duckdb.Decimal
		s := &p.size
		if err := rows.Scan(&p.id, &p.name, &acr, &s.Customers, &s.SMBCustomers, &s.open); err != nil {
			return err
		}
		s.ACRTTM = scoring.USD(micros(acr))
		choice := r.in.rules.ChooseTrack(s.PartnerSize, s.open)
		p.track, p.provisional, s.away = choice.Track, !choice.Certain, choice.Away
		partners = append(partners, &p)
		if p.provisional {
			open = append(open, &p)
		}
		return nil
	}, byMonth)
	if err != nil {
		return nil, err
	}
	if err := r.db.Exec(ctx, "measures/partner_track"); err != nil {
		return nil, err
	}
	err = r.db.Append(ctx, "partner_track", func(add add) error {
		for _, p := range partners {
			if err := add(p.id, amount(int64(p.track.EligibleCustomerUSD)), p.provisional); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(open) == 0 {
		return partners, err
	}
	reason, err := r.openTracks(ctx, open, byMonth)
	r.left = append(r.left, reason)
	return partners, err
}

// sizeSegments says of every segment of the customers what size the rulebook reads in it.
func (r *run) sizeSegments(ctx context.Context) error {
	if err := r.db.Exec(ctx, "measures/segment_size"); err != nil || r.in.rules.Selection() == nil {
		return err
	}
	sizes := map[string]scoring.SegmentSize{}
	var order []string
	segments := r.in.rules.Segments()
	err := r.db.Query(ctx, "measures/segment", func(rows *sql.Rows) error {
		var label string
		if err := rows.Scan(&label); err != nil {
			return err
		}
		if size := segments.Size(label); size != scoring.SegmentOpen {
			sizes[label], order = size, append(order, label)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.db.Append(ctx, "segment_size", func(add func(values ...driver.Value) error) error {
		return each(order, func(label string) error { return add(label, sizes[label] == scoring.SegmentSMB) })
	})
}

const (
	shownPartners = 5  // partners that a reason names
	shownSegments = 10 // segments that a reason names
)

// openTracks says why the tracks of partners are uncertain: how many of their customers are of unknown size, and which segments they have.
func (r *run) openTracks(ctx context.Context, partners []*partner, byMonth bool) (string, error) {
	var without, with, labels int64
	var shown []string
	err := r.db.Query(ctx, "measures/open_customer", func(rows *sql.Rows) error {
		var label sql.NullString
		var customers int64
		if err := rows.Scan(&label, &customers); err != nil {
			return err
		}
		if !label.Valid {
			without = customers
			return nil
		}
		with += customers
		if labels++; labels <= shownSegments {
			shown = append(shown, fmt.Sprintf("%q", clipped(shownLabel(label.String))))
		}
		return nil
	}, byMonth)
	if err != nil {
		return "", err
	}
	var parts []string
	if without > 0 {
		parts = append(parts, scoring.Grouped(without)+" without a customer segment")
	}
	switch more := labels - int64(len(shown)); {
	case labels > maxLabels: // ids or names, which are no segments
		parts = append(parts, fmt.Sprintf("%s with one of %s different texts, too many to be segments", scoring.Grouped(with), scoring.Grouped(labels)))
	case labels > 0:
		list := strings.Join(shown, ", ")
		if more > 0 {
			list += fmt.Sprintf(" and %s more", scoring.Grouped(more))
		}
		parts = append(parts, fmt.Sprintf("%s with a segment that rulebook %s does not know: %s", scoring.Grouped(with), r.in.rules.ID, list))
	}
	customers := scoring.Grouped(without+with) + " customers"
	if without+with == 1 {
		customers = "1 customer"
	}
	return fmt.Sprintf("the track of %s is uncertain and taken as %s, since the size of %s is unknown (%s)",
		partnerList(partners), r.in.rules.Tracks[0].ID, customers, strings.Join(parts, ", ")), nil
}

// partnerList names partners, the first of many.
func partnerList(partners []*partner) string {
	var ids []string
	for _, p := range partners[:min(len(partners), shownPartners)] {
		ids = append(ids, p.id)
	}
	list := strings.Join(ids, ", ")
	if more := len(partners) - len(ids); more > 0 {
		list += fmt.Sprintf(" and %s more", scoring.Grouped(int64(more)))
	}
	if len(partners) == 1 {
		return "partner " + list
	}
	return scoring.Grouped(int64(len(partners))) + " partners (" + list + ")"
}

// clipped is a text as long as a label may be where it is shown.
func clipped(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
