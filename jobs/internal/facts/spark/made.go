package spark

import (
	"fmt"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

func (e *Engine) builtBy() (*snapshot.BuiltBy, error) {
	how, err := Fingerprint()
	version, _, _ := strings.Cut(e.server.Version(), " ")
	return &snapshot.BuiltBy{Engine: snapshot.Spark, Version: version, Statements: how}, err
}

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
		assembled = append(assembled, p.openSQL(0, ""), keysSQL([]part{p}), p.rowsSQL(0), slice{0, 2}.sql(), fmt.Sprint(p.grouped("").Mapping))
	}
	return exports.Digest(text, assembled, settings())
}
