package inspect

import (
	"context"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/scoring"
)

// dateFiles finds out which months the usage files of many months hold, as a score does. Broken files and empty ones are of no month: they are
// what is left in s.undated.
func (s *folder) dateFiles(ctx context.Context, from, to scoring.Month) error {
	if s.first, s.last = from, to; from != 0 {
		s.first = from.Add(1 - inputs.WindowMonths)
	}
	found, err := exports.Examine(ctx, s.cat.Undated, s.opt.CheckUndated(nil))
	if err != nil {
		return err
	}
	all := &examined{files: found}
	d := ingest.NewDater(s.opt.Ingest(s.cat.Folders, nil))
	byHash := map[string]*exports.MonthRows{}
	for i := range found {
		f := &found[i]
		if f.Months = byHash[f.SHA256]; len(f.Problems) > 0 || f.Months != nil {
			continue
		}
		problem, err := d.Date(ctx, &f.File)
		if problem != nil {
			f.Problems = append(f.Problems, *problem)
		}
		if err == nil {
			byHash[f.SHA256] = f.Months
			continue
		}
		if err := d.Close(err); ctx.Err() != nil {
			return err
		}
		if !all.blame(err) {
			f.Problems = append(f.Problems, problemOf(err, f.File)...)
		}
	}
	s.undated = &examined{}
	for _, f := range found {
		if len(f.Problems) > 0 || f.Rows == 0 {
			s.undated.files = append(s.undated.files, f)
			continue
		}
		s.dated[f.Rel] = f.File
		s.opt.ListMonths(s.cat, f.File)
	}
	return d.Close(nil)
}

// known is what dateFiles found out about a file.
func (s *folder) known(f exports.Found) (exports.Known, bool) {
	if !f.Many {
		return exports.Known{}, false
	}
	return s.dated[f.Rel].Known()
}

// inMonth makes files of many months those of the month that they were examined for.
func (s *folder) inMonth(files []exports.FileReport) {
	for i, f := range files {
		if f.Many && len(f.Problems) == 0 {
			files[i].Months = s.dated[f.Rel].Months
			files[i].File = files[i].InMonth(f.Month)
		}
	}
}

// splitAhead splits files of many months for all months that are looked at, so that each is read once.
func (s *folder) splitAhead(ctx context.Context, l *ingest.Loader, files []exports.File) error {
	var wanted []exports.File
	for _, c := range files {
		if !c.Many {
			continue
		}
		for _, m := range within(slices.Sorted(maps.Keys(c.Months.Rows)), s.first, s.last) {
			wanted = append(wanted, c.InMonth(m))
		}
	}
	return l.Split(ctx, wanted, nil)
}
