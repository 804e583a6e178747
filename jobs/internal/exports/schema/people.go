package schema

import "slices"

// The names of human beings, which no score reads: only whoever asks who stands behind a pseudonym sees them.
const (
	PersonName      = "person_name" // first and last name in one
	PersonFirstName = "person_first_name"
	PersonLastName  = "person_last_name"
)

// personNames are the columns with names of human beings. They are not of the input contract: a file is never refused for one of them.
func personNames() []spec {
	return []spec{
		{canonical: PersonName, personal: true, names: []string{"IndividualName", "FullName"}},
		{canonical: PersonFirstName, personal: true, names: []string{"IndividualFirstName", "FirstName"}},
		{canonical: PersonLastName, personal: true, names: []string{"IndividualLastName", "LastName"}},
	}
}

// PersonNames finds the columns of a certifications file that hold names of human beings. Of several the first of the known names counts, and of
// columns with one name the first in the file; a column that cannot be text is left out.
func PersonNames(columns []Column) map[string]Column {
	found := map[string]Column{}
	for _, s := range personNames() {
		for _, name := range s.preference() {
			i := slices.IndexFunc(columns, func(c Column) bool { return Fold(c.Name) == Fold(name) && s.means.Mismatch(c) == "" })
			if i >= 0 {
				found[s.canonical] = columns[i]
				break
			}
		}
	}
	return found
}
