package reconcile

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// Answer is what Partner Center shows against what was computed.
type Answer struct {
	ScoreMonth scoring.Month `json:"score_month"`
	published.PartnerName
	Rulebook    string         `json:"rulebook"`
	Track       string         `json:"track"`
	Lines       []ComparedLine `json:"lines"` // in the order of the portal
	Differences int            `json:"differences"`
	// Readings are those that explain a difference, the likeliest first.
	Readings []Reading `json:"readings"`
	// Others were tried and explain none; only readings that change a number of the portal.
	Others   []Reading  `json:"others"`
	NotTried []NotTried `json:"not_tried"`
	// ExportsChanged says what changed in the exports since the month was scored, where they were looked at.
	ExportsChanged []string `json:"exports_changed"`

	// Rules are those of the month.
	Rules *scoring.Rulebook `json:"-"`
}

// ComparedLine is a line of the portal beside what was computed.
type ComparedLine struct {
	Area   scoring.Area        `json:"solution_area"`
	Item   Item                `json:"metric"`
	Points *scoring.Hundredths `json:"portal_points"`
	Value  *Number             `json:"portal_value"`
	Ours   Shown               `json:"computed"`
	Equal  bool                `json:"equal"`
}

// shownBy reports whether numbers are those that Partner Center shows: its points exactly, its value with the decimals that it has.
func (l ComparedLine) shownBy(n Shown) bool { return l.samePoints(n) && l.sameValue(n) }

func (l ComparedLine) samePoints(n Shown) bool { return l.Points == nil || equal(l.Points, n.Points) }

func (l ComparedLine) sameValue(n Shown) bool {
	return l.Value == nil || n.Value != nil && l.Value.shows(*n.Value)
}

// PointsEqual reports whether the points are equal, or none are given.
func (l ComparedLine) PointsEqual() bool { return l.samePoints(l.Ours) }

// ValueEqual reports whether the value is equal, or none is given.
func (l ComparedLine) ValueEqual() bool { return l.sameValue(l.Ours) }

// NotTried is a kind of reading that could not be tried.
type NotTried struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value,omitempty"` // the rulebook, where it is one of several
	Cause Cause  `json:"cause"`
	// Why says more, as the sentence of whoever could not do it.
	Why string `json:"why,omitempty"`
}

// Cause says why a kind of reading was not tried.
type Cause string

// The causes.
const (
	NoExports      Cause = "no_exports"      // they were not named
	ExportsUnfit   Cause = "exports_unfit"   // the exports cannot be scored now
	NotAtHand      Cause = "not_at_hand"     // what it needs is not published, or not in the cache
	NotInMonth     Cause = "not_in_month"    // the partner is not in what would be compared
	NothingMissing Cause = "nothing_missing" // no row lacks an offer
	NothingTwice   Cause = "nothing_twice"   // no consumption has several attributions
)

// Measured is what a partner was measured at again.
type Measured struct {
	Track    string
	Measures scoring.Measures
}

// Exports measure the month again from the exports as they are now.
type Exports struct {
	// Changed says what changed since the month was scored; nothing: the exports are the same.
	Changed []string
	// Measure measures the partner by rules. It returns nil where the exports do not have it, and why where they cannot be scored.
	Measure func(ctx context.Context, rules *scoring.Rulebook) (m *Measured, why string, err error)
}

// Question is what is compared.
type Question struct {
	Month    scoring.Month
	Partner  string // empty: the only one of the month
	Portal   Portal
	Rulebook *scoring.Rulebook // tried as well; nil: only the built-in ones
	// Open opens the exports for readings that need them, or says why they cannot be scored; nil: they are not at hand.
	Open func(ctx context.Context, partner string) (e *Exports, why string, err error)
}

// Compare compares a published month of a partner with what Partner Center shows. Where numbers differ, it tries readings. The errors are those of
// published.Reader.Partner, and one of kind fault.Usage for a line that is not measured.
func Compare(ctx context.Context, r published.Reader, q Question) (*Answer, error) {
	p, err := r.Partner(ctx, q.Month, q.Partner)
	if err != nil {
		return nil, err
	}
	portal := q.Portal
	if err := portal.check(p); err != nil {
		return nil, err
	}
	a := &Answer{ScoreMonth: q.Month, PartnerName: p.PartnerName, Rulebook: p.Rules.ID, Track: p.Track.ID, Rules: p.Rules,
		Readings: []Reading{}, Others: []Reading{}, NotTried: []NotTried{}, ExportsChanged: []string{}}
	for i, n := range numbersOf(portal, p.Scores) {
		line := ComparedLine{Area: portal[i].Area, Item: portal[i].Item, Points: portal[i].Points, Value: portal[i].Value, Ours: n}
		if line.Equal = line.shownBy(n); !line.Equal {
			a.Differences++
		}
		a.Lines = append(a.Lines, line)
	}
	if a.Differences == 0 {
		return a, nil
	}
	t := &trier{r: r, p: p, own: q.Rulebook, later: map[scoring.Month]*published.Partner{}, held: map[heldKey][]published.Held{}, scenarios: map[string]*scenario.Scenario{}}
	s := &search{Answer: a, portal: portal, trier: t}
	if err := s.run(ctx, q.Open); err != nil {
		return nil, err
	}
	return a, nil
}

// search looks for readings.
type search struct {
	*Answer
	*trier
	portal Portal
	tried  []found
}

// found is a trial that changes a number of the portal.
type found struct {
	trial
	Reading
}

