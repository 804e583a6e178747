package scoring

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseMonth(t *testing.T) {
	for _, text := range []string{"2024-06", "1900-01", "9998-12"} {
		m, err := ParseMonth(text)
		if err != nil || m.String() != text {
			t.Errorf("ParseMonth(%q) = %v, %v", text, m, err)
		}
	}
	for _, text := range []string{
		"", "2024", "2024-6", "2024-13", "2024-00", "0001-01", "1899-12", "9999-01", "2024-06-01", " 2024-06", "2024/06", "２０２４-06",
	} {
		_, err := ParseMonth(text)
		if err == nil || !strings.Contains(err.Error(), "want a year") {
			t.Errorf("ParseMonth(%q): error %v, want one that says what is expected", text, err)
		}
	}
}

func TestMonth(t *testing.T) {
	m := NewMonth(2024, time.February)
	for name, c := range map[string]struct{ have, want string }{
		"first":         {m.First().Format(time.RFC3339), "2024-02-01T00:00:00Z"},
		"last":          {m.Last().Format(time.RFC3339), "2024-02-29T00:00:00Z"},
		"a year before": {m.Add(-12).String(), "2023-02"},
		"over new year": {m.Add(-13).String(), "2023-01"},
		"eleven later":  {m.Add(11).String(), "2025-01"},
		"of an instant": {MonthOf(time.Date(2024, 2, 29, 23, 30, 0, 0, time.FixedZone("", -3600))).String(), "2024-03"},
	} {
		if c.have != c.want {
			t.Errorf("%s: %s, want %s", name, c.have, c.want)
		}
	}
}

func TestMonthAsText(t *testing.T) {
	var read struct{ M Month }
	if err := json.Unmarshal([]byte(`{"M":"2024-06"}`), &read); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(read)
	if err != nil || string(written) != `{"M":"2024-06"}` {
		t.Errorf("written as %s, %v", written, err)
	}
	if err := json.Unmarshal([]byte(`{"M":"June"}`), &read); err == nil {
		t.Error("June was read as a month")
	}
}

func TestMonthsCountLikeTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Month(rapid.IntRange(1900*12, 9998*12).Draw(t, "month"))
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		if got, want := m.Add(n).First(), m.First().AddDate(0, n, 0); !got.Equal(want) {
			t.Fatalf("%s + %d starts on %s, want %s", m, n, got, want)
		}
		if next := m.Last().AddDate(0, 0, 1); !next.Equal(m.Add(1).First()) {
			t.Fatalf("the day after %s is %s", m, next)
		}
		if back, err := ParseMonth(m.String()); err != nil || back != m {
			t.Fatalf("%s reads back as %s, %v", m, back, err)
		}
	})
}
