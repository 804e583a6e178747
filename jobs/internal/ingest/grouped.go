package ingest

import (
	"context"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/warehouse"
)

// ViewGrouped makes rows that another engine has grouped visible as usage_raw. files stand for the usage files of one month: they have the names
// and the mapping of these, and at their paths the grouped rows, with the columns sum_usd, alone and rows (see sql/grouped/usage_raw.sql).
func (l *Loader) ViewGrouped(ctx context.Context, files []exports.File) error {
	if err := l.decideDates(ctx, files, "month"); err != nil {
		return err
	}
	parts := l.columns.usage(files)
	for i := range parts {
		parts[i].Grouped = true
		for j, c := range parts[i].Columns {
			if c.Name == "resource_id" {
				parts[i].Columns[j] = warehouse.Column{Name: c.Name, Physical: c.Name}
			}
		}
		for _, name := range []string{"sum_usd", "alone"} {
			parts[i].Columns = append(parts[i].Columns, warehouse.Column{Name: name, Physical: name, AsIs: true})
		}
	}
	if err := l.DB.View(ctx, "usage_grouped", parts); err != nil {
		return err
	}
	return l.DB.Exec(ctx, "grouped/usage_raw")
}
