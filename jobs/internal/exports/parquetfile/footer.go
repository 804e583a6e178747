// Package parquetfile reads what a Parquet file says about itself, its footer, and refuses files that the engine could not read. It reads no rows.
package parquetfile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	pq "github.com/apache/arrow-go/v18/parquet/schema"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/thrift"
)

// A Parquet file is "PAR1", pages, footer, the footer's length in 4 bytes, "PAR1".
const (
	magic          = "PAR1"
	magicEncrypted = "PARE"
	tailBytes      = 8
	minimumBytes   = 12
)

// maxValueBytes bounds the mean value of a column: a few bytes that unpack to hundreds of megabytes would otherwise be held in memory whole.
const maxValueBytes = 2_000_000

// Footer is what a Parquet file says about itself.
type Footer struct {
	Rows int64
	// Columns are the top-level columns.
	Columns []schema.Column
	meta    *metadata.FileMetaData
	size    int64
	// leaf has, per column, the position of its first leaf among the leaves of the pq.
	leaf []int
}

// Read reads and checks the footer of a file of the given size. It reads the two ends of the file only, and allocates no more than the file
// holds, whatever it claims. A fault of the file is a *defect.Error.
func Read(r io.ReaderAt, size int64) (result Footer, err error) {
	raw, err := footerBytes(r, size)
	if err != nil {
		return Footer{}, err
	}
	if err := thrift.CheckFooter(raw); err != nil {
		return Footer{}, corrupt(err)
	}
	// The decoder panics on claims that contradict each other.
	defer func() {
		if p := recover(); p != nil {
			result, err = Footer{}, panicked(p)
		}
	}()
	meta, err := metadata.NewFileMetaData(raw, nil)
	if err != nil {
		return Footer{}, corrupt(err)
	}
	if meta.IsSetEncryptionAlgorithm() {
		return Footer{}, encrypted()
	}
	rows, err := countRows(meta)
	if err != nil {
		return Footer{}, corrupt(err)
	}
	result = Footer{Rows: rows, meta: meta, size: size}
	result.listColumns(meta.Schema.Root())
	return result, checkNames(meta.Schema.Root())
}

func corrupt(err error) error {
	return defect.New("is a damaged Parquet file: "+err.Error(), defect.Again)
}

// panicked describes what the decoder panicked with; the text of a runtime error is about its code, not about the file.
func panicked(p any) error {
	switch text, ok := p.(string); {
	case text == "invalid logical type":
		return defect.New("has a column of a logical type that is not known", "export that column as text")
	case ok:
		return corrupt(errors.New(text))
	}
	return corrupt(errors.New("its footer contradicts itself"))
}

func encrypted() error {
	return defect.New("is an encrypted Parquet file", "export it without encryption")
}

// footerBytes fetches the encoded footer after looking at both ends of the file.
func footerBytes(r io.ReaderAt, size int64) ([]byte, error) {
	if size == 0 {
		return nil, defect.New("is empty (0 bytes)", defect.Again)
	}
	head := make([]byte, min(size, fileformat.SniffBytes))
	if err := readAt(r, head, 0); err != nil {
		return nil, err
	}
	tail := make([]byte, min(size, tailBytes))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return nil, err
	}
	start, end := string(head[:min(4, len(head))]), string(tail[max(0, len(tail)-4):])
	switch {
	case start == magicEncrypted || end == magicEncrypted:
		return nil, encrypted()
	case start != magic:
		return nil, foreign(head)
	case end != magic || size < minimumBytes:
		return nil, defect.New("is no complete Parquet file: it begins like one but has no footer at its end",
			defect.Cut)

	}
	length := int64(binary.LittleEndian.Uint32(tail))
	switch {
	case length == 0 || length > size-minimumBytes:
		return nil, defect.New(fmt.Sprintf("is no complete Parquet file: its footer claims %d of %d bytes", length, size),
			defect.Cut)

	case length > thrift.MaxFooterBytes:
		return nil, defect.New(fmt.Sprintf("has a Parquet footer of %d bytes, more than the limit of %d", length, thrift.MaxFooterBytes),
			"export it with fewer columns or row groups")

	}
	raw := make([]byte, length)
	return raw, readAt(r, raw, size-tailBytes-length)
}

