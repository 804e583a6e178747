package duckdb

import (
	"context"
	"path"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/twice"
	"partnerscore/scoring"
)

// CheckDeliveries refuses usage files of a month that hold the same consumption twice: a restated file beside the old one, two runs of an export
// in one folder or in two, a month as Parquet and as CSV. Where the keys cannot tell that from one delivery, it warns and returns a reason to be
// provisional. It works on the keys of some tenants, of all in a month that is not large.
func (e *Engine) CheckDeliveries(ctx context.Context, m scoring.Month, files []exports.File) (doubts []string, err error) {
	if len(files) < 2 {
		return nil, nil
	}
	if problems := exports.RunsOfOneExport(m, files); len(problems) > 0 {
		return nil, &exports.ContractError{Problems: problems}
	}
	look := keyLook{engine: e, month: m, of: files, from: sourcesOf(files)}
	found, err := look.compare(ctx)
	if err == nil && len(found.Same) == 0 && look.labelled() {
		look.labels = true
		found, err = look.compare(ctx)
	}
	if err != nil {
		return nil, err
	}
	return e.refuseDeliveries(m, files, found)
}

// refuseDeliveries refuses what is found twice, and warns about what may be.
func (e *Engine) refuseDeliveries(m scoring.Month, files []exports.File, found twice.Result) (doubts []string, err error) {
	runs := e.Dialect.Profile != schema.PartnerCenter
	describe := func(findings []twice.Finding) (all []exports.Twice) {
		for _, f := range findings {
			t := exports.Twice{Among: files, Folders: f.Folders, Runs: runs, Amounts: found.Amounts, Common: f.Common, Keys: f.Keys,
				First: pathsOf(files, f.A, f.Folders), Second: pathsOf(files, f.B, f.Folders)}
			if found.Days > 1 {
				t.FirstDay, t.LastDay = dayOf(f.First), dayOf(f.Last)
			}
			all = append(all, t)
		}
		return all
	}
	if same := describe(found.Same); len(same) > 0 {
		return nil, &exports.ContractError{Problems: exports.TwiceProblems(m, same)}
	}
	for _, p := range exports.MaybeTwice(m, describe(found.Unclear)) {
		e.Log.Warn("two deliveries of a month, or the parts of one: the rows cannot tell, and all of them count", "month", m.String(),
			"file", p.File, "what", p.Message, "hint", p.Hint)
		doubts = append(doubts, p.String())
	}
	return doubts, nil
}

func dayOf(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// pathsOf are the paths of files, or the one of the folder that they are in.
func pathsOf(files []exports.File, numbers []int, folder bool) (all []string) {
	if folder {
		return []string{path.Dir(files[numbers[0]].Rel)}
	}
	for _, n := range numbers {
		all = append(all, files[n].Rel)
	}
	return all
}

// sourcesOf says of files where they come from.
func sourcesOf(files []exports.File) (from []twice.Source) {
	known := map[string]int{}
	number := func(name string) int {
		if _, ok := known[name]; !ok {
			known[name] = len(known)
		}
		return known[name]
	}
	for _, c := range files {
		s := twice.Source{Folder: number(path.Dir(c.Rel)), Run: -1}
		if c.Run != "" {
			s.Run = number(c.Run)
		}
		for _, name := range exports.Series(c.Rel) {
			s.Series = append(s.Series, number(name))
		}
		from = append(from, s)
	}
	return from
}
