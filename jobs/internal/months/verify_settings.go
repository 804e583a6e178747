package months

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// NotScoredAgain is a month that could not be scored again, so that nothing was compared: a setting with which it was published was not
// given, or its inputs are not what they were.
type NotScoredAgain struct {
	Month scoring.Month
	// Why names the setting and how to give it, or what is wrong with the inputs.
	Why string
	// Missing: inputs are not there. Broken: inputs break the contract.
	Missing, Broken bool
}

// withoutInputs says that a month cannot be scored again because of its inputs; false for an error about something else.
func withoutInputs(m scoring.Month, err error) (NotScoredAgain, bool) {
	var broken *exports.ContractError
	reason, isBroken := inputFault(err), errors.As(err, &broken)
	return NotScoredAgain{Month: m, Why: reason, Missing: reason != "" && !isBroken, Broken: reason != "" && isBroken}, reason != ""
}

// whyNotScored has one line per reason, with the first of its months.
func whyNotScored(all []NotScoredAgain) string {
	var reasons []string
	months := map[string][]scoring.Month{}
	for _, one := range all {
		if len(months[one.Why]) == 0 {
			reasons = append(reasons, one.Why)
		}
		months[one.Why] = append(months[one.Why], one.Month)
	}
	for i, why := range reasons {
		where := months[why][0].String()
		if more := len(months[why]) - 1; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		reasons[i] = where + " cannot be scored again: " + why
	}
	return strings.Join(reasons, "\n")
}

// notScored is the error about the months that were not scored again, nil without any: for want of the settings with which they were published, or of
// inputs, some of which may be there and break the contract.
func notScored(all []NotScoredAgain) error {
	kind := fault.Kind(fault.Missing)
	switch {
	case len(all) == 0:
		return nil
	case slices.ContainsFunc(all, func(n NotScoredAgain) bool { return !n.Broken && !n.Missing }):
		kind = fault.Usage
	case slices.ContainsFunc(all, func(n NotScoredAgain) bool { return n.Broken }):
		kind = fault.Broken
	}
	return fault.Errorf(kind, "%s", whyNotScored(all))
}

// onlyGone reports whether what changed is that files are not there any more.
func onlyGone(changes []change) bool {
	return !slices.ContainsFunc(changes, func(c change) bool { return !c.gone })
}

// optionsOf returns the options under which a month was published. Where they cannot be had, notGiven says what to give, and damage what
// is wrong with the manifest.
func (d *deepVerify) optionsOf(man *snapshot.Manifest) (opt Options, notGiven, damage string) {
	if opt, notGiven, damage = d.opt.as(man); notGiven != "" || damage != "" {
		return opt, notGiven, damage
	}
	opt.Snapshots = d.scratch
	return opt, opt.PersonKey.Unfit(man), ""
}

// readUsageAs takes the profile and the separators of a manifest. Columns that the config names for usage of another profile mean nothing in it.
func (o *Options) readUsageAs(man *snapshot.Manifest) {
	text := func(name string) string {
		value, _ := man.Settings[name].(string) // absent: as usual
		return value
	}
	if profile := schema.Profile(text("profile")); profile != o.Profile {
		o.Profile = profile
		o.Columns, o.Aliases = maps.Clone(o.Columns), maps.Clone(o.Aliases)
		delete(o.Columns, schema.Usage)
		delete(o.Aliases, schema.Usage)
	}
	o.Amounts = exports.Separators{Thousands: text("thousands_separator"), Decimal: text("decimal_separator")}
}
