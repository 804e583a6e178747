package pipeline

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// describeLayout adds to an error about inputs that are not there what the exports hold in their place, and the line of the config that
// describes it.
func (s *session) describeLayout(ctx context.Context, err error) error {
	var missing *exports.MissingError
	if !errors.As(err, &missing) || missing.Table == "" || ctx.Err() != nil {
		return err
	}
	if s.survey == nil {
		s.survey = exports.NewSurvey(s.cat, s.opt.Patterns)
	}
	addLayout(ctx, s.opt, s.survey, missing)
	return err
}

// addLayout adds to the advice about missing inputs what lies in their place, once.
func addLayout(ctx context.Context, opt Options, survey *exports.Survey, missing *exports.MissingError) {
	months := missing.Months
	if missing.Table == exports.Certifications {
		months = nil // those of any month will do
	}
	hint := survey.Hint(ctx, missing.Table, opt.undatedOptions(nil), months...)
	switch {
	case hint == "":
	case missing.Hint == "":
		missing.Hint = hint
	default:
		missing.Hint = hint + "; else " + missing.Hint
	}
}

// prepareOrExplain prepares a month, and says what the exports hold in place of what is missing.
func (s *session) prepareOrExplain(ctx context.Context, m scoring.Month) (*run, error) {
	r, err := s.prepare(ctx, m)
	return r, s.describeLayout(ctx, err)
}
