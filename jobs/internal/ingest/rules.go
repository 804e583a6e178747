package ingest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// loadRules puts the labels and lists of the rulebook into the engine, where they are folded like the labels of the exports.
func loadRules(ctx context.Context, db *warehouse.DB, rules *scoring.Rulebook) error {
	var associations, offers, excluded, known []Row // known are the labels that the rulebook names, whether or not they count
	for i, a := range rules.Associations {
		for _, label := range a.Labels {
			associations = append(associations, Row{label, int32(i + 1)})
		}
		known = append(known, ofKind(AssociationLabels, a.Labels)...)
	}
	for _, o := range rules.Offers {
		for _, label := range slices.Concat(o.Labels, o.OfferIDs) {
			offers = append(offers, Row{label, o.ID})
		}
		known = append(known, ofKind(OfferLabels, o.Labels)...)
	}
	for _, label := range rules.ExcludedServices {
		excluded = append(excluded, Row{label})
	}
	known = slices.Concat(known, ofKind(AssociationLabels, rules.IneligibleAssociations), ofKind(OfferLabels, append([]string{NoOffer}, rules.EligibleOffers...)))
	for _, t := range []struct {
		table, folded string
		rows          []Row
	}{
		{"association_label", "association", associations},
		{"offer_label", "offer", offers},
		{"excluded_service_label", "excluded_service", excluded},
		{"certification_label", "certification", certifications(rules)},
		{"usage_known_label", "", known},
		{"holding_label", "", slices.Concat(ofKind("type", rules.Holdings.Types), ofKind("active", rules.Holdings.Active))},
	} {
		if err := db.Exec(ctx, "rules/"+t.table); err != nil {
			return err
		}
		if err := Append(ctx, db, t.table, t.rows); err != nil {
			return err
		}
		if t.folded == "" {
			continue
		}
		if err := db.Exec(ctx, "rules/"+t.folded); err != nil {
			return err
		}
	}
	return nil
}

// Row is one of a table of the engine.
type Row = []driver.Value

// Append appends rows to a table of the engine.
func Append(ctx context.Context, db *warehouse.DB, table string, rows []Row) error {
	return db.Append(ctx, table, func(add func(values ...driver.Value) error) error {
		for _, row := range rows {
			if err := add(row...); err != nil {
				return err
			}
		}
		return nil
	})
}

// ofKind makes a row of each label, behind its kind.
func ofKind(kind string, labels []string) (rows []Row) {
	for _, label := range labels {
		rows = append(rows, Row{kind, label})
	}
	return rows
}

// certifications lists every text that names a certification that a step asks for.
func certifications(rules *scoring.Rulebook) (rows []Row) {
	for _, area := range rules.Areas {
		for _, metric := range []scoring.Metric{scoring.IntermediateCertifications, scoring.AdvancedCertifications} {
			skilling := rules.Skilling(area.Area, metric)
			if skilling == nil {
				continue
			}
			for i, step := range skilling.Steps() {
				for _, c := range step {
					for _, label := range rules.Holdings.Labels(c) {
						rows = append(rows, Row{string(area.Area), string(metric), int32(i + 1), c.Title, label, day(c.Until)})
					}
				}
			}
		}
	}
	return rows
}

// day is a DATE for the warehouse, NULL for nil.
func day(t *time.Time) driver.Value {
	if t == nil {
		return nil
	}
	return *t
}

// The kinds of labels of usage.
const (
	AssociationLabels = "association"
	OfferLabels       = "offer"
	ServiceLabels     = "service"
	SegmentLabels     = "segment"
)

// MaxLabels is how many different values a column of labels may have: one of more holds ids or names, and these are not shown.
const MaxLabels = 1000

// Words are the runs of letters and digits of a text, in lower case.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// ShownLabel returns a label as it may be shown: an e-mail address or a tenant can stand in its place.
func ShownLabel(text string) string {
	if strings.Contains(text, "@") || regexp.MustCompile(`(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}`).MatchString(text) {
		return fmt.Sprintf("(no label, %d characters)", len([]rune(text)))
	}
	return text
}
