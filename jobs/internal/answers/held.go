package answers

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// NotKnownError says that a question needs something that neither the published tables nor the cache behind them tell.
type NotKnownError struct {
	Month scoring.Month // the published month that was asked about
	What  string
	Hint  string
}

// FaultKind is fault.Missing.
func (e *NotKnownError) FaultKind() string { return fault.Missing }

// Error says what is not known and what to do.
func (e *NotKnownError) Error() string {
	return fmt.Sprintf("%s cannot be answered from what is published: %s; %s", e.Month, e.What, e.Hint)
}

// held is what a certifications export said of a person and a certification, to be judged on any day.
type held struct {
	person        string
	certification string // title in the rules
	completed     *Day   // nil: not known
	expires       *Day   // nil: never
	active        bool
}

// valid reports whether a holding is valid on a day.
func (h held) valid(day time.Time) bool {
	return h.active && h.completed != nil && !h.completed.After(day) && (h.expires == nil || !h.expires.Before(day))
}

// lists reports whether a list that ends at until still contains its certification on a day.
func lists(until *time.Time, day time.Time) bool { return until == nil || !until.Before(day) }

// WorthLearning reports whether a certification can still be earned after the day on which the month counts certifications. Lists keep a
// retired one for a year: what its list drops within a year from then is not for training.
func (p *Partner) WorthLearning(c scoring.StepCertification) bool {
	return c.Until == nil || c.Until.AddDate(-1, 0, 0).After(p.skillsAsOf())
}

// skills counts who satisfies the steps of rules: by step, the people and what each of them satisfies it with.
type skills map[scoring.StepKey]map[string][]held

// skillsOn returns who satisfies each step of the rules on a day.
func skillsOn(rules *scoring.Rulebook, all []held, day time.Time) skills {
	byTitle := map[string][]held{}
	for _, h := range all {
		byTitle[h.certification] = append(byTitle[h.certification], h)
	}
	s := skills{}
	for _, c := range rules.StepCertifications(rules.Tracks[0].ID) {
		key := scoring.StepKey{Area: c.Area, Metric: c.Metric, Step: c.Step}
		for _, h := range byTitle[c.Title] {
			if h.valid(day) && lists(c.Until, day) {
				s.add(key, h)
			}
		}
	}
	return s
}

func (s skills) add(key scoring.StepKey, h held) {
	if s[key] == nil {
		s[key] = map[string][]held{}
	}
	s[key][h.person] = append(s[key][h.person], h)
}

// counts returns the people of each step.
func (s skills) counts() map[scoring.StepKey]int64 {
	counts := map[scoring.StepKey]int64{}
	for key, people := range s {
		counts[key] = int64(len(people))
	}
	return counts
}

// publishedSkills returns who satisfies each step by the published certifications.
func (p *Partner) publishedSkills() skills {
	s := skills{}
	for _, h := range p.Holdings {
		if h.Counted {
			s.add(h.StepKey, held{person: h.Person, certification: h.Certification, completed: h.Completed, expires: h.Expires, active: true})
		}
	}
	return s
}

// skillsAsOf returns the day on which certifications had to be held when the month was scored.
func (m *Month) skillsAsOf() time.Time {
	text, _ := m.Manifest.Settings["skills_as_of"].(string)
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day
	}
	return m.ScoreMonth.Last()
}

// holdings reads who holds the certifications that rules ask for, which need not be those of the month. The error is a *NotKnownError when
// the cache does not tell.
func (r *Reader) holdings(ctx context.Context, p *Partner, rules *scoring.Rulebook) ([]held, error) {
	h, err := r.store.Holdings(p.ScoreMonth)
	if err != nil {
		return nil, err
	}
	rescore := fmt.Sprintf("run partnerscore score --month %s, which builds the cache and changes nothing that is published", p.ScoreMonth)
	if h == nil || h.Fingerprint != p.Manifest.InputsFingerprint {
		return nil, &NotKnownError{p.ScoreMonth, "who holds which certification besides those that its rules ask for is not in the cache", rescore}
	}
	if what := unknownHoldings(h, rules); what != "" {
		return nil, &NotKnownError{p.ScoreMonth, what, scoreAside(p.ScoreMonth, rules)}
	}
	own, err := r.readHeld(ctx, p, p.Rules)
	if err != nil {
		return nil, err
	}
	if !maps.Equal(skillsOn(p.Rules, own, p.skillsAsOf()).counts(), p.publishedSkills().counts()) {
		return nil, &NotKnownError{p.ScoreMonth, "the cache of who holds which certification contradicts the published certifications", rescore}
	}
	if rules.SHA256 == p.Rules.SHA256 {
		return own, nil
	}
	return r.readHeld(ctx, p, rules)
}

// scoreAside says how to get a score by other rules that answers cannot tell.
func scoreAside(m scoring.Month, rules *scoring.Rulebook) string {
	return fmt.Sprintf("score it by these rules into a folder of its own: partnerscore score --month %s --rulebook %s --snapshots trial", m, rules.ID)
}

// unknownHoldings says what rules ask for that the cache does not have; empty when it has all.
func unknownHoldings(h *snapshot.Holdings, rules *scoring.Rulebook) string {
	if !slices.Equal(h.Types, rules.Holdings.Types) || !slices.Equal(h.Active, rules.Holdings.Active) {
		return fmt.Sprintf("the rulebook %s takes other rows of the export for valid certifications", rules.ID)
	}
	known := map[string]bool{}
	for _, label := range h.Labels {
		known[label] = true
	}
	for _, c := range rules.Certifications() {
		if slices.ContainsFunc(rules.Holdings.Labels(c), func(label string) bool { return !known[label] }) {
			return fmt.Sprintf("who holds %q, which the rulebook %s asks for, was not kept when the month was scored", c.Title, rules.ID)
		}
	}
	return ""
}

func (r *Reader) readHeld(ctx context.Context, p *Partner, rules *scoring.Rulebook) ([]held, error) {
	titles := map[string]string{}
	for _, c := range rules.Certifications() {
		for _, label := range rules.Holdings.Labels(c) {
			titles[label] = c.Title
		}
	}
	labels := slices.Sorted(maps.Keys(titles))
	named := make([]string, len(labels))
	for i, label := range labels {
		named[i] = titles[label]
	}
	var all []held
	path := filepath.Join(r.store.HoldingsDir(p.ScoreMonth), snapshot.HoldingsRows)
	err := r.db.Query(ctx, "answers/holdings", func(rows *sql.Rows) error {
		var h held
		err := rows.Scan(&h.person, &h.certification, &h.completed, &h.expires, &h.active)
		all = append(all, h)
		return err
	}, warehouse.Paths([]string{path}), p.ID, labels, named)
	return all, err
}

// fold returns the form in which texts compare as labels.
func (r *Reader) fold(ctx context.Context, texts ...string) (map[string]string, error) {
	keys := map[string]string{}
	if len(texts) == 0 {
		return keys, nil
	}
	return keys, r.db.Query(ctx, "answers/folded", func(rows *sql.Rows) error {
		var text, key string
		err := rows.Scan(&text, &key)
		keys[text] = key
		return err
	}, texts)
}

// monthNames lists months for people.
func monthNames(months []scoring.Month) string {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = m.String()
	}
	return strings.Join(names, ", ")
}
