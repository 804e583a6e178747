package exports

import (
	"cmp"
	"errors"
	"fmt"

	"partnerscore/jobs/internal/exports/pattern"
	"partnerscore/jobs/internal/exports/schema"
)

// Patterns say where the files of each table lie, relative to the exports root. A pattern is folder and file
// names joined by slashes, with {month} (2024-06, or 2024-06-01), {yyyy}, {mm} (two digits), {m} (one or two),
// * (any characters within one name) and ? (one character). Everything else stands for itself, brackets too.
// An empty pattern is the default one. Without a placeholder it takes usage files that hold many months, each
// row in its month column, and certifications of no known month.
type Patterns struct {
	Usage, Certifications, Partners string
}

// DefaultPatterns are the paths of the contract.
func DefaultPatterns() Patterns {
	return Patterns{
		Usage:          "azure_usage/month={month}/*",
		Certifications: "certifications/month={month}/*",
		Partners:       "partners/*",
	}
}

// Validate reports everything that is wrong with the patterns.
func (p Patterns) Validate() error {
	var errs []error
	seen := map[string]schema.Table{}
	for _, t := range schema.Tables() {
		text := p.of(t)
		if _, err := pattern.Compile(t, text); err != nil {
			errs = append(errs, err)
		}
		if other, ok := seen[text]; ok {
			errs = append(errs, fmt.Errorf("pattern of %s is the same as that of %s: %q", t, other, text))
		}
		seen[text] = t
	}
	return errors.Join(errs...)
}

func (p Patterns) of(t schema.Table) string {
	standard := DefaultPatterns()
	switch t {
	case schema.Certifications:
		return cmp.Or(p.Certifications, standard.Certifications)
	case schema.Partners:
		return cmp.Or(p.Partners, standard.Partners)
	default:
		return cmp.Or(p.Usage, standard.Usage)
	}
}
