package months

import (
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
)

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
