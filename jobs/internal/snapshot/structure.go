package snapshot

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// structureProblems compares the footer of a file with its table: columns, types, encodings, codec. It reads no page but the first one of the first
// column.
func structureProblems(r *file.Reader, t Table) ([]string, error) {
	md := r.MetaData()
	out := columnProblems(md.Schema, t)
	if len(out) > 0 {
		return out, nil
	}
	if v := md.Version(); v != parquet.V1_0 {
		out = append(out, fmt.Sprintf("Parquet version is %s, not 1.0", v))
	}
	if md.KeyValueMetadata() == nil {
		out = append(out, "there is no key-value metadata")
	}
	var rows int64
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		rows += group.NumRows()
		more, err := groupProblems(group, t)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if rows != md.NumRows {
		out = append(out, fmt.Sprintf("the footer says %d rows, its row groups %d", md.NumRows, rows))
	}
	if r.NumRowGroups() == 0 || len(out) > 0 {
		return out, nil
	}
	more, err := pageProblems(r.RowGroup(0))
	return append(out, more...), err
}

// columnProblems reports every column that is missing, too many, out of place or of another type.
func columnProblems(s *schema.Schema, t Table) []string {
	var out []string
	n := s.Root().NumFields()
	for i, want := range t.Columns {
		if i >= n {
			out = append(out, fmt.Sprintf("column %s is missing", want.Name))
			continue
		}
		field := s.Root().Field(i)
		if field.Name() != want.Name {
			out = append(out, fmt.Sprintf("column %d is %q, not %q", i+1, field.Name(), want.Name))
			continue
		}
		if got := typeOf(field); got != string(want.Type) {
			out = append(out, fmt.Sprintf("column %s is %s, not %s", want.Name, got, want.Type))
		}
	}
	for i := len(t.Columns); i < n; i++ {
		out = append(out, fmt.Sprintf("column %q is one too many", s.Root().Field(i).Name()))
	}
	return out
}

// typeOf names the type of a field as in SQL, or describes it when published tables do not use it. Decimals must be kept in plain integers, as the
// engine does.
func typeOf(n schema.Node) string {
	p, ok := n.(*schema.PrimitiveNode)
	if !ok {
		return "nested"
	}
	if p.RepetitionType() == parquet.Repetitions.Repeated {
		return "repeated"
	}
	phys, logical := p.PhysicalType(), p.LogicalType()
	is := func(t parquet.Type, l schema.LogicalType) bool { return phys == t && logical.Equals(l) }
	plain := func(t parquet.Type) bool { return phys == t && (logical == nil || logical.IsNone()) }
	switch {
	case is(parquet.Types.Int32, schema.DateLogicalType{}):
		return string(Date)
	case is(parquet.Types.ByteArray, schema.StringLogicalType{}):
		return string(Varchar)
	case plain(parquet.Types.Boolean):
		return string(Boolean)
	case plain(parquet.Types.Int32), is(parquet.Types.Int32, schema.NewIntLogicalType(32, true)):
		return string(Integer)
	case plain(parquet.Types.Int64), is(parquet.Types.Int64, schema.NewIntLogicalType(64, true)):
		return string(BigInt)
	case is(parquet.Types.Int32, schema.NewDecimalLogicalType(6, 2)):
		return string(Points)
	case is(parquet.Types.Int64, schema.NewDecimalLogicalType(18, 6)):
		return string(Amounts)
	}
	return fmt.Sprintf("%s %s", phys, logical)
}

// v1Encodings are the encodings that every reader knows since Parquet 1.0.
func v1Encodings() []parquet.Encoding {
	return []parquet.Encoding{parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLE, parquet.Encodings.BitPacked}
}

// groupProblems looks at codec, encodings and value counts of one row group.
func groupProblems(g *file.RowGroupReader, t Table) ([]string, error) {
	if n := g.NumColumns(); n != len(t.Columns) {
		return []string{fmt.Sprintf("a row group has %d columns, not %d", n, len(t.Columns))}, nil
	}
	var out []string
	for i, want := range t.Columns {
		chunk, err := g.MetaData().ColumnChunk(i)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", want.Name, err)
		}
		out = append(out, chunkProblems(chunk, want.Name, g.NumRows())...)
	}
	return out, nil
}

func chunkProblems(c *metadata.ColumnChunkMetaData, name string, rows int64) []string {
	var out []string
	if c.Compression() != compress.Codecs.Zstd {
		out = append(out, fmt.Sprintf("column %s is compressed with %s, not ZSTD", name, c.Compression()))
	}
	for _, e := range c.Encodings() {
		if !slices.Contains(v1Encodings(), e) {
			out = append(out, fmt.Sprintf("column %s uses the encoding %s, which is not Parquet V1", name, e))
		}
	}
	if c.NumValues() != rows {
		out = append(out, fmt.Sprintf("column %s has %d values in a row group of %d rows", name, c.NumValues(), rows))
	}
	return out
}

// pageProblems looks at the kind of the first data page: a writer uses one kind for a whole file, and the first column is the cheapest to look into.
func pageProblems(g *file.RowGroupReader) ([]string, error) {
	pages, err := g.GetColumnPageReader(0)
	if err != nil {
		return nil, err
	}
	for pages.Next() {
		switch pages.Page().Type() {
		case file.PageTypeDataPage:
			return nil, pages.Close()
		case file.PageTypeDataPageV2:
			return []string{"data pages are V2, not V1"}, pages.Close()
		}
	}
	if err := pages.Err(); err != nil {
		return nil, err
	}
	return nil, pages.Close()
}
