package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// exportsOf are exports in which every reading gives other numbers: partner base grows by 12.34 %, partner near by 12.96 %.
func exportsOf() *world.World {
	w := &world.World{}
	add := func(back int, u world.Usage) {
		u.Location = cmp.Or(u.Location, "base")
		w.Add(world.June.Add(-back), u)
	}
	tenants := []string{"a", "b", "c", "d", "e", "f", "g"}
	for _, back := range []int{0, 1, 12, 13} { // the months that june is compared with, and of may the growth
		for _, name := range tenants {
			amount := "600.00"
			if name == "a" {
				amount = map[int]string{0: "51482.34"}[back]
			}
			add(back, world.Usage{Tenant: world.Tenant(name), Segment: "SMB", Amount: cmp.Or(amount, "46000.00")})
		}
		for _, name := range []string{"h", "i"} {
			add(back, world.Usage{Tenant: world.Tenant(name), Segment: "Growth", Service: "Key Vault", Amount: "200.00"})
		}
		add(back, world.Usage{Tenant: world.Tenant("j"), Segment: "Enterprise", Service: "Event Hubs", Amount: "100.00"})
		add(back, world.Usage{Location: "near", Tenant: world.Tenant("k"), Segment: "SMB", Amount: cmp.Or(map[int]string{0: "11296.00"}[back], "10000.00")})
	}
	add(0, world.Usage{Tenant: world.Tenant("x"), Subscription: "s", Segment: "SMB", Amount: "700.00"})
	add(0, world.Usage{Tenant: world.Tenant("x"), Subscription: "s", Segment: "SMB", Association: "CSP Tier 1", Amount: "700.00"})
	add(0, world.Usage{Tenant: world.Tenant("m"), Segment: "SMB", Offer: world.None, Amount: "5000.00"})
	for m := world.June.Add(-1); m <= world.June; m++ {
		for _, held := range []struct{ person, title, completed string }{
			{"p1", "AZ-104", ""}, {"p2", "AZ-104", "2024-06-20"}, {"p3", "AZ-700", ""}, {"p4", "AZ-700", "2024-07-03"}, {"p1", "AZ-305", ""}, {"p2", "AZ-305", ""},
			{"p5", "DP-600", ""}, {"p6", "DP-300", ""},
		} {
			for _, partner := range []string{"base", "near"} {
				w.Hold(m, world.Holding{Global: partner, MCP: partner + held.person, Title: held.title, Completed: held.completed})
			}
		}
	}
	return w
}

// month is a month that was scored, to be read again.
type month struct {
	exports, snapshots string
	reader             published.Reader
	open               opener
}

// opener makes the exports of a month ready, as the command does.
type opener func(context.Context, string) (*Exports, string, error)

// scored scores months under changed options, with the facts of another folder.
func scored(t *testing.T, exports, facts string, change func(*months.Options), scores ...scoring.Month) month {
	t.Helper()
	m := month{exports: exports, snapshots: filepath.Join(t.TempDir(), "snapshots")}
	if facts != "" {
		world.CopyFacts(t, filepath.Join(facts, "_facts"), m.snapshots)
	}
	var own *scoring.Rulebook
	for _, score := range scores {
		world.ScoreInto(t, exports, m.snapshots, score, func(o *months.Options) {
			o.MaxRejected, o.AllowMissingHistory = 1, true
			change(o)
			own = o.Rulebook
		})
	}
	opt := world.Options(exports, m.snapshots, t.TempDir())
	r, err := reader.Open(t.Context(), reader.Options{Places: local.Places{}, Snapshots: m.snapshots, Library: opt.Library, Rulebook: own, Limits: opt.Limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Must(t, r.Close()) })
	m.reader, m.open = r, open(t, exports, m.snapshots)
	return m
}

// shows is what Partner Center would show if it read as a month was scored: every number, values with two decimals.
func (m month) shows(t *testing.T, of scoring.Month, partner string) (portal Portal) {
	t.Helper()
	p, err := m.reader.Partner(t.Context(), of, partner)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Scores {
		for _, item := range Items() {
			n := item.of(s)
			if n.Points == nil {
				continue
			}
			line := Line{Area: s.Area, Item: item, Points: n.Points}
			if n.Value != nil {
				half := scoring.Fixed6(5_000)
				if *n.Value < 0 {
					half = -half
				}
				line.Value = &Number{Value: (*n.Value + half) / 10_000 * 10_000, Decimals: 2}
			}
			portal = append(portal, line)
		}
	}
	return portal
}

