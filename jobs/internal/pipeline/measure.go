package pipeline

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// partner is one scored partner: what was measured about it and what it comes to.
type partner struct {
	id       string
	name     sql.NullString
	size     partnerSize
	track    scoring.Track
	measures scoring.Measures
	scores   []scoring.Score
	// provisional tells that what is known of this partner leaves its score open; what is missing for all partners is not meant.
	provisional bool
}

// measure runs the statements from the facts of the window and the certifications to the measures of every partner, by id in byte order.
func (r *run) measure(ctx context.Context) ([]*partner, error) {
	if err := r.loadHoldings(ctx); err != nil {
		return nil, err
	}
	if err := r.consume(ctx); err != nil {
		return nil, err
	}
	if err := r.warnOfTwoSides(ctx); err != nil {
		return nil, err
	}
	if err := r.doubtOddIDs(ctx); err != nil {
		return nil, err
	}
	partners, err := r.partnerTracks(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.db.Exec(ctx, "measures/customer"); err != nil {
		return nil, err
	}
	if err := r.db.Exec(ctx, "measures/service", r.in.rules.UnknownService); err != nil {
		return nil, err
	}
	byID := make(map[string]*partner, len(partners))
	for _, p := range partners {
		byID[p.id] = p
	}
	if err := r.readMeasures(ctx, byID); err != nil {
		return nil, err
	}
	return partners, r.readSkills(ctx, byID)
}

// loadHoldings reads the certifications snapshot and judges every holding.
func (r *run) loadHoldings(ctx context.Context) error {
	if len(r.in.certifications) == 0 {
		if err := r.db.Exec(ctx, "holdings/none"); err != nil {
			return err
		}
	} else if err := r.readHoldings(ctx); err != nil {
		return err
	}
	return r.judgeHoldings(ctx)
}

// judgeHoldings judges every holding of the rows that were read, under the pseudonym of who holds it.
func (r *run) judgeHoldings(ctx context.Context) error {
	if err := r.db.Exec(ctx, "holdings/person"); err != nil {
		return err
	}
	var keys []string
	err := r.db.Query(ctx, "holdings/people", func(rows *sql.Rows) error {
		var key string
		if err := rows.Scan(&key); err != nil {
			return err
		}
		keys = append(keys, key)
		return nil
	})
	if err != nil {
		return err
	}
	err = r.db.Append(ctx, "person", func(add func(values ...driver.Value) error) error {
		return each(keys, func(key string) error { return add(key, pseudonym(r.opt.PersonKey, key)) })
	})
	if err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "holdings/holding", r.opt.skillsAsOf(r.in.month)); err != nil {
		return err
	}
	return r.compareReadings(ctx)
}

// readHoldings reads the rows of the certifications files; a date that cannot be read is refused, since it decides about points.
func (r *run) readHoldings(ctx context.Context) error {
	if err := r.viewHoldings(ctx); err != nil {
		return err
	}
	for _, find := range []func(context.Context, *run) ([]exports.Problem, error){unreadableDates, invertedDates} {
		if err := r.refuseDates(ctx, find); err != nil {
			return err
		}
	}
	return r.warnOfHoldings(ctx)
}

