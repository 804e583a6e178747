package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Plan says what a run would read, build and publish for a month.
type Plan struct {
	Month       scoring.Month `json:"score_month"`
	Rulebook    string        `json:"rulebook"`
	Provisional []string      `json:"provisional"`
	Usage       []PlanMonth   `json:"usage"`
	// Certifications is the month of the snapshot used, empty without one.
	Certifications string          `json:"certifications_month,omitempty"`
	Inputs         []snapshot.File `json:"inputs"`
	// Publish is "new", "changed", or "unchanged" when the run would find nothing to do.
	Publish string `json:"publish"`
}

// PlanMonth is one usage month of a Plan.
type PlanMonth struct {
	Month scoring.Month `json:"month"`
	Files int           `json:"files"`
	Rows  int64         `json:"rows"`
	// Facts is "build" or "reuse".
	Facts string `json:"facts"`
}

// MakePlan finds and checks the inputs of a month as Score does, and writes nothing.
func MakePlan(ctx context.Context, opt Options, m scoring.Month) (*Plan, error) {
	s, err := openSession(ctx, opt)
	if err != nil {
		return nil, err
	}
	return s.plan(ctx, m, map[scoring.Month]string{})
}

// plan makes the plan of a month that is scored after others: built has the fingerprints of the facts that these build, and gets those that
// this one does.
func (s *session) plan(ctx context.Context, m scoring.Month, built map[scoring.Month]string) (p *Plan, err error) {
	r, err := s.prepareOrExplain(ctx, m)
	if err != nil {
		return nil, err
	}
	p = &Plan{Month: m, Rulebook: r.in.rules.ID, Provisional: append([]string{}, r.in.provisional...), Inputs: r.in.manifest()}
	if r.in.certificationsMonth != 0 {
		p.Certifications = r.in.certificationsMonth.String()
	}
	if p.Publish, err = r.wouldPublish(ctx); err != nil {
		return nil, err
	}
	nothingToDo, err := r.nothingToDo(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.db.Close()) }()
	for _, u := range r.in.months {
		month, fingerprint, err := r.planMonth(ctx, u, built[u])
		if err != nil {
			return nil, err
		}
		if month.Facts == "build" && !nothingToDo {
			built[u] = fingerprint
		}
		p.Usage = append(p.Usage, month)
	}
	return p, nil
}

// planMonth says whether the facts of a usage month are there, or, as built says, will be. Of those that are there it knows whether too many
// rows are bad data.
func (r *run) planMonth(ctx context.Context, u scoring.Month, built string) (month PlanMonth, fingerprint string, err error) {
	month = PlanMonth{Month: u, Files: len(r.in.usage[u]), Facts: "build"}
	for _, c := range r.in.usage[u] {
		month.Rows += c.Rows
	}
	if fingerprint, err = r.factsFingerprint(u); err != nil {
		return month, "", err
	}
	if built != "" {
		if built == fingerprint {
			month.Facts = "reuse"
		}
		return month, fingerprint, nil
	}
	f, err := readFacts(ctx, r.store, u, fingerprint, r.partners)
	if err != nil {
		return month, "", err
	}
	if f == nil {
		return month, fingerprint, nil
	}
	month.Facts = "reuse"
	return month, fingerprint, r.checkRejected(ctx, f)
}

func (r *run) wouldPublish(ctx context.Context) (string, error) {
	upToDate, err := r.upToDate(ctx)
	if err != nil {
		return "", err
	}
	_, err = r.store.Manifest(ctx, r.in.month)
	switch {
	case upToDate:
		return "unchanged", nil
	case errors.Is(err, fs.ErrNotExist):
		return "new", nil
	default:
		return "changed", nil
	}
}
