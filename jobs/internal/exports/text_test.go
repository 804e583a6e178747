package exports

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/textfile"
)

const usageRow = "1234567,PAL,0f8fad5b-d9cb-469f-a165-70867728950e,Storage,Enterprise,12.50\n"

func utf16File(text string, bom bool) string {
	var b strings.Builder
	if bom {
		b.WriteString("\xff\xfe")
	}
	for _, u := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func TestTextFiles(t *testing.T) {
	plain := plainUsageHeader + "\n" + usageRow + usageRow
	tabs := strings.ReplaceAll(plain, ",", "\t")
	quoted := `"` + strings.ReplaceAll(plainUsageHeader, ",", `","`) + `"` + "\n"
	for _, c := range []struct {
		name, file, data string
		rows             int64
	}{
		{"csv", "u.csv", plain, 2},
		{"tsv", "u.tsv", tabs, 2},
		{"csv.gz", "u.csv.gz", gzipped(t, plain), 2},
		{"tsv.gz in capitals", "u.TSV.GZ", gzipped(t, tabs), 2},
		{"two gzip members", "u.csv.gz", gzipped(t, plain) + gzipped(t, usageRow), 3},
		{"byte order mark", "u.csv", "\ufeff" + plain, 2},
		{"byte order mark and quotes", "u.csv", "\ufeff" + quoted + usageRow, 1},
		{"windows line ends", "u.csv", strings.ReplaceAll(plain, "\n", "\r\n"), 2},
		{"no last line end", "u.csv", strings.TrimSuffix(plain, "\n"), 2},
		{"blank lines", "u.csv", plain + "\n\n" + usageRow + "\n", 3},
		{"header only", "u.csv", plainUsageHeader + "\n", 0},
		{"header without line end", "u.csv", plainUsageHeader, 0},
		{"quotes, delimiters and line ends in fields", "u.csv", plainUsageHeader + "\n" + `1,PAL,t,"Sto""rage, blob` + "\n" + `x",Enterprise,1` + "\n", 1},
		{"extra columns, two of one name", "u.csv", plainUsageHeader + ",x,x,\n" + strings.TrimSpace(usageRow) + ",1,2,3\n", 1},
		{"other scripts", "u.csv", plainUsageHeader + "\n1,PAL,t,Speicher – 保存 🚀,é,1\n", 1},
		{"line ends of both kinds in quotes", "u.csv", plain + strings.Repeat("1,PAL,t,\"a\r\n\"\"b\nc\",e,1\n", 3000), 3002},
		{"separator named", "u.csv", "sep=,\n" + plain, 2},
		{"other separator named, with mark and windows line ends", "u.csv", "\ufeffSEP=;\r\n" + strings.ReplaceAll(strings.ReplaceAll(plain, ",", ";"), "\n", "\r\n"), 2},
		{"tab named in quotes", "u.csv.gz", gzipped(t, "\"sep=\t\"\n"+tabs), 2},
		{"separator named, header alone", "u.tsv", "sep=|\n" + strings.ReplaceAll(plainUsageHeader, ",", "|"), 0},
		{"long field", "u.csv", plainUsageHeader + "\n1,PAL,t," + strings.Repeat("x", 1<<20) + ",e,1\n", 1},
		{"field of the same length in many rows", "u.csv", plainUsageHeader + "\n" + strings.Repeat("1,PAL,t,"+strings.Repeat("x", 1<<16)+",e,1\n", 100), 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, map[string]string{"azure_usage/month=2024-06/" + c.file: c.data})
			checked, err := Check(t.Context(), find(t, root, Patterns{}).Files(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Contains(c.name, "line ends of both kinds") || strings.Contains(c.name, "line ends in fields"); checked[0].Text.Multiline != want {
				t.Errorf("fields of several lines: %t, want %t", checked[0].Text.Multiline, want)
			}
			if checked[0].Rows != c.rows {
				t.Errorf("%d rows, want %d", checked[0].Rows, c.rows)
			}
			if got := checked[0].Columns[0]; got.Name != "MPNId" || got.Kind != schema.Text || got.Index != 0 {
				t.Errorf("first column is %+v", got)
			}
			if checked[0].Mapping["acr_usd"].Index != 5 {
				t.Errorf("acr_usd is %+v", checked[0].Mapping["acr_usd"])
			}
		})
	}
}

func TestTextFaults(t *testing.T) {
	plain := plainUsageHeader + "\n" + usageRow
	for _, c := range []struct{ name, file, data string }{
		{"too-few-fields", "u.csv", plain + "1234567,PAL\n"},
		{"too-many-fields", "u.csv", plain + usageRow + strings.TrimSpace(usageRow) + ",x\n"},
		{"blank-row-of-spaces", "u.csv", plain + "  \n"},
		{"thousands-separator", "u.csv", plain + strings.Replace(usageRow, "12.50", "1,234.50", 1)},
		{"bare-quote", "u.csv", plain + strings.Replace(usageRow, "Storage", `Sto"rage`, 1)},
		{"text-after-quote", "u.csv", plain + strings.Replace(usageRow, "Storage", `"Sto"rage`, 1)},
		{"open-quote-to-the-end", "u.csv", plain + strings.Replace(usageRow, "Storage", `"Storage`, 1) + usageRow},
		{"open-quote-in-big-file", "u.csv", plain + strings.Replace(usageRow, "Storage", `"Storage`, 1) + strings.Repeat(usageRow, 40_000)},
		{"open-quote-in-header", "u.csv", `"` + plain},
		{"no-line-ends", "u.csv", plain + strings.Repeat("x", 3_000_000)},
		{"not-utf8", "u.csv", plain + strings.Replace(usageRow, "Storage", "Entrep\xf4t", 1)},
		{"header-not-utf8", "u.csv", strings.Replace(plain, "OfferType", "Offer\xe9", 1)},
		{"nul-byte", "u.csv", plain + strings.Replace(usageRow, "Storage", "Sto\x00rage", 1)},
		{"nul-byte-in-quotes", "u.tsv", strings.ReplaceAll(plain+strings.Replace(usageRow, "Storage", "\"Storage\x00\"", 1), ",", "\t")},
		{"utf16", "u.csv", utf16File(plain, true)},
		{"utf16-without-mark", "u.tsv", utf16File(plain, false)},
		{"mac-line-ends", "u.csv", strings.ReplaceAll(plain, "\n", "\r")},
		{"carriage-return-in-field", "u.csv", plain + strings.Replace(usageRow, "Storage", "\"Sto\rrage\"", 1)},
		{"blank-first-line", "u.csv", "\n" + plain},
		{"mark-only", "u.csv", "\ufeff"},
		{"empty", "u.csv", ""},
		{"empty-gzip", "u.csv.gz", gzipped(t, "")},
		{"empty-gz-file", "u.csv.gz", ""},
		{"html", "u.csv", "<html><body>Sign in</body></html>"},
		{"json", "u.tsv", `{"value": []}`},
		{"semicolons", "u.csv", strings.ReplaceAll(plain, ",", ";")},
		{"semicolons-and-quotes", "u.csv", "\ufeff\"" + strings.ReplaceAll(plainUsageHeader, ",", `";"`) + "\"\r\n" + strings.ReplaceAll(usageRow, ",", ";")},
		{"commas-in-tsv", "u.tsv", plain},
		{"commas-and-quotes-in-tsv", "u.tsv", `"` + strings.ReplaceAll(plainUsageHeader, ",", `","`) + "\"\n"},
		{"mixed-line-ends", "u.csv", plain + strings.Replace(usageRow, "Storage", "\"Sto\r\nrage\"", 1) + strings.ReplaceAll(usageRow+usageRow, "\n", "\r\n")},
		{"mixed-line-ends-of-windows", "u.csv.gz", gzipped(t, strings.ReplaceAll("sep=,\n"+plain, "\n", "\r\n")+strings.Repeat(usageRow, 9000))},
		{"mixed-line-ends-and-few-fields", "u.csv", plain + strings.ReplaceAll(usageRow, "\n", "\r\n") + "1234567,PAL\n"},
		{"line-end-in-name-behind-mark", "u.csv", "\ufeff\"Com\nment\"," + plainUsageHeader + "\n"},
		{"separator-unknown", "u.csv", "sep=:\n" + plain},
		{"separator-in-many-columns", "u.csv", "sep=,,,,,,\n" + plain},
		{"separator-and-nothing", "u.csv", "sep=,"},
		{"separator-and-blank-line", "u.csv", "sep=;\n\n" + plain},
		{"separator-of-others", "u.csv", "sep=;\n" + plain},
		{"separator-and-few-fields", "u.csv", "sep=,\n" + plain + "1234567,PAL\n"},
		{"separator-and-open-quote", "u.csv", "sep=,\n" + plain + strings.Replace(usageRow, "Storage", `"Storage`, 1) + usageRow},
		{"gzip-cut", "u.csv.gz", gzipped(t, plain+strings.Repeat(usageRow, 100))[:60]},
		{"gzip-damaged", "u.csv.gz", gzipped(t, plain)[:20] + "\xff\xff\xff\xff" + gzipped(t, plain)[24:]},
		{"gzip-with-rubbish-behind", "u.csv.gz", gzipped(t, plain) + "rubbish and more"},
		{"gzip-bad-checksum", "u.csv.gz", gzipped(t, plain)[:len(gzipped(t, plain))-8] + "12345678"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.file, c.data, "text/"+c.name+".txt") })
	}
}