// run tries all readings, then pairs of them for the lines that none explains.
func (s *search) run(ctx context.Context, open func(ctx context.Context, partner string) (*Exports, string, error)) error {
	trials, err := s.fromPublished(ctx)
	if err != nil {
		return err
	}
	more, err := s.fromExports(ctx, open)
	if err != nil {
		return err
	}
	for _, tr := range append(trials, more...) {
		if err := s.try(ctx, tr); err != nil {
			return err
		}
	}
	s.mergeDays()
	if err := s.pairs(ctx); err != nil {
		return err
	}
	for _, f := range s.tried {
		if len(f.Explains) > 0 {
			s.Readings = append(s.Readings, f.Reading)
		} else {
			s.Others = append(s.Others, f.Reading)
		}
	}
	rank(s.Readings)
	return nil
}

// notTried notes that a kind of reading was not tried. An error that is a fault is returned.
func (s *search) notTried(kind Kind, value string, err error) error {
	why, ok := reason(err)
	if !ok {
		return err
	}
	s.NotTried = append(s.NotTried, NotTried{Kind: kind, Value: value, Cause: NotAtHand, Why: why})
	return nil
}

// fromPublished lists the trials that need no exports.
func (s *search) fromPublished(ctx context.Context) (trials []trial, err error) {
	add := func(kind Kind, value string, err error, some ...trial) error {
		if err != nil {
			return s.notTried(kind, value, err)
		}
		trials = append(trials, some...)
		return nil
	}
	s.before, err = s.r.Partner(ctx, s.ScoreMonth.Add(-1), s.ID)
	if err := add(MonthBefore, "", err, trial{before: true}); err != nil {
		return nil, err
	}
	trials = append(trials, roundings(s.p.Rules)...)
	if !s.p.Absent().Certifications {
		days, err := s.otherDays(ctx)
		if err := add(SkillsDay, "", err, days...); err != nil {
			return nil, err
		}
	}
	if tracks := s.otherTracks(); len(tracks) > 0 {
		_, err := s.scenario(ctx, s.p.Rules)
		if err := add(OtherTrack, "", err, tracks...); err != nil {
			return nil, err
		}
	}
	for _, tr := range s.otherRules() {
		_, err := s.scenario(ctx, tr.rules)
		if err := add(OtherRulebook, tr.rules.ID, err, tr); err != nil {
			return nil, err
		}
	}
	return trials, nil
}

// try scores a trial and keeps it where it changes a number of the portal.
func (s *search) try(ctx context.Context, tr trial) error {
	scores, track, err := s.score(ctx, tr)
	if err != nil {
		return err
	}
	if f := s.found(tr, track, scores); !same(f.Numbers, numbersOf(s.portal, s.p.Scores)) {
		s.tried = append(s.tried, f)
	}
	return nil
}

// found makes the reading of a trial with these scores.
func (s *search) found(tr trial, track string, scores []published.Score) found {
	numbers := numbersOf(s.portal, scores)
	explains, breaks := evaluate(s.Lines, numbers)
	return found{tr, Reading{Changes: tr.changes(s.ScoreMonth), Track: track, Numbers: numbers, Explains: explains, Breaks: breaks, distance: tr.distance}}
}

// mergeDays makes one reading of spans of days that follow each other and give the same numbers.
func (s *search) mergeDays() {
	var merged []found
	for _, f := range s.tried {
		if n := len(merged); n > 0 && f.days.follow(merged[n-1].days, s.ScoreMonth) && same(merged[n-1].Numbers, f.Numbers) {
			last := &merged[n-1]
			last.trial.days = &days{last.days.first, f.days.last, last.days.export}
			last.trial.distance = min(last.trial.distance, f.trial.distance)
			last.Reading.Changes, last.Reading.distance = last.changes(s.ScoreMonth), last.trial.distance
			continue
		}
		merged = append(merged, f)
	}
	s.tried = merged
}

// pairs tries two changes at once where no single one explains everything. It keeps pairs that explain a line that no single one explains, or more lines
// than any single one does, and change no line that is equal.
func (s *search) pairs(ctx context.Context) error {
	explained, most := make([]bool, len(s.Lines)), 0
	for _, f := range s.tried {
		if len(f.Breaks) > 0 {
			continue
		}
		most = max(most, len(f.Explains))
		for _, line := range f.Explains {
			explained[line] = true
		}
	}
	if most == s.Differences {
		return nil
	}
	for _, pair := range s.pairsOf() {
		scores, track, err := s.score(ctx, pair.trial)
		if _, ok := reason(err); ok {
			continue
		}
		if err != nil {
			return err
		}
		f := s.found(pair.trial, track, scores)
		more := len(f.Explains) > most || slices.ContainsFunc(f.Explains, func(line int) bool { return !explained[line] })
		if len(f.Breaks) == 0 && more && !same(f.Numbers, pair.first) && !same(f.Numbers, pair.second) {
			s.tried = append(s.tried, f)
		}
	}
	return nil
}

// pair is two changes at once, with the numbers that each gives by itself.
type pair struct {
	trial
	first, second []Shown
}

// pairsOf joins the trials that change a number. Tracks of other rulebooks are no trials of their own.
func (s *search) pairsOf() (all []pair) {
	for i, f := range s.tried {
		for _, g := range s.tried[i+1:] {
			if joined, ok := f.joined(g.trial); ok {
				all = append(all, pair{joined, f.Numbers, g.Numbers})
			}
		}
		if f.rules == nil {
			continue
		}
		for _, track := range tracksOf(f.rules) {
			if joined, ok := f.joined(track); ok {
				all = append(all, pair{joined, f.Numbers, nil})
			}
		}
	}
	return all
}
