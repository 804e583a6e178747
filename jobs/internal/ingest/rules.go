package ingest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// loadRules puts the labels and lists of the rulebook into the engine, where they are folded like the labels of the exports.
func loadRules(ctx context.Context, db *warehouse.DB, rules *scoring.Rulebook) error {
	type add = func(values ...driver.Value) error
	tables := []struct {
		table, folded string
		fill          func(add) error
	}{
		{"association_label", "association", func(add add) error {
			for i, a := range rules.Associations {
				if err := each(a.Labels, func(label string) error { return add(label, int32(i+1)) }); err != nil {
					return err
				}
			}
			return nil
		}},
		{"offer_label", "offer", func(add add) error {
			for _, o := range rules.Offers {
				if err := each(append(o.Labels[:len(o.Labels):len(o.Labels)], o.OfferIDs...), func(label string) error { return add(label, o.ID) }); err != nil {
					return err
				}
			}
			return nil
		}},
		{"excluded_service_label", "excluded_service", func(add add) error {
			return each(rules.ExcludedServices, func(label string) error { return add(label) })
		}},
		{"certification_label", "certification", func(add add) error { return addCertifications(rules, add) }},
		{"usage_known_label", "", func(add add) error { return addKnownLabels(rules, add) }},
		{"holding_label", "", func(add add) error {
			if err := each(rules.Holdings.Types, func(label string) error { return add("type", label) }); err != nil {
				return err
			}
			return each(rules.Holdings.Active, func(label string) error { return add("active", label) })
		}},
	}
	for _, t := range tables {
		if err := db.Exec(ctx, "rules/"+t.table); err != nil {
			return err
		}
		if err := db.Append(ctx, t.table, t.fill); err != nil {
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

func each(labels []string, do func(string) error) error {
	for _, label := range labels {
		if err := do(label); err != nil {
			return err
		}
	}
	return nil
}

// addCertifications lists every text that names a certification that a step asks for.
func addCertifications(rules *scoring.Rulebook, add func(values ...driver.Value) error) error {
	for _, area := range rules.Areas {
		for _, metric := range []scoring.Metric{scoring.IntermediateCertifications, scoring.AdvancedCertifications} {
			skilling := rules.Skilling(area.Area, metric)
			if skilling == nil {
				continue
			}
			for i, step := range skilling.Steps() {
				for _, c := range step {
					err := each(rules.Holdings.Labels(c), func(label string) error {
						return add(string(area.Area), string(metric), int32(i+1), c.Title, label, day(c.Until))
					})
					if err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
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

// addKnownLabels lists the labels of associations and offers that the rulebook names, whether or not they count.
func addKnownLabels(rules *scoring.Rulebook, add func(values ...driver.Value) error) error {
	of := func(kind string, labels []string) error {
		return each(labels, func(label string) error { return add(kind, label) })
	}
	for _, a := range rules.Associations {
		if err := of(AssociationLabels, a.Labels); err != nil {
			return err
		}
	}
	for _, o := range rules.Offers {
		if err := of(OfferLabels, o.Labels); err != nil {
			return err
		}
	}
	if err := of(AssociationLabels, rules.IneligibleAssociations); err != nil {
		return err
	}
	return of(OfferLabels, append([]string{NoOffer}, rules.EligibleOffers...))
}

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