// viewHoldings reads the rows that are certifications. Its only error about inputs names the files that cannot be read.
func (r *run) viewHoldings(ctx context.Context) error {
	files := r.in.certifications
	if err := r.decideDates(ctx, files, "completed", "expires"); err != nil {
		return err
	}
	if err := r.db.View(ctx, "holding_raw", r.certificationParts(files)); err != nil {
		return r.explainEngine(ctx, err, r.certificationParts, files)
	}
	if err := r.db.Exec(ctx, "holdings/holding_row", r.partners != nil); err != nil {
		return r.explainEngine(ctx, err, r.certificationParts, files)
	}
	for _, c := range files {
		if err := exports.Unchanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// leftHoldings counts the certification rows that cannot count: they lower a score without being wrong.
type leftHoldings struct {
	unknown       int64  // of no known partner
	firstLocation string // of these, where it is a number
	nobody        int64  // of no person
}

func (r *run) leftHoldings(ctx context.Context) (left leftHoldings, err error) {
	err = r.db.Query(ctx, "holdings/unknown", func(rows *sql.Rows) error {
		var first sql.NullString
		err := rows.Scan(&left.unknown, &first)
		left.firstLocation = first.String
		return err
	})
	if err != nil {
		return left, err
	}
	return left, r.db.Query(ctx, "holdings/nobody", func(rows *sql.Rows) error { return rows.Scan(&left.nobody) })
}

// warnOfHoldings tells of certification rows that cannot count.
func (r *run) warnOfHoldings(ctx context.Context) error {
	folder := filepath.ToSlash(filepath.Dir(r.in.certifications[0].Rel))
	left, err := r.leftHoldings(ctx)
	if left.unknown > 0 {
		r.log.Warn("certification rows of no known partner are left out; add their locations to the partners file", "folder", folder,
			"rows", left.unknown, "first_location", left.firstLocation)
	}
	if left.nobody > 0 {
		r.log.Warn("certification rows without certification id and e-mail count for nobody", "folder", folder, "rows", left.nobody)
	}
	if err != nil {
		return err
	}
	if err := r.warnOfNobody(ctx, folder); err != nil {
		return err
	}
	if err := r.warnOfSharedIDs(ctx, folder); err != nil {
		return err
	}
	return r.warnOfNearTitles(ctx, folder)
}

// warnOfNobody warns about files in which no row is a certification, or none is active: their types or statuses are written in another way.
func (r *run) warnOfNobody(ctx context.Context, folder string) error {
	var all, certifications, active int64
	err := r.db.Query(ctx, "holdings/count_left_out", func(rows *sql.Rows) error { return rows.Scan(&all, &certifications, &active) })
	switch {
	case err != nil:
		return err
	case all > 0 && certifications == 0:
		r.log.Warn("no row of the certifications is of a type that counts, so nobody counts; inspect lists the types", "folder", folder, "rows", all)
	case certifications > 0 && active == 0:
		r.log.Warn("no certification has a status that counts as active, so nobody counts", "folder", folder, "rows", certifications)
	}
	return nil
}

// looksLikeDate reports whether a text consists of what dates are written with: then it is safe to show.
func looksLikeDate(text string) bool {
	return strings.Trim(text, "0123456789-/.: TZ") == ""
}

// consume sums the facts of the window by tenant and service, and by tenant.
func (r *run) consume(ctx context.Context) error {
	m := r.in.month
	ttm := func(u scoring.Month) bool { return u > m.Add(-12) }
	pairs := func(u scoring.Month) bool { return u >= m.Add(-1) || u <= m.Add(-12) }
	all := func(scoring.Month) bool { return true }
	customers, err := r.factsFiles(ctx, snapshot.FactsCustomers, all)
	if err != nil {
		return err
	}
	services, err := r.factsFiles(ctx, snapshot.FactsServices, ttm)
	if err != nil {
		return err
	}
	consumption, err := r.factsFiles(ctx, snapshot.FactsConsumption, ttm)
	if err != nil {
		return err
	}
	compared, err := r.factsFiles(ctx, snapshot.FactsConsumption, pairs)
	if err != nil {
		return err
	}
	salt, err := r.nameKeys(ctx, customers, services)
	if err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "measures/consumption", consumption, salt); err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "measures/customer_month", compared, salt,
		m.First(), m.Add(-1).First(), m.Add(-12).First(), m.Add(-13).First()); err != nil {
		return err
	}
	if err := r.db.Exec(ctx, "measures/customer_acr"); err != nil {
		return err
	}
	return r.refuseOverflow(ctx)
}

// saltsTried bounds the search for a salt without clashes: one clash is a matter of chance in a billion months, two in a row are a fault.
const saltsTried = 8

// nameKeys lists customers and services under hashes that no two of them share, and returns the salt of these hashes.
func (r *run) nameKeys(ctx context.Context, customers, services []string) (int32, error) {
	for salt := range int32(saltsTried) {
		if err := r.db.Exec(ctx, "measures/customer_name", customers, salt); err != nil {
			return 0, err
		}
		if err := r.db.Exec(ctx, "measures/service_name", services, salt); err != nil {
			return 0, err
		}
		clashes, err := r.db.Violations(ctx, "measures/hash_clash")
		if err != nil || len(clashes) == 0 {
			return salt, err
		}
	}
	return 0, fmt.Errorf("no hash without clashes for the customers of %s", r.in.month)
}

