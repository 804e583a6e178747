package ingest

import (
	"context"
	"database/sql"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
)

// Identity is a person as certifications files name somebody: personal data, which must reach no log, error or published file.
type Identity struct {
	Key              string // of which the published id is made
	Name, Email, MCP string // empty: not given
	// OtherNames and OtherEmails count what the files give besides.
	OtherNames, OtherEmails int64
}

// Identities reads who stands in certifications files. Its only errors about inputs name the files that cannot be read.
func Identities(ctx context.Context, l *Loader, files []exports.File) (all []Identity, err error) {
	if err := exports.Fetch(ctx, files); err != nil {
		return nil, err
	}
	defer exports.Forget(files)
	if err := l.DB.View(ctx, "holding_raw", l.columns.people(files)); err != nil {
		return nil, l.blame.explain(ctx, err, l.columns.people, files)
	}
	if err := l.DB.Exec(ctx, "holdings/holding_keyed"); err != nil {
		return nil, err
	}
	err = l.DB.Query(ctx, "holdings/identity", func(rows *sql.Rows) error {
		var i Identity
		err := rows.Scan(&i.Key, &i.Name, &i.Email, &i.MCP, &i.OtherNames, &i.OtherEmails)
		all = append(all, i)
		return err
	})
	if err != nil {
		return nil, l.blame.explain(ctx, err, l.columns.people, files)
	}
	return all, Unchanged(ctx, files)
}

// people describes what certifications files say about who somebody is.
func (d columns) people(files []exports.File) []warehouse.Part {
	return parts(files, func(c exports.File) []warehouse.Column {
		all := []warehouse.Column{idColumn(c, "person_mcp_id", "person_mcp_id"), textColumn(c, "person_corp_email", "person_corp_email"),
			textColumn(c, "person_email", "person_email")}
		names := schema.PersonNames(c.Columns)
		for _, name := range []string{schema.PersonName, schema.PersonFirstName, schema.PersonLastName} {
			as := warehouse.Column{Name: name} // NULL where the file has none
			if column, ok := names[name]; ok {
				as = reading(c, column, as)
			}
			all = append(all, as)
		}
		return all
	})
}
