// Package pages writes the pages of a report to where they belong: one page, or a folder with an index and a page for each partner.
package pages

import (
	"context"
	"io"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/report"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Request is a report to write.
type Request struct {
	Words    wording.Words // of the pages
	Month    scoring.Month
	Partners []published.PartnerName
	Costs    scoring.Costs
	Place    Place
	// Name returns the name of the person behind a pseudonym; nil: pages name nobody.
	Name     func(person string) string
	RunID    string // makes the names of temporary files unique
	Progress func(done, total int, text string)
}

// work is the writing of one report.
type work struct {
	Request
	reader published.Reader
	maker  *report.Maker
	bytes  int64
	pages  int
}

// Write writes a report from published months.
func Write(ctx context.Context, reader published.Reader, r Request) (*runs.Pages, error) {
	maker, err := report.NewMaker(r.Words)
	if err != nil {
		return nil, err
	}
	r.Place.private = r.Name != nil
	return (&work{Request: r, reader: reader, maker: maker}).write(ctx)
}

// write makes the pages. The index of a folder is written last.
func (x *work) write(ctx context.Context) (*runs.Pages, error) {
	month, err := x.reader.Month(ctx, x.Month)
	if err != nil {
		return nil, err
	}
	page := report.Page{Month: month, Index: x.Place.index, Names: x.Name != nil}
	for i, partner := range x.Partners {
		x.Progress(i, len(x.Partners), "report on "+show.Printable(partner.ID))
		s, err := report.Read(ctx, x.reader, x.Month, partner.ID, x.Costs)
		if err != nil {
			return nil, err
		}
		s.Name = x.Name
		entry, err := x.maker.Entry(s)
		if err != nil {
			return nil, err
		}
		page.Month, page.Exclusions = s.Month, s.Exclusions
		if x.Place.apart {
			own := report.Page{Month: s.Month, Exclusions: s.Exclusions, Entries: []report.Entry{entry}, InFolder: true, Names: x.Name != nil}
			if err := x.file(entry.File(), own); err != nil {
				return nil, err
			}
			entry = entry.Line()
		}
		page.Entries = append(page.Entries, entry)
	}
	page.InFolder = x.Place.apart
	if err := x.file(x.Place.file, page); err != nil {
		return nil, err
	}
	result := &runs.Pages{Month: x.Month, Partners: len(x.Partners), Path: x.Place.path(x.Place.file), Pages: x.pages, Bytes: x.bytes, Stale: []string{}}
	if x.Place.apart {
		result.Stale, err = x.Place.stale(page.Entries)
	}
	return result, err
}

// file writes one page.
func (x *work) file(name string, page report.Page) error {
	n, err := x.Place.write(name, x.RunID, func(w io.Writer) error { return x.maker.Write(w, page) })
	x.bytes += n
	x.pages++
	return err
}
