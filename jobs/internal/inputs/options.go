// Package inputs finds what the score of a month reads: the fourteen months of usage, the certifications and the partners file, each checked
// against the input contract. It reads names, footers and headers of files, and hashes them; of rows it reads the month column of files of many
// months alone.
package inputs

import (
	"log/slog"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Options say which exports a score reads, how, and by which rules. The zero value cannot be used; commands fill all of it.
type Options struct {
	Places   storage.Places // opens what Exports names, and the snapshots of a run
	Exports  string         // address of the exports
	Patterns exports.Patterns
	ingest.Dialect
	Columns map[schema.Table]map[string][]string // canonical column → names in the files, instead of the usual ones
	Aliases map[schema.Table]map[string][]string // canonical column → more names in the files, added to the usual ones

	Rulebook   *scoring.Rulebook // nil: the one in force in the month
	Library    *rulebook.Library
	SkillsAsOf *time.Time // nil: the last day of the month
	PersonKey  PersonKey

	AllowMissingHistory        bool
	AllowMissingCertifications bool
	AllowEmpty                 bool      // no usage rows at all in the score month
	Ready                      Readiness // of the month that a score is for

	machine.Limits
	Rehash bool // read every file whole, even if it looks unchanged
	Now    func() time.Time
	Log    *slog.Logger
}

// Rules returns the rules for a month.
func (o Options) Rules(m scoring.Month) (*scoring.Rulebook, error) {
	if o.Rulebook != nil {
		return o.Rulebook, nil
	}
	return o.Library.InForce(m)
}

// SkillsOn returns the day on which a certification must be held for a score of a month.
func (o Options) SkillsOn(m scoring.Month) time.Time {
	if o.SkillsAsOf != nil {
		return *o.SkillsAsOf
	}
	return m.Last()
}

// Settings are the choices, apart from the rules, that can change a published value; they go into the manifest and the fingerprint. What may be
// missing is not among them: what is missing shows in the inputs.
func (o Options) Settings(m scoring.Month) map[string]any {
	settings := map[string]any{
		"skills_as_of": o.SkillsOn(m).Format(time.DateOnly),
		"person_ids":   o.PersonKey.Scheme(),
	}
	if o.Profile != schema.PartnerCenter {
		settings["profile"] = string(o.Profile)
	}
	if !o.Amounts.Usual() {
		settings["thousands_separator"], settings["decimal_separator"] = o.Amounts.Thousands, o.Amounts.Point()
	}
	if o.Dates != exports.AnyOrder {
		settings["date_order"] = string(o.Dates)
	}
	if o.Partner != "" {
		settings["partner"] = o.Partner
	}
	return settings
}

// AllowingMissing returns the options under which any month that was once published can be looked at again.
func (o Options) AllowingMissing() Options {
	o.AllowMissingHistory, o.AllowMissingCertifications, o.AllowMissingOffers, o.AllowEmpty = true, true, true, true
	return o
}

// Ingest returns what an engine needs to read the exports in folders by rules.
func (o Options) Ingest(folders []string, rules *scoring.Rulebook) ingest.Options {
	return ingest.Options{Dialect: o.Dialect, Limits: o.Limits, Directories: folders, Rules: rules, Log: o.Log}
}

// Known looks up what an earlier look found out about a file.
type Known = func(exports.Found) (exports.Known, bool)

// Check are the settings of the input contract under a rulebook.
func (o Options) Check(rules *scoring.Rulebook, known Known) exports.Options {
	return exports.Options{Known: known, Options: schema.Options{
		Profile:       o.Profile,
		Columns:       o.Columns,
		Aliases:       o.Aliases,
		OfferOptional: rules.MissingOffer == scoring.EligibleMissingOffer || o.AllowMissingOffers,
		PartnerGiven:  o.Partner != "",
	}}
}

// CheckUndated are the settings of the input contract for usage files of many months before a rulebook is chosen: whether it asks for an offer is
// seen later.
func (o Options) CheckUndated(known Known) exports.Options {
	return o.Check(&scoring.Rulebook{UsageRules: scoring.UsageRules{MissingOffer: scoring.EligibleMissingOffer}}, known)
}
