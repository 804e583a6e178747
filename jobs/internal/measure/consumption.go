package measure

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// consume sums the facts of the window by tenant and service, and by tenant.
func (m *month) consume(ctx context.Context) error {
	last := m.Inputs.Month
	ttm := func(u scoring.Month) bool { return u > last.Add(-12) }
	pairs := func(u scoring.Month) bool { return u >= last.Add(-1) || u <= last.Add(-12) }
	all := func(scoring.Month) bool { return true }
	customers, err := m.factsFiles(ctx, snapshot.FactsCustomers, all)
	if err != nil {
		return err
	}
	services, err := m.factsFiles(ctx, snapshot.FactsServices, ttm)
	if err != nil {
		return err
	}
	consumption, err := m.factsFiles(ctx, snapshot.FactsConsumption, ttm)
	if err != nil {
		return err
	}
	compared, err := m.factsFiles(ctx, snapshot.FactsConsumption, pairs)
	if err != nil {
		return err
	}
	salt, err := m.nameKeys(ctx, customers, services)
	if err != nil {
		return err
	}
	if err := m.db.Exec(ctx, "measures/consumption", consumption, salt); err != nil {
		return err
	}
	if err := m.db.Exec(ctx, "measures/customer_month", compared, salt,
		last.First(), last.Add(-1).First(), last.Add(-12).First(), last.Add(-13).First()); err != nil {
		return err
	}
	if err := m.db.Exec(ctx, "measures/customer_acr"); err != nil {
		return err
	}
	return m.refuseOverflow(ctx)
}

// saltsTried bounds the search for a salt without clashes: one clash is a matter of chance in a billion months, two in a row are a fault.
const saltsTried = 8

// nameKeys lists customers and services under hashes that no two of them share, and returns the salt of these hashes.
func (m *month) nameKeys(ctx context.Context, customers, services []string) (int32, error) {
	for salt := range int32(saltsTried) {
		if err := m.db.Exec(ctx, "measures/customer_name", customers, salt); err != nil {
			return 0, err
		}
		if err := m.db.Exec(ctx, "measures/service_name", services, salt); err != nil {
			return 0, err
		}
		clashes, err := m.db.Violations(ctx, "measures/hash_clash")
		if err != nil || len(clashes) == 0 {
			return salt, err
		}
	}
	return 0, fmt.Errorf("no hash without clashes for the customers of %s", m.Inputs.Month)
}

// warnOfTwoSides warns where no partner has both usage and certifications: the exports then name one partner in two ways.
func (m *month) warnOfTwoSides(ctx context.Context) error {
	var usage, people, both int64
	err := m.db.Query(ctx, "measures/partner_sides", func(rows *sql.Rows) error { return rows.Scan(&usage, &people, &both) })
	if err != nil || both > 0 || usage == 0 || people == 0 {
		return err
	}
	m.Log.Warn("no partner has both usage and certifications: the exports name partners in two ways; if all of it is of one partner, name it in the "+
		"config (partner: ID), else give a partners file that has both ids", "month", m.Inputs.Month.String(), "partners_with_usage", usage,
		"partners_with_certifications", people)
	return nil
}

// factsFiles lists one of the files of facts for the usage months asked for, as an argument of statements.
func (m *month) factsFiles(ctx context.Context, name string, wanted func(scoring.Month) bool) ([]string, error) {
	months := slices.DeleteFunc(slices.Clone(m.Inputs.Months), func(u scoring.Month) bool { return !wanted(u) })
	paths, err := m.Store.Cache().FactsFiles(ctx, name, months...)
	return warehouse.Paths(paths), err
}

// refuseOverflow refuses sums over months that the published type cannot hold.
func (m *month) refuseOverflow(ctx context.Context) error {
	found, err := m.db.Violations(ctx, "measures/overflow")
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return TooMuch(m.Inputs.Month, found[0])
	}
	return nil
}

// Trillion is a trillion US dollars in millionths: the first amount that DECIMAL(18,6) cannot hold.
const Trillion = 1_000_000_000_000 * 1_000_000

// TooMuch says that a sum over the usage months of a score does not fit the published types.
func TooMuch(month scoring.Month, what string) error {
	return &exports.ContractError{Problems: []exports.Problem{{
		File: string(schema.Usage), Month: month, Column: "acr_usd",
		Message: "amounts add up to a trillion US dollars or more: " + what,
		Hint:    "check the unit of the amounts in these exports",
	}}}
}

// measures returns the measures of each partner by its id.
func (m *month) measures(ctx context.Context) (map[string]scoring.Measures, error) {
	skills, err := m.skills(ctx)
	if err != nil {
		return nil, err
	}
	absent := m.absent()
	measures := map[string]scoring.Measures{}
	return measures, m.db.Query(ctx, "measures/partner_measure", func(rows *sql.Rows) error {
		var id string
		of := scoring.Measures{Absent: absent}
		var acr, baseline, ttm warehouse.Decimal
		if err := rows.Scan(&id, &of.EligibleCustomers, &of.EligibleCustomersBaseline, &acr, &baseline, &ttm, &of.CountedServices); err != nil {
			return err
		}
		of.ACR, of.ACRBaseline, of.ACRTTM, of.Skills = usd(acr), usd(baseline), usd(ttm), skills[id]
		measures[id] = of
		return nil
	})
}

// skills returns how many people of each partner count for each step of certifications.
func (m *month) skills(ctx context.Context) (map[string]map[scoring.StepKey]int64, error) {
	skills := map[string]map[scoring.StepKey]int64{}
	return skills, m.db.Query(ctx, "holdings/skills", func(rows *sql.Rows) error {
		var id string
		var key scoring.StepKey
		var people int64
		if err := rows.Scan(&id, &key.Area, &key.Metric, &key.Step, &people); err != nil {
			return err
		}
		if skills[id] == nil {
			skills[id] = map[scoring.StepKey]int64{}
		}
		skills[id][key] = people
		return nil
	})
}

// absent says which metrics the missing inputs take away.
func (m *month) absent() scoring.Absent {
	var a scoring.Absent
	for _, u := range m.Inputs.Absent {
		switch m.Inputs.Month - u {
		case 0, 1:
			a.CurrentPair = true
		case 12:
			a.BaselinePair, a.GrowthBaseline = true, true
		case 13:
			a.BaselinePair = true
		}
	}
	a.Certifications = len(m.Inputs.Certifications) == 0
	return a
}

func usd(d warehouse.Decimal) scoring.USD { return scoring.USD(warehouse.Micros(d)) }

// oddIDs gives a reason to be provisional for each id of a customer or a partner that is what a tool writes for a missing value: it counts, since any
// text is an id, but the rows of many customers may have it.
func (m *month) oddIDs(ctx context.Context) (doubts []string, err error) {
	err = m.db.Query(ctx, "measures/odd_id", func(rows *sql.Rows) error {
		var what, text string
		var acr warehouse.Decimal
		if err := rows.Scan(&what, &text, &acr); err != nil {
			return err
		}
		reason := fmt.Sprintf("the %s id %q looks like a missing one and counts as an id: %s USD of ACR in twelve months are under it; leave the cell blank in the export",
			what, text, usd(acr))
		m.Log.Warn("an id looks like a missing one", "month", m.Inputs.Month.String(), "what", reason)
		doubts = append(doubts, reason)
		return nil
	})
	return doubts, err
}
