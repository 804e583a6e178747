package inspect

import (
	"context"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// usageRows is what the rows of one month of usage mean under some rules.
type usageRows struct {
	*examined
	labels   []LabelKind
	facts    *snapshot.Facts // nil: not known
	examples map[string][]RejectedRow
	tooMany  []exports.Problem // more rows are bad data than is allowed
}

// shownExamples is how many rows are named for each reason.
const shownExamples = 3

// readUsage reads a month of usage, unless that was done under rules that decide the same.
func (s *inspector) readUsage(ctx context.Context, m scoring.Month, rules *scoring.Rulebook) (*usageRows, error) {
	key := rowSet{m, rules.EligibilitySHA256 + strings.Join(rules.ExcludedServices, "\n")}
	if known, ok := s.usage[key]; ok && s.facts.has(m, key, known) {
		return known, nil
	}
	found, err := s.folder.examine(ctx, schema.Usage, m, s.folder.cat.Usage[m], rules)
	if err != nil {
		return nil, err
	}
	own := *found // its problems may depend on the rules
	own.files = slices.Clone(found.files)
	u := &usageRows{examined: &own}
	err = u.readAll(ctx, func(passed []exports.File) error {
		return s.engines.use(ctx, rules, s.partners, func(l *ingest.Loader) error {
			if err := s.folder.splitAhead(ctx, l, passed); err != nil {
				return err
			}
			return u.look(ctx, duckdb.New(l), m, passed, s.opt.MaxRejected)
		})
	})
	if err != nil {
		return nil, err
	}
	if u.read {
		if err := s.facts.keep(ctx, duckdb.New(s.engines.loader), u.facts, key); err != nil {
			return nil, err
		}
	}
	s.usage[key] = u
	return u, nil
}

// look reads the rows as building facts does, and the labels before that.
func (u *usageRows) look(ctx context.Context, engine *duckdb.Engine, m scoring.Month, files []exports.File, maxRejected float64) (err error) {
	if u.labels, err = readLabels(ctx, engine, m, files); err != nil {
		return err
	}
	if u.facts, err = engine.Read(ctx, m, files); err != nil {
		u.facts = nil
		return err
	}
	if facts.TooManyRejected(u.facts, maxRejected) {
		u.tooMany = []exports.Problem{facts.RejectedShare(u.facts, files, maxRejected)}
	}
	u.examples, err = rejectedExamples(ctx, engine, u.facts, files)
	return err
}

// rejectedExamples names rows of a month that are bad data, by reason.
func rejectedExamples(ctx context.Context, engine *duckdb.Engine, f *snapshot.Facts, files []exports.File) (examples map[string][]RejectedRow, err error) {
	locator := ingest.NewRowLocator(engine.Loader)
	defer func() { err = locator.Close(err) }()
	examples = map[string][]RejectedRow{}
	wanted := func(e snapshot.Exclusion) bool { return e.Class == "data" && len(examples[e.Reason]) < shownExamples }
	for _, file := range files {
		if !slices.ContainsFunc(f.Exclusions, wanted) {
			break
		}
		found, err := engine.RejectedRows(ctx, file, locator)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if len(examples[e.Reason]) < shownExamples {
				examples[e.Reason] = append(examples[e.Reason], redacted(e, file))
			}
		}
	}
	return examples, nil
}

// redacted is a row without what may name anybody.
func redacted(e duckdb.RejectedRow, file exports.File) RejectedRow {
	row := RejectedRow{File: file.Rel, Row: e.Row}
	if file.Format != fileformat.Parquet {
		row.Row, row.Line = 0, e.Row
	}
	if shown, whole := schema.Redact(facts.RejectionOf(e.Reason).Canonical, e.Value); whole {
		row.Value = shown
	} else {
		row.Like = shown
	}
	return row
}

// inspectMonth describes a month of usage.
func (s *inspector) inspectMonth(ctx context.Context, m scoring.Month) (*InspectedMonth, error) {
	rules, err := s.opt.rulesOf(m)
	if err != nil {
		return nil, err
	}
	u, err := s.readUsage(ctx, m, rules)
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
		return "the association does not count"
	case "offer_not_eligible":
		return "the offer is one of those that do not count"
	case "duplicate_attribution":
		return "another attribution of the same consumption counts"
	}
	if e.Class == "data" {
		return facts.RejectionOf(e.Reason).Message
	}
	return strings.ReplaceAll(e.Reason, "_", " ")
}
