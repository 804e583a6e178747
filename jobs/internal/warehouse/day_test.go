package warehouse

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// dayTexts are texts with the day they name; "" is none.
var dayTexts = []struct{ in, want string }{
	{"2024-06-30", "2024-06-30"}, {"2024-6-3", "2024-06-03"}, {" 2024-06-30\u00a0", "2024-06-30"}, {"2024-02-29", "2024-02-29"}, {"0001-01-01", "0001-01-01"},
	{"2024-06-01T00:00:00", "2024-06-01"}, {"2024-06-30T23:59:59Z", "2024-06-30"}, {"2024-06-30 23:59:59.999999", "2024-06-30"}, {"2024-06-30t23:59z", "2024-06-30"},
	{"2024-06-01T00:00:00+14:00", "2024-06-01"}, {"2024-06-01 00:00:00 UTC", "2024-06-01"}, {"2024-06-01 00:00:00-07", "2024-06-01"}, {"2024-06-01 00:00:00.0000000", "2024-06-01"},
	{"20240630", "2024-06-30"}, {"6/1/2024", "2024-06-01"}, {"06/01/2024", "2024-06-01"}, {"12/31/2023 11:59:59 PM", "2023-12-31"}, {"6/1/2024 0:00", "2024-06-01"},
	{"6/1/2024 12:00:00 am", "2024-06-01"},
	{"", ""}, {" ", ""}, {"2024", ""}, {"2023-02-29", ""}, {"2024-13-01", ""}, {"2024-06-31", ""}, {"2024-00-10", ""}, {"2024-06-00", ""}, {"31/12/2023", ""}, {"13/1/2024", ""},
	{"2/30/2024", ""}, {"6/1/24", ""}, {"24-06-01", ""}, {"2024/06/01", ""}, {"01.06.2024", ""}, {"June 2024", ""}, {"2024-06-01x", ""}, {"x2024-06-01", ""},
	{"2024-06-01T", ""}, {"20240631", ""}, {"2024060", ""}, {"202406011", ""}, {"1717200000", ""}, {"2024-06-01;DROP", ""}, {"-2024-06-01", ""}, {"2024-06-01 BC", ""},
	{"infinity", ""}, {"epoch", ""}, {"today", ""}, {"٢٠٢٤-٠٦-٠١", ""}, {"2024‑06‑01", ""}, {"20240-06-01", ""}, {"2024-06-01\n2024-07-01", ""}, {"N/A", ""},
}

func TestDayOfText(t *testing.T) {
	checkDays(t, "day_of_text(v, 'mdy')")
}

// TestDayOfMonthText: a text that names a day stands for its month, and so does one that names a month only.
func TestDayOfMonthText(t *testing.T) {
	checkDays(t, "day_of_month_text(v, 'mdy')")
	for _, c := range []struct{ in, want string }{
		{"2024-06", "2024-06-01"}, {" 2024-06\t", "2024-06-01"}, {"202406", "2024-06-01"}, {"2024-12", "2024-12-01"}, {"0001-01", "0001-01-01"},
		{"2025-13", ""}, {"2024-00", ""}, {"2024-0", ""}, {"2024-6", "2024-06-01"}, {"2024-006", ""}, {"202413", ""}, {"24-06", ""}, {"06-2024", ""}, {"6/2024", ""}, {"Jun-24", ""}, {"2024-06-", ""}, {"2024 06", ""},
	} {
		if got := evaluate(t, "day_of_month_text(v, 'mdy')", "VARCHAR", c.in)[0]; orEmpty(got) != c.want {
			t.Errorf("day_of_month_text(%q) = %s, want %q", c.in, show(got), c.want)
		}
	}
	for _, macro := range []string{"day_of_text", "day_of_month_text"} {
		if got := evaluate(t, macro+"(CAST(NULL AS VARCHAR), 'mdy')", "VARCHAR", "x")[0]; got != nil {
			t.Errorf("%s(NULL) = %s", macro, show(got))
		}
	}
}