// open opens the exports of a month once for all cases: the facts that one builds to measure again serve the next.
func open(t *testing.T, exports, snapshots string) opener {
	var aside *months.Aside
	return func(ctx context.Context, partner string) (*Exports, string, error) {
		if aside == nil {
			opened, err := months.OpenAside(ctx, world.Options(exports, snapshots, t.TempDir()), world.June)
			var unfit *months.UnfitError
			if errors.As(err, &unfit) {
				return nil, unfit.Why, nil
			}
			if err != nil {
				return nil, "", err
			}
			t.Cleanup(func() { world.Must(t, opened.Close(context.WithoutCancel(ctx))) })
			aside = opened
		}
		return &Exports{Changed: aside.Changed, Measure: func(ctx context.Context, rules *scoring.Rulebook) (*Measured, string, error) {
			track, measures, found, err := aside.Measure(ctx, rules, partner)
			if err != nil || !found {
				return nil, "", err
			}
			return &Measured{track, measures}, "", nil
		}}, "", nil
	}
}

// first compares a month with what Partner Center shows, and returns the changes of the first reading that explains everything, in a line.
func (m month) first(t *testing.T, partner string, portal Portal, exports bool) string {
	t.Helper()
	ask := Question{Month: world.June, Partner: partner, Portal: portal}
	if exports {
		ask.Open = m.open
	}
	a, err := Compare(t.Context(), m.reader, ask)
	if err != nil {
		t.Fatal(err)
	}
	if a.Differences == 0 {
		return "no difference"
	}
	if len(a.Readings) == 0 {
		return fmt.Sprintf("none of %d readings", len(a.Others))
	}
	r := a.Readings[0]
	if len(r.Explains) != a.Differences || len(r.Breaks) > 0 {
		return fmt.Sprintf("%v explains %d of %d and breaks %d", r.Changes, len(r.Explains), a.Differences, len(r.Breaks))
	}
	var changes []string
	for _, c := range r.Changes {
		changes = append(changes, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Kind, c.Value, c.Until)))
	}
	return strings.Join(changes, ", ")
}

// by scores by a built-in rulebook in which something is changed.
func by(t *testing.T, id string, change func(*scoring.Rulebook)) func(*months.Options) {
	t.Helper()
	book, err := world.Options("", "", "").Library.Get(id)
	world.Must(t, err)
	return func(o *months.Options) { o.Rulebook = rulebook.Variant(book, change) }
}

// as changes nothing.
func as(*scoring.Rulebook) {}

// smbTrack changes when a partner is on the SMB track.
func smbTrack(change func(*scoring.Selection)) func(*scoring.Rulebook) {
	return func(r *scoring.Rulebook) {
		r.Tracks = slices.Clone(r.Tracks)
		when := *r.Tracks[1].Selection
		change(&when)
		r.Tracks[1].Selection = &when
	}
}

// shown is a case: a month that was scored in another way is what Partner Center shows.
type shown struct {
	name, partner string
	change        func(*months.Options) // nil: the month as published
	of            scoring.Month
	exports       bool
	want          string // the first reading
	long          bool   // others find a reading of the kind, and "any reading by any of its numbers" this one
}

// readings are cases by the rules of 2023.
func readings(t *testing.T) []shown {
	usual := "azure-2023-06"
	rounding := func(how string) func(*months.Options) {
		return by(t, usual, func(r *scoring.Rulebook) { r.GrowthRounding = how })
	}
	third := time.Date(2024, 7, 3, 0, 0, 0, 0, time.UTC)
	onThird := func(o *months.Options) { o.SkillsAsOf = &third }
	return []shown{
		{"equal", "base", nil, world.June, false, "no difference", false},
		{"the month before", "base", nil, world.June - 1, false, "month_before 2024-05", false},
		{"growth to the nearest", "near", rounding(scoring.RoundNearest), world.June, false, "rounding nearest", true},
		{"growth up", "base", rounding(scoring.RoundUp), world.June, false, "rounding up", true},
		{"growth exact", "base", rounding(scoring.RoundExact), world.June, false, "rounding exact", true},
		{"growth by tenths", "base", rounding(scoring.RoundOneDecimal), world.June, false, "rounding one_decimal", true},
		{"another day", "base", onThird, world.June, false, "skills_as_of 2024-07-03 2024-09-30", true},
		{"another rulebook", "base", by(t, "azure-2026-07", as), world.June, false, "rulebook azure-2026-07", false},
		{"two at once", "base", func(o *months.Options) { rounding(scoring.RoundUp)(o); onThird(o) }, world.June, false,
			"rounding up, skills_as_of 2024-07-03 2024-09-30", false},
	}
}

// fromExports are cases that count other rows of the exports.
func fromExports(t *testing.T) []shown {
	usual := "azure-2023-06"
	return []shown{
		{"missing offers", "base", by(t, usual, func(r *scoring.Rulebook) { r.MissingOffer = scoring.EligibleMissingOffer }), world.June, true, "missing_offers count", false},
		{"deduplication off", "base", by(t, usual, func(r *scoring.Rulebook) { r.Deduplicate = scoring.DeduplicateNone }), world.June, true, "deduplication", false},
	}
}

