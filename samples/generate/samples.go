package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/compress"
)

// generate writes the exports of the samples' stories, or of as many invented ones as were asked for.
func generate(ctx context.Context, o options) error {
	told, most := stories(), int64(0)
	if o.large() {
		told, most = invented(o)
	}
	if err := writePartners(o.out, profiles(told)); err != nil {
		return err
	}
	u := newUsage(o.seed, told)
	u.most = most
	for m := o.last - month(o.months) + 1; m <= o.last; m++ {
		if err := u.writeMonth(ctx, o.out, m); err != nil {
			return err
		}
		if !hasSnapshot(m) && !o.large() {
			continue
		}
		if err := writeCertifications(o.out, m, trainings(o.seed, told, m)); err != nil {
			return err
		}
	}
	return nil
}

// writeMonth writes the rows of a month: those of the samples in a stretch for each of its files, many rows as a stream.
func (u *usage) writeMonth(ctx context.Context, out string, m month) error {
	folder := filepath.Join(out, "azure_usage", "month="+m.String())
	if err := removeParts(folder); err != nil {
		return err
	}
	if u.most > 0 {
		columns := currentColumns(monthOf(202312), dateMonth("Month", m), decimalAmount("ACR_USD")) // the same in every month
		return writeLarge(ctx, folder, columns, u.rows(m))
	}
	rows, l := slices.Collect(u.rows(m)), layoutOf(m)
	if l.offerIDs {
		nameOffersByID(rows)
	}
	for f := range l.files {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write usage of %s: %w", m, err)
		}
		columns := l.columns(f)
		builder := newBuilder(columns)
		for _, r := range rows[len(rows)*f/l.files : len(rows)*(f+1)/l.files] {
			put(builder, columns, r)
		}
		if err := writeRecord(partPath(folder, f), builder); err != nil {
			return err
		}
		builder.Release()
	}
	return nil
}

func partPath(folder string, number int) string {
	return filepath.Join(folder, fmt.Sprintf("part-%05d.parquet", number))
}

func newBuilder(columns []column) *array.RecordBuilder {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	return array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
}

func put(builder *array.RecordBuilder, columns []column, r usageRow) {
	for i, c := range columns {
		c.put(builder.Field(i), r)
	}
}

// Sizes of files of many rows.
const (
	groupRows  = 122_880 // rows of a row group, as DuckDB writes them
	fileGroups = 40
)

// writeLarge writes rows as they come: one row group at a time, and no file of more than fileGroups.
func writeLarge(ctx context.Context, folder string, columns []column, rows iter.Seq[usageRow]) error {
	builder := newBuilder(columns)
	defer builder.Release()
	var file *parquetFile
	written, groups := 0, 0
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write %s: %w", folder, err)
		}
		record := builder.NewRecordBatch()
		defer record.Release()
		if groups%fileGroups == 0 {
			if err := file.close(); err != nil {
				return err
			}
			var err error
			if file, err = createParquet(partPath(folder, groups/fileGroups), record.Schema(), compress.Codecs.Snappy); err != nil {
				return err
			}
		}
		groups++
		return file.write(record)
	}
	for r := range rows {
		put(builder, columns, r)
		if written++; written%groupRows == 0 {
			if err := flush(); err != nil {
				return errors.Join(err, file.close())
			}
		}
	}
	if written%groupRows > 0 {
		if err := flush(); err != nil {
			return errors.Join(err, file.close())
		}
	}
	return file.close()
}

// nameOffersByID leaves the offer's type blank in every other row and names the offer by its id.
func nameOffersByID(rows []usageRow) {
	for i := range rows {
		if id := offerIDOf(rows[i].offer); i%2 == 0 && id != "" {
			rows[i].offer, rows[i].offerID = "", id
		}
	}
}
