package months

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// staleness says why the published snapshot of a month is no longer what its inputs, the rules and the settings give; nothing when it still
// is. It reads what decides that, and no rows.
func (r *run) staleness(ctx context.Context, m scoring.Month) ([]string, error) {
	man, err := r.store.Manifest(ctx, m)
	if reason := manifestFault(err); reason != "" {
		return []string{reason}, nil
	}
	if err != nil {
		return nil, err
	}
	lenient := r.exports.With(r.opt.AllowingMissing()) // a month that was scored without something is stale only when something else changed
	in, err := lenient.Month(ctx, m)
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
	if man.InputsFingerprint != in.Fingerprint {
		return texts(changes(man, in)), nil
	}
	if whole, err := isPublished(ctx, r.store, m, man.ToolVersion, in.Fingerprint); err != nil || !whole {
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
		return inputs.MissingInWords(missing)
	case errors.As(err, &broken):
		return "inputs break the contract: " + broken.Problems[0].String()
	case errors.As(err, &changed):
		return "inputs change at this moment: " + changed.File
	default:
		return ""
	}
}

// change is one difference between the inputs, rules and settings of a manifest and those of now.
type change struct {
	text string
	gone bool // an input is not there any more
}

func texts(changes []change) (all []string) {
	for _, c := range changes {
		all = append(all, c.text)
	}
	return all
}

// changes lists what differs between now and what a manifest was made from.
func changes(man *snapshot.Manifest, in *inputs.Inputs) (all []change) {
	add := func(format string, args ...any) { all = append(all, change{text: fmt.Sprintf(format, args...)}) }
	files := in.Manifest()
	before, now := byContent(man.Inputs), byContent(files)
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if _, ok := before[key]; ok {
			continue
		}
		if hasPath(man.Inputs, now[key].Path) {
			add("changed: %s", now[key].Path)
		} else {
			add("new: %s", now[key].Path)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := now[key]; !ok && !hasPath(files, before[key].Path) {
			all = append(all, change{text: "gone: " + before[key].Path, gone: true})
		}
	}
	switch {
	case man.Rulebook.ID != in.Rules.ID:
		add("the rules changed: %s before, %s now", man.Rulebook.ID, in.Rules.ID)
	case man.Rulebook.SHA256 != in.Rules.SHA256:
		add("the rules of %s changed", man.Rulebook.ID)
	}
	for _, text := range changedSettings(man.Settings, in.Settings) {
		add("%s", text)
	}
	if len(all) == 0 {
		add("the column mapping of the inputs changed")
	}
	return all
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
