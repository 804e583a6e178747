package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/pages"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/scoring"
)

// reportProblems checks the folder of --report before anything is scored.
func (o *scoreOptions) reportProblems() (problems []string) {
	if o.report == "" {
		return nil
	}
	for _, kept := range []struct{ what, place string }{{"exports", o.Exports}, {"snapshots", o.Snapshots}} {
		if kept.place != "" && cli.Within(o.report, kept.place) {
			problems = append(problems, fmt.Sprintf("--report %s lies in the %s folder %s; name another place", show.Printable(o.report), kept.what,
				show.Printable(kept.place)))
		}
	}
	if info, err := os.Stat(o.report); err == nil && !info.IsDir() || err != nil && strings.HasSuffix(strings.ToLower(o.report), ".html") {
		problems = append(problems, fmt.Sprintf("--report %s is not a folder; the pages of a month get a folder of their own in it", show.Printable(o.report)))
	}
	return problems
}

// withoutPages says that a month is published, and why it has no pages.
func (o *scoreOptions) withoutPages(m scoring.Month, why error) error {
	return fmt.Errorf("%s is published, but its pages are not written: %w; to write them later, run partnerscore report --month %s --out %s", m, why, m,
		show.ShellWord(filepath.Join(o.report, m.String())+"/"))
}

// writePages writes the pages of the month, if it was scored, and of those that were scored again. What was published stays so, whatever becomes of
// the pages.
func (o *scoreOptions) writePages(ctx context.Context, s *cli.Session, scored bool, again []runs.BackfillMonth) (all []runs.Pages, err error) {
	var wanted []scoring.Month
	if scored {
		wanted = append(wanted, o.month)
	}
	for _, a := range again {
		if a.Result == "scored" && a.Month != o.month {
			wanted = append(wanted, a.Month)
		}
	}
	if o.report == "" || len(wanted) == 0 {
		return nil, nil
	}
	r, err := start.Published(ctx, &o.Scoring, s.Places)
	if err != nil {
		return nil, o.withoutPages(wanted[0], err)
	}
	defer func() { err = cli.JoinPrintError(err, r.Close()) }()
	for _, m := range wanted {
		written, err := o.writeMonth(ctx, s, r, m)
		if err != nil {
			return all, o.withoutPages(m, err)
		}
		s.Log.Info("pages written", "month", m.String(), "pages", written.Pages, "index", written.Path)
		all = append(all, *written)
	}
	return all, nil
}

// writeMonth writes the pages of a month.
func (o *scoreOptions) writeMonth(ctx context.Context, s *cli.Session, r *reader.Reader, m scoring.Month) (*runs.Pages, error) {
	month, err := r.Month(ctx, m)
	if err != nil {
		return nil, err
	}
	partners, err := r.Partners(ctx, month)
	if err != nil {
		return nil, err
	}
	return pages.Write(ctx, r, pages.Request{Words: o.lang.Words, Month: m, Partners: partners, Costs: o.costs.Costs, Place: pages.InFolder("--report", o.report, m),
		RunID:    s.RunID,
		Progress: s.Console.Step})
}
