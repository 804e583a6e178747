package months_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestSettingsOfExports: how exports are read is a setting of a month, in the manifest only where it is not as usual, and facts read otherwise
// are other facts.
func TestSettingsOfExports(t *testing.T) {
	usual := world.Options("exports", "snapshots", "temp")
	fingerprint := func(opt months.Options) string {
		t.Helper()
		rules, err := opt.Library.InForce(world.June)
		if err != nil {
			t.Fatal(err)
		}
		in := &inputs.Inputs{Rules: rules, Dialect: opt.Dialect, Usage: map[scoring.Month][]exports.File{world.June: nil}}
		sum, err := facts.Cache{Inputs: in}.Fingerprint(world.June)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	before := usual.Settings(world.June)
	seen := map[string]bool{fingerprint(usual): true}
	for _, c := range []struct {
		change func(*months.Options)
		want   map[string]any
		says   []string
	}{
		{func(o *months.Options) { o.Profile = schema.Focus }, map[string]any{"profile": "focus"}, []string{"the setting profile changed: none before, focus now"}},
		{func(o *months.Options) { o.Amounts = exports.Separators{Decimal: ","} }, map[string]any{"thousands_separator": "", "decimal_separator": ","},
			[]string{"the setting decimal_separator changed: none before, , now"}},
		{func(o *months.Options) { o.Amounts = exports.Separators{Thousands: ","} }, map[string]any{"thousands_separator": ",", "decimal_separator": "."},
			[]string{"the setting decimal_separator changed: none before, . now", "the setting thousands_separator changed: none before, , now"}},
	} {
		opt := usual
		c.change(&opt)
		settings := opt.Settings(world.June)
		if diff := cmp.Diff(c.says, months.ChangedSettings(before, settings)); diff != "" {
			t.Errorf("reasons: %s", diff)
		}
		if back := months.ChangedSettings(settings, before); len(back) != len(c.says) {
			t.Errorf("reasons of the way back: %q", back)
		}
		for name := range before {
			delete(settings, name)
		}
		if diff := cmp.Diff(c.want, settings); diff != "" {
			t.Errorf("settings: %s", diff)
		}
		if sum := fingerprint(opt); seen[sum] {
			t.Errorf("%v has the facts of another", c.want)
		} else {
			seen[sum] = true
		}
	}
	usual.Amounts = exports.Separators{Decimal: "."}
	if diff := cmp.Diff(before, usual.Settings(world.June)); diff != "" {
		t.Errorf("a point is no setting: %s", diff)
	}
}