// foreign says what a file without the Parquet mark looks like.
func foreign(head []byte) error {
	switch kind := fileformat.LooksLike(head); kind {
	case "":
		return defect.New("is no Parquet file", defect.Again)
	case "zero bytes":
		return defect.New("is no Parquet file: it begins with zero bytes", "was the copy interrupted? "+defect.Again)
	default:
		return defect.New("is no Parquet file: it looks like "+kind, "export it as Parquet, or give the file the extension of what it is")
	}
}

func readAt(r io.ReaderAt, p []byte, offset int64) error {
	n, err := r.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return defect.New("became shorter while it was read", defect.NotYet)
	}
	return defect.New("cannot be read: "+defect.Cause(err), defect.Again)
}

// countRows adds up the row groups, which must agree with the total.
func countRows(meta *metadata.FileMetaData) (int64, error) {
	var sum int64
	for i, group := range meta.GetRowGroups() {
		n := group.GetNumRows()
		if n < 0 || sum+n < sum {
			return 0, fmt.Errorf("row group %d claims %d rows", i, n)
		}
		if got, want := len(group.GetColumns()), meta.Schema.NumColumns(); got != want {
			return 0, fmt.Errorf("row group %d has %d columns, the schema has %d", i, got, want)
		}
		sum += n
	}
	if total := meta.GetNumRows(); total != sum {
		return 0, fmt.Errorf("the footer claims %d rows, its row groups %d", total, sum)
	}
	return sum, nil
}

// listColumns takes the fields of the root, nested ones too.
func (f *Footer) listColumns(root *pq.GroupNode) {
	leaf := 0
	for i := range root.NumFields() {
		node := root.Field(i)
		c := schema.Column{Name: node.Name(), Index: i, Kind: schema.Nested}
		if p, ok := node.(*pq.PrimitiveNode); ok && node.RepetitionType() != parquet.Repetitions.Repeated {
			setKind(&c, p)
		}
		f.Columns, f.leaf = append(f.Columns, c), append(f.leaf, leaf)
		leaf += leaves(node)
	}
}

