// Package schema says which columns each input has, by which names they are known and which types will do, and maps the columns of a file to
// the canonical ones. It opens no file.
package schema

// Table names one of the three inputs of a score.
type Table string

// The three inputs, named as their folders and as in manifests and configuration.
const (
	Usage          Table = "azure_usage"
	Certifications Table = "certifications"
	Partners       Table = "partners"
)

// Tables lists the inputs in the order of the contract.
func Tables() []Table { return []Table{Usage, Certifications, Partners} }
