package spark

import (
	"fmt"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// Server is the address and the version of the server that groups rows.
func (e *Engine) Server() (address, version string) { return e.session.Where(), e.session.Version() }

// Fingerprint identifies how Spark groups rows: the statements that it runs and those that read what it returns, with what is put together for
// columns of each type. It changes with the program, not with exports.
func Fingerprint() (string, error) {
	text, err := statements.Fingerprint("spark", "grouped")
	if err != nil {
		return "", err
	}
	var assembled []string
	for _, kind := range []schema.Kind{schema.Text, schema.Int, schema.Decimal, schema.Double, schema.Date, schema.Timestamp} {
		c := exports.File{Mapping: map[string]schema.Column{}}
		c.Month = scoring.NewMonth(2024, time.June)
		for _, name := range schema.Canonical(schema.Usage) {
			c.Mapping[name] = schema.Column{Name: name, Kind: kind}
		}
		p := part{files: []exports.File{c}}
		assembled = append(assembled, p.openSQL(0, ""), keysSQL([]part{p}), p.rowsSQL(0), fmt.Sprint(p.grouped("").Mapping))
	}
	return exports.Digest(text, assembled, settings())
}
