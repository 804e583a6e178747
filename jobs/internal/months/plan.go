package months

import (
	"context"
	"errors"
	"io/fs"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
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
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	return r.plan(ctx, m, map[scoring.Month]string{})
}

// plan makes the plan of a month that is scored after others: built has the fingerprints of the facts that these build, and gets those that
// this one does.
func (r *run) plan(ctx context.Context, m scoring.Month, built map[scoring.Month]string) (p *Plan, err error) {
	in, err := r.inputs(ctx, m)
	if err != nil {
		return nil, err
	}
	p = &Plan{Month: m, Rulebook: in.Rules.ID, Provisional: append([]string{}, in.Provisional...), Inputs: in.Manifest()}
	if in.CertificationsMonth != 0 {
		p.Certifications = in.CertificationsMonth.String()
	}
	if p.Publish, err = r.wouldPublish(ctx, in); err != nil {
		return nil, err
	}
	nothingToDo, err := r.upToDate(ctx, in)
	if err != nil {
		return nil, err
	}
	loader, err := ingest.Open(ctx, r.ingest(in))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, loader.Close()) }()
	for _, u := range in.Months {
		month, fingerprint, err := r.planMonth(ctx, in, loader, u, built[u])
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
func (r *run) planMonth(ctx context.Context, in *inputs.Inputs, loader *ingest.Loader, u scoring.Month, built string) (month PlanMonth, fingerprint string, err error) {
	month = PlanMonth{Month: u, Files: len(in.Usage[u]), Rows: in.UsageRows(u), Facts: "build"}
	f, fingerprint, err := r.cache(in, loader).Find(ctx, u)
	if err != nil {
		return month, "", err
	}
	if built != "" {
		if built == fingerprint {
			month.Facts = "reuse"
		}
		return month, fingerprint, nil
	}
	if f == nil {
		return month, fingerprint, nil
	}
	month.Facts = "reuse"
	return month, fingerprint, facts.CheckRejected(ctx, duckdb.New(loader), f, in.Usage[u], r.opt.MaxRejected)
}

// wouldPublish says what a run would do to the published month.
func (r *run) wouldPublish(ctx context.Context, in *inputs.Inputs) (string, error) {
	same, err := published(ctx, r.store, in.Month, r.opt.ToolVersion, in.Fingerprint)
	if err != nil {
		return "", err
	}
	_, err = r.store.Manifest(ctx, in.Month)
	switch {
	case same:
		return "unchanged", nil
	case errors.Is(err, fs.ErrNotExist):
		return "new", nil
	default:
		return "changed", nil
	}
}
