package inputs_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow"

	"partnerscore/scoring"
)

func hashOf(data []byte) [sha256.Size]byte { return sha256.Sum256(data) }

// form is how one file is written.
type form struct {
	*formWriter
	month   scoring.Month
	ending  string
	columns []formColumn
}

// formColumn is a column of a file: a canonical one ("" for one that means nothing) under a name.
type formColumn struct {
	canonical, name string
	layout          string         // of days as text; "" for other columns
	kind            arrow.DataType // in Parquet
}

// String describes the form for messages.
func (f *form) String() string {
	text := f.ending
	for _, c := range f.columns {
		text += fmt.Sprintf(" %s=%q", c.canonical, c.name)
		if c.kind != nil {
			text += fmt.Sprintf(":%s", c.kind)
		}
		if c.layout != "" {
			text += fmt.Sprintf("(%s)", c.layout)
		}
	}
	return text
}

func (w *formWriter) newForm(m scoring.Month) *form {
	f := &form{formWriter: w, month: m, ending: w.pick(".csv", ".tsv", ".csv.gz", ".tsv.gz", ".CSV", ".TSV.GZ", ".parquet", ".parquet", ".parquet", ".parquet", ".Parquet")}
	for _, canonical := range factColumns() {
		if canonical == "month" && w.chance(4) {
			continue // the path says it
		}
		c := formColumn{canonical: canonical, name: canonical}
		if aliases := formAliases()[canonical]; !w.chance(5) {
			c.name = aliases[w.random.IntN(len(aliases))]
		}
		switch {
		case canonical == "acr_usd" && w.chance(8):
			c.name = "Umsatz €"
		case canonical == "service_level_2" && w.chance(8):
			c.name = "Dienst"
		}
		if c.name != "partner_location_id" { // without separators it is the name of a country
			c.name = w.respelt(c.name)
		}
		if canonical == "month" {
			c.layout = w.pick(dayLayouts()...)
		}
		f.columns = append(f.columns, c)
	}
	for range w.random.IntN(4) {
		f.columns = append(f.columns, formColumn{name: w.pick("Extra", "EXTRA", "extra", "month_text", "file_row", "file_row_number", "File_Row_Number", "filename", "it's \"so\"", "two\nlines", "two\r\nlines")})
	}
	w.random.Shuffle(len(f.columns), func(i, j int) { f.columns[i], f.columns[j] = f.columns[j], f.columns[i] })
	if f.parquet() {
		for i := range f.columns {
			f.columns[i].kind = f.kindOf(f.columns[i].canonical)
		}
	}
	return f
}

func (f *form) parquet() bool { return strings.EqualFold(f.ending, ".parquet") }

