package reconcile

import (
	"context"
	"errors"
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// trier scores trials of a partner.
type trier struct {
	r         published.Reader
	p         *published.Partner
	before    *published.Partner                   // in the month before; nil: not at hand
	own       *scoring.Rulebook                    // of the person who asks; nil: none
	later     map[scoring.Month]*published.Partner // in months after it that are published
	held      map[heldKey][]published.Held
	scenarios map[string]*scenario.Scenario // by the hash of the rules
}

// heldKey says whose holdings are meant: those in the export of a month that rules ask for, by the hash of the rules.
type heldKey struct {
	export scoring.Month
	rules  string
}

// score scores a trial, and returns the track that the partner is on in it.
func (t *trier) score(ctx context.Context, tr trial) (all []published.Score, track string, err error) {
	rules, track, m, err := t.measures(ctx, tr)
	if err != nil {
		return nil, "", err
	}
	if tr.rounding != "" {
		rules = rules.RoundingGrowth(tr.rounding)
	}
	scored, err := rules.Score(track, m)
	if err != nil {
		return nil, "", err
	}
	for _, s := range scored {
		all = append(all, published.NewScore(s))
	}
	return all, track, nil
}

// measures returns what a trial is scored from: the rules, the track and the measures.
func (t *trier) measures(ctx context.Context, tr trial) (rules *scoring.Rulebook, track string, m scoring.Measures, err error) {
	switch {
	case tr.again != nil:
		return tr.again.rules, tr.again.Track, tr.again.Measures, nil
	case tr.before:
		return t.before.Rules, t.before.Track.ID, t.before.Measures(), nil
	}
	rules, track = t.p.Rules, t.p.Track.ID
	if tr.rules != nil {
		rules = tr.rules
	}
	if tr.rules == nil && !tr.open && tr.track == "" {
		m = t.p.Measures()
	} else {
		s, err := t.scenario(ctx, rules)
		if err != nil {
			return nil, "", m, err
		}
		if tr.open {
			s, _ = s.OpenAsSMB()
		}
		on := s.Track()
		if other, ok := rules.TrackOf(tr.track); ok {
			on = other
		}
		track, m = on.ID, s.MeasuresOn(on)
	}
	if tr.days != nil {
		held, err := t.holdings(ctx, tr.days.export, rules)
		if err != nil {
			return nil, "", m, err
		}
		m.Skills = published.SkillsOn(rules, held, tr.days.first).Counts()
	}
	return rules, track, m, nil
}

// scenario returns the partner under rules.
func (t *trier) scenario(ctx context.Context, rules *scoring.Rulebook) (*scenario.Scenario, error) {
	if s := t.scenarios[rules.SHA256]; s != nil {
		return s, nil
	}
	h, err := scenario.Suppose(ctx, t.r, t.p, scenario.Changes{Rulebook: rules})
	if err != nil {
		return nil, err
	}
	t.scenarios[rules.SHA256] = h.Scenario
	return h.Scenario, nil
}

// holdings returns who holds the certifications that rules ask for, by the export of a month.
func (t *trier) holdings(ctx context.Context, export scoring.Month, rules *scoring.Rulebook) (held []published.Held, err error) {
	key := heldKey{export, rules.SHA256}
	if held, ok := t.held[key]; ok {
		return held, nil
	}
	p := t.p
	if export != p.ScoreMonth {
		p = t.later[export]
	}
	if held, err = t.r.Holdings(ctx, p, rules); err == nil {
		t.held[key] = held
	}
	return held, err
}

// roundings are the ways to round growth that the rules do not have. One of them may be what Partner Center does.
func roundings(rules *scoring.Rulebook) (all []trial) {
	for i, rounding := range []string{scoring.RoundFloor, scoring.RoundNearest, scoring.RoundExact, scoring.RoundOneDecimal, scoring.RoundUp} {
		if rounding != rules.GrowthRounding {
			all = append(all, trial{rounding: rounding, distance: i})
		}
	}
	return all
}

const (
	daysBefore  = 62 // the end of the month, that may be the day of the certifications in Partner Center
	monthsAfter = 3  // the month, in one of which a person may have looked at Partner Center
)

// otherDays are the days around the month on which other certifications count than on its own, in spans without a change between. Days in a later month
// that is published go by its export, which knows more.
func (t *trier) otherDays(ctx context.Context) (all []trial, err error) {
	m := t.p.ScoreMonth
	held, err := t.holdings(ctx, m, t.p.Rules)
	if err != nil {
		return nil, err
	}
	from := m.Last().AddDate(0, 0, -daysBefore)
	export := m
	for n := m.Add(1); n <= m.Add(monthsAfter); n++ {
		p, err := t.r.Partner(ctx, n, t.p.ID)
		if err == nil {
			t.later[n] = p
			var later []published.Held
			if later, err = t.holdings(ctx, n, t.p.Rules); err == nil {
				all = append(all, t.spans(held, export, from, n.Add(-1).Last())...)
				held, export, from = later, n, n.First()
				continue
			}
		}
		if _, ok := reason(err); !ok {
			return nil, err
		}
	}
	return append(all, t.spans(held, export, from, m.Add(monthsAfter).Last())...), nil
}

// spans are the days from first to last without that of the month, cut where a holding begins or ends, or a list drops a certification.
func (t *trier) spans(held []published.Held, export scoring.Month, first, last time.Time) (all []trial) {
	begins := []time.Time{first}
	add := func(day time.Time) {
		if day.After(first) && !day.After(last) {
			begins = append(begins, day)
		}
	}
	for _, h := range held {
		if h.Completed != nil {
			add(h.Completed.Time)
		}
		if h.Expires != nil {
			add(h.Expires.AddDate(0, 0, 1))
		}
	}
	for _, c := range t.p.Rules.Certifications() {
		if c.Until != nil {
			add(c.Until.AddDate(0, 0, 1))
		}
	}
	slices.SortFunc(begins, time.Time.Compare)
	begins = slices.CompactFunc(begins, time.Time.Equal)
	own := t.p.SkillsAsOf()
	for i, begin := range begins {
		until := last
		if i+1 < len(begins) {
			until = begins[i+1].AddDate(0, 0, -1)
		}
		if export != t.p.ScoreMonth || own.Before(begin) || own.After(until) {
			all = append(all, trial{days: &days{begin, until, export}, distance: distanceInDays(own, begin, until)})
		}
	}
	return all
}

// follow reports whether the days come right after others, and both go by the export of the month, or by later ones.
func (d *days) follow(before *days, month scoring.Month) bool {
	return d != nil && before != nil && (d.export == month) == (before.export == month) && before.last.AddDate(0, 0, 1).Equal(d.first)
}

// distanceInDays is how far a day is from the nearest of some days.
func distanceInDays(day, first, last time.Time) int {
	const oneDay = 24 * time.Hour
	return int(min(day.Sub(first).Abs(), day.Sub(last).Abs()) / oneDay)
}

// otherRules are the rulebooks with other rules: that of the person who asks, and the built-in ones, those nearest to the rules of the month first.
func (t *trier) otherRules() (all []trial) {
	books := t.r.Library().List()
	own := slices.IndexFunc(books, func(b *scoring.Rulebook) bool { return b.ID == t.p.Rules.ID })
	seen := map[string]bool{t.p.Rules.SHA256: true}
	if t.own != nil && !seen[t.own.SHA256] {
		all, seen[t.own.SHA256] = append(all, trial{rules: t.own}), true
	}
	for i, book := range books {
		if !seen[book.SHA256] {
			all = append(all, trial{rules: book, distance: max(i-own, own-i)})
		}
		seen[book.SHA256] = true
	}
	return all
}

// otherTracks are the tracks of the month's rules that the partner is not on, and its customers of open size counted as SMB.
func (t *trier) otherTracks() (all []trial) {
	if len(t.p.Rules.Tracks) < 2 {
		return nil
	}
	all = append(all, trial{open: true})
	for _, track := range t.p.Rules.Tracks {
		if track.ID != t.p.Track.ID {
			all = append(all, trial{track: track.ID})
		}
	}
	return all
}

// tracksOf are the tracks of a rulebook, for a reading that has both.
func tracksOf(rules *scoring.Rulebook) (all []trial) {
	if len(rules.Tracks) < 2 {
		return nil
	}
	for _, track := range rules.Tracks {
		all = append(all, trial{track: track.ID})
	}
	return append(all, trial{open: true})
}

// reason says why something could not be tried, where that is not a fault: it is not published, or the cache does not have it.
func reason(err error) (why string, ok bool) {
	var unpublished *published.UnpublishedError
	var notKnown *published.NotKnownError
	var unknown *published.UnknownError
	var rules *published.RulesError
	if errors.As(err, &unpublished) || errors.As(err, &notKnown) || errors.As(err, &unknown) || errors.As(err, &rules) {
		return err.Error(), true
	}
	return "", false
}