// TestDayFirst: the day stands first in dates with slashes where that is said, and nowhere else.
func TestDayFirst(t *testing.T) {
	for in, want := range map[string]string{"1/6/2024": "2024-06-01", "13/06/2024 10:00": "2024-06-13", "6/13/2024": "", "2024-06-01": "2024-06-01", "20240106": "2024-01-06"} {
		for _, macro := range []string{"day_of_text(v, 'dmy')", "day_of_month_text(v, 'dmy')"} {
			if got := evaluate(t, macro, "VARCHAR", in)[0]; orEmpty(got) != want {
				t.Errorf("%s of %q = %s, want %q", macro, in, show(got), want)
			}
		}
	}
	for in, want := range map[string]string{"1/6/2024": "both", "13/6/2024": "dmy", " 6/13/2024 1:00 PM": "mdy", "6/6/2024": "", "13/13/2024": "", "2024-06-01": "", "x/y": "", "": ""} {
		if got := evaluate(t, "slash_order(v)", "VARCHAR", in)[0]; orEmpty(got) != want {
			t.Errorf("slash_order of %q = %s, want %q", in, show(got), want)
		}
	}
}

// TestIDs: digits followed by .0 are those digits, in text and in floating-point columns.
func TestIDs(t *testing.T) {
	for in, want := range map[string]string{"7000001.0": "7000001", " 7000001.00\u00a0": "7000001", "0070": "0070", "7000001.5": "7000001.5", "A7.0": "A7.0", "7.0.0": "7.0.0", ".0": ".0"} {
		if got := evaluate(t, "identified(v)", "VARCHAR", in)[0]; orEmpty(got) != want {
			t.Errorf("identified(%q) = %s, want %q", in, show(got), want)
		}
	}
	for in, want := range map[string]string{"7000001": "7000001", "0": "0", "7000001.5": "", "NaN": "", "inf": "", "-7": "", "9007199254740991": "9007199254740991",
		"9007199254740992": "", "1e15": "1000000000000000"} {
		if got := evaluate(t, "id_of_double(CAST(v AS DOUBLE), '9007199254740992')", "VARCHAR", in)[0]; orEmpty(got) != want {
			t.Errorf("id_of_double(%s) = %s, want %q", in, show(got), want)
		}
	}
	if got := evaluate(t, "id_of_double(CAST(v AS FLOAT), '16777216')", "VARCHAR", "16777217")[0]; got != nil {
		t.Errorf("id_of_double of a FLOAT beyond its whole numbers = %s", show(got))
	}
	for in, want := range map[string]string{"99999999-0000-4000-8000-000000000001": "own", "{99999999-0000-4000-8000-00000000000A} ": "own", "7000001": "7000001", "": ""} {
		if got := evaluate(t, "own_partner(v, 'own')", "VARCHAR", in)[0]; orEmpty(got) != want {
			t.Errorf("own_partner(%q) = %s, want %q", in, show(got), want)
		}
	}
}

func checkDays(t *testing.T, macro string) {
	t.Helper()
	for _, c := range dayTexts {
		if got := evaluate(t, macro, "VARCHAR", c.in)[0]; orEmpty(got) != c.want {
			t.Errorf("%s of %q = %s, want %q", macro, c.in, show(got), c.want)
		}
	}
}

func orEmpty(t text) string {
	if t == nil {
		return ""
	}
	return *t
}

// TestEveryDay writes days in every spelling that is read.
func TestEveryDay(t *testing.T) {
	layouts := []string{"2006-01-02", "2006-1-2", "20060102", "1/2/2006", "01/02/2006", time.RFC3339, "2006-01-02 15:04:05.000", "1/2/2006 3:04:05 PM"}
	rapid.Check(t, func(t *rapid.T) {
		var texts, want []string
		for range 40 {
			day := time.Unix(rapid.Int64Range(-2208988800, 4102444799).Draw(t, "second"), 0).UTC()
			texts = append(texts, day.Format(rapid.SampledFrom(layouts).Draw(t, "layout")))
			want = append(want, day.Format(time.DateOnly))
		}
		for i, got := range evaluate(t, "day_of_month_text(v, 'mdy')", "VARCHAR", texts...) {
			if orEmpty(got) != want[i] {
				t.Fatalf("day_of_month_text(%q) = %s, want %s", texts[i], show(got), want[i])
			}
		}
	})
}

