package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// verdict says what a score of a month would say about its inputs. It reads the rows of every month that the score reads.
func (s *inspector) verdict(ctx context.Context, m scoring.Month) (Verdict, error) {
	v := Verdict{State: VerdictReady, Reasons: []string{}, Provisional: []string{}}
	in, _, err := s.opt.findInputs(s.cat, m)
	var missing *exports.MissingError
	var early *rulebook.NotInForceError
	switch {
	case errors.As(err, &missing):
		v.State, v.Reasons = VerdictMissing, append(v.Reasons, missingInput(missing))
		addLayout(ctx, s.opt, s.survey, s.dated, missing)
		v.Advice = missing.Hint
		return v, nil
	case errors.As(err, &early):
		v.State, v.Reasons = VerdictNoRules, append(v.Reasons, notInForce(early))
		return v, nil
	case err != nil:
		return v, err
	}
	var rows []string
	refused := firstProblem(s.refused)
	for _, u := range in.months {
		judged, err := s.judgeUsage(ctx, u, in.rules)
		if err != nil {
			return v, err
		}
		refused = append(refused, firstProblem(append(judged.allProblems(), judged.tooMany...))...)
		in.usage[u] = exports.Passed(judged.files)
		if judged.facts != nil {
			rows = append(rows, judged.facts.Provisional...)
		}
	}
	if len(s.cat.Certifications[in.certificationsMonth]) > 0 {
		judged, err := s.judgeHoldings(ctx, in.certificationsMonth, in.rules)
		if err != nil {
			return v, err
		}
		refused = append(refused, firstProblem(judged.allProblems())...)
		in.certifications, rows = exports.Passed(judged.files), append(rows, judged.provisional...)
	}
	if refused = append(refused, firstProblem(s.partnersRefused)...); len(refused) > 0 {
		v.State, v.Reasons = VerdictBroken, exports.GroupProblems(refused)
	}
	var empty *NotReadyError
	if v.State == VerdictReady && errors.As(s.opt.notEmpty(in), &empty) {
		v.State, v.Reasons, v.Advice = VerdictMissing, append(v.Reasons, empty.What), empty.Hint
		return v, nil
	}
	in.judgeFiles(s.opt)
	if reasons := append(in.provisional, rows...); v.State == VerdictReady && len(reasons) > 0 {
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

// notInForce says that a month is before the first rulebook.
func notInForce(early *rulebook.NotInForceError) string {
	return fmt.Sprintf("no rulebook is in force yet: the first one, %s, starts on %s", early.First.ID, early.First.From.Format(time.DateOnly))
}
