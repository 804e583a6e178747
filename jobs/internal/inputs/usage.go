package inputs

import (
	"context"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// UsageOf finds and checks the usage of some months and the partners file, for facts alone: no month is scored. last is the month whose rules count.
// Its errors are those of Open.
func (f *Folder) UsageOf(ctx context.Context, months []scoring.Month, last scoring.Month) (*Inputs, error) {
	begun := time.Now()
	rules, err := f.opt.Rules(last)
	if err != nil {
		return nil, err
	}
	choice := &Choice{Month: last, Rules: rules, Months: months}
	for _, m := range months {
		if len(f.cat.Usage[m]) == 0 {
			return nil, &exports.MissingError{Table: schema.Usage, Months: []scoring.Month{m}}
		}
		choice.Files = append(choice.Files, f.cat.Usage[m]...)
	}
	if err := f.cat.Delivered(months); err != nil {
		return nil, err
	}
	choice.Files = slices.Concat(choice.Files, f.cat.Partners)
	checked, err := f.check(ctx, choice.Files, rules)
	if err != nil {
		return nil, err
	}
	in, err := New(choice, f.cat.Folders, checked, f.opt)
	if err != nil {
		return nil, err
	}
	in.Started, in.Elapsed = f.opt.Now(), time.Since(begun)
	return in, nil
}
