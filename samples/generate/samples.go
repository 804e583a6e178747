package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/compress"
)

// generateSamples writes the exports of the stories.
func generateSamples(ctx context.Context, o options) error {
	if err := writePartners(o.out, profiles(stories())); err != nil {
		return err
	}
	u := newUsage(o.seed)
	for m := o.last - month(o.months) + 1; m <= o.last; m++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write samples of %s: %w", m, err)
		}
		if err := u.writeMonth(o.out, m); err != nil {
			return err
		}
		if !hasSnapshot(m) {
			continue
		}
		if err := writeCertifications(o.out, m, trainings(o.seed, stories(), m)); err != nil {
			return err
		}
	}
	return nil
}

// writeMonth writes the rows of a month, one stretch of them into each of its files.
func (u *usage) writeMonth(out string, m month) error {
	folder := filepath.Join(out, "azure_usage", "month="+m.String())
	if err := removeParts(folder); err != nil {
		return err
	}
	rows, l := u.rows(m), layoutOf(m)
	if l.offerIDs {
		nameOffersByID(rows)
	}
	for f := range l.files {
		part := rows[len(rows)*f/l.files : len(rows)*(f+1)/l.files]
		path := filepath.Join(folder, fmt.Sprintf("part-%05d.parquet", f))
		if err := writeRows(path, l.columns(f), part); err != nil {
			return err
		}
	}
	return nil
}

func writeRows(path string, columns []column, rows []usageRow) error {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for _, r := range rows {
		for i, c := range columns {
			c.put(builder.Field(i), r)
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	return writeParquet(path, record, compress.Codecs.Zstd)
}

// nameOffersByID leaves the offer's type blank in every other row and names the offer by its id.
func nameOffersByID(rows []usageRow) {
	for i := range rows {
		if id := offerIDOf(rows[i].offer); i%2 == 0 && id != "" {
			rows[i].offer, rows[i].offerID = "", id
		}
	}
}
