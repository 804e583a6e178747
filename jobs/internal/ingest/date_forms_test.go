package ingest

import (
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
