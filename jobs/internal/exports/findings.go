package exports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/pattern"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// place is a folder (or a name in it) below the root and the month that its path shows.
type place struct {
	rel   string
	parts pattern.Captures
	month scoring.Month
}

func (p place) child(name string) place {
	if p.rel != "" {
		name = p.rel + "/" + name
	}
	return place{rel: name, parts: p.parts, month: p.month}
}

// findings collect what the patterns of all tables match.
type findings struct {
	// ctx is that of the call of Find, during which the findings are collected.
	ctx      context.Context
	source   *storage.WatchedSource
	found    []Found
	problems []Problem
	ignored  Notes
	// manifests may be those of deliveries.
	manifests []place
	// tables has each matched path with the table that matched it first.
	tables map[string]schema.Table
	*Catalog
}

func newFindings(ctx context.Context, source storage.Source) *findings {
	watched := storage.Watch(source)
	return &findings{ctx: ctx, source: watched, tables: map[string]schema.Table{}, Catalog: &Catalog{Source: watched, Folders: watched.Folders(),
		Usage: map[scoring.Month][]Found{}, Certifications: map[scoring.Month][]Found{}, Removed: map[string]bool{}, undelivered: map[scoring.Month][]undelivered{}}}
}

func (f *findings) ignore(p place, why string) {
	f.ignored = append(f.ignored, Note{Path: p.rel, Text: why})
}

func (f *findings) warn(p place, text string) {
	f.Warnings = append(f.Warnings, Note{Path: p.rel, Text: text})
}

// add keeps a file, and returns it for what else is known of it.
func (f finder) add(p place, format fileformat.Format, fault *defect.Error, info storage.SourceInfo) *Found {
	found := Found{source: f.source, Table: f.table, Rel: p.rel, Month: p.month, Format: format, Fault: fault, Bytes: info.Size, ModTime: info.Modified}
	if other, ok := f.tables[p.rel]; ok && fault == nil {
		found.Fault = defect.New(fmt.Sprintf("matches the pattern of %s and that of %s", other, f.table), "make the patterns of the configuration distinct")
	} else {
		f.tables[p.rel] = f.table
	}
	f.found = append(f.found, found)
	return &f.found[len(f.found)-1]
}

// fault keeps what cannot be an input with its month, so that it matters only to who needs that month. Above the months it concerns everybody.
func (f finder) fault(p place, format fileformat.Format, why *defect.Error, info storage.SourceInfo) {
	if f.table == schema.Partners || p.month != 0 {
		f.add(p, format, why, info)
		return
	}
	f.problems = append(f.problems, Problem{File: cmp.Or(p.rel, "."), Message: why.Message, Hint: why.Hint})
}

// catalog sorts the findings. It drops the notes on paths that the pattern of another table took.
func (f *findings) catalog() *Catalog {
	c := f.Catalog
	slices.SortStableFunc(f.found, func(a, b Found) int { return strings.Compare(a.Rel, b.Rel) })
	for _, found := range f.found {
		switch {
		case found.Table == schema.Usage && found.Month == 0:
			found.Many = true
			c.Undated = append(c.Undated, found)
		case found.Table == schema.Usage:
			c.Usage[found.Month] = append(c.Usage[found.Month], found)
		case found.Table == schema.Certifications:
			c.Certifications[found.Month] = append(c.Certifications[found.Month], found)
		default:
			c.Partners = append(c.Partners, found)
		}
	}
	for _, note := range f.ignored.sorted() {
		taken := slices.ContainsFunc(f.found, func(found Found) bool {
			return found.Rel == note.Path || strings.HasPrefix(found.Rel, note.Path+"/")
		})
		if !taken {
			c.Ignored = append(c.Ignored, note)
		}
	}
	return c
}
