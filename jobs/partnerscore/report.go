package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/report"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// onOnePage is how many partners one page holds well: with more of them it is tens of megabytes.
const onOnePage = 50

// reportOptions are what `report` is told.
type reportOptions struct {
	answerOptions
	out   string // empty: a name is made
	costs scoring.Costs
}

func (o *reportOptions) options() []*option {
	partner := o.partnerOption()
	partner.standard = "all partners of the month"
	own := []*option{
		o.monthOption(),
		partner,
		{name: "out", value: "FILE.html|DIR", usage: "page to write, or folder for an index and a page for each partner",
			standard: "report-MONTH-PARTNER.html or, for all partners, report-MONTH.html; a folder report-MONTH for more than " + fmt.Sprint(onOnePage),
			read:     into(&o.out, readText)},
		formatOption(&o.format),
	}
	return slices.Concat(own, costOptions(&o.costs), only(o.commonOptions(), "snapshots", "config", "rulebook", "threads", "memory-limit", "temp-dir", "max-temp",
		"log-format", "quiet"))
}

// reportCommand is `report`.
func (p *program) reportCommand() *cli.Command {
	o := &reportOptions{answerOptions: newAnswerOptions(), costs: answers.DefaultPathCosts()}
	h := help{
		name:  "report",
		about: "write where partners stand, and what to do next, as a page",
		more: `The page is one file that needs no network and no script: scorecards, what to do next, the trend,
customers, services, certifications, the outlook, the qualification window, data quality, rules and
inputs. Without --partner it has an index and a section for each partner. More than 50 partners need
a folder, which gets index.html and a page for each. Long lists are cut; the tables have all of them.
The same published months and costs give the same bytes. A page of the same name is replaced; pages of
partners that the month does not have stay in a folder, and are named.`,
		examples: []string{
			"partnerscore report --month 2024-06 --partner 1020000 --out brightwater.html",
			"partnerscore report --month 2024-06 --out june.html",
			"partnerscore report --out reports/2024-06/",
		},
		options: o.options(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *published.Reader) error { return p.runReport(ctx, r, o) })
	})
}

// reportResult is what `report --format json` prints.
type reportResult struct {
	Month    scoring.Month `json:"score_month"`
	Partners int           `json:"partners"`
	Path     string        `json:"path"` // of the page, or of the index in its folder
	Pages    int           `json:"pages"`
	Bytes    int64         `json:"bytes"` // of all pages
	// Stale are pages in its folder of partners that the report is not about, which its index does not lead to.
	Stale []string `json:"stale_pages"`
}

func (p *program) runReport(ctx context.Context, r *published.Reader, o *reportOptions) error {
	m := o.monthOf(r)
	partners, err := o.partners(ctx, r, m)
	if err != nil {
		return err
	}
	place, err := o.place(m, partners)
	if err != nil {
		return err
	}
	maker, err := report.NewMaker()
	if err != nil {
		return err
	}
	console, _ := p.makeConsole(o.logFormat, o.quiet)
	defer console.close()
	run := &reportRun{reader: r, maker: maker, month: m, costs: o.costs, place: place, runID: newRunID(p.clock()), progress: console.Step}
	result, err := run.write(ctx, partners)
	if err != nil {
		return err
	}
	console.close()
	if o.format == formatJSON {
		return writeJSON(p.stdout, result)
	}
	return p.write(result.text())
}

// partners returns the partners that the report is about, by id. The error is a *usageError for a rulebook that the month was not scored by.
func (o *reportOptions) partners(ctx context.Context, r *published.Reader, m scoring.Month) ([]published.PartnerName, error) {
	month, err := r.Month(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := o.otherRules(month.Manifest.Rulebook); err != nil {
		return nil, err
	}
	all, err := r.Partners(ctx, month)
	if err != nil || o.partner == "" {
		return all, err
	}
	for _, partner := range all {
		if partner.ID == o.partner {
			return []published.PartnerName{partner}, nil
		}
	}
	_, err = r.Partner(ctx, m, o.partner) // which names the nearest ones
	return nil, err
}

// text says where the result is.
func (r reportResult) text() string {
	what := wording.Count(int64(r.Partners), "partner")
	if r.Pages > 1 {
		what += ", " + wording.Count(int64(r.Pages), "page")
	}
	text := fmt.Sprintf("Report of %s (%s): %s, %s bytes.\n", r.Month, what, show.Printable(r.Path), scoring.Grouped(r.Bytes))
	if n := len(r.Stale); n > 0 {
		const named = 5
		more := ""
		if n > named {
			more = fmt.Sprintf(" and %d more", n-named)
		}
		text += fmt.Sprintf("Left as they were: %s of partners that %s does not have, %s%s.\n", wording.Count(int64(n), "page"), r.Month,
			strings.Join(r.Stale[:min(n, named)], ", "), more)
	}
	return text
}

// reportRun is the making of one report.
type reportRun struct {
	reader   *published.Reader
	maker    *report.Maker
	month    scoring.Month
	costs    scoring.Costs
	place    reportPlace
	runID    string // makes the names of temporary files its own
	progress func(done, total int, text string)
	bytes    int64
	pages    int
}

// write makes the pages. The index of a folder is written last.
func (x *reportRun) write(ctx context.Context, partners []published.PartnerName) (*reportResult, error) {
	month, err := x.reader.Month(ctx, x.month)
	if err != nil {
		return nil, err
	}
	page := report.Page{Month: month, Index: x.place.index}
	for i, partner := range partners {
		x.progress(i, len(partners), "report on "+show.Printable(partner.ID))
		s, err := report.Read(ctx, x.reader, x.month, partner.ID, x.costs)
		if err != nil {
			return nil, err
		}
		entry, err := x.maker.Entry(s)
		if err != nil {
			return nil, err
		}
		page.Month, page.Exclusions = s.Month, s.Exclusions
		if x.place.apart {
			own := report.Page{Month: s.Month, Exclusions: s.Exclusions, Entries: []report.Entry{entry}, InFolder: true}
			if err := x.file(entry.File(), own); err != nil {
				return nil, err
			}
			entry = entry.Line()
		}
		page.Entries = append(page.Entries, entry)
	}
	page.InFolder = x.place.apart
	if err := x.file(x.place.file, page); err != nil {
		return nil, err
	}
	result := &reportResult{Month: x.month, Partners: len(partners), Path: x.place.path(x.place.file), Pages: x.pages, Bytes: x.bytes, Stale: []string{}}
	if x.place.apart {
		result.Stale, err = x.place.stale(page.Entries)
	}
	return result, err
}

// file writes one page.
func (x *reportRun) file(name string, page report.Page) error {
	n, err := x.place.write(name, x.runID, func(w io.Writer) error { return x.maker.Write(w, page) })
	x.bytes += n
	x.pages++
	return err
}
