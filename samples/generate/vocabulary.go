package main

import "strings"

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

// titles are the certifications that the rulebooks ask for, by the code of their exam.
func titles() map[string]string {
	return map[string]string{
		"AZ-104": "Azure Administrator Associate",
		"AZ-305": "Azure Solutions Architect Expert",
		"AZ-120": "Azure for SAP Workloads Specialty",
		"AZ-140": "Azure Virtual Desktop Specialty",
		"AZ-204": "Azure Developer Associate",
		"AZ-220": "Azure IoT Developer Specialty",
		"AZ-400": "DevOps Engineer Expert",
		"AZ-600": "Azure Stack Hub Operator Associate",
		"AZ-700": "Azure Network Engineer Associate",
		"AZ-801": "Windows Server Hybrid Administrator Associate",
		"AI-102": "Azure AI Engineer Associate",
		"DP-100": "Azure Data Scientist Associate",
		"DP-203": "Azure Data Engineer Associate",
		"DP-300": "Azure Database Administrator Associate",
		"DP-420": "Azure Cosmos DB Developer Specialty",
		"MB-260": "Customer Data Platform Specialty",
		"PL-300": "Power BI Data Analyst Associate",
		"PL-400": "Power Platform Developer Associate",
		"PL-600": "Power Platform Solution Architect Expert",
	}
}

// spelledTitle is a certification as exports name it: with or without the prefix, now and then by its code.
func spelledTitle(code string, h uint64) string {
	switch h % 8 {
	case 0:
		return code
	case 1, 2:
		return titles()[code]
	default:
		return "Microsoft Certified: " + titles()[code]
	}
}

// companyWords are the two parts of invented company names.
func companyWords() (first, second [24]string) {
	first = [24]string{
		"Amberfield", "Birchmoor", "Cedarwick", "Dovecote", "Elmstead", "Foxglove", "Greywater", "Hazelmere",
		"Ivybridge", "Jasperhill", "Kestrelby", "Lindenvale", "Mossbank", "Nettlecombe", "Oakhanger", "Pebbleford",
		"Quillbrook", "Rookwood", "Silverbeck", "Thistledown", "Underhill", "Violetmoor", "Willowgate", "Yarrowdale",
	}
	second = [24]string{
		"Foods", "Logistics", "Textiles", "Energy", "Packaging", "Clinics", "Insurance", "Machinery",
		"Timber", "Publishing", "Hotels", "Ceramics", "Optics", "Shipping", "Chemicals", "Schools",
		"Bakeries", "Robotics", "Tourism", "Fisheries", "Media", "Water", "Studios", "Retail",
	}
	return first, second
}

// otherSpelling is a label that compares equal: other case, a space behind.
func otherSpelling(label string) string { return strings.ToLower(label) + " " }
