package main

// Association types, by the four that count and by what stands for all that do not.
const (
	pal        = "pal"
	dpor       = "dpor"
	cspTier1   = "csp_tier_1"
	cspTier2   = "csp_tier_2"
	notCounted = "not_counted"
)

// associationSpellings are the labels that exports of different age use for one association.
func associationSpellings() map[string][]string {
	return map[string][]string{
		pal:      {"Partner Admin Link (PAL)", "Partner admin link", "PAL", " partner  admin link "},
		dpor:     {"Digital Partner of Record", "DPOR", "Partner of record", "Digital partner of record"},
		cspTier1: {"CSP Tier 1", "Cloud Solution Provider (CSP) Tier 1", "CSP Tier1", "csp tier 1"},
		cspTier2: {"CSP Tier 2", "Cloud Solution Provider (CSP) Tier 2", "CSP Tier2", "csp tier 2"},
		notCounted: {
			"Transacting Partner of Record", "Reseller", "Delegated Admin Privileges (DAP)", "Claiming Partner of Record (CPOR)",
			"Distributor", "Advisor", "Deal registration", "Partner as end-customer",
		},
	}
}

// eligibleOffers are offers that count.
func eligibleOffers() []string {
	return []string{"Azure plan", "Pay-As-You-Go", "Enterprise Agreement", "Microsoft Customer Agreement", "Dev/Test"}
}

// ineligibleOffers are offers that do not, in several spellings.
func ineligibleOffers() []string {
	return []string{"Trial", "Support", "Internal", "Benefit Programs", "Benefits programs", "benefit program(s)", " TRIAL "}
}

// unknownLocation is a partner location that the partners file does not know.
const unknownLocation = "9999999"
