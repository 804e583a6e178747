package inputs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/survey"
	"partnerscore/scoring"
)

// Explain adds to an error about inputs that are not there what the exports hold in their place, and the line of the config that describes it.
func (f *Folder) Explain(ctx context.Context, err error) error {
	var missing *exports.MissingError
	if !errors.As(err, &missing) || missing.Table == "" || ctx.Err() != nil {
		return err
	}
	if f.survey == nil {
		f.survey = survey.New(ctx, f.cat, f.opt.Patterns)
	}
	f.opt.AddLayout(ctx, f.survey, f.dated, missing)
	return err
}

// AddLayout adds to the advice about missing inputs what lies in their place, once. dated are the usage files of many months, by path.
func (o Options) AddLayout(ctx context.Context, survey *survey.Survey, dated map[string]exports.File, missing *exports.MissingError) {
	months := missing.Months
	if missing.Table == schema.Certifications {
		months = nil // those of any month will do
	}
	hint := survey.Hint(ctx, missing.Table, o.CheckUndated(nil), months...)
	if missing.Table == schema.Usage {
		hint = cmp.Or(o.dateHint(dated, missing.Months), hint)
	}
	switch {
	case hint == "":
	case missing.Hint == "":
		missing.Hint = hint
	default:
		missing.Hint = hint + "; else " + missing.Hint
	}
}

// dateHint names a usage file of many months that would have missing months if its dates were read in the other order; empty where none would.
func (o Options) dateHint(dated map[string]exports.File, missing []scoring.Month) string {
	for _, rel := range slices.Sorted(maps.Keys(dated)) {
		c := dated[rel]
		if c.Months == nil || !slices.ContainsFunc(missing, func(m scoring.Month) bool { return slices.Contains(c.Months.Otherwise, m) }) {
			continue
		}
		now := cmp.Or(o.Dates, exports.MonthFirst)
		return fmt.Sprintf("the dates of %s are read %s; read %s it holds %s: if that is right, write dates: {order: %s} into the config",
			rel, now.Words(), now.Other().Words(), scoring.MonthRanges(c.Months.Otherwise), now.Other())
	}
	return ""
}
