package pipeline

import (
	"context"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// judgedUsage is what the rows of one month of usage come to under some rules.
type judgedUsage struct {
	*examined
	labels   []LabelKind
	facts    *snapshot.Facts // nil: not known
	examples map[string][]RejectedRow
	tooMany  []exports.Problem // more rows are bad data than is allowed
}

// shownExamples is how many rows are named for each reason.
const shownExamples = 3

// judgeUsage reads a month of usage, unless that was done under rules that decide the same.
func (s *inspector) judgeUsage(ctx context.Context, m scoring.Month, rules *scoring.Rulebook) (*judgedUsage, error) {
	key := judgedSet{m, rules.EligibilitySHA256 + strings.Join(rules.ExcludedServices, "\n")}
	if known, ok := s.usage[key]; ok && s.facts.has(m, key, known) {
		return known, nil
	}
	found, err := s.examine(ctx, exports.Usage, m, s.cat.Usage[m], rules)
	if err != nil {
		return nil, err
	}
	own := *found // its problems may depend on the rules
	own.files = slices.Clone(found.files)
	u := &judgedUsage{examined: &own}
	err = u.readAll(ctx, func(passed []exports.Checked) error {
		in := &inputs{month: m, rules: rules, usage: map[scoring.Month][]exports.Checked{m: passed}, partners: s.partners}
		return s.engine(ctx, in, func(r *run) error {
			if err := s.splitAhead(ctx, r, passed); err != nil {
				return err
			}
			return u.judge(ctx, r, m)
		})
	})
	if err != nil {
		return nil, err
	}
	if u.read {
		if err := s.facts.keep(ctx, s.run, u.facts, key); err != nil {
			return nil, err
		}
	}
	s.usage[key] = u
	return u, nil
}

// judge reads the rows as building facts does, and the labels before that.
func (u *judgedUsage) judge(ctx context.Context, r *run, m scoring.Month) (err error) {
	if u.labels, err = r.readLabels(ctx, m); err != nil {
		return err
	}
	if err := r.readUsage(ctx, m); err != nil {
		return err
	}
	f, err := r.countUsage(ctx, m)
	if err != nil {
		return err
	}
	u.facts = f
	if r.tooManyRejected(f) {
		u.tooMany = []exports.Problem{r.rejectedShare(f)}
	}
	u.examples, err = r.rejectedExamples(ctx, f)
	return err
}

// rejectedExamples names rows of a month that are bad data, by reason.
func (r *run) rejectedExamples(ctx context.Context, f *snapshot.Facts) (examples map[string][]RejectedRow, err error) {
	lines := &numbering{of: r}
	defer func() { err = lines.close(err) }()
	examples = map[string][]RejectedRow{}
	wanted := func(e snapshot.Exclusion) bool { return e.Class == "data" && len(examples[e.Reason]) < shownExamples }
	for _, file := range r.in.usage[f.Month] {
		if !slices.ContainsFunc(f.Exclusions, wanted) {
			break
		}
		found, err := r.rejectedRows(ctx, file, lines)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if len(examples[e.reason]) < shownExamples {
				examples[e.reason] = append(examples[e.reason], e.discreet(file))
			}
		}
	}
	return examples, nil
}

// discreet is the row without what may name anybody.
func (e rejectedRow) discreet(file exports.Checked) RejectedRow {
	row := RejectedRow{File: file.Rel, Row: e.row}
	if file.Format != exports.Parquet {
		row.Row, row.Line = 0, e.row
	}
	if shown, whole := exports.Discreet(rejectionOf(e.reason).canonical, e.value); whole {
		row.Value = shown
	} else {
		row.Like = shown
	}
	return row
}

// inspectMonth says what there is of a month of usage.
func (s *inspector) inspectMonth(ctx context.Context, m scoring.Month) (*InspectedMonth, error) {
	rules, err := s.rulesOf(m)
	if err != nil {
		return nil, err
	}
	u, err := s.judgeUsage(ctx, m, rules)
	if err != nil {
		return nil, err
	}
	month := &InspectedMonth{Month: m, Rulebook: rules.ID, Problems: texts(u.problems), Judged: u.facts != nil, TooMany: len(u.tooMany) > 0,
		Rejected: []LeftOut{}, Excluded: []LeftOut{}, Labels: append([]LabelKind{}, u.labels...)}
	month.Files, month.Rows = u.describe()
	if u.facts != nil {
		month.Counted = u.facts.Rows
		for _, e := range u.facts.Exclusions {
			month.Counted -= e.Rows
			left := LeftOut{Reason: e.Reason, What: leftOutWords(e), Rows: e.Rows, ACRUSD: e.ACRUSD, Examples: u.examples[e.Reason]}
			if e.Class == "data" {
				month.Rejected = append(month.Rejected, left)
			} else {
				month.Excluded = append(month.Excluded, left)
			}
		}
	}
	if month.Score, err = s.verdict(ctx, m); err != nil {
		return nil, err
	}
	month.Tracks, err = s.tracks(ctx, m, &month.Score)
	return month, err
}

// leftOutWords says in words why rows do not count.
func leftOutWords(e snapshot.Exclusion) string {
	switch e.Reason {
	case "association_not_eligible":
		return "the association is none of those that count"
	case "offer_not_eligible":
		return "the offer is one of those that do not count"
	case "duplicate_attribution":
		return "another attribution of the same consumption counts"
	}
	if e.Class == "data" {
		return rejectionOf(e.Reason).message
	}
	return strings.ReplaceAll(e.Reason, "_", " ")
}
