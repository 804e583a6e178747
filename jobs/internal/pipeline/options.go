// Package pipeline scores months: it finds and checks the exports, builds what facts are missing, measures, scores, and publishes the
// snapshot. It joins the input contract, the SQL engine, the rules and the snapshots; none of these knows of another.
package pipeline

import (
	"fmt"
	"log/slog"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// Options are what a run is told. The zero value is not runnable; commands fill all of it.
type Options struct {
	Exports   string // folder of the inputs
	Snapshots string // folder of the outputs
	Patterns  exports.Patterns
	Profile   exports.Profile                       // what the usage files are exports of
	Amounts   exports.Separators                    // how text amounts are written
	Dates     exports.DateOrder                     // how dates with slashes are written
	Partner   string                                // whose all rows are that have no partner column, or a tenant id there; empty: not said
	Columns   map[exports.Table]map[string][]string // canonical column → names in the files, instead of the usual ones
	Aliases   map[exports.Table]map[string][]string // canonical column → names in the files, besides the usual ones

	Rulebook   *scoring.Rulebook // nil: the one in force in the month
	Library    *rulebook.Library
	SkillsAsOf *time.Time // nil: the last day of the month

	AllowMissingHistory        bool
	AllowMissingCertifications bool
	AllowMissingOffers         bool    // usage without an offer column: every offer counts
	AllowEmpty                 bool    // no usage rows at all in the score month
	MaxRejected                float64 // share of a month's rows that may be bad data

	Limits

	Ready Readiness // of the month that Score is told

	LockWait  time.Duration
	Rehash    bool   // read every input whole, even if it looks unchanged
	PersonKey []byte // keys the pseudonyms of people; empty: they are not keyed

	ToolVersion string
	RunID       string
	Now         func() time.Time
	Log         *slog.Logger
	Progress    Progress
}

// Progress is told how far a run is: what begins, for a person who watches, and what has ended, for the record.
type Progress interface {
	// Step says that a step begins, the i-th of n.
	Step(i, n int, what string)
	// Done says that a step has ended well.
	Done(s monitor.Step)
}

// rulebook returns the rules for a month.
func (o Options) rulebook(m scoring.Month) (*scoring.Rulebook, error) {
	if o.Rulebook != nil {
		return o.Rulebook, nil
	}
	return o.Library.InForce(m)
}

// skillsAsOf returns the day on which a certification must be held.
func (o Options) skillsAsOf(m scoring.Month) time.Time {
	if o.SkillsAsOf != nil {
		return *o.SkillsAsOf
	}
	return m.Last()
}

// settings are the choices besides the rules that can change a published value; they go into the manifest and the fingerprint. What may
// be missing is none of them: what is missing shows in the inputs.
func (o Options) settings(m scoring.Month) map[string]any {
	settings := map[string]any{
		"skills_as_of": o.skillsAsOf(m).Format(time.DateOnly),
		"person_ids":   personScheme(o.PersonKey),
	}
	if o.Profile != exports.PartnerCenter {
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

// allowingMissing returns the options under which any month that was once published can be looked at again.
func (o Options) allowingMissing() Options {
	o.AllowMissingHistory, o.AllowMissingCertifications, o.AllowMissingOffers, o.AllowEmpty = true, true, true, true
	return o
}

// checkOptions are the settings of the input contract under a rulebook.
func (o Options) checkOptions(rules *scoring.Rulebook, known func(exports.File) (exports.Known, bool)) exports.Options {
	return exports.Options{
		Profile:       o.Profile,
		Columns:       o.Columns,
		Aliases:       o.Aliases,
		OfferOptional: rules.MissingOffer == scoring.EligibleMissingOffer || o.AllowMissingOffers,
		PartnerGiven:  o.Partner != "",
		Known:         known,
	}
}

// AuditError says that what was computed contradicts itself: a fault of the program, not of the inputs. Nothing was published.
type AuditError struct {
	Month scoring.Month
	Audit string   // name of the statement in sql/audits
	Rows  []string // the first rows that violate it
}

// Error names the audit and its first rows.
func (e *AuditError) Error() string {
	return fmt.Sprintf("%s: audit %s found what must not be, nothing was published: %v", e.Month, e.Audit, e.Rows)
}
