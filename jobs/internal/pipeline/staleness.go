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
	"partnerscore/scoring/rulebook"
)

// staleness says why the published snapshot of a month is no longer what its inputs, the rules and the settings give; nothing when it still
// is. It reads what decides that, and no rows.
func (s *session) staleness(ctx context.Context, m scoring.Month) ([]string, error) {
	man, err := s.store.Manifest(m)
	if reason := manifestFault(err); reason != "" {
		return []string{reason}, nil
	}
	if err != nil {
		return nil, err
	}
	now := *s
	now.opt = s.opt.allowingMissing() // a month that was scored without something is stale only when something else changed
	r, err := now.prepare(ctx, m)
	if reason := inputFault(err); reason != "" {
		return []string{reason}, nil
	}
	var early *rulebook.NotInForceError
	if errors.As(err, &early) {
		return []string{fmt.Sprintf("the rules changed: %s before, none in force now", man.Rulebook.ID)}, nil
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

// manifestFault is the reason that a manifest gives that cannot be read; empty for other errors.
func manifestFault(err error) string {
	var damaged *snapshot.DamagedError
	var version *snapshot.VersionError
	switch {
	case errors.As(err, &damaged):
		return "the manifest is damaged"
	case errors.As(err, &version):
		return fmt.Sprintf("the manifest has schema version %d, which another version of the program wrote", version.Got)
	default:
		return ""
	}
}

// inputFault is the reason that an error about inputs gives; empty for other errors.
func inputFault(err error) string {
	var missing *exports.MissingError
	var broken *exports.ContractError
	var changed *exports.ChangedError
	switch {
	case errors.As(err, &missing):
		return missingInput(missing)
	case errors.As(err, &broken):
		return "inputs break the contract: " + broken.Problems[0].String()
	case errors.As(err, &changed):
		return "inputs change at this moment: " + changed.File
	default:
		return ""
	}
}

// missingInput says what is missing, without advice.
func missingInput(missing *exports.MissingError) string {
	if missing.Table == exports.Certifications {
		return "certifications are missing"
	}
	if len(missing.Parts) > 0 {
		return "a delivery is incomplete: " + missing.Parts[0].String()
	}
	return "usage is missing for " + scoring.MonthRanges(missing.Months)
}

// goneInput stands before the path of an input that is not there any more.
const goneInput = "gone: "

// changes says what differs between now and what a manifest was made from.
func (r *run) changes(man *snapshot.Manifest) []string {
	var reasons []string
	before, now := byContent(man.Inputs), byContent(r.in.manifest())
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if _, ok := before[key]; ok {
			continue
		}
		if hasPath(man.Inputs, now[key].Path) {
			reasons = append(reasons, "changed: "+now[key].Path)
		} else {
			reasons = append(reasons, "new: "+now[key].Path)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := now[key]; !ok && !hasPath(r.in.manifest(), before[key].Path) {
			reasons = append(reasons, goneInput+before[key].Path)
		}
	}
	switch {
	case man.Rulebook.ID != r.in.rules.ID:
		reasons = append(reasons, fmt.Sprintf("the rules changed: %s before, %s now", man.Rulebook.ID, r.in.rules.ID))
	case man.Rulebook.SHA256 != r.in.rules.SHA256:
		reasons = append(reasons, fmt.Sprintf("the rules of %s changed", man.Rulebook.ID))
	}
	reasons = append(reasons, changedSettings(man.Settings, r.opt.settings(r.in.month))...)
	if len(reasons) == 0 {
		reasons = append(reasons, "columns of the inputs are read otherwise")
	}
	return reasons
}

// changedSettings says which settings differ. Some are there only when they are not the usual ones.
func changedSettings(before, now map[string]any) (reasons []string) {
	all := maps.Clone(now)
	maps.Copy(all, before)
	said := func(settings map[string]any, name string) any {
		if value, ok := settings[name]; ok && value != "" {
			return value
		}
		return "none"
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if was, is := said(before, name), said(now, name); !reflect.DeepEqual(was, is) {
			reasons = append(reasons, fmt.Sprintf("the setting %s changed: %v before, %v now", name, was, is))
		}
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