// onTracks are cases by rules with two tracks.
func onTracks(t *testing.T) []shown {
	least := scoring.USD(1)
	return []shown{
		{"the other track", "near", by(t, "azure-2026-05", smbTrack(func(s *scoring.Selection) { s.ACRTTMBelowUSD = &least })), world.June, false, "track enterprise", false},
		{"open segments", "base", by(t, "azure-2026-05", smbTrack(func(s *scoring.Selection) { s.Segments = append(slices.Clone(s.Segments), "Growth") })), world.June, false,
			"open_segments", false},
	}
}

// foundByItsNumbers shows the numbers that each reading of a month gives, all of them and some: the first reading explains every difference, and
// breaks nothing.
func foundByItsNumbers(t *testing.T, published month) {
	all := published.shows(t, world.June, "base")
	wrong := slices.Clone(all)
	for i := range wrong {
		other := *wrong[i].Points + 1
		wrong[i].Points = &other
	}
	a, err := Compare(t.Context(), published.reader, Question{Month: world.June, Partner: "base", Portal: wrong})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Others) < 8 {
		t.Fatalf("%d readings give other numbers than are published", len(a.Others))
	}
	for n, reading := range a.Others {
		for step := 1; step <= 2; step++ {
			if !world.Long && step == 1+n%2 { // all numbers of every other reading, and some of the rest
				continue
			}
			var portal Portal
			for i := step - 1; i < len(all); i += step {
				portal = append(portal, Line{Area: all[i].Area, Item: all[i].Item, Points: reading.Numbers[i].Points})
			}
			b, err := Compare(t.Context(), published.reader, Question{Month: world.June, Partner: "base", Portal: portal})
			if err != nil {
				t.Fatal(err)
			}
			if b.Differences > 0 && (len(b.Readings) == 0 || len(b.Readings[0].Explains) != b.Differences || len(b.Readings[0].Breaks) > 0) {
				t.Errorf("%v, every %d. line: %d differences, readings %+v", reading.Changes, step, b.Differences, b.Readings)
			}
		}
	}
}

// TestReadingsAreFound: the way in which what Partner Center shows was scored is the first reading, and explains everything.
func TestReadingsAreFound(t *testing.T) {
	exports := exportsOf().Write(t)
	plain := scored(t, exports, "", by(t, "azure-2023-06", as), world.June.Add(-1), world.June)
	find := func(published month, cases []shown) {
		for _, c := range cases {
			if c.long && !world.Long {
				continue
			}
			t.Run(c.name, func(t *testing.T) {
				portal := published
				if c.change != nil {
					portal = scored(t, published.exports, published.snapshots, c.change, world.June)
				}
				if got := published.first(t, c.partner, portal.shows(t, c.of, c.partner), c.exports); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
			})
		}
	}
	find(plain, readings(t))
	t.Run("any reading by any of its numbers", func(t *testing.T) { foundByItsNumbers(t, plain) })
	find(scored(t, exports, plain.snapshots, by(t, "azure-2026-05", as), world.June), onTracks(t))
	few := scored(t, exportsOf().Only(12).Write(t), "", by(t, "azure-2023-06", as), world.June) // each reading of exports builds the facts of every month
	find(few, fromExports(t))
	t.Run("an export that changed", func(t *testing.T) {
		w := exportsOf().Only(12)
		w.Add(world.June, world.Usage{Location: "base", Tenant: world.Tenant("r"), Service: "Azure App Service", Amount: "3000.00"})
		now := few
		now.exports = w.Write(t)
		now.open = open(t, now.exports, now.snapshots)
		shows := scored(t, now.exports, few.snapshots, by(t, "azure-2023-06", as), world.June).shows(t, world.June, "base")
		if got := now.first(t, "base", shows, true); got != "restated" {
			t.Errorf("%s, want restated", got)
		}
	})
	t.Run("an export that is gone", func(t *testing.T) {
		w := exportsOf()
		delete(w.Usage, world.June.Add(-1))
		now := plain
		now.exports = w.Write(t)
		now.open = open(t, now.exports, now.snapshots)
		shows := plain.shows(t, world.June.Add(-1), "base")
		a, err := Compare(t.Context(), now.reader, Question{Month: world.June, Partner: "base", Portal: shows, Open: now.open})
		world.Must(t, err)
		want := NotTried{Kind: Restated, Cause: ExportsUnfit, Why: "gone: azure_usage/month=2024-05/part-0.csv"}
		if !slices.Contains(a.NotTried, want) || len(a.Readings) == 0 {
			t.Errorf("not tried: %+v, readings %+v", a.NotTried, a.Readings)
		}
	})
}