func dayLayouts() []string {
	return []string{"2006-01", "2006-1", "200601", "2006-01-02", "2006-1-2", "20060102", "1/2/2006", "01/02/2006", "1/2/2006 3:04:05 PM", time.RFC3339,
		"2006-01-02T15:04:05", "2006-01-02 15:04:05.000000", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z"}
}

// respelt writes a name as another pipeline might: case and separators do not matter.
func (w *formWriter) respelt(name string) string {
	if w.chance(2) {
		return name
	}
	style := w.random.IntN(4)
	var b strings.Builder
	for i, r := range name {
		if strings.ContainsRune("_-. ", r) && style != 3 {
			continue
		}
		if i > 0 && unicode.IsUpper(r) && style == 1 {
			b.WriteString(w.pick("_", "-", ".", " ", ""))
		}
		switch style {
		case 0:
			r = unicode.ToUpper(r)
		case 1, 2:
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String() + w.pick("", "", "", " ", "_")
}

// text is a value as text, in one of the spellings that mean the same.
func (f *form) text(c formColumn, row fact) string {
	value := row.value(c.canonical)
	switch c.canonical {
	case "":
		return f.pick("", "x", "1,5;\t\"y\"")
	case "month":
		return f.padded(f.moment(row).Format(c.layout))
	case "acr_usd":
		return f.padded(f.amountText(row.micros))
	case "customer_tenant_id", "subscription_id":
		return f.idText(value)
	case "association_type":
		return f.padded(f.spelling(value))
	case "offer_type", "customer_segment", "offer_id", "service_level_1", "service_level_3", "service_level_4", "resource_id":
		return f.padded(f.cased(value))
	case "service_level_2":
		return f.padded(strings.ReplaceAll(value, " ", f.pick(" ", "  ", "\u00a0", "\t ")))
	default:
		return f.padded(value)
	}
}

// moment is a time on the row's day, in UTC.
func (f *form) moment(row fact) time.Time {
	return time.Date(f.month.First().Year(), f.month.First().Month(), row.day, f.random.IntN(24), f.random.IntN(60), f.random.IntN(60), 0, time.UTC)
}

// padded puts white space around a value, or makes it of nothing.
func (f *form) padded(value string) string {
	if !f.chance(6) {
		return value
	}
	space := f.pick(" ", "  ", "\t", "\u00a0", "\u3000")
	return f.pick("", space) + value + space
}

func (f *form) cased(value string) string {
	switch f.random.IntN(5) {
	case 0:
		return strings.ToUpper(value)
	case 1:
		return strings.ToLower(value)
	default:
		return value
	}
}

func (f *form) idText(value string) string {
	if value != "" && f.chance(4) {
		value = "{" + value + "}"
	}
	return f.padded(f.cased(value))
}

func (f *form) spelling(association string) string {
	spellings := map[string][]string{
		"PAL":        {"PAL", "Partner Admin Link (PAL)", "partner admin link", "Partner  Admin Link"},
		"DPOR":       {"DPOR", "Partner of record", "Digital Partner of Record"},
		"CSP Tier 1": {"CSP Tier 1", "CSP Tier1", "Cloud Solution Provider (CSP) Tier 1", "csp tier 1"},
		"CSP Tier 2": {"CSP Tier 2", "CSP Tier2", "Cloud Solution Provider (CSP) Tier 2"},
	}[association]
	if spellings == nil {
		return association
	}
	return spellings[f.random.IntN(len(spellings))]
}

// amountText writes an amount in one of the ways that the settings of the run allow.
func (f *form) amountText(micros int64) string {
	text := plainAmount(micros)
	sign, body := "", text
	if strings.HasPrefix(text, "-") {
		sign, body = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(body, ".")
	point := f.amounts.Point()
	switch f.random.IntN(6) {
	case 0:
		return sign + whole + point + fraction + "000"
	case 1:
		return sign + whole + fraction + f.pick("e-6", "E-06")
	case 2:
		if sign == "" {
			sign = "+"
		}
	case 3:
		whole = "00" + whole
		return sign + whole + point + fraction
	}
	if f.amounts.Thousands != "" && f.chance(2) {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + f.amounts.Thousands + whole[i:]
		}
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += point + fraction
	}
	return sign + whole
}

// encode writes the rows.
func (f *form) encode(rows []fact) []byte {
	if f.parquet() {
		return f.encodeParquet(rows)
	}
	var out bytes.Buffer
	separator, end := ",", f.pick("\n", "\r\n")
	if strings.Contains(strings.ToLower(f.ending), ".tsv") {
		separator = "\t"
	}
	if f.chance(2) && !strings.HasPrefix(f.columns[0].name, "two") { // then it is refused
		out.WriteString("\ufeff")
	}
	if f.chance(4) { // as Excel is told
		separator = f.pick(",", ";", "\t", "|")
		out.WriteString(f.pick("sep=", "SEP=") + separator + end)
	}
	always := f.chance(3)
	line := func(cell func(c formColumn) string) {
		for i, c := range f.columns {
			if i > 0 {
				out.WriteString(separator)
			}
			value := cell(c)
			if always || strings.ContainsAny(value, separator+"\"\r\n") || strings.HasPrefix(value, " ") || f.chance(9) {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			out.WriteString(value)
		}
		out.WriteString(end)
	}
	line(func(c formColumn) string { return c.name })
	for _, row := range rows {
		line(func(c formColumn) string { return f.text(c, row) })
		if f.chance(20) {
			out.WriteString(end) // a blank line
		}
	}
	if f.chance(3) {
		out.Truncate(len(bytes.TrimRight(out.Bytes(), "\r\n"))) // the last line has no end
	}
	if !strings.HasSuffix(strings.ToLower(f.ending), ".gz") {
		return out.Bytes()
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(out.Bytes()); err != nil {
		f.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		f.t.Fatal(err)
	}
	return zipped.Bytes()
}
