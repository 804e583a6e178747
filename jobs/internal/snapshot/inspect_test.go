package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"partnerscore/jobs/internal/storage/local"
)

func inspectSample(tb testing.TB, p sample) (inspected, error) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "x"+stagedSuffix)
	p.write(tb, path)
	return inspectPath(context.Background(), path, p.table, Metadata{Table: p.table.Name, ScoreMonth: june()})
}

// inspectPath inspects a file wherever it lies.
func inspectPath(ctx context.Context, path string, table Table, md Metadata) (found inspected, err error) {
	files, err := local.Open(filepath.Dir(path))
	if err != nil {
		return found, err
	}
	f, err := files.Open(ctx, filepath.Base(path))
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return inspect(ctx, f, path, table, md)
}

func TestInspectGoodFiles(t *testing.T) {
	tests := []struct {
		name string
		with func(*sample)
	}{
		{"as the engine writes", func(*sample) {}},
		{"no rows", func(p *sample) { p.rows = 0 }},
		{"many row groups", func(p *sample) { p.rows, p.group = 1000, 90 }},
		{"more rows than a batch", func(p *sample) { p.rows = 3*scanBatch + 1 }},
		{"required columns", func(p *sample) { p.require = true }},
		{"foreign metadata", func(p *sample) { p.pairs = append(p.pairs, Pair{"ARROW:schema", "x"}) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, table := range Tables() {
				p := newSample(table.Name, 20, 1)
				tt.with(&p)
				got, err := inspectSample(t, p)
				if err != nil {
					t.Fatal(err)
				}
				if got.Rows != int64(p.rows) || got.Table != table.Name || len(got.SHA256) != 64 || got.Bytes == 0 {
					t.Errorf("inspect of %s: got %+v, want %d rows", table.Name, got.File, p.rows)
				}
			}
		})
	}
}

// badFile is a way not to write the customers table.
type badFile struct {
	name string
	with func(*sample)
	want string
}

func badFiles() []badFile {
	node := func(name string, l schema.LogicalType, phys parquet.Type, length int) schema.Node {
		return schema.Must(schema.NewPrimitiveNodeLogical(name, parquet.Repetitions.Optional, l, phys, length, -1))
	}
	swap := func(name string, n schema.Node) func(*sample) {
		return func(p *sample) {
			p.field = func(c Column) schema.Node {
				if c.Name == name {
					return n
				}
				return engineNode(c, false)
			}
		}
	}
	return []badFile{
		{"a column less at the end", swap("shortfall_usd", nil), "column shortfall_usd is missing"},
		{"a column less in the middle", swap("customer_name", nil), `column 4 is "acr_current", not "customer_name"`},
		{"a column too many", func(p *sample) { p.table.Columns = append(p.table.Columns, Column{Name: "extra", Type: Date}) }, `column "extra" is one too many`},
		{"columns out of order", func(p *sample) {
			c := p.table.Columns
			c[5], c[6] = c[6], c[5]
		}, `column 6 is "acr_baseline", not "acr_previous"`},
		{"double for money", swap("acr_ttm", node("acr_ttm", schema.NoLogicalType{}, parquet.Types.Double, -1)), "column acr_ttm is DOUBLE"},
		{"wide decimal", swap("acr_ttm", node("acr_ttm", schema.NewDecimalLogicalType(38, 6), parquet.Types.FixedLenByteArray, 16)), "not DECIMAL(18,6)"},
		{"other scale", swap("acr_ttm", node("acr_ttm", schema.NewDecimalLogicalType(18, 2), parquet.Types.Int64, -1)), "not DECIMAL(18,6)"},
		{"bytes for text", swap("movement", node("movement", schema.NoLogicalType{}, parquet.Types.ByteArray, -1)), "column movement is BYTE_ARRAY"},
		{"unsigned", swap("score_month", node("score_month", schema.NewIntLogicalType(32, false), parquet.Types.Int32, -1)), "not DATE"},
		{"no compression", func(p *sample) {
			p.props = []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Uncompressed)}
		}, "compressed with UNCOMPRESSED, not ZSTD"},
		{"V2 file", func(p *sample) { p.props = []parquet.WriterProperty{parquet.WithVersion(parquet.V2_LATEST)} }, "Parquet version is"},
		{"V2 pages", func(p *sample) {
			p.props = []parquet.WriterProperty{parquet.WithDataPageVersion(parquet.DataPageV2)}
		}, "data pages are V2"},
		{"V2 encoding", func(p *sample) {
			p.props = []parquet.WriterProperty{parquet.WithDictionaryFor("acr_ttm", false), parquet.WithEncodingFor("acr_ttm", parquet.Encodings.DeltaBinaryPacked)}
		}, "column acr_ttm uses the encoding DELTA_BINARY_PACKED"},
		{"null key", func(p *sample) { p.nullKey = true }, "column partner_id, row group 0: 1 values are null"},
		{"invalid UTF-8", func(p *sample) { p.badText = true }, "not valid UTF-8"},
		{"no metadata", func(p *sample) { p.pairs = nil }, "there is no key-value metadata"},
		{"a metadata key less", func(p *sample) { p.pairs = p.pairs[:5] }, "metadata key partnerscore.inputs_fingerprint is missing"},
		{"another table", func(p *sample) { p.pairs[1].Value = "scores" }, `metadata key partnerscore.table is "scores", not "customers"`},
		{"another month", func(p *sample) { p.pairs[2].Value = "2024-05" }, `metadata key partnerscore.score_month is "2024-05"`},
		{"no fingerprint", func(p *sample) { p.pairs[5].Value = "" }, "metadata key partnerscore.inputs_fingerprint is empty"},
	}
}

