package published

import "partnerscore/scoring"

// Words says in plain words whether a holding counts, or why not.
func (r HoldingReason) Words() scoring.Phrase {
	switch r {
	case HoldingCounted:
		return scoring.Say("counts")
	case HoldingNotYet:
		return scoring.Say("not completed yet")
	case HoldingExpired:
		return scoring.Say("expired")
	case HoldingInactive:
		return scoring.Say("not active")
	case HoldingUnlisted:
		return scoring.Say("no longer on the list")
	default:
		return scoring.Say("%s", string(r))
	}
}

// Words says for people whether a service counts, or why not.
func (r ServiceReason) Words() scoring.Phrase {
	switch r {
	case ServiceCounted:
		return scoring.Say("counts")
	case ServiceExcluded:
		return scoring.Say("excluded by the programme")
	case ServiceUnknown:
		return scoring.Say("not named in the export")
	case ServiceCredited:
		return scoring.Say("not above 0 after credits")
	default:
		return scoring.Say("%s", string(r))
	}
}

// Words says for people why the facts of a month, or of several, cannot be used.
func (r GapReason) Words(months string) scoring.Phrase {
	switch r {
	case GapMissing:
		return scoring.Say("the facts of %s are missing", months)
	case GapOther:
		return scoring.Say("the facts of %s were rebuilt from other exports", months)
	case GapUnproven:
		return scoring.Say("the facts of %s cannot be checked without those", months)
	case GapAbsent:
		return scoring.Say("usage of %s was missing when the month was scored", months)
	default:
		return scoring.Say("%s: %s", months, string(r))
	}
}
