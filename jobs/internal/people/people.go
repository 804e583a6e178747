// Package people has the list of who stands behind pseudonyms: what `people` finds, and the file that it writes and `report --names` reads. It is
// personal data. Nothing here prints, and no error repeats a value.
package people

import "partnerscore/scoring"

// List is who stands behind the pseudonyms of a published month.
type List struct {
	Month scoring.Month `json:"score_month"`
	// Scheme says how the pseudonyms were made, and identifies the key without giving it away.
	Scheme string   `json:"person_ids"`
	People []Person `json:"people"` // by partner and pseudonym
	// Changes say how the certifications files differ from those that the month was scored from; none: they are the same.
	Changes []string `json:"changed_inputs"`
}

// Person is a pseudonym of a partner, and who stands behind it.
type Person struct {
	PartnerID   string `json:"partner_id"`
	PartnerName string `json:"partner_name,omitempty"` // empty: unknown
	ID          string `json:"person_id"`
	Found       bool   `json:"found"`
	// Why says why somebody is not found; empty for who is.
	Why Absence `json:"reason,omitempty"`
	// Name, Email and MCPID are as most rows of the exports write them; empty: the exports do not say.
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	MCPID string `json:"mcp_id,omitempty"`
	// OtherNames and OtherEmails count further spellings in the exports.
	OtherNames     int64           `json:"other_names"`
	OtherEmails    int64           `json:"other_emails"`
	Certifications []Certification `json:"certifications"`
}

// Absence is why the exports do not have a person of a published month.
type Absence string

// The reasons.
const (
	// Restated exports changed since the month was scored.
	Restated Absence = "exports_changed"
	// Unmapped exports are the same, so their columns are mapped differently.
	Unmapped Absence = "columns_mapped_differently"
)

// Certification is one that a person holds and that the month asks for.
type Certification struct {
	Title   string `json:"certification"`
	Counted bool   `json:"counted"`
	Reason  string `json:"reason"` // why it does not count, in a word; counted if it does
}

// Missing counts the people whom the exports do not have.
func (l *List) Missing() (n int64) {
	for _, p := range l.People {
		if !p.Found {
			n++
		}
	}
	return n
}

// Several counts the people whom the exports name in several ways.
func (l *List) Several() (n int64) {
	for _, p := range l.People {
		if p.OtherNames+p.OtherEmails > 0 {
			n++
		}
	}
	return n
}
