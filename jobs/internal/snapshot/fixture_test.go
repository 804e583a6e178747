package snapshot

import (
	"context"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/storage/storagetest"
	"partnerscore/scoring"
)

// june is the month that most tests publish.
func june() scoring.Month { return scoring.NewMonth(2024, time.June) }

// noon is the time at which tests write Delta logs.
func noon() time.Time { return time.Date(2024, 7, 3, 12, 0, 0, 0, time.UTC) }

// sample describes a Parquet file of a table as the engine would write it. Other
// versions have other values and the same number of rows.
type sample struct {
	table   Table
	rows    int
	version int
	pairs   []Pair
	group   int // rows per row group; 0: all in one
	nullKey bool
	badText bool
	require bool // columns that are not nullable are required
	props   []parquet.WriterProperty
	// field, when set, replaces the type of a column or drops it (nil).
	field func(c Column) schema.Node
}

func newSample(table string, rows, version int) sample {
	t, ok := lookup(table)
	if !ok {
		panic("no table " + table)
	}
	md := manifestFor(version).metadata(table)
	return sample{table: t, rows: rows, version: version, pairs: md.Pairs()}
}

// manifestFor is what a caller of Publish would say about a version.
func manifestFor(version int) *Manifest {
	return &Manifest{
		ToolVersion: "0.1.0", EngineVersion: "v1.5.5", ScoreMonth: june(),
		Rulebook:          RulebookRef{ID: "2023-10", SHA256: "5e1f"},
		InputsFingerprint: fmt.Sprintf("inputs-%d", version),
		Settings:          map[string]any{"max_rejected": 0.01, "allow_missing": []string{}, "as_of": 20240630},
		Inputs:            []File{{Table: "azure_usage", Path: "azure_usage/month=2024-06/a.parquet", Bytes: 10, Rows: int64(version), SHA256: "ab"}},
		Exclusions:        []Exclusion{{Class: "rule", Reason: "offer_not_eligible", Rows: 3, ACRUSD: 1_250_000}},
		Started:           time.Date(2024, 7, 3, 1, 0, 0, 0, time.UTC),
		Finished:          time.Now(),
		Host:              "test",
	}
}

// engineNode is a column as the SQL engine writes it: optional, with logical types.
func engineNode(c Column, require bool) schema.Node {
	rep := parquet.Repetitions.Optional
	if require && !c.Nullable {
		rep = parquet.Repetitions.Required
	}
	node := func(l schema.LogicalType, p parquet.Type) schema.Node {
		return schema.Must(schema.NewPrimitiveNodeLogical(c.Name, rep, l, p, -1, -1))
	}
	switch c.Type {
	case Date:
		return node(schema.DateLogicalType{}, parquet.Types.Int32)
	case Varchar:
		return node(schema.StringLogicalType{}, parquet.Types.ByteArray)
	case Boolean:
		return node(schema.NoLogicalType{}, parquet.Types.Boolean)
	case Integer:
		return node(schema.NewIntLogicalType(32, true), parquet.Types.Int32)
	case BigInt:
		return node(schema.NewIntLogicalType(64, true), parquet.Types.Int64)
	case Points:
		return node(schema.NewDecimalLogicalType(6, 2), parquet.Types.Int32)
	case Amounts:
		return node(schema.NewDecimalLogicalType(18, 6), parquet.Types.Int64)
	}
	panic("no type " + c.Type)
}

// write writes the sample to path.
func (p sample) write(tb testing.TB, path string) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	var fields schema.FieldList
	for _, c := range p.table.Columns {
		node := engineNode(c, p.require)
		if p.field != nil {
			node = p.field(c)
		}
		if node != nil {
			fields = append(fields, node)
		}
	}
	root := schema.MustGroup(schema.NewGroupNode("duckdb_schema", parquet.Repetitions.Required, fields, -1))
	props := append([]parquet.WriterProperty{
		parquet.WithVersion(parquet.V1_0), parquet.WithDataPageVersion(parquet.DataPageV1),
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithStats(true),
	}, p.props...)
	w := file.NewParquetWriter(f, root, file.WithWriterProps(parquet.NewWriterProperties(props...)))
	group := p.group
	if group == 0 {
		group = max(p.rows, 1)
	}
	for start := 0; start < p.rows; start += group {
		p.writeGroup(tb, w, root, start, min(start+group, p.rows))
	}
	for _, kv := range p.pairs {
		if err := w.AppendKeyValueMetadata(kv.Key, kv.Value); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil { // closes f too
		tb.Fatal(err)
	}
}

func (p sample) writeGroup(tb testing.TB, w *file.Writer, root *schema.GroupNode, from, to int) {
	tb.Helper()
	group, err := w.AppendRowGroupChecked()
	if err != nil {
		tb.Fatal(err)
	}
	for i := range root.NumFields() {
		col, err := group.NextColumn()
		if err != nil {
			tb.Fatal(err)
		}
		node := root.Field(i)
		levels := make([]int16, 0, to-from)
		var rows []int
		optional := node.RepetitionType() == parquet.Repetitions.Optional
		for r := from; r < to; r++ {
			if optional && (p.nullKey && i == 1 && r == 3 || p.isNull(node.Name(), r)) {
				levels = append(levels, 0)
				continue
			}
			levels = append(levels, 1)
			rows = append(rows, r)
		}
		if !optional {
			levels = nil
		}
		if err := p.writeValues(col, node.Name(), rows, levels); err != nil {
			tb.Fatal(err)
		}
		if err := col.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	if err := group.Close(); err != nil {
		tb.Fatal(err)
	}
}

func (p sample) isNull(name string, row int) bool {
	for _, c := range p.table.Columns {
		if c.Name == name {
			return c.Nullable && row%4 == 1
		}
	}
	return false
}

func (p sample) writeValues(col file.ColumnChunkWriter, name string, rows []int, levels []int16) (err error) {
	switch w := col.(type) {
	case *file.BooleanColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) bool { return (r+p.version)%2 == 0 }), levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) int32 { return int32(r*7 + p.version) }), levels, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) int64 { return int64(r)*7919 + int64(p.version) }), levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) float64 { return float64(r) / 3 }), levels, nil)
	case *file.ByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) parquet.ByteArray { return p.text(name, r) }), levels, nil)
	case *file.FixedLenByteArrayColumnChunkWriter:
		_, err = w.WriteBatch(valuesOf(rows, func(r int) parquet.FixedLenByteArray {
			return binary.BigEndian.AppendUint64(make([]byte, 8), uint64(r))
		}), levels, nil)
	default:
		err = fmt.Errorf("no values for %T", col)
	}
	return err
}

