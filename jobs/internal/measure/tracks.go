package measure

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Size is what decides the track of a partner.
type Size struct {
	scoring.PartnerSize
	Open int64  // of its customers, those of unknown size
	Away *int64 // see scoring.TrackChoice
}

// tracks gives partners their tracks.
type tracks struct {
	db    *warehouse.DB
	rules *scoring.Rulebook
}

// partners lists the scored partners and gives each its track, from which the threshold of eligible customers follows. Where customers of unknown
// size could change the track, the partner is provisional, and reasons say why.
func (t tracks) partners(ctx context.Context) (partners []*Partner, reasons []string, err error) {
	if err := t.sizeSegments(ctx); err != nil {
		return nil, nil, err
	}
	byMonth := t.rules.CustomersWindow() == scoring.CustomersMonth
	var open []*Partner
	var chosen []ingest.Row
	err = t.db.Query(ctx, "measures/partner_size", func(rows *sql.Rows) error {
		var p Partner
		var acr warehouse.Decimal
		s := &p.Size
		if err := rows.Scan(&p.ID, &p.Name, &acr, &s.Customers, &s.SMBCustomers, &s.Open); err != nil {
			return err
		}
		s.ACRTTM = usd(acr)
		choice := t.rules.ChooseTrack(s.PartnerSize, s.Open)
		p.Track, p.Provisional, s.Away = choice.Track, !choice.Certain, choice.Away
		partners = append(partners, &p)
		chosen = append(chosen, ingest.Row{p.ID, warehouse.Amount(int64(p.Track.EligibleCustomerUSD)), p.Provisional})
		if p.Provisional {
			open = append(open, &p)
		}
		return nil
	}, byMonth)
	if err != nil {
		return nil, nil, err
	}
	if err := t.db.Exec(ctx, "measures/partner_track"); err != nil {
		return nil, nil, err
	}
	if err := ingest.Append(ctx, t.db, "partner_track", chosen); err != nil || len(open) == 0 {
		return partners, nil, err
	}
	reason, err := t.openTracks(ctx, open, byMonth)
	return partners, []string{reason}, err
}

// sizeSegments says of every segment of the customers what size the rulebook reads in it.
func (t tracks) sizeSegments(ctx context.Context) error {
	if err := t.db.Exec(ctx, "measures/segment_size"); err != nil || t.rules.Selection() == nil {
		return err
	}
	var sizes []ingest.Row
	segments := t.rules.Segments()
	err := t.db.Query(ctx, "measures/segment", func(rows *sql.Rows) error {
		var label string
		if err := rows.Scan(&label); err != nil {
			return err
		}
		if size := segments.Size(label); size != scoring.SegmentOpen {
			sizes = append(sizes, ingest.Row{label, size == scoring.SegmentSMB})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return ingest.Append(ctx, t.db, "segment_size", sizes)
}

const (
	shownPartners = 5  // partners that a reason names
	shownSegments = 10 // segments that a reason names
)

// openTracks says why the tracks of partners are uncertain: how many of their customers are of unknown size, and which segments they have.
func (t tracks) openTracks(ctx context.Context, partners []*Partner, byMonth bool) (string, error) {
	var without, with, labels int64
	var shown []string
	err := t.db.Query(ctx, "measures/open_customer", func(rows *sql.Rows) error {
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
			shown = append(shown, fmt.Sprintf("%q", clipped(ingest.ShownLabel(label.String))))
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
	case labels > ingest.MaxLabels: // ids or names, which are no segments
		parts = append(parts, fmt.Sprintf("%s with one of %s different texts, too many to be segments", scoring.Grouped(with), scoring.Grouped(labels)))
	case labels > 0:
		list := strings.Join(shown, ", ")
		if more > 0 {
			list += fmt.Sprintf(" and %s more", scoring.Grouped(more))
		}
		parts = append(parts, fmt.Sprintf("%s with a segment that rulebook %s does not know: %s", scoring.Grouped(with), t.rules.ID, list))
	}
	customers := scoring.Grouped(without+with) + " customers"
	if without+with == 1 {
		customers = "1 customer"
	}
	return fmt.Sprintf("the track of %s is uncertain and taken as %s, since the size of %s is unknown (%s)",
		partnerList(partners), t.rules.Tracks[0].ID, customers, strings.Join(parts, ", ")), nil
}

// partnerList names partners, the first of many.
func partnerList(partners []*Partner) string {
	var ids []string
	for _, p := range partners[:min(len(partners), shownPartners)] {
		ids = append(ids, p.ID)
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