// checkNames refuses names that the engine refuses, wherever they are: it reads no file that has one.
func checkNames(n pq.Node) error {
	if !utf8.ValidString(n.Name()) {
		return defect.New("has a column whose name is not UTF-8: "+defect.Quote(n.Name()), "rename it in the export")
	}
	group, ok := n.(*pq.GroupNode)
	if !ok {
		return nil
	}
	for i := range group.NumFields() {
		if err := checkNames(group.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func leaves(n pq.Node) int {
	group, ok := n.(*pq.GroupNode)
	if !ok {
		return 1
	}
	sum := 0
	for i := range group.NumFields() {
		sum += leaves(group.Field(i))
	}
	return sum
}

// setKind goes by the annotation where there is one, else by the physical type.
func setKind(c *schema.Column, p *pq.PrimitiveNode) {
	switch t := p.LogicalType().(type) {
	case pq.StringLogicalType, pq.EnumLogicalType, pq.JSONLogicalType:
		c.Kind = schema.Text
	case pq.DecimalLogicalType:
		c.Kind, c.Precision, c.Scale = schema.Decimal, int(t.Precision()), int(t.Scale())
	case pq.DateLogicalType:
		c.Kind = schema.Date
	case pq.TimeLogicalType:
		c.Kind = schema.Time
	case pq.TimestampLogicalType:
		units := map[pq.TimeUnitType]string{pq.TimeUnitMillis: "ms", pq.TimeUnitMicros: "us", pq.TimeUnitNanos: "ns"}
		c.Kind, c.Unit, c.UTC = schema.Timestamp, units[t.TimeUnit()], t.IsAdjustedToUTC()
	case pq.IntLogicalType:
		c.Kind, c.Bits = schema.Int, int(t.BitWidth())
		if !t.IsSigned() {
			c.Kind = schema.Uint
		}
	case pq.UUIDLogicalType:
		c.Kind = schema.UUID
	case pq.NullLogicalType:
		c.Kind = schema.Null
	case pq.Float16LogicalType:
		c.Kind = schema.Float
	case pq.NoLogicalType:
		setPhysicalKind(c, p.PhysicalType())
	default:
		c.Kind = schema.Other
	}
}

func setPhysicalKind(c *schema.Column, t parquet.Type) {
	kinds := map[parquet.Type]schema.Kind{
		parquet.Types.Boolean: schema.Bool, parquet.Types.Int32: schema.Int, parquet.Types.Int64: schema.Int, parquet.Types.Int96: schema.Int96,
		parquet.Types.Float: schema.Float, parquet.Types.Double: schema.Double,
		parquet.Types.ByteArray: schema.Binary, parquet.Types.FixedLenByteArray: schema.Fixed,
	}
	c.Kind = cmp.Or(kinds[t], schema.Other)
	c.Bits = map[parquet.Type]int{parquet.Types.Int32: 32, parquet.Types.Int64: 64}[t]
}

// CheckColumn checks where the data of one column lies: inside the file, in a codec that the engine reads, as many values as rows.
func (f Footer) CheckColumn(c schema.Column) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	for i := range f.meta.GetRowGroups() {
		group := f.meta.RowGroup(i)
		chunk, err := group.ColumnChunk(f.leaf[c.Index])
		if err != nil {
			return corrupt(fmt.Errorf("row group %d: %w", i, err))
		}
		if err := checkChunk(chunk, group.NumRows(), f.size); err != nil {
			return err
		}
	}
	return nil
}

func checkChunk(chunk *metadata.ColumnChunkMetaData, rows, size int64) error {
	start := chunk.DataPageOffset()
	if chunk.HasDictionaryPage() && chunk.DictionaryPageOffset() > 0 {
		start = min(start, chunk.DictionaryPageOffset())
	}
	length := chunk.TotalCompressedSize()
	switch {
	case chunk.CryptoMetadata() != nil:
		return encrypted()
	case chunk.FilePath() != "":
		return defect.New("has its data in another file", "export each file on its own")
	case !readable(chunk.Compression()):
		return defect.New(fmt.Sprintf("is compressed with %s, which is not supported", codecName(chunk.Compression())),
			"export it with zstd, snappy, gzip, brotli, lz4_raw or uncompressed")

	case rows > 0 && splitBytes(chunk):
		return defect.New("is encoded as BYTE_STREAM_SPLIT, which is read of floats and doubles alone", "export it with another encoding of this column")
	case chunk.NumValues() != rows:
		return corrupt(fmt.Errorf("a row group of %d rows has %d values", rows, chunk.NumValues()))
	case rows > 0 && chunk.TotalUncompressedSize()/rows > maxValueBytes:
		return defect.New(fmt.Sprintf("has values of %d bytes on average, more than the limit of %d", chunk.TotalUncompressedSize()/rows, maxValueBytes),
			"is this the right column? export it again")

	case rows > 0 && (start < int64(len(magic)) || length <= 0 || start > size-length):
		return corrupt(fmt.Errorf("data of %d bytes at %d lie outside the %d bytes of the file", length, start, size))
	}
	return nil
}

// splitBytes reports an encoding that newer writers use for all numbers, while the engine reads it for floating-point ones only.
func splitBytes(chunk *metadata.ColumnChunkMetaData) bool {
	return slices.Contains(chunk.Encodings(), parquet.Encodings.ByteStreamSplit) && chunk.Type() != parquet.Types.Float && chunk.Type() != parquet.Types.Double
}

// readable lists the codecs of the engine; the first LZ4 of Hadoop is not one of them.
func readable(c compress.Compression) bool {
	k := compress.Codecs
	return slices.Contains([]compress.Compression{k.Uncompressed, k.Snappy, k.Gzip, k.Brotli, k.Zstd, k.Lz4Raw}, c)
}

func codecName(c compress.Compression) string {
	switch c {
	case compress.Codecs.Lzo:
		return "LZO"
	case compress.Codecs.Lz4:
		return "LZ4 in Hadoop's framing"
	}
	return fmt.Sprintf("codec %d", int(c))
}