func TestDayOfTime(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{"day_of_time(DATE '2024-06-30')", "2024-06-30"},
		{"day_of_time(TIMESTAMP '2024-06-30 23:59:59.999999')", "2024-06-30"},
		{"day_of_time(TIMESTAMP_NS '2024-06-30 23:59:59.999999999')", "2024-06-30"},
		{"day_of_time(TIMESTAMP_S '1969-12-31 23:59:59')", "1969-12-31"},
		{"day_of_time(TIMESTAMPTZ '2024-07-01 01:00:00+02:00')", "2024-06-30"},
		{"day_of_time(CAST(NULL AS TIMESTAMP))", ""},
	} {
		if got := evaluate(t, c.expression, "VARCHAR", "x")[0]; orEmpty(got) != c.want {
			t.Errorf("%s = %s, want %q", c.expression, show(got), c.want)
		}
	}
}

var (
	monthForm = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{1,2})|([0-9]{2}))$`)
	isoForm   = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ][0-9:.]+ ?([zZ]|(?i:UTC)|[+-][0-9:]{2,6})?)?$`)
	isoLower  = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(t[0-9:.]+ ?([zZ]|(?i:UTC)|[+-][0-9:]{2,6})?)?$`)
	plainForm = regexp.MustCompile(`^([0-9]{4})([0-9]{2})([0-9]{2})$`)
	usForm    = regexp.MustCompile(`^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})( [0-9:.]+ ?(?i:[AP]M)?)?$`)
)

// monthTextOf reads a text of a month column in Go; the calendar is Go's.
func monthTextOf(s string) string {
	s = trimSpace(s)
	day := func(y, m, d string) string {
		parsed, err := time.Parse("2006-1-2", fmt.Sprint(y, "-", m, "-", d))
		if err != nil || parsed.Year() == 0 {
			return ""
		}
		return parsed.Format(time.DateOnly)
	}
	if p := monthForm.FindStringSubmatch(s); p != nil {
		return day(p[1], p[2]+p[3], "1")
	}
	for _, form := range []*regexp.Regexp{isoForm, isoLower, plainForm} {
		if p := form.FindStringSubmatch(s); p != nil {
			return day(p[1], p[2], p[3])
		}
	}
	if p := usForm.FindStringSubmatch(s); p != nil {
		return day(p[3], p[1], p[2])
	}
	return ""
}

func FuzzMonthText(f *testing.F) {
	for _, c := range dayTexts {
		f.Add(c.in)
	}
	f.Add("2024-06")
	f.Add("202406")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 100 || !validText(s) {
			t.Skip()
		}
		want := monthTextOf(s)
		got := evaluate(t, "day_of_month_text(v, 'mdy')", "VARCHAR", s)[0]
		if got != nil && len(*got) > 10 { // the year 0 is 1 BC to the engine
			return
		}
		if orEmpty(got) != want {
			t.Fatalf("day_of_month_text(%q) = %s, want %q", s, show(got), want)
		}
	})
}

// TestKnownDay: days of months that cannot be named are none.
func TestKnownDay(t *testing.T) {
	for in, want := range map[string]string{"1900-01-01": "1900-01-01", "2024-06-30": "2024-06-30", "9998-12-31": "9998-12-31", "1899-12-31": "", "9999-01-01": "", "0001-01-01": ""} {
		if got := evaluate(t, "known_day(CAST(v AS DATE))", "VARCHAR", in)[0]; orEmpty(got) != want {
			t.Errorf("known_day(%s) = %s, want %q", in, show(got), want)
		}
	}
}
