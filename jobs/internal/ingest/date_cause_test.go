package ingest

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnerscore/jobs/internal/exports"
)

func TestDateCause(t *testing.T) {
	for text, want := range map[string]string{
		"07/06/24": "two digits", "7.6.24": "two digits", "30-06-24 12:00": "two digits",
		"15-Jan-2025": "a word", "Jan 2024": "a word", "15. Januar 2025": "a word", "June 3, 2024": "a word", "2024-Mai-03": "a word", "3 Sept 2024": "a word",
		"45000": "Excel", "45672.5": "Excel",
		"07.06.2025": "with dots", "30-06-2024": "with dashes",
		"25/12/2024": "the file has dates month first and dates day first", " 25/12/2024 10:00": "the file has dates",
		"13/13/2024": "", "12/25/2024": "", "soon": "", "": "", "202406": "", "2024-13-01": "", "Janet Doe": "", "99/99/9999": "", "May": "",
	} {
		got := dateCause(text, exports.MonthFirst)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := dateCause("12/25/2024", exports.DayFirst); got != "the file has dates day first and dates month first" {
		t.Errorf("day first: %q", got)
	}
}

// TestDateCauseShowsNoValue: what a text says never gets into a message, since a shifted row has a name here.
func TestDateCauseShowsNoValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{0,2}[-/. ]?[A-Z]{3,9}[-/. ]?[0-9]{0,4}`).Draw(t, "text")
		if got := dateCause(text, exports.MonthFirst); strings.Contains(got, text) {
			t.Errorf("%q is in %q", text, got)
		}
	})
}

// TestMessagesAboutDatesNameTheCause: of certifications, of usage, and of a usage file of many months.
func TestMessagesAboutDatesNameTheCause(t *testing.T) {
	refused := func(root string, cause string, change ...func(*Options)) {
		t.Helper()
		_, _, err := try(t, root, sown(t, root), june, change...)
		var broken *exports.ContractError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), cause) {
			t.Errorf("got %v, want %q", err, cause)
		}
	}
	for text, cause := range map[string]string{"15-Jan-2025": "the month is written as a word; write dates as 2024-06-30", "45672": "a day of Excel", "07/06/24": "two digits"} {
		w := newWorld()
		w.hold(june, holding{global: "base", mcp: "m2", title: "AZ-104", expires: text})
		refused(w.write(t), cause)
	}
	w := newWorld()
	w.hold(june, holding{global: "base", mcp: "m2", title: "AZ-104", expires: "12/25/2024"}, holding{global: "base", mcp: "m3", title: "AZ-104", expires: "25/12/2024"})
	refused(w.write(t), "the file has dates month first and dates day first")
	w = newWorld()
	for i := range w.usage[june] {
		w.usage[june][i].month = "Jun 2024"
	}
	refused(w.write(t), "the month is written as a word; months are understood as 2024-06")
	for m := range w.usage {
		for i := range w.usage[m] {
			w.usage[m][i].month = "45000"
		}
	}
	refused(w.writeMany(t, oneFile), "a day of Excel", manyMonths)
}
