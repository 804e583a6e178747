package runs

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// cardsOf returns a result with so many partners; every third qualifies everywhere.
func cardsOf(t *testing.T, partners int) (Score, *scoring.Rulebook) {
	t.Helper()
	library, err := rulebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	book, err := library.Get("azure-2026-05")
	if err != nil {
		t.Fatal(err)
	}
	most := scoring.Hundredths(20_00)
	result := Score{Scorecard: &results.Scorecard{Month: scoring.NewMonth(2024, 6), Rulebook: book.ID}, Changed: true}
	for i := range partners {
		card := results.PartnerCard{ID: fmt.Sprint(1_000_000 + i), Name: fmt.Sprintf("A partner with a rather long name, number %d", i), Track: "smb"}
		for _, a := range scoring.Areas() {
			area := results.AreaCard{Area: a, Total: 100_00, Qualifies: true}
			points := most
			if i%3 != 0 {
				area = results.AreaCard{Area: a, Total: 66_50, PointsToDesignation: 3_50, Blocking: "net_customer_adds,advanced_certifications"}
				points = 0
			}
			for _, m := range scoring.Metrics() {
				area.Metrics = append(area.Metrics, results.MetricCard{Metric: m, Points: &points, Max: &most})
			}
			card.Areas = append(card.Areas, area)
		}
		result.Partners = append(result.Partners, card)
	}
	result.Exclusions = []snapshot.Exclusion{{Class: "rule", Reason: "x", Rows: 1_234_567, ACRUSD: 9_876_543_210_000}, {Class: "data", Reason: "y", Rows: 1, ACRUSD: -5_000}}
	return result, book
}

func printed(t *testing.T, partners, width int) string {
	t.Helper()
	result, book := cardsOf(t, partners)
	return result.Text(book, "snapshots", width)
}

func TestTheTableFitsTheTerminal(t *testing.T) {
	for _, width := range []int{80, 100, 120, 140} {
		for _, partners := range []int{1, 10, 300} {
			for line := range strings.Lines(printed(t, partners, width)) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%d partners, %d columns: a line has %d: %s", partners, width, n, line)
				}
			}
		}
	}
}

func TestTheTableSaysWhatIsLacking(t *testing.T) {
	for width, want := range map[int]string{
		80:  "no",
		110: "no, 3.50 short",
		130: "no, 3.50 short, 2 metrics at 0",
		160: "no, 3.50 short, 0 in customer adds, advanced",
	} {
		if got := printed(t, 2, width); !strings.Contains(got, want+"\n") {
			t.Errorf("%d columns: want %q in\n%s", width, want, got)
		}
	}
}

func TestManyPartnersGetOneLineEach(t *testing.T) {
	got := printed(t, 300, 120)
	if n := strings.Count(got, "\n"); n > 320 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{
		"1000299  A partner with a rather long name, number 299", "100 yes", "66.50 no",
		"Qualified, of 300 partners: 100 in Data & AI, 100 in Infrastructure, 100 in Digital & App Innovation.",
		"1,234,567 rows by rule (9,876,543.21 USD), 1 row of bad data (-0.01 USD).",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got[:1000])
		}
	}
}

func TestNamesCannotCommandTheTerminal(t *testing.T) {
	result, book := cardsOf(t, 1)
	result.Partners[0].Name = "\x1b[2J\x07Evil\nGmbH\u202e"
	if got := result.Text(book, "snapshots", 120); !strings.Contains(got, "?[2J?Evil?GmbH? (1000000)") {
		t.Errorf("got %q", got)
	}
}
