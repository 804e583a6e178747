package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// judgedHoldings is what the rows of one month of certifications come to under some rules.
type judgedHoldings struct {
	*examined
	types, titles  LabelKind
	certifications int64
	left           leftHoldings
	provisional    []string // what the rows leave open
}

// judgeHoldings reads a month of certifications, unless that was done under the same rules.
func (s *inspector) judgeHoldings(ctx context.Context, m scoring.Month, rules *scoring.Rulebook) (*judgedHoldings, error) {
	key := judgedSet{m, rules.SHA256}
	if known, ok := s.holdings[key]; ok {
		return known, nil
	}
	found, err := s.examine(ctx, exports.Certifications, m, s.cat.Certifications[m], rules)
	if err != nil {
		return nil, err
	}
	own := *found
	own.files = slices.Clone(found.files)
	h := &judgedHoldings{examined: &own, types: LabelKind{Kind: "type", Labels: []Label{}}, titles: LabelKind{Kind: "title", Labels: []Label{}}}
	err = h.readAll(ctx, func(passed []exports.Checked) error {
		in := &inputs{month: m, rules: rules, certifications: passed, partners: s.partners}
		return s.engine(ctx, in, func(r *run) error { return h.judge(ctx, r) })
	})
	if err != nil {
		return nil, err
	}
	s.holdings[key] = h
	return h, nil
}

// judge reads the rows as a score does.
func (h *judgedHoldings) judge(ctx context.Context, r *run) (err error) {
	if err := r.viewHoldings(ctx); err != nil {
		return err
	}
	err = r.db.Query(ctx, "inspect/holding_rows", func(rows *sql.Rows) error { return rows.Scan(&h.certifications) })
	if err != nil {
		return err
	}
	if h.types, err = r.holdingLabels(ctx, "type", "inspect/holding_type", holdingType); err != nil {
		return err
	}
	near := newNearTitles(r.in.rules, r.opt.Library)
	title := func(l *Label, text string, certification sql.NullString) { holdingTitle(l, text, certification, near) }
	if h.titles, err = r.holdingLabels(ctx, "title", "inspect/holding_title", title); err != nil {
		return err
	}
	if h.left, err = r.leftHoldings(ctx); err != nil {
		return err
	}
	for _, find := range []func(context.Context, *run) ([]exports.Problem, error){unreadableDates, invertedDates} {
		err := r.refuseDates(ctx, find)
		var dates *exports.ContractError
		if errors.As(err, &dates) {
			h.problems = append(h.problems, dates.Problems...)
		} else if err != nil {
			return err
		}
	}
	if len(h.problems) > 0 {
		return nil
	}
	r.doubts = nil // the engine may have judged another month before
	err = r.judgeHoldings(ctx)
	h.provisional = r.doubts
	return err
}

// holdingLabels reads labels of certifications: spelling, rows, what decides about them, and how many there are.
func (r *run) holdingLabels(ctx context.Context, name, statement string, judged func(*Label, string, sql.NullString)) (LabelKind, error) {
	kind := LabelKind{Kind: name, Labels: []Label{}}
	err := r.db.Query(ctx, statement, func(rows *sql.Rows) error {
		var l Label
		var decides sql.NullString
		var labels int64
		if err := rows.Scan(&l.Label, &l.Rows, &decides, &labels); err != nil {
			return err
		}
		if kind.More = labels; labels > maxLabels {
			return nil
		}
		text := l.Label
		l.Label = shownLabel(text)
		judged(&l, text, decides)
		kind.Labels = append(kind.Labels, l)
		kind.More = labels - int64(len(kind.Labels))
		return nil
	}, int64(shownLabels))
	return kind, err
}

// holdingType says what a training type means; certification is true or false.
func holdingType(l *Label, _ string, certification sql.NullString) {
	if l.Meaning = "no certification, left out"; certification.String == "true" {
		l.Meaning, l.Known = "certification", true
	}
}

// holdingTitle says what a title of a certification means, and what it is nearly.
func holdingTitle(l *Label, text string, certification sql.NullString, near *nearTitles) {
	if certification.Valid {
		l.Meaning, l.Known = certification.String, true
		return
	}
	found, _ := near.of(text)
	l.Meaning, l.Similar = "unknown, no metric asks for it", found.title
}

// inspectCertifications says what there is of a month of certifications, by the rules of the month for which they are used.
func (s *inspector) inspectCertifications(ctx context.Context, m, scored scoring.Month) (*InspectedCertifications, error) {
	rules, err := s.rulesOf(scored)
	if err != nil {
		return nil, err
	}
	h, err := s.judgeHoldings(ctx, m, rules)
	if err != nil {
		return nil, err
	}
	c := &InspectedCertifications{Month: m, Rulebook: rules.ID, Problems: texts(h.problems), Judged: h.read, Types: h.types, Titles: h.titles,
		Certifications: h.certifications, UnknownPartner: h.left.unknown, UnknownLocation: h.left.firstLocation, Nobody: h.left.nobody}
	c.Files, c.Rows = h.describe()
	return c, nil
}

// inspectPartners says what the partners files hold and keeps them for the judgement of rows, if they can be used; nil without such files.
func (s *inspector) inspectPartners(ctx context.Context) (*InspectedPartners, error) {
	if len(s.cat.Partners) == 0 {
		return nil, nil
	}
	latest := scoring.MonthOf(s.opt.Now())
	rules, err := s.rulesOf(latest)
	if err != nil {
		return nil, err
	}
	e, err := s.examine(ctx, exports.Partners, 0, s.cat.Partners, rules)
	if err != nil {
		return nil, err
	}
	p := &InspectedPartners{}
	err = e.readAll(ctx, func(passed []exports.Checked) error {
		return s.engine(ctx, &inputs{month: latest, rules: rules, partners: passed}, func(r *run) error {
			return r.db.Query(ctx, "inspect/partner", func(rows *sql.Rows) error { return rows.Scan(&p.Locations, &p.Accounts) })
		})
	})
	if err != nil {
		return nil, err
	}
	if s.partnersRefused = e.allProblems(); len(s.partnersRefused) == 0 {
		s.partners = exports.Passed(e.files)
	}
	p.Problems = texts(e.problems)
	p.Files, p.Rows = e.describe()
	return p, nil
}
