package wording

import (
	"strconv"
	"strings"
	"time"

	"partnerscore/scoring"
)

// Calendar writes months and days in one language.
type Calendar struct{ Speech }

// Month writes a month: June 2024.
func (w Calendar) Month(m scoring.Month) string {
	first := m.First()
	return w.Term(first.Month().String()) + " " + strconv.Itoa(first.Year())
}

// ShortMonth writes a month where there is little room: Jun 2024.
func (w Calendar) ShortMonth(m scoring.Month) string {
	first := m.First()
	return w.Term(first.Format("Jan")) + " " + strconv.Itoa(first.Year())
}

// Date writes a day for people: 28 November 2024.
func (w Calendar) Date(day time.Time) string {
	month := w.Month(scoring.NewMonth(day.Year(), day.Month()))
	if day.Day() == 1 {
		return w.Say("1 %s", month)
	}
	return strconv.Itoa(day.Day()) + " " + month
}

// Day writes a day among figures: 2024-06-30.
func (w Calendar) Day(day time.Time) string { return day.Format(w.layout()) }

// ShortMonths lists months.
func (w Calendar) ShortMonths(months []scoring.Month) string {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = w.ShortMonth(m)
	}
	return w.List(names)
}

// Ranges writes months as they are written in data, with those in a row as one: 2024-01 to 2024-03, 2024-05.
func (w Calendar) Ranges(months []scoring.Month) string {
	return strings.ReplaceAll(scoring.MonthRanges(months), " to ", w.Say(" to "))
}

// Metric names a metric: Net customer adds.
func (w Words) Metric(m scoring.Metric) string { return Sentence(w.MetricInText(m)) }

// MetricInText names a metric within a sentence: net customer adds.
func (w Words) MetricInText(m scoring.Metric) string { return w.Phrase(m.Name()) }

// Step names a step within its area: required advanced certification 1, additional intermediate certifications. The rulebook calls the required
// ones gates.
func (w Words) Step(s scoring.StepKey, gate bool) string {
	switch {
	case gate && s.Metric == scoring.AdvancedCertifications:
		return w.Say("required advanced certification %d", s.Step)
	case gate:
		return w.Say("required intermediate certification %d", s.Step)
	case s.Metric == scoring.AdvancedCertifications:
		return w.Say("additional advanced certifications")
	default:
		return w.Say("additional intermediate certifications")
	}
}

// Level names the level of a certifications metric: advanced, intermediate.
func (w Words) Level(metric scoring.Metric) string {
	if metric == scoring.AdvancedCertifications {
		return w.Say("advanced")
	}
	return w.Say("intermediate")
}

// Lacking says what a score still needs for the designation; empty when it needs nothing.
func (w Words) Lacking(missing scoring.Hundredths, blocking []scoring.Metric) string {
	var short string
	if missing > 0 {
		short = w.Say("%s short", w.Points(missing))
	}
	var blocked []string
	for _, m := range blocking {
		blocked = append(blocked, w.MetricInText(m))
	}
	if len(blocked) == 0 {
		return short
	}
	blocks := w.Phrase(scoring.Plural(int64(len(blocked)), "0 points in %s, which blocks the designation", "0 points in %s, which block the designation",
		w.List(blocked)))
	if short == "" {
		return blocks
	}
	return w.Say("%s, and %s", short, blocks)
}

// RoundingSensitive says that an area qualifies by one way to round growth and not by the other.
func (w Words) RoundingSensitive() string {
	return w.Say("the answer depends on how usage growth is rounded.")
}

// Effort says what ranks the ways to the designation: the cost of each action.
func (w Words) Effort(c scoring.Costs) string {
	return w.Say("Least effort first. Effort, in days by default: %s for a new customer, %s for 1,000 USD more consumption in the month, %s for a new service, "+
		"%s for a person certified (change it in the settings).", w.Plain(c.Customer), w.Plain(c.ACR), w.Plain(c.Service), w.Plain(c.Person))
}

// DesignationChange says in which month an area is won or lost.
func (w Words) DesignationChange(area string, won bool, month string) string {
	if won {
		return w.Say("%s is won in %s.", area, month)
	}
	return w.Say("%s is lost in %s.", area, month)
}

// PointDrop says how far the points of an area fall, from which month on and until which month.
func (w Words) PointDrop(area, from, by string, before, after scoring.Hundredths) string {
	if from == by {
		return w.Say("%s falls in %s from %s to %s.", area, from, before, w.Points(after))
	}
	return w.Say("%s falls from %s on, from %s to %s by %s.", area, from, before, w.Points(after), by)
}

// Spare says how many people more or fewer than it needs a required certification has.
func (w Words) Spare(people, needed int64) string {
	switch spare := people - needed; {
	case spare < 0:
		return w.Say("unmet, %s missing", scoring.Whole(-spare))
	case spare == 0:
		return w.Say("%s, %s needed", w.People(people), scoring.Whole(needed))
	default:
		return w.Say("met, %s to spare", scoring.Whole(spare))
	}
}

// MissingUsage says which months of usage were missing when a month was scored.
func (w Words) MissingUsage(months string) string {
	return w.Say("Usage of %s was missing when the month was scored; export it and score the month again.", months)
}

// ByMonthBefore says how many of today's eligible customers are eligible because of the month before only; empty when there are none of these.
func (w Words) ByMonthBefore(n, customers int64, month string) string {
	if n == 0 {
		return ""
	}
	return w.Phrase(scoring.Plural(customers, "%s of %s eligible customer reached the threshold in %s only; the outlook still counts it.",
		"%s of %s eligible customers reached the threshold in %s only; the outlook still counts them.", scoring.Whole(n), scoring.Whole(customers), month))
}