func TestInspectNamesWhatIsWrong(t *testing.T) {
	for _, tt := range badFiles() {
		t.Run(tt.name, func(t *testing.T) {
			p := newSample(Customers, 20, 1)
			tt.with(&p)
			path := filepath.Join(t.TempDir(), "x"+stagedSuffix)
			p.write(t, path)
			table, _ := lookup(Customers)
			_, err := inspectPath(context.Background(), path, table, Metadata{Table: Customers, ScoreMonth: june()})
			var format *FormatError
			if !errors.As(err, &format) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Fatalf("got %v, want a FormatError of %s with %q", err, path, tt.want)
			}
		})
	}
}

// No damage gets past: either the reader notices or the hash is another one.
func TestInspectDamagedBytes(t *testing.T) {
	p := newSample(Customers, 60, 1)
	path := filepath.Join(t.TempDir(), "x"+stagedSuffix)
	p.write(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	good, err := inspectBytes(t, path, whole, p.table)
	if err != nil {
		t.Fatal(err)
	}
	noticed, unnoticed := 0, 0
	for at := 0; at < len(whole); at += 9 {
		data := append([]byte(nil), whole...)
		data[at] ^= 1 << (at % 8)
		got, err := inspectBytes(t, path, data, p.table)
		switch {
		case err != nil:
			noticed++
		case got.SHA256 == good.SHA256:
			t.Fatalf("byte %d damaged: same hash", at)
		default:
			unnoticed++
		}
	}
	t.Logf("%d of %d flips noticed by the reader, the rest by the hash", noticed, noticed+unnoticed)
	if noticed == 0 {
		t.Error("no flip was noticed by the reader")
	}
	for size := 0; size < len(whole); size += 31 {
		if _, err := inspectBytes(t, path, whole[:size], p.table); err == nil {
			t.Fatalf("cut to %d bytes: no error", size)
		}
	}
}

func inspectBytes(tb testing.TB, path string, data []byte, table Table) (inspected, error) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		tb.Fatal(err)
	}
	return inspectPath(context.Background(), path, table, Metadata{Table: table.Name, ScoreMonth: june()})
}

func TestInspectCancelled(t *testing.T) {
	p := newSample(Customers, 20, 1)
	path := filepath.Join(t.TempDir(), "x"+stagedSuffix)
	p.write(t, path)
	why := errors.New("stopped by the test")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	_, err := inspectPath(ctx, path, p.table, Metadata{Table: Customers, ScoreMonth: june()})
	var format *FormatError
	if !errors.Is(err, why) || errors.As(err, &format) {
		t.Fatalf("got %v, want the cause and no FormatError", err)
	}
}

func BenchmarkInspectCustomers(b *testing.B) {
	p := newSample(Customers, 1_000_000, 1)
	p.group = 122_880 // as the engine
	path := filepath.Join(b.TempDir(), "x"+stagedSuffix)
	p.write(b, path)
	if own := os.Getenv("SNAPSHOT_BENCH_FILE"); own != "" {
		path = own
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := inspectPath(context.Background(), path, p.table, Metadata{Table: Customers, ScoreMonth: june()}); err != nil {
			b.Fatal(err)
		}
	}
}