// TestGzipBomb: what unpacks to one endless row is refused early.
func TestGzipBomb(t *testing.T) {
	bomb := gzipped(t, plainUsageHeader+"\n"+strings.Repeat("\x00", 200<<20))
	if err := judge(t, "u.csv.gz", bomb); err == nil || !strings.Contains(err.Error(), "a row longer than 2000000 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestTextColumnsKeepTheirNames(t *testing.T) {
	file, err := textfile.Open(strings.NewReader("\ufeff\" MPN ID\",\"\nx\",,a,a\r\n"), fileformat.CSV)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{" MPN ID", "\nx", "", "a", "a"}, file.Header); diff != "" {
		t.Error(diff)
	}
}

func FuzzCSVHeader(f *testing.F) {
	f.Add([]byte(plainUsageHeader+"\n"+usageRow), true)
	f.Add([]byte("\ufeff\"a\"\"\t\",b\r\n1\n\"x"), false)
	f.Add([]byte("\xff\xfea\x00"), true)
	f.Add([]byte("\x1f\x8b"), false)
	f.Add([]byte("sep=;\r\na;b\r\n1;2"), true)
	f.Fuzz(func(t *testing.T, data []byte, comma bool) {
		format := fileformat.TSV
		if comma {
			format = fileformat.CSV
		}
		file, err := textfile.Open(strings.NewReader(string(data)), format)
		if err != nil {
			if !errors.As(err, new(*defect.Error)) {
				t.Fatalf("got %v, want a defect", err)
			}
			return
		}
		for _, name := range file.Header {
			if !utf8.ValidString(name) {
				t.Fatalf("header %q", name)
			}
		}
		mapping := schema.NewMapper(schema.Usage, schema.Options{}).Map(schema.Header{Columns: schema.TextColumns(file.Header), Text: true})
		for _, d := range mapping.Defects {
			if p := (Found{Table: schema.Usage, Rel: "u.csv", Format: format}).problem(d); strings.Contains(p.String(), "\n") {
				t.Fatalf("message of several lines: %q", p)
			}
		}
		for {
			record, err := file.Next()
			if err == nil && len(record) != len(file.Header) {
				t.Fatalf("record %q", record)
			}
			if err == nil {
				continue
			}
			if !errors.Is(err, io.EOF) && !errors.As(err, new(*defect.Error)) {
				t.Fatalf("got %v, want a fault with a line", err)
			}
			return
		}
	})
}
