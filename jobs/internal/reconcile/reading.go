package reconcile

import (
	"cmp"
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Kind is a kind of change that a reading makes.
type Kind string

// The kinds, the most usual first.
const (
	MonthBefore   Kind = "month_before"  // the portal was not refreshed yet
	Rounding      Kind = "rounding"      // growth is rounded in another way
	SkillsDay     Kind = "skills_as_of"  // certifications are held on another day
	Restated      Kind = "restated"      // the exports are not those that the month was scored from
	OpenSegments  Kind = "open_segments" // customers whose segment leaves their size open are small and medium businesses
	OtherTrack    Kind = "track"
	OtherRulebook Kind = "rulebook"
	MissingOffers Kind = "missing_offers" // rows without an offer count, or do not
	Deduplication Kind = "deduplication"  // every attribution of a consumption counts
)

// Kinds returns all kinds, the most usual first.
func Kinds() []Kind {
	return []Kind{MonthBefore, Rounding, SkillsDay, Restated, OpenSegments, OtherTrack, OtherRulebook, MissingOffers, Deduplication}
}

// Change is one change of a reading.
type Change struct {
	Kind Kind `json:"kind"`
	// Value is the month, the rounding, the first day, the track, the rulebook, or what becomes of missing offers; for other kinds it is empty.
	Value string `json:"value,omitempty"`
	// Until is the last day of days that all give the same numbers.
	Until string `json:"until,omitempty"`
	// Export is the published month whose certifications were taken, where it is a later one.
	Export string `json:"export,omitempty"`
}

// Reading is the month scored in another way.
type Reading struct {
	Rank    int      `json:"rank,omitempty"` // from 1; 0: it explains nothing
	Changes []Change `json:"changes"`
	Track   string   `json:"track"` // that the partner is on in it
	// Numbers are those that the reading gives for each line of the portal.
	Numbers []Shown `json:"numbers"`
	// Explains has the lines that differ and that the reading explains, Breaks the lines that are equal and that it would change, by their index.
	Explains []int `json:"explains"`
	Breaks   []int `json:"breaks"`

	distance int // how far from what is usual among readings of one kind
}

// trial is a reading that can be scored: what is taken differently. The zero value is the month as published.
type trial struct {
	before   bool
	rounding string // empty: that of the rules
	days     *days
	open     bool
	track    string            // empty: as the customers decide
	rules    *scoring.Rulebook // nil: those of the month
	again    *again            // nil: as published

	distance int
}

// days are days on which the same certifications count, by the export that a published month took.
type days struct {
	first, last time.Time
	export      scoring.Month
}

// again is what was measured again from the exports.
type again struct {
	changes []Change
	rules   *scoring.Rulebook
	*Measured
}

// changes lists what a trial takes differently.
func (t trial) changes(month scoring.Month) (all []Change) {
	add := func(when bool, kind Kind, value string) {
		if when {
			all = append(all, Change{Kind: kind, Value: value})
		}
	}
	add(t.before, MonthBefore, month.Add(-1).String())
	add(t.rounding != "", Rounding, t.rounding)
	if t.days != nil {
		c := Change{Kind: SkillsDay, Value: t.days.first.Format(time.DateOnly)}
		if t.days.last.After(t.days.first) {
			c.Until = t.days.last.Format(time.DateOnly)
		}
		if t.days.export != month {
			c.Export = t.days.export.String()
		}
		all = append(all, c)
	}
	add(t.open, OpenSegments, "")
	add(t.track != "", OtherTrack, t.track)
	if t.rules != nil {
		add(true, OtherRulebook, t.rules.ID)
	}
	if t.again != nil {
		all = append(all, t.again.changes...)
	}
	return all
}

// joined returns a trial that takes differently what either of two does; false where they cannot be joined: both change the same, or one leaves
// nothing to change for the other.
func (t trial) joined(u trial) (trial, bool) {
	if (t.before || t.again != nil) && u.rounding == "" || (u.before || u.again != nil) && t.rounding == "" {
		return t, false // of another month, and of what was measured again, only the rounding is tried
	}
	if t.rounding != "" && u.rounding != "" || t.days != nil && u.days != nil || t.rules != nil && u.rules != nil ||
		(t.open || t.track != "") && (u.open || u.track != "") {
		return t, false
	}
	t.rounding, t.track = cmp.Or(t.rounding, u.rounding), cmp.Or(t.track, u.track)
	t.before, t.open = t.before || u.before, t.open || u.open
	t.days, t.rules, t.again = cmp.Or(t.days, u.days), cmp.Or(t.rules, u.rules), cmp.Or(t.again, u.again)
	t.distance += u.distance
	return t, true
}

// evaluate says which lines a reading with these numbers explains.
func evaluate(lines []ComparedLine, numbers []Shown) (explains, breaks []int) {
	explains, breaks = []int{}, []int{}
	for i, line := range lines {
		same := line.shownBy(numbers[i])
		switch {
		case !line.Equal && same:
			explains = append(explains, i)
		case line.Equal && !same:
			breaks = append(breaks, i)
		}
	}
	return explains, breaks
}

// rank orders readings: those that break nothing first, then by how many lines they explain, how many changes they make, and how usual these are.
func rank(readings []Reading) {
	order := Kinds()
	slices.SortStableFunc(readings, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(min(1, len(a.Breaks)), min(1, len(b.Breaks))), cmp.Compare(len(b.Explains), len(a.Explains)),
			cmp.Compare(len(a.Breaks), len(b.Breaks)), cmp.Compare(len(a.Changes), len(b.Changes)),
			slices.CompareFunc(a.Changes, b.Changes, func(x, y Change) int { return slices.Index(order, x.Kind) - slices.Index(order, y.Kind) }),
			cmp.Compare(a.distance, b.distance))
	})
	for i := range readings {
		readings[i].Rank = i + 1
	}
}

// numbersOf returns the numbers of lines in scores.
func numbersOf(portal Portal, scores []published.Score) []Shown {
	numbers := make([]Shown, len(portal))
	for i, line := range portal {
		for _, s := range scores {
			if s.Area == line.Area {
				numbers[i] = line.Item.of(s)
			}
		}
	}
	return numbers
}

// same reports whether two readings give the same numbers.
func same(a, b []Shown) bool {
	return slices.EqualFunc(a, b, func(x, y Shown) bool { return equal(x.Points, y.Points) && equal(x.Value, y.Value) })
}

// equal reports whether two values are the same, or both missing.
func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
