package ingest

import (
	"context"
	"database/sql"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
)

// partnersFile is the partners file, which may be several.
type partnersFile struct {
	db    *warehouse.DB
	blame blame
	files []exports.File
}

// load puts the partners files into the engine, and returns the accounts of locations by them; nil without such files.
func (p partnersFile) load(ctx context.Context) (map[string]string, error) {
	if len(p.files) == 0 {
		return nil, p.db.Exec(ctx, "partners/no_location")
	}
	if err := exports.Fetch(ctx, p.files); err != nil {
		return nil, err
	}
	defer exports.Forget(p.files)
	if err := p.db.View(ctx, "partner_raw", partnerParts(p.files)); err != nil {
		return nil, p.blame.explain(ctx, err, partnerParts, p.files)
	}
	if err := p.db.Exec(ctx, "partners/partner_row"); err != nil {
		return nil, err
	}
	if err := p.refuseAddresses(ctx); err != nil {
		return nil, err
	}
	if err := p.refuseConflicts(ctx); err != nil {
		return nil, err
	}
	if err := p.db.Exec(ctx, "partners/partner_location"); err != nil {
		return nil, p.blame.explain(ctx, err, partnerParts, p.files)
	}
	accounts := map[string]string{}
	return accounts, p.db.Query(ctx, "partners/locations", func(rows *sql.Rows) error {
		var location, account string
		if err := rows.Scan(&location, &account); err != nil {
			return err
		}
		accounts[location] = account
		return nil
	})
}

// refuseAddresses fails when an e-mail address stands where an id is meant: it would be published as one.
func (p partnersFile) refuseAddresses(ctx context.Context) error {
	return p.refusePartners(ctx, "partners/address", func(rows *sql.Rows) ([]exports.Problem, error) {
		var canonical string
		var found int64
		if err := rows.Scan(&canonical, &found); err != nil || found == 0 {
			return nil, err
		}
		file := p.files[0]
		return []exports.Problem{{
			File: file.Rel, Column: file.Mapping[canonical].Name,
			Message: fmt.Sprintf("has an e-mail address for an id, rows: %d", found),
			Hint:    "give the partner's id; are columns shifted or mapped wrongly?",
		}}, nil
	})
}

// refusePartners fails with the problems that read makes of the rows of a statement about the partners file.
func (p partnersFile) refusePartners(ctx context.Context, statement string, read func(*sql.Rows) ([]exports.Problem, error)) error {
	var problems []exports.Problem
	err := p.db.Query(ctx, statement, func(rows *sql.Rows) error {
		found, err := read(rows)
		problems = append(problems, found...)
		return err
	})
	if err != nil {
		return p.blame.explain(ctx, err, partnerParts, p.files)
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	return nil
}

// shownID returns an id as a message may show it: a number in full, of other text only the shape.
func shownID(id string) string {
	shown, whole := schema.Redact("partner_location_id", id)
	if whole {
		return shown
	}
	return "(like " + shown + ")"
}

// refuseConflicts fails when a location belongs to two accounts.
func (p partnersFile) refuseConflicts(ctx context.Context) error {
	return p.refusePartners(ctx, "partners/conflict", func(rows *sql.Rows) ([]exports.Problem, error) {
		var location, first, last string
		if err := rows.Scan(&location, &first, &last); err != nil {
			return nil, err
		}
		return []exports.Problem{{
			File: p.files[0].Rel, Column: p.files[0].Mapping["partner_location_id"].Name, Value: location,
			Message: fmt.Sprintf("location %s belongs to two global accounts, %s and %s", shownID(location), shownID(first), shownID(last)),
			Hint:    "keep one row for each location",
		}}, nil
	})
}
