package report

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// june is the month of the pages.
var june = scoring.NewMonth(2024, time.June)

type quiet struct{}

func (quiet) Step(int, int, string) {}
func (quiet) Done(monitor.Step)     {}

// sampleSubjects are all partners of the samples in June 2024, with the two months before published as well. Tests that change one take a copy.
var sampleSubjects = sync.OnceValues(func() (all []Subject, err error) {
	ctx := context.Background()
	root, err := os.MkdirTemp("", "partnerscore-report-")
	if err != nil {
		return nil, err
	}
	defer func() { err = joined(err, os.RemoveAll(root)) }()
	library, err := rulebook.Embedded()
	if err != nil {
		return nil, err
	}
	opt := months.Options{
		Options: inputs.Options{Places: local.Places{}, Exports: "../../../samples/exports", Library: library, PersonKey: inputs.PersonKey("a key"),
			Limits: machine.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30},
			Now:    func() time.Time { return time.Unix(0, 0) }, Log: slog.New(slog.DiscardHandler)},
		Snapshots: root, MaxRejected: 0.01, ToolVersion: "test", RunID: "test", Progress: quiet{},
	}
	if _, err := months.Backfill(ctx, opt, months.Range{From: june.Add(-2), To: june}, func(int, int, results.MonthResult) {}); err != nil {
		return nil, err
	}
	r, err := reader.Open(ctx, reader.Options{Places: local.Places{}, Snapshots: root, Library: library, Limits: machine.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30}})
	if err != nil {
		return nil, err
	}
	defer func() { err = joined(err, r.Close()) }()
	month, err := r.Month(ctx, june)
	if err != nil {
		return nil, err
	}
	partners, err := r.Partners(ctx, month)
	if err != nil {
		return nil, err
	}
	for _, p := range partners {
		s, err := Read(ctx, r, june, p.ID, answers.DefaultPathCosts())
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
})

func joined(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// subjects returns the partners of the samples.
func subjects(tb testing.TB) []Subject {
	tb.Helper()
	all, err := sampleSubjects()
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// page lays out partners on one page.
func page(tb testing.TB, p Page, all ...Subject) string {
	tb.Helper()
	return pageIn(tb, wording.Words{}, p, all...)
}

// pageIn lays out partners in a language.
func pageIn(tb testing.TB, words wording.Words, p Page, all ...Subject) string {
	tb.Helper()
	k, err := NewMaker(words)
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range all {
		e, err := k.Entry(s)
		if err != nil {
			tb.Fatal(err)
		}
		p.Entries = append(p.Entries, e)
		p.Month, p.Exclusions = s.Month, s.Exclusions
	}
	var b strings.Builder
	if err := k.Write(&b, p); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// pages are pages of every kind.
func pages(tb testing.TB) map[string]string {
	all := subjects(tb)
	made := map[string]string{"all": page(tb, Page{Index: true}, all...)}
	for _, s := range all {
		made[s.ID] = page(tb, Page{}, s)
	}
	return made
}
