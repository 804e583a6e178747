package published

// PersonHoldings are the certifications of a partner's person. The person is a pseudonym.
type PersonHoldings struct {
	Partner        string
	Person         string
	Certifications []CountedCertification // by title
}

// CountedCertification is a certification somebody holds, and whether it counts in any step that asks for it.
type CountedCertification struct {
	Title   string        `json:"certification"`
	Counted bool          `json:"counted"`
	Reason  HoldingReason `json:"reason"`
}
