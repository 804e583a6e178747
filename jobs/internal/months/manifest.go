package months

import (
	"slices"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// manifest describes a snapshot. reasons say why it is provisional; version is that of the engine.
func (r *run) manifest(in *inputs.Inputs, set *facts.Set, reasons []string, version string) (*snapshot.Manifest, error) {
	exclusions, err := exclusionSummary(in.Month, set)
	if err != nil {
		return nil, err
	}
	return &snapshot.Manifest{
		ToolVersion: r.opt.ToolVersion, EngineVersion: version,
		Rulebook:          snapshot.RulebookRef{ID: in.Rules.ID, SHA256: in.Rules.SHA256},
		Settings:          in.Settings,
		InputsFingerprint: in.Fingerprint,
		Inputs:            in.Manifest(),
		Exclusions:        exclusions,
		FactsEngines:      set.Engines(),
		Substituted:       set.Substituted(),
		Provisional:       append([]string{}, reasons...),
		MissingUsage:      in.Absent,
		Started:           in.Started.UTC(), Finished: r.opt.Now().UTC(), Host: monitor.Host(),
	}, nil
}

// exclusionSummary adds up the exclusions of the window by class and reason.
func exclusionSummary(m scoring.Month, set *facts.Set) ([]snapshot.Exclusion, error) {
	type key struct{ class, reason string }
	sums := map[key]snapshot.Exclusion{}
	for _, f := range set.Months {
		for _, e := range f.Exclusions {
			s := sums[key{e.Class, e.Reason}]
			total := s.ACRUSD + e.ACRUSD // cannot wrap: the two are below a trillion dollars, the type holds nine
			if total >= measure.Trillion || total <= -measure.Trillion {
				return nil, measure.TooMuch(m, e.Reason)
			}
			sums[key{e.Class, e.Reason}] = snapshot.Exclusion{Class: e.Class, Reason: e.Reason, Rows: s.Rows + e.Rows, ACRUSD: total}
		}
	}
	summary := []snapshot.Exclusion{}
	for _, e := range sums {
		summary = append(summary, e)
	}
	slices.SortFunc(summary, func(a, b snapshot.Exclusion) int {
		return slices.Compare([]string{a.Class, a.Reason}, []string{b.Class, b.Reason})
	})
	return summary, nil
}
