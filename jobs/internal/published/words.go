package published

// Words says in plain words whether a holding counts, or why not.
func (r HoldingReason) Words() string {
	switch r {
	case HoldingCounted:
		return "counts"
	case HoldingNotYet:
		return "not completed yet"
	case HoldingExpired:
		return "expired"
	case HoldingInactive:
		return "not active"
	case HoldingUnlisted:
		return "no longer on the list"
	default:
		return string(r)
	}
}

// Words says for people whether a service counts, or why not.
func (r ServiceReason) Words() string {
	switch r {
	case ServiceCounted:
		return "counts"
	case ServiceExcluded:
		return "excluded by the programme"
	case ServiceUnknown:
		return "not named in the export"
	case ServiceCredited:
		return "not above 0 after credits"
	default:
		return string(r)
	}
}

// Words says for people why the facts of a month cannot be used; %s is the month, or several.
func (r GapReason) Words() string {
	switch r {
	case GapMissing:
		return "the facts of %s are missing"
	case GapOther:
		return "the facts of %s were rebuilt from other exports"
	case GapUnproven:
		return "the facts of %s cannot be checked without those"
	case GapAbsent:
		return "usage of %s was missing when the month was scored"
	default:
		return "%s: " + string(r)
	}
}
