package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
)

// Options are the settings of the mapping.
type Options struct {
	// Profile says what the usage files are exports of.
	Profile Profile
	// Columns picks the column for a canonical name: the first of the names that a file has. It goes before
	// aliases, and a file that has none of the names is refused.
	Columns map[Table]map[string][]string
	// Aliases adds names to the built-in ones.
	Aliases map[Table]map[string][]string
	// OfferOptional lets usage without offer columns pass: for rulebooks with `missing_offer: eligible`, and where it is allowed.
	OfferOptional bool
	// PartnerGiven lets files without partner columns pass: the settings name the partner.
	PartnerGiven bool
}

// Validate reports every entry that names an unknown table or canonical column, or an alias that already stands
// for another column.
func (o Options) Validate() error {
	var errs []error
	for section, tables := range map[string]map[Table]map[string][]string{"columns": o.Columns, "aliases": o.Aliases} {
		for t, entries := range tables {
			errs = append(errs, o.validateEntries(section, t, entries)...)
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

func (o Options) validateEntries(section string, t Table, entries map[string][]string) []error {
	var errs []error
	if !slices.Contains(Tables(), t) {
		return []error{fmt.Errorf("%s.%s: no such table, known are %s", section, defect.Quote(string(t)), nameList(Tables()))}
	}
	owner := NewMapper(t, Options{Profile: o.Profile}).canonicalOf
	for canonical, names := range entries {
		key := fmt.Sprintf("%s.%s.%s", section, t, defect.Quote(canonical))
		if !slices.Contains(o.Profile.Canonical(t), canonical) {
			errs = append(errs, fmt.Errorf("%s: no such column, known are %s", key, nameList(o.Profile.Canonical(t))))
			continue
		}
		if len(names) == 0 {
			errs = append(errs, fmt.Errorf("%s: names no column", key))
		}
		for _, name := range names {
			if Fold(name) == "" {
				errs = append(errs, fmt.Errorf("%s: a blank name", key))
			}
			if other, ok := owner[Fold(name)]; section == "aliases" && ok && other != canonical {
				errs = append(errs, fmt.Errorf("%s: %s already stands for %s", key, defect.Quote(name), other))
			}
		}
	}
	return append(errs, sharedAliases(section, t, entries)...)
}

// Doubtful lists the names in Columns and Aliases that are known to be another column than the one they are given for, with the reason.
func (o Options) Doubtful() []string {
	var found []string
	for section, tables := range map[string]map[Table]map[string][]string{"columns": o.Columns, "aliases": o.Aliases} {
		for t, entries := range tables {
			for _, s := range specsOf(t, o.Profile) {
				for _, name := range entries[s.canonical] {
					if why := s.lookalike(name); why != "" {
						found = append(found, fmt.Sprintf("%s.%s.%s: %s is the wrong column: %s", section, t, s.canonical, defect.Quote(name), why))
					}
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// nameList joins names for people.
func nameList[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}

// sharedAliases finds names that were given to two canonical columns.
func sharedAliases(section string, t Table, entries map[string][]string) []error {
	var errs []error
	owner := map[string]string{}
	for _, canonical := range slices.Sorted(maps.Keys(entries)) {
		for _, name := range entries[canonical] {
			key := Fold(name)
			if section == "columns" {
				key = name
			}
			if other, ok := owner[key]; ok && other != canonical {
				errs = append(errs, fmt.Errorf("%s.%s: %s is given to %s and to %s", section, t, defect.Quote(name), other, canonical))
			}
			owner[key] = canonical
		}
	}
	return errs
}
