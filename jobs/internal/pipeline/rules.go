package pipeline

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// loadRules puts the labels and lists of the rulebook into the warehouse, where they are folded as the exports' labels are.
func (r *run) loadRules(ctx context.Context) error {
	rules := r.in.rules
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
		if err := r.db.Exec(ctx, "rules/"+t.table); err != nil {
			return err
		}
		if err := r.db.Append(ctx, t.table, t.fill); err != nil {
			return err
		}
		if t.folded == "" {
			continue
		}
		if err := r.db.Exec(ctx, "rules/"+t.folded); err != nil {
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

// loadPartners puts the partners files into the warehouse, and what they say of locations into r.partners.
func (r *run) loadPartners(ctx context.Context) error {
	if len(r.in.partners) == 0 {
		return r.db.Exec(ctx, "partners/no_location")
	}
	if err := r.db.View(ctx, "partner_raw", partnerParts(r.in.partners)); err != nil {
		return r.explainEngine(ctx, err, partnerParts, r.in.partners)
	}
	if err := r.db.Exec(ctx, "partners/partner_row"); err != nil {
		return err
	}
	if err := r.refuseAddresses(ctx); err != nil {
		return err
	}
	if err := r.refuseConflicts(ctx); err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "partners/partner_location"); err != nil {
		return r.explainEngine(ctx, err, partnerParts, r.in.partners)
	}
	r.partners = map[string]string{}
	return r.db.Query(ctx, "partners/locations", func(rows *sql.Rows) error {
		var location, partner string
		if err := rows.Scan(&location, &partner); err != nil {
			return err
		}
		r.partners[location] = partner
		return nil
	})
}

// refuseAddresses fails when an e-mail address stands where an id is meant: it would be published as one.
func (r *run) refuseAddresses(ctx context.Context) error {
	return r.refusePartners(ctx, "partners/address", func(rows *sql.Rows) ([]exports.Problem, error) {
		var canonical string
		var found int64
		if err := rows.Scan(&canonical, &found); err != nil || found == 0 {
			return nil, err
		}
		file := r.in.partners[0]
		return []exports.Problem{{
			File: file.Rel, Column: file.Mapping[canonical].Name,
			Message: fmt.Sprintf("has an e-mail address for an id, rows: %d", found),
			Hint:    "give the partner's id; are columns shifted or mapped wrongly?",
		}}, nil
	})
}

// refusePartners fails with the problems that read makes of the rows of a statement about the partners file.
func (r *run) refusePartners(ctx context.Context, statement string, read func(*sql.Rows) ([]exports.Problem, error)) error {
	var problems []exports.Problem
	err := r.db.Query(ctx, statement, func(rows *sql.Rows) error {
		found, err := read(rows)
		problems = append(problems, found...)
		return err
	})
	if err != nil {
		return r.explainEngine(ctx, err, partnerParts, r.in.partners)
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	return nil
}

// discreetID is an id as a message may show it: a number whole, of other text the shape.
func discreetID(id string) string {
	shown, whole := schema.Redact("partner_location_id", id)
	if whole {
		return shown
	}
	return "(like " + shown + ")"
}

// refuseConflicts fails when a location belongs to two accounts.
func (r *run) refuseConflicts(ctx context.Context) error {
	return r.refusePartners(ctx, "partners/conflict", func(rows *sql.Rows) ([]exports.Problem, error) {
		var location, first, last string
		if err := rows.Scan(&location, &first, &last); err != nil {
			return nil, err
		}
		return []exports.Problem{{
			File: r.in.partners[0].Rel, Column: r.in.partners[0].Mapping["partner_location_id"].Name, Value: location,
			Message: fmt.Sprintf("location %s belongs to two global accounts, %s and %s", discreetID(location), discreetID(first), discreetID(last)),
			Hint:    "keep one row for each location",
		}}, nil
	})
}
