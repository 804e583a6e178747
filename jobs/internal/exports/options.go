package exports

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Options are the settings of Check.
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
	// Known returns what an earlier run found out about a file's bytes; nil for nothing. See Known.
	Known func(f File) (Known, bool)
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
	sort.Slice(errs, func(i, j int) bool { return errs[i].Error() < errs[j].Error() })
	return errors.Join(errs...)
}

func (o Options) validateEntries(section string, t Table, entries map[string][]string) []error {
	var errs []error
	if !slices.Contains(Tables(), t) {
		return []error{fmt.Errorf("%s.%s: no such table, known are %s", section, displayName(string(t)), nameList(Tables()))}
	}
	owner := newMapper(t, Options{Profile: o.Profile}).canonicalOf
	for canonical, names := range entries {
		key := fmt.Sprintf("%s.%s.%s", section, t, displayName(canonical))
		if !slices.Contains(o.Profile.Canonical(t), canonical) {
			errs = append(errs, fmt.Errorf("%s: no such column, known are %s", key, nameList(o.Profile.Canonical(t))))
			continue
		}
		if len(names) == 0 {
			errs = append(errs, fmt.Errorf("%s: names no column", key))
		}
		for _, name := range names {
			if fold(name) == "" {
				errs = append(errs, fmt.Errorf("%s: a blank name", key))
			}
			if other, ok := owner[fold(name)]; section == "aliases" && ok && other != canonical {
				errs = append(errs, fmt.Errorf("%s: %s already stands for %s", key, displayName(name), other))
			}
		}
	}
	return append(errs, sharedAliases(section, t, entries)...)
}

// Doubtful says of each name in Columns and Aliases that is known to be something else than the column it is given to why
// it is, by table and column.
func (o Options) Doubtful() []string {
	var found []string
	for section, tables := range map[string]map[Table]map[string][]string{"columns": o.Columns, "aliases": o.Aliases} {
		for t, entries := range tables {
			for _, s := range columnsOf(t, o.Profile) {
				for _, name := range entries[s.canonical] {
					if why := s.isNot(name); why != "" {
						found = append(found, fmt.Sprintf("%s.%s.%s: %s is the wrong column: %s", section, t, s.canonical, displayName(name), why))
					}
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// nameList writes names for people.
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
	canonicals := make([]string, 0, len(entries))
	for canonical := range entries {
		canonicals = append(canonicals, canonical)
	}
	slices.Sort(canonicals)
	for _, canonical := range canonicals {
		for _, name := range entries[canonical] {
			key := fold(name)
			if section == "columns" {
				key = name
			}
			if other, ok := owner[key]; ok && other != canonical {
				errs = append(errs, fmt.Errorf("%s.%s: %s is given to %s and to %s", section, t, displayName(name), other, canonical))
			}
			owner[key] = canonical
		}
	}
	return errs
}
