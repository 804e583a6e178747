package inspect

import (
	"context"
	"errors"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// verdict says what a score of a month would say about its inputs. It reads the rows of every month that the score reads.
func (s *inspector) verdict(ctx context.Context, m scoring.Month) (Verdict, error) {
	v := Verdict{State: VerdictReady, Reasons: []string{}, Provisional: []string{}}
	choice, err := inputs.Choose(s.folder.cat, m, s.opt.Options)
	var missing *exports.MissingError
	var early *rulebook.NotInForceError
	switch {
	case errors.As(err, &missing):
		v.State, v.Reasons = VerdictMissing, append(v.Reasons, inputs.MissingInWords(missing))
		s.opt.AddLayout(ctx, s.survey, s.folder.dated, missing)
		v.Advice = missing.Hint
		return v, nil
	case errors.As(err, &early):
		v.State, v.Reasons = VerdictNoRules, append(v.Reasons, inputs.NotInForce(early))
		return v, nil
	case err != nil:
		return v, err
	}
	var files []exports.File
	var rows []string
	refused := firstProblem(s.refused)
	for _, u := range choice.Months {
		read, err := s.readUsage(ctx, u, choice.Rules)
		if err != nil {
			return v, err
		}
		refused = append(refused, firstProblem(append(read.allProblems(), read.tooMany...))...)
		files = append(files, exports.Passed(read.files)...)
		if read.facts != nil {
			rows = append(rows, read.facts.Provisional...)
		}
	}
	if len(s.folder.cat.Certifications[choice.CertificationsMonth]) > 0 {
		read, err := s.readHoldings(ctx, choice.CertificationsMonth, choice.Rules)
		if err != nil {
			return v, err
		}
		refused = append(refused, firstProblem(read.allProblems())...)
		files, rows = append(files, exports.Passed(read.files)...), append(rows, read.provisional...)
	}
	if refused = append(refused, firstProblem(s.partnersRefused)...); len(refused) > 0 {
		v.State, v.Reasons = VerdictBroken, exports.GroupProblems(refused)
	}
	in, err := inputs.New(choice, s.folder.cat.Folders, files, s.opt.Options, s.opt.Now())
	if err != nil {
		return v, err
	}
	var empty *inputs.NotReadyError
	if v.State == VerdictReady && errors.As(in.NotEmpty(s.opt.AllowEmpty), &empty) {
		v.State, v.Reasons, v.Advice = VerdictMissing, append(v.Reasons, empty.What), empty.Hint
		return v, nil
	}
	if reasons := append(in.Provisional, rows...); v.State == VerdictReady && len(reasons) > 0 {
		v.State, v.Provisional = VerdictProvisional, reasons
	}
	return v, nil
}

// firstProblem returns the first problem of one input and the number of the others, or nothing if the input has no problem.
func firstProblem(problems []exports.Problem) []exports.Problem {
	if len(problems) == 0 {
		return nil
	}
	first := problems[0]
	if more := len(problems) - 1; more > 0 {
		last := &first.Message
		if first.Hint != "" {
			last = &first.Hint
		}
		*last += fmt.Sprintf(" (and %d more)", more)
	}
	return []exports.Problem{first}
}
