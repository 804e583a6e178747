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
func MakePlan(ctx context.Context, opt Options, m scoring.Month) (p *Plan, err error) {
	s, err := openSession(opt)
	if err != nil {
		return nil, err
	}
	r, err := s.prepare(ctx, m)
	if err != nil {
		return nil, err
	}
	p = &Plan{Month: m, Rulebook: r.in.rules.ID, Provisional: append([]string{}, r.in.provisional...), Inputs: r.in.manifest()}
	if len(r.in.certifications) > 0 {
		p.Certifications = r.in.certificationsMonth.String()
	}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.db.Close()) }()
	for _, u := range r.in.months {
		month := PlanMonth{Month: u, Files: len(r.in.usage[u]), Facts: "build"}
		for _, c := range r.in.usage[u] {
			month.Rows += c.Rows
		}
		fingerprint, err := factsFingerprint(r.in.usage[u], r.in.rules, r.engine)
		if err != nil {
			return nil, err
		}
		f, err := readFacts(s.store.FactsDir(u), fingerprint, r.partners)
		if err != nil {
			return nil, err
		}
		if f != nil {
			month.Facts = "reuse"
		}
		p.Usage = append(p.Usage, month)
	}
	if p.Publish, err = r.wouldPublish(); err != nil {
		return nil, err
	}
	return p, nil
}

func (r *run) wouldPublish() (string, error) {
	upToDate, err := r.upToDate()
	if err != nil {
		return "", err
	}
	_, err = r.store.Manifest(r.in.month)
	switch {
	case upToDate:
		return "unchanged", nil
	case errors.Is(err, fs.ErrNotExist):
		return "new", nil
	default:
		return "changed", nil
	}
}
