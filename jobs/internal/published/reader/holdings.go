package reader

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Holdings reads who holds the certifications that rules ask for, which need not be those of the month. The error is a *published.NotKnownError when
// the cache does not have them.
func (r *Reader) Holdings(ctx context.Context, p *published.Partner, rules *scoring.Rulebook) ([]published.Held, error) {
	h, err := r.store.Cache().Holdings(ctx, p.ScoreMonth)
	if err != nil {
		return nil, err
	}
	rescore := fmt.Sprintf("run partnerscore score --month %s with the exports, which builds _facts again and changes nothing that is published", p.ScoreMonth)
	if h == nil || h.Fingerprint != p.Manifest.InputsFingerprint {
		return nil, &published.NotKnownError{Month: p.ScoreMonth, Hint: rescore,
			What: "_facts does not have who holds certifications that the rules of the month do not ask for"}
	}
	if what := unknownHoldings(h, rules); what != "" {
		return nil, &published.NotKnownError{Month: p.ScoreMonth, What: what, Hint: published.ScoreAside(p.ScoreMonth, rules)}
	}
	own, err := r.held(ctx, p, p.Rules)
	if err != nil {
		return nil, err
	}
	if !maps.Equal(published.SkillsOn(p.Rules, own, p.SkillsAsOf()).Counts(), p.Skills().Counts()) {
		return nil, &published.NotKnownError{Month: p.ScoreMonth, Hint: rescore,
			What: "who holds which certification in _facts contradicts the published certifications"}
	}
	if rules.SHA256 == p.Rules.SHA256 {
		return own, nil
	}
	return r.held(ctx, p, rules)
}

// unknownHoldings says what rules ask for that the cache does not have; empty when it has all.
func unknownHoldings(h *snapshot.Holdings, rules *scoring.Rulebook) string {
	if !slices.Equal(h.Types, rules.Holdings.Types) || !slices.Equal(h.Active, rules.Holdings.Active) {
		return fmt.Sprintf("the rulebook %s reads other rows of the export as valid certifications", rules.ID)
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

// held reads from the cache who holds the certifications that rules ask for.
func (t tables) held(ctx context.Context, p *published.Partner, rules *scoring.Rulebook) ([]published.Held, error) {
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
	var all []published.Held
	paths, err := t.store.Cache().HoldingsFiles(ctx, p.ScoreMonth)
	if err != nil {
		return nil, err
	}
	err = t.db.Query(ctx, "answers/holdings", func(rows *sql.Rows) error {
		var h published.Held
		err := rows.Scan(&h.Person, &h.Certification, &h.Completed, &h.Expires, &h.Active)
		all = append(all, h)
		return err
	}, warehouse.Paths(paths), p.ID, labels, named)
	return all, err
}
