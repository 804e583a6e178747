package exports

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	pq "github.com/apache/arrow-go/v18/parquet/schema"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/parquetfile"
	"partnerscore/jobs/internal/exports/schema"
)

// judge is Check's verdict on one file of the usage table.
func judge(t testing.TB, name, data string) error {
	t.Helper()
	root := tree(t, map[string]string{name: data})
	found := NewFound(folderSource(t, root), schema.Usage, name)
	found.Month = june
	_, err := Check(context.Background(), []Found{found}, Options{})
	return err
}

const (
	magic     = "PAR1"
	tailBytes = 8
)

// framed is a Parquet file without pages around a footer.
func framed(footer string) string {
	return magic + footer + string(binary.LittleEndian.AppendUint32(nil, uint32(len(footer)))) + magic
}

// thriftFooter has num_rows and a schema whose elements claim the given numbers of children.
func thriftFooter(children ...int64) string {
	var b []byte
	b = append(b, 0x15, 0x02) // version 1
	b = append(b, 0x19, 0xfc) // schema: a long list of structs
	b = binary.AppendUvarint(b, uint64(len(children)))
	for _, n := range children {
		b = append(b, 0x48, 0x01, 'x') // name
		b = append(b, 0x15)            // num_children
		b = binary.AppendVarint(b, n)
		b = append(b, 0)
	}
	return string(append(b, 0x16, 0x00, 0x19, 0x0c, 0x00)) // num_rows 0, no row groups
}

// thriftUnknownType has one column of the logical type number 99, by that type's union being empty.
const thriftUnknownType = "\x15\x02\x19\x2c" +
	"\x48\x01r\x15\x02\x00" + // root with one child
	"\x15\x0c\x25\x02\x18\x01x\x6c\x00\x00" + // byte array, optional, name x, logical type
	"\x16\x00\x19\x0c\x00"

// withOption writes two rows of plain usage with a writer property.
func withOption(t testing.TB, props ...parquet.WriterProperty) string {
	return parquetFile(t, 2, plainUsage(), props...)
}

func TestDamagedFiles(t *testing.T) {
	good := withOption(t)
	deep := append(slices.Repeat([]int64{1}, 199), 0)
	patched := func(from, to string) string {
		if strings.Count(good, from) == 0 {
			t.Fatalf("nothing to patch: %q", from)
		}
		return strings.ReplaceAll(good, from, to)
	}
	for _, c := range []struct{ name, file, data string }{
		{"empty", "u.parquet", ""},
		{"4-bytes", "u.parquet", "PAR1"},
		{"8-bytes", "u.parquet", "PAR1PAR1"},
		{"12-bytes", "u.parquet", "PAR1\x00\x00\x00\x00PAR1"},
		{"12-bytes-claiming-more", "u.parquet", "PAR1\x04\x00\x00\x00PAR1"},
		{"footer-beyond-file", "u.parquet", "PAR1xxxx\xff\xff\xff\xffPAR1"},
		{"half", "u.parquet", good[:len(good)/2]},
		{"without-last-byte", "u.parquet", good[:len(good)-1]},
		{"zero-bytes", "u.parquet", strings.Repeat("\x00", 4096)},
		{"html", "u.parquet", "\n<!DOCTYPE html>\n<html><body>Sign in</body></html>"},
		{"xml", "u.parquet", "<?xml version=\"1.0\"?><Error>AccessDenied</Error>"},
		{"csv", "u.parquet", plainUsageHeader + "\n"},
		{"json", "u.parquet", `[{"error": "expired"}]`},
		{"gzip", "u.parquet", gzipped(t, good)},
		{"arrow", "u.parquet", "ARROW1\x00\x00\xff\xff\xff\xff"},
		{"arrow-stream", "u.parquet", "\xff\xff\xff\xff\x10\x00\x00\x00"},
		{"zip", "u.parquet", "PK\x03\x04\x14\x00\x06\x00"},
		{"noise", "u.parquet", "\x01\x02\x03\xf0\x9f"},
		{"encrypted", "u.parquet", "PARExxxx\x04\x00\x00\x00PARE"},
		{"encrypted-footer", "u.parquet", "PAR1xxxx\x04\x00\x00\x00PARE"},
		{"garbage-footer", "u.parquet", framed("\xde\xad\xbe\xef\x00")},
		{"no-schema", "u.parquet", framed(thriftFooter())},
		{"no-columns", "u.parquet", schemaFile(t)},
		{"children-two-billion", "u.parquet", framed(thriftFooter(1<<31-1, 0))},
		{"children-negative", "u.parquet", framed(thriftFooter(-1, 0))},
		{"children-too-few", "u.parquet", framed(thriftFooter(1, 1))},
		{"children-too-many", "u.parquet", framed(thriftFooter(1, 0, 0))},
		{"nested-deep", "u.parquet", framed(thriftFooter(deep...))},
		{"list-two-billion", "u.parquet", framed("\x15\x02\x19\xfc\xff\xff\xff\xff\x07\x00")},
		{"name-two-billion", "u.parquet", framed("\x15\x02\x19\x1c\x48\xff\xff\xff\xff\x07")},
		{"name-not-utf8", "u.parquet", parquetFile(t, 1, append(plainUsage(), text("Caf\xe9")))},
		{"nested-name-not-utf8", "u.parquet", parquetFile(t, 1, append(plainUsage(), field("s", arrow.StructOf(text("Caf\xe9")))))},
		{"path-not-utf8", "u\xff.parquet", good},
		{"unknown-logical-type", "u.parquet", framed(thriftUnknownType)},
		{"unknown-codec", "u.parquet", withCodec(t, 17)},
		{"hadoop-lz4", "u.parquet", withCodec(t, int(compress.Codecs.Lz4))},
		{"integers-split-into-bytes", "u.parquet", parquetFile(t, 3, append(plainUsage()[:5], field("ACR_USD", arrow.PrimitiveTypes.Int64)),
			parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("ACR_USD", parquet.Encodings.ByteStreamSplit))},
		{"data-elsewhere-in-file", "u.parquet", patched("\x26\x08", "\x26\x09")},
		{"gzip-csv-named-csv", "u.csv", gzipped(t, plainUsageHeader+"\n")},
		{"parquet-named-csv", "u.csv", good},
		{"excel-named-csv", "u.csv", "PK\x03\x04\x14\x00\x06\x00"},
		{"csv-named-gz", "u.csv.gz", plainUsageHeader + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.file, c.data, "damaged/"+c.name+".txt") })
	}
}