func (p sample) text(name string, row int) parquet.ByteArray {
	if p.badText && row == 2 {
		return parquet.ByteArray("bad \xff text")
	}
	if name == "customer_tenant_id" {
		return fmt.Appendf(nil, "%016x-%016x", uint64(row)*0x9e3779b97f4a7c15, uint64(row+p.version)*0xbf58476d1ce4e5b9)
	}
	return fmt.Appendf(nil, "%s-%06d-v%d", name, row/8, p.version)
}

func valuesOf[T any](rows []int, value func(row int) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = value(r)
	}
	return out
}

// fixtures holds staged files of some versions, made once per test and copied.
type fixtures struct {
	dir   string
	delta bool // publish Delta tables
}

func newFixtures(tb testing.TB, rows int, versions ...int) fixtures {
	tb.Helper()
	fx := fixtures{dir: tb.TempDir()}
	for _, v := range versions {
		for _, t := range Tables() {
			n := rows
			if t.Name == Services {
				n = 0 // empty tables are files, too
			}
			newSample(t.Name, n, v).write(tb, fx.path(t.Name, v))
		}
	}
	return fx
}

func (fx fixtures) path(table string, version int) string {
	return filepath.Join(fx.dir, fmt.Sprintf("%s-%d", table, version))
}

// publish scores a month in miniature: lock, recover, stage, check, publish. A failing
// publish is discarded as a caller would.
func (fx fixtures) publish(s *Store, runID string, version int) (changed bool, err error) {
	ctx := context.Background()
	release, err := s.Lock(ctx, 0, runID)
	if err != nil {
		return false, err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = release() // a dead process has no lock
			panic(p)
		}
		if e := release(); err == nil {
			err = e
		}
	}()
	if _, err := s.Recover(ctx); err != nil {
		return false, err
	}
	if _, err := s.Delta().Sync(ctx, fx.delta, false, noon(), "0.1.0"); err != nil {
		return false, err
	}
	st, err := fx.stage(s, version)
	if err != nil {
		return false, err
	}
	if err := st.Check(ctx); err != nil {
		return false, err
	}
	changed, err = st.Publish(ctx, manifestFor(version))
	if err != nil {
		_ = st.Discard(context.Background())
	}
	return changed, err
}

// stage puts the files of a version where the engine would have written them.
func (fx fixtures) stage(s *Store, version int) (*Stage, error) {
	st, err := s.Stage(context.Background(), june())
	if err != nil {
		return nil, err
	}
	for _, t := range Tables() {
		data, err := os.ReadFile(fx.path(t.Name, version))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(st.Path(t.Name), data, 0o666); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// oneOf is the distance between the points that a loop disturbs: 1 where all are asked
// for. A publish with logs has twice the steps. Loops over several start states begin
// with another point in each, so that together they come past more of them.
func (fx fixtures) oneOf(n int) int {
	switch {
	case everyCrash():
		return 1
	case fx.delta:
		return 2*n + 1
	}
	return n
}

// faulty is a folder whose disk can be made to fail.
type faulty struct {
	storage.Store
	*storagetest.Faults
}

func open(root string) (*Store, error) {
	faults := new(storagetest.Faults)
	files, err := local.OpenOn(root, func(d local.Disk) local.Disk { return faults.Disk(d, root) })
	if err != nil {
		return nil, err
	}
	return In(faulty{files, faults}), nil
}

func mustOpen(tb testing.TB, root string) *Store {
	tb.Helper()
	s, err := open(root)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// faultsOf are those of a store that open has opened.
func faultsOf(s *Store) *storagetest.Faults { return s.files.(faulty).Faults }

func tablePath(s *Store, table string) string { return s.files.Where(TableRel(table, june())) }

func manifestPath(s *Store) string { return s.files.Where(ManifestRel(june())) }

// treeEntry is all of a file that a writer could change.
type treeEntry struct {
	Mode     fs.FileMode
	Size     int64
	Modified time.Time
	Content  string
}

// tree reads everything below root, so that two points in time can be compared.
func tree(tb testing.TB, root string) map[string]treeEntry {
	tb.Helper()
	out := map[string]treeEntry{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		e := treeEntry{Mode: info.Mode(), Size: info.Size(), Modified: info.ModTime()}
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			e.Content = string(data)
		}
		rel, err := filepath.Rel(root, path)
		out[rel] = e
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// publishedFiles maps the tables to their published bytes.
func publishedFiles(tb testing.TB, s *Store) map[string]string {
	tb.Helper()
	out := map[string]string{}
	for _, t := range Tables() {
		data, _, err := storage.ReadFile(tb.Context(), s.files, TableRel(t.Name, june()))
		if err != nil {
			tb.Fatal(err)
		}
		out[t.Name] = string(data)
	}
	return out
}
