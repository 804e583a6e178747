package inspect

import (
	"context"
	"database/sql"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// holdingRows is what the rows of one month of certifications mean under some rules.
type holdingRows struct {
	*examined
	types, titles  LabelKind
	certifications int64
	left           measure.LeftOut
	provisional    []string // what the rows leave open
}

// readHoldings reads a month of certifications, unless that was done under the same rules.
func (s *inspector) readHoldings(ctx context.Context, m scoring.Month, rules *scoring.Rulebook) (*holdingRows, error) {
	key := rowSet{m, rules.SHA256}
	if known, ok := s.holdings[key]; ok {
		return known, nil
	}
	found, err := s.folder.examine(ctx, schema.Certifications, m, s.folder.cat.Certifications[m], rules)
	if err != nil {
		return nil, err
	}
	own := *found
	own.files = slices.Clone(found.files)
	h := &holdingRows{examined: &own, types: LabelKind{Kind: "type", Labels: []Label{}}, titles: LabelKind{Kind: "title", Labels: []Label{}}}
	err = h.readAll(ctx, func(passed []exports.File) error {
		return s.engines.use(ctx, rules, s.partners, func(l *ingest.Loader) error {
			of := measure.Source{Library: s.opt.Library, PersonKey: s.opt.PersonKey, SkillsOn: s.opt.SkillsOn(m)}
			return h.look(ctx, measure.NewHoldings(l, passed, of), s.opt.Library)
		})
	})
	if err != nil {
		return nil, err
	}
	s.holdings[key] = h
	return h, nil
}

// look reads the rows as a score does.
func (h *holdingRows) look(ctx context.Context, read *measure.Holdings, library *rulebook.Library) (err error) {
	if err := read.View(ctx); err != nil {
		return err
	}
	err = read.DB.Query(ctx, "inspect/holding_rows", func(rows *sql.Rows) error { return rows.Scan(&h.certifications) })
	if err != nil {
		return err
	}
	if h.types, err = holdingLabels(ctx, read.DB, "type", "inspect/holding_type", holdingType); err != nil {
		return err
	}
	near := measure.NewNearTitles(read.Rules, library)
	title := func(l *Label, text string, certification sql.NullString) { holdingTitle(l, text, certification, near) }
	if h.titles, err = holdingLabels(ctx, read.DB, "title", "inspect/holding_title", title); err != nil {
		return err
	}
	if h.left, err = read.LeftOut(ctx); err != nil {
		return err
	}
	for _, find := range []func(context.Context) ([]exports.Problem, error){read.UnreadableDates, read.InvertedDates} {
		problems, err := find(ctx)
		if err != nil {
			return err
		}
		h.problems = append(h.problems, problems...)
	}
	if len(h.problems) > 0 {
		return nil
	}
	h.provisional, err = read.Classify(ctx)
	return err
}

// holdingLabels reads labels of certifications: spelling, rows, what decides about them, and how many there are.
func holdingLabels(ctx context.Context, db *warehouse.DB, name, statement string, describe func(*Label, string, sql.NullString)) (LabelKind, error) {
	kind := LabelKind{Kind: name, Labels: []Label{}}
	err := db.Query(ctx, statement, func(rows *sql.Rows) error {
		var l Label
		var decides sql.NullString
		var labels int64
		if err := rows.Scan(&l.Label, &l.Rows, &decides, &labels); err != nil {
			return err
		}
		if kind.More = labels; labels > ingest.MaxLabels {
			return nil
		}
		text := l.Label
		l.Label = ingest.ShownLabel(text)
		describe(&l, text, decides)
		kind.Labels = append(kind.Labels, l)
		kind.More = labels - int64(len(kind.Labels))
		return nil
	}, int64(ShownLabels))
	return kind, err
}

// holdingType says what a training type means; certification is true or false.
func holdingType(l *Label, _ string, certification sql.NullString) {
	if l.Meaning = "no certification, left out"; certification.String == "true" {
		l.Meaning, l.Known = "certification", true
	}
}

// holdingTitle says what a title of a certification means, and what it is nearly.
func holdingTitle(l *Label, text string, certification sql.NullString, near *measure.NearTitles) {
	if certification.Valid {
		l.Meaning, l.Known = certification.String, true
		return
	}
	found, _ := near.Of(text)
	l.Meaning, l.Similar = "unknown, no metric asks for it", found.Title
}

// inspectCertifications describes a month of certifications, by the rules of the month for which they are used.
func (s *inspector) inspectCertifications(ctx context.Context, m, scored scoring.Month) (*InspectedCertifications, error) {
	rules, err := s.opt.rulesOf(scored)
	if err != nil {
		return nil, err
	}
	h, err := s.readHoldings(ctx, m, rules)
	if err != nil {
		return nil, err
	}
	c := &InspectedCertifications{Month: m, Rulebook: rules.ID, Problems: texts(h.problems), Judged: h.read, Types: h.types, Titles: h.titles,
		Certifications: h.certifications, UnknownPartner: h.left.UnknownPartner, UnknownLocation: h.left.FirstLocation, Nobody: h.left.WithoutPerson}
	c.Files, c.Rows = h.describe()
	return c, nil
}

// inspectPartners says what the partners files hold and keeps them for the look at rows, if they can be used; nil without such files.
func (s *inspector) inspectPartners(ctx context.Context) (*InspectedPartners, error) {
	if len(s.folder.cat.Partners) == 0 {
		return nil, nil
	}
	latest := scoring.MonthOf(s.opt.Now())
	rules, err := s.opt.rulesOf(latest)
	if err != nil {
		return nil, err
	}
	e, err := s.folder.examine(ctx, schema.Partners, 0, s.folder.cat.Partners, rules)
	if err != nil {
		return nil, err
	}
	p := &InspectedPartners{}
	err = e.readAll(ctx, func(passed []exports.File) error {
		return s.engines.use(ctx, rules, passed, func(l *ingest.Loader) error {
			return l.DB.Query(ctx, "inspect/partner", func(rows *sql.Rows) error { return rows.Scan(&p.Locations, &p.Accounts) })
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