// warnOfTwoSides tells of usage and certifications that belong to different partners throughout: the exports then name one partner in two ways.
func (r *run) warnOfTwoSides(ctx context.Context) error {
	var usage, people, both int64
	err := r.db.Query(ctx, "measures/partner_sides", func(rows *sql.Rows) error { return rows.Scan(&usage, &people, &both) })
	if err != nil || both > 0 || usage == 0 || people == 0 {
		return err
	}
	r.log.Warn("no partner has both usage and certifications: the exports name partners in two ways; if all of it is of one partner, name it in the "+
		"config (partner: ID), else give a partners file that has both ids", "month", r.in.month.String(), "partners_with_usage", usage,
		"partners_with_certifications", people)
	return nil
}

// factsFiles lists one of the files of facts for the usage months asked for, as an argument of statements.
func (r *run) factsFiles(ctx context.Context, name string, wanted func(scoring.Month) bool) ([]string, error) {
	months := slices.DeleteFunc(slices.Clone(r.in.months), func(m scoring.Month) bool { return !wanted(m) })
	paths, err := r.store.Cache().FactsFiles(ctx, name, months...)
	return warehouse.Paths(paths), err
}

// refuseOverflow refuses sums over months that the published type cannot hold.
func (r *run) refuseOverflow(ctx context.Context) error {
	found, err := r.db.Violations(ctx, "measures/overflow")
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return r.tooMuch(found[0])
	}
	return nil
}

// trillion is a trillion US dollars in millionths: the first amount that DECIMAL(18,6) cannot hold.
const trillion = 1_000_000_000_000 * 1_000_000

// tooMuch says that a sum over the months of the window has no place in the published types.
func (r *run) tooMuch(what string) error {
	return &exports.ContractError{Problems: []exports.Problem{{
		File: string(schema.Usage), Month: r.in.month, Column: "acr_usd",
		Message: "amounts add up to a trillion US dollars or more: " + what,
		Hint:    "check the unit of the amounts in these exports",
	}}}
}

func (r *run) readMeasures(ctx context.Context, partners map[string]*partner) error {
	absent := r.absent()
	return r.db.Query(ctx, "measures/partner_measure", func(rows *sql.Rows) error {
		var id string
		m := scoring.Measures{Skills: map[scoring.StepKey]int64{}, Absent: absent}
		var acr, baseline, ttm duckdb.Decimal
		if err := rows.Scan(&id, &m.EligibleCustomers, &m.EligibleCustomersBaseline, &acr, &baseline, &ttm, &m.CountedServices); err != nil {
			return err
		}
		m.ACR, m.ACRBaseline, m.ACRTTM = scoring.USD(micros(acr)), scoring.USD(micros(baseline)), scoring.USD(micros(ttm))
		partners[id].measures = m
		return nil
	})
}

func (r *run) readSkills(ctx context.Context, partners map[string]*partner) error {
	return r.db.Query(ctx, "holdings/skills", func(rows *sql.Rows) error {
		var id string
		var key scoring.StepKey
		var people int64
		if err := rows.Scan(&id, &key.Area, &key.Metric, &key.Step, &people); err != nil {
			return err
		}
		partners[id].measures.Skills[key] = people
		return nil
	})
}

// absent says which metrics the missing inputs take away.
func (r *run) absent() scoring.Absent {
	var a scoring.Absent
	for _, m := range r.in.absent {
		switch r.in.month - m {
		case 0, 1:
			a.CurrentPair = true
		case 12:
			a.BaselinePair, a.GrowthBaseline = true, true
		case 13:
			a.BaselinePair = true
		}
	}
	a.Certifications = len(r.in.certifications) == 0
	return a
}

// amount is a DECIMAL(18,6) for the warehouse, from millionths.
func amount(micros int64) duckdb.Decimal {
	return duckdb.Decimal{Width: 18, Scale: 6, Value: big.NewInt(micros)}
}

// micros returns millionths of a DECIMAL(18,6) of the warehouse.
func micros(d duckdb.Decimal) int64 {
	return d.Value.Int64()
}
