package inputs

import (
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// WindowMonths is how many months of usage a score looks at: M-13..M.
const WindowMonths = 14

// Choice is what a score of a month reads, chosen by file names alone.
type Choice struct {
	Month               scoring.Month
	Rules               *scoring.Rulebook
	Months              []scoring.Month // the usage months that are there, oldest first
	Absent              []scoring.Month // the others of the window, which may be missing
	CertificationsMonth scoring.Month   // 0 for a snapshot of no known month
	Provisional         []string
	Files               []exports.Found
}

// Choose lists what a score of month m reads, and fails with a *exports.MissingError when something is not there.
func Choose(cat *exports.Catalog, m scoring.Month, opt Options) (*Choice, error) {
	rules, err := opt.Rules(m)
	if err != nil {
		return nil, err
	}
	c := &Choice{Month: m, Rules: rules}
	if opt.Profile != schema.PartnerCenter {
		c.Provisional = append(c.Provisional, fmt.Sprintf("usage comes from exports of Azure Cost Management (profile %s), not ACR: an estimate", opt.Profile))
	}
	for u := m.Add(1 - WindowMonths); u <= m; u++ {
		if len(cat.Usage[u]) == 0 {
			c.Absent = append(c.Absent, u)
			continue
		}
		c.Months = append(c.Months, u)
		c.Files = append(c.Files, cat.Usage[u]...)
	}
	if err := c.allowAbsent(cat, opt.AllowMissingHistory); err != nil {
		return nil, err
	}
	if err := cat.Delivered(c.Months); err != nil {
		return nil, err
	}
	if err := c.chooseCertifications(cat, opt.AllowMissingCertifications); err != nil {
		return nil, err
	}
	c.Files = slices.Concat(c.Files, cat.Certifications[c.CertificationsMonth], cat.Partners)
	return c, nil
}

// allowAbsent decides whether the absent months may be missing. The score month itself is always needed.
func (c *Choice) allowAbsent(cat *exports.Catalog, allowed bool) error {
	if len(c.Absent) == 0 {
		return nil
	}
	missing := &exports.MissingError{Table: schema.Usage, Months: c.Absent}
	if slices.Contains(c.Absent, c.Month) {
		wanted := c.Absent
		if allowed {
			wanted = []scoring.Month{c.Month}
		}
		missing.Hint = fmt.Sprintf("export %s and run again; a score of %s needs %s to %s", scoring.MonthRanges(wanted), c.Month, c.Month.Add(1-WindowMonths), c.Month)
		latest, scorable := LatestMonth(cat), lastScorable(cat, c.Month)
		if latest != 0 {
			missing.Hint += fmt.Sprintf("; the latest month there is %s", latest)
		}
		switch {
		case scorable != 0 && scorable == latest:
			missing.Hint += ", which can be scored"
		case scorable != 0:
			missing.Hint += fmt.Sprintf("; the latest that can be scored is %s", scorable)
		}
		return missing
	}
	if !allowed {
		missing.Hint = fmt.Sprintf("a score of %s needs the fourteen months %s to %s; export the missing ones, "+
			"or score without them as provisional with --allow-missing history", c.Month, c.Month.Add(1-WindowMonths), c.Month)
		return missing
	}
	c.Provisional = append(c.Provisional, "usage is missing for "+exports.MonthList(c.Absent))
	return nil
}

// LatestMonth returns the newest usage month of a catalog, 0 when there is none.
func LatestMonth(cat *exports.Catalog) (latest scoring.Month) {
	for m := range cat.Usage {
		latest = max(latest, m)
	}
	return latest
}

// lastScorable returns the last month before one for which fourteen months of usage exist, 0 when there is none.
func lastScorable(cat *exports.Catalog, before scoring.Month) scoring.Month {
	for _, m := range slices.Backward(slices.Sorted(maps.Keys(cat.Usage))) {
		if m < before && Complete(cat, m) {
			return m
		}
	}
	return 0
}

// Complete reports whether the fourteen months of usage that a score of a month needs exist.
func Complete(cat *exports.Catalog, m scoring.Month) bool {
	for u := m.Add(1 - WindowMonths); u <= m; u++ {
		if len(cat.Usage[u]) == 0 {
			return false
		}
	}
	return true
}

// chooseCertifications picks the snapshot of certifications: the newest of the score month or before, else one of no known month, else the
// oldest after the score month.
func (c *Choice) chooseCertifications(cat *exports.Catalog, mayBeMissing bool) error {
	var before, after scoring.Month
	for m := range cat.Certifications {
		if m == 0 {
			continue
		}
		if m <= c.Month {
			before = max(before, m)
		} else if after == 0 || m < after {
			after = m
		}
	}
	switch {
	case before != 0:
		c.CertificationsMonth = before
	case len(cat.Certifications[0]) > 0:
		c.Provisional = append(c.Provisional, "certifications are a snapshot of no known month: neither their path nor a partition of their table says it")
	case after != 0:
		c.CertificationsMonth = after
		c.Provisional = append(c.Provisional, fmt.Sprintf("certifications are those of %s, there are none of %s or before", after, c.Month))
	case mayBeMissing:
		c.Provisional = append(c.Provisional, "certifications are missing")
	default:
		return &exports.MissingError{Table: schema.Certifications, Months: []scoring.Month{c.Month},
			Hint: "export the certifications of the month or of one before (those of a later month are used too, as provisional), " +
				"or score without them as provisional with --allow-missing certifications"}
	}
	return nil
}

// CertificationsFor returns the month of the certifications that a score of a month uses, 0 for those of no known month; false where there are
// none at all.
func CertificationsFor(cat *exports.Catalog, m scoring.Month) (scoring.Month, bool) {
	c := &Choice{Month: m}
	if err := c.chooseCertifications(cat, true); err != nil {
		return 0, false
	}
	return c.CertificationsMonth, len(cat.Certifications[c.CertificationsMonth]) > 0
}
