package pages

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Where a report goes follows from what was asked for and from how many partners there are.
func TestReportPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("published", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("there.txt", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	month := scoring.NewMonth(2024, time.June)
	for _, c := range []struct {
		partners     int
		partner, out string
		folder, file string
		index, apart bool
		wrong        string
	}{
		{partners: 1, partner: "1", folder: ".", file: "report-2024-06-1.html"},
		{partners: 1, folder: ".", file: "report-2024-06-1.html"}, // the only one of the month
		{partners: 50, folder: ".", file: "report-2024-06.html", index: true},
		{partners: 51, folder: "report-2024-06", file: "index.html", index: true, apart: true},
		{partners: 3, out: "a/b.HTML", folder: "a", file: "b.HTML", index: true},
		{partners: 3, out: "a/b", folder: "a/b", file: "index.html", index: true, apart: true},
		{partners: 1, partner: "1", out: "a/b/", folder: "a/b/", file: "p-1.html"},
		{partners: 0, folder: ".", file: "report-2024-06.html", index: true},
		{partners: 51, out: "all.html", wrong: "2024-06 has 51 partners, more than the 50 that fit on one page; name a folder"},
		{partners: 3, out: "there.txt", folder: "there.txt", file: "index.html", index: true, apart: true},
		{partners: 3, out: "2024.06/", folder: "2024.06/", file: "index.html", index: true, apart: true},
		{partners: 3, out: "x.txt", wrong: "--out x.txt must be a .html file or a folder"},
		{partners: 3, out: "x.htm", wrong: "--out x.htm must be"},
		{partners: 3, out: "-", wrong: "--out - must be"},
		{partners: 3, out: "file", wrong: "--out file must be"},
		{partners: 1, out: "published/x/y.html", wrong: "lies in the snapshots folder published"},
	} {
		var partners []published.PartnerName
		for i := range c.partners {
			partners = append(partners, published.PartnerName{ID: fmt.Sprint(i + 1)})
		}
		got, err := NewPlace(c.out, month, partners, c.partner == "", "published")
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) || fault.Of(err) != fault.Usage {
				t.Errorf("%d partners to %q: %v", c.partners, c.out, err)
			}
			continue
		}
		if want := (Place{folder: c.folder, file: c.file, index: c.index, apart: c.apart}); err != nil || got != want {
			t.Errorf("%d partners to %q: %+v, %v; want %+v", c.partners, c.out, got, err, want)
		}
	}
}
