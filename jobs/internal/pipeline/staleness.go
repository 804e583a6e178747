package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// staleness says why the published snapshot of a month is no longer what its inputs, the rules and the settings give; nothing when it still
// is. It reads what decides that, and no rows.
func (s *session) staleness(ctx context.Context, m scoring.Month) ([]string, error) {
	man, err := s.store.Manifest(m)
	var damaged *snapshot.DamagedError
	if errors.As(err, &damaged) {
		return []string{"the manifest is damaged"}, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := s.prepare(ctx, m)
	if reason := inputFault(err); reason != "" {
		return []string{reason}, nil
	}
	if err != nil {
		return nil, err
	}
	if man.InputsFingerprint != r.fingerprint {
		return r.changes(man), nil
	}
	if whole, err := published(s.store, m, man.ToolVersion, r.fingerprint); err != nil || !whole {
		return []string{"published files are missing or have another size"}, err
	}
	return nil, nil
}

// inputFault is the reason that an error about inputs gives; empty for other errors.
func inputFault(err error) string {
	var missing *exports.MissingError
	var broken *exports.ContractError
	switch {
	case errors.As(err, &missing):
		return "inputs are missing: " + monthList(missing.Months)
	case errors.As(err, &broken):
		return fmt.Sprintf("inputs break the contract: %s", broken.Problems[0].File)
	default:
		return ""
	}
}

// changes says what differs between now and what a manifest was made from.
func (r *run) changes(man *snapshot.Manifest) []string {
	var reasons []string
	before, now := byContent(man.Inputs), byContent(r.in.manifest())
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if _, ok := before[key]; !ok {
			reasons = append(reasons, "new or changed: "+now[key].Path)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := now[key]; !ok && !hasPath(r.in.manifest(), before[key].Path) {
			reasons = append(reasons, "gone: "+before[key].Path)
		}
	}
	if man.Rulebook.SHA256 != r.in.rules.SHA256() || man.Rulebook.ID != r.in.rules.ID {
		reasons = append(reasons, fmt.Sprintf("the rules changed: %s before, %s now", man.Rulebook.ID, r.in.rules.ID))
	}
	settings := r.opt.settings(r.in.month)
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if !reflect.DeepEqual(settings[name], man.Settings[name]) {
			reasons = append(reasons, fmt.Sprintf("the setting %s changed: %v before, %v now", name, man.Settings[name], settings[name]))
		}
	}
	if len(reasons) == 0 {
		reasons = append(reasons, "columns of the inputs are read otherwise")
	}
	return reasons
}

// byContent indexes files by table and bytes.
func byContent(files []snapshot.File) map[string]snapshot.File {
	index := map[string]snapshot.File{}
	for _, f := range files {
		index[f.Table+" "+f.Path+" "+f.SHA256] = f
	}
	return index
}

func hasPath(files []snapshot.File, path string) bool {
	return slices.ContainsFunc(files, func(f snapshot.File) bool { return f.Path == path })
}