// withCodec is a file whose column chunks claim another codec: the codec is a field of the chunk's metadata, a
// zigzag number after the field head 0x15 that follows the list of path elements.
func withCodec(t testing.TB, codec int) string {
	t.Helper()
	good := withOption(t, parquet.WithCompression(compress.Codecs.Zstd))
	data := good
	for _, f := range plainUsage() {
		path := string([]byte{0x19, 0x18, byte(len(f.Name))}) + f.Name
		old := path + "\x15\x0c" // 6, zstd
		if strings.Count(data, old) != 1 {
			t.Fatalf("%d codecs of %s", strings.Count(data, old), f.Name)
		}
		data = strings.Replace(data, old, path+"\x15"+string([]byte{byte(codec * 2)}), 1)
	}
	return data
}

func TestTruncationAtEveryLength(t *testing.T) {
	good := withOption(t)
	for n := range len(good) {
		_, err := parquetfile.Read(strings.NewReader(good[:n]), int64(n))
		var f *defect.Error
		if !errors.As(err, &f) {
			t.Fatalf("%d of %d bytes: got %v, want a fault", n, len(good), err)
		}
		if n >= 4 && !strings.Contains(f.Message, "no complete Parquet file") {
			t.Fatalf("%d of %d bytes: %s", n, len(good), f.Message)
		}
	}
	if _, err := parquetfile.Read(strings.NewReader(good), int64(len(good))); err != nil {
		t.Fatal(err)
	}
}

// TestBitFlips turns a bit of every byte of the footer, with PARTNERSCORE_TEST_LONG=1 each of them: an error or not, but never a panic or a large claim.
func TestBitFlips(t *testing.T) {
	good := []byte(parquetFile(t, 2, plainUsage()[:2]))
	length := int(binary.LittleEndian.Uint32(good[len(good)-tailBytes:]))
	m := schema.NewMapper(schema.Usage, schema.Options{})
	bits := 1
	if long() {
		bits = 8
	}
	for i := len(good) - tailBytes - length; i < len(good); i++ {
		for n := range bits {
			bad, bit := bytes.Clone(good), (i+n)%8
			bad[i] ^= 1 << bit
			before := allocated()
			foot, err := parquetfile.Read(bytes.NewReader(bad), int64(len(bad)))
			if err == nil {
				m.Map(schema.Header{Columns: foot.Columns})
				for _, c := range foot.Columns {
					_ = foot.CheckColumn(c)
				}
			}
			if grown := allocated() - before; grown > 10<<20 {
				t.Fatalf("byte %d bit %d: allocated %d bytes", i, bit, grown)
			}
		}
	}
}

