package exports

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports/schema"
)

// Identity is what of a checked file decides what it says.
type Identity struct {
	Table  schema.Table
	Month  string
	SHA256 string
	// Many is set where only the rows of the month are meant.
	Many bool `json:",omitempty"`
	// Stray is set where a list of what was delivered does not name the file: it makes the score provisional.
	Stray bool `json:",omitempty"`
	// Columns are pairs of a canonical name and the number of the file's column that has it, or the value that the log of a Delta table says.
	Columns []string
}

// Identities returns the identities of files, in an order that does not depend on names or places.
func Identities(files []File) []Identity {
	var ids []Identity
	for _, c := range files {
		id := Identity{Table: c.Table, SHA256: c.SHA256, Many: c.Many, Stray: c.Stray != ""}
		if c.Month != 0 {
			id.Month = c.Month.String()
		}
		for canonical, column := range c.Mapping {
			if column.Partition {
				id.Columns = append(id.Columns, fmt.Sprintf("%s=%q", canonical, column.Value))
				continue
			}
			id.Columns = append(id.Columns, fmt.Sprintf("%s=%d", canonical, column.Index))
		}
		slices.Sort(id.Columns)
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b Identity) int {
		return cmp.Or(slices.Compare([]string{string(a.Table), a.Month, a.SHA256}, []string{string(b.Table), b.Month, b.SHA256}),
			slices.Compare(a.Columns, b.Columns))
	})
	return ids
}

// Digest is the hex SHA-256 over values in their JSON form, which has one spelling for each value.
func Digest(values ...any) (string, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(text)), nil
}