// allocated returns how many bytes were ever allocated. Unlike runtime.ReadMemStats it does not stop the world.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestManyColumns(t *testing.T) {
	fields := plainUsage()
	for i := range 2000 {
		fields = append(fields, text(fmt.Sprintf("extra_%04d", i)))
	}
	if err := judge(t, "u.parquet", parquetFile(t, 3, fields)); err != nil {
		t.Fatal(err)
	}
	err := judge(t, "u.parquet", parquetFile(t, 3, fields[1:]))
	if err == nil || len(err.Error()) > 1500 {
		t.Errorf("message is %v", err)
	}
}

func TestZeroRows(t *testing.T) {
	var nodes []pq.Node
	for _, f := range plainUsage() {
		nodes = append(nodes, node(t, f.Name, pq.StringLogicalType{}, parquet.Types.ByteArray, -1))
	}
	for name, data := range map[string]string{
		"no row group": schemaFile(t, nodes...), "empty row group": parquetFile(t, 0, plainUsage()),
	} {
		t.Run(name, func(t *testing.T) {
			if err := judge(t, "u.parquet", data); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCodecs(t *testing.T) {
	k := compress.Codecs
	for _, codec := range []compress.Compression{k.Uncompressed, k.Snappy, k.Gzip, k.Brotli, k.Zstd, k.Lz4Raw} {
		if err := judge(t, "u.parquet", withOption(t, parquet.WithCompression(codec))); err != nil {
			t.Errorf("%s: %v", codec, err)
		}
	}
}

// TestSparse: a file of 100 GB whose beginning and end are there is refused or accepted without reading the hole.
func TestSparse(t *testing.T) {
	good := withOption(t)
	const size = 100 << 30
	for name, ends := range map[string][2]string{
		"nothing": {"", ""}, "beginning": {good[:100], ""}, "footer of another file": {magic, good[len(good)/2:]},
	} {
		for _, format := range []string{".parquet", ".csv", ".csv.gz"} {
			t.Run(name+format, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "u"+format)
				f, err := os.Create(path)
				if err != nil {
					t.Fatal(err)
				}
				_, err1 := f.WriteAt([]byte(ends[0]), 0)
				_, err2 := f.WriteAt([]byte(ends[1]), size-int64(len(ends[1])))
				if err := errors.Join(err1, err2, f.Truncate(size), f.Close()); err != nil {
					t.Skip(err)
				}
				start := time.Now()
				_, err = Check(t.Context(), []Found{NewFound(folderSource(t, filepath.Dir(path)), schema.Usage, "u"+format)}, Options{})
				if !errors.As(err, new(*ContractError)) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("took %s", took)
				}
			})
		}
	}
}

func TestEncryptedColumnsAreRefused(t *testing.T) {
	var nodes pq.FieldList
	for _, f := range plainUsage() {
		nodes = append(nodes, node(t, f.Name, pq.StringLogicalType{}, parquet.Types.ByteArray, -1))
	}
	root, err := pq.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		t.Fatal(err)
	}
	for name, option := range map[string][]parquet.EncryptOption{"footer": nil, "plain footer": {parquet.WithPlaintextFooter()}} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			props := parquet.NewFileEncryptionProperties("0123456789012345", option...)
			w := file.NewParquetWriter(&out, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithEncryptionProperties(props))))
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if err := judge(t, "u.parquet", out.String()); err == nil || !strings.Contains(err.Error(), "is an encrypted Parquet file") {
				t.Errorf("got %v", err)
			}
		})
	}
}

type failingReader struct{ err error }

func (f failingReader) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestFooterReadErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{{io.EOF, "became shorter"}, {&os.PathError{Op: "read", Path: "/secret/path", Err: errors.New("input/output error")}, "cannot be read: input/output error"}} {
		_, err := parquetfile.Read(failingReader{c.err}, 1000)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "/secret") {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func FuzzFooter(f *testing.F) {
	f.Add([]byte(thriftFooter(2, 0, 0)))
	for _, fields := range [][]arrow.Field{plainUsage(), {field("x", arrow.ListOf(arrow.BinaryTypes.String))}} {
		data := parquetFile(f, 2, fields)
		length := int(binary.LittleEndian.Uint32([]byte(data[len(data)-tailBytes:])))
		f.Add([]byte(data[len(data)-tailBytes-length : len(data)-tailBytes]))
	}
	m := schema.NewMapper(schema.Usage, schema.Options{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		data := framed(string(raw))
		foot, err := parquetfile.Read(strings.NewReader(data), int64(len(data)))
		if err != nil {
			if !errors.As(err, new(*defect.Error)) {
				t.Fatalf("got %v, want a fault", err)
			}
			return
		}
		m.Map(schema.Header{Columns: foot.Columns})
		for _, c := range foot.Columns {
			_ = foot.CheckColumn(c)
		}
	})
}
