package wording

import (
	"fmt"
	"strings"
	"time"

	"partnerscore/scoring"
)

// Month writes a month: June 2024.
func Month(m scoring.Month) string { return m.First().Format("January 2006") }

// ShortMonth writes a month where there is little room: Jun 2024.
func ShortMonth(m scoring.Month) string { return m.First().Format("Jan 2006") }

// Date writes a day for people: 28 November 2024.
func Date(day time.Time) string { return day.Format("2 January 2006") }

// ShortMonths lists months.
func ShortMonths(months []scoring.Month) string {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = ShortMonth(m)
	}
	return List(names)
}

// Metric names a metric: Net customer adds.
func Metric(m scoring.Metric) string { return Sentence(MetricInText(m)) }

// MetricInText names a metric within a sentence: net customer adds.
func MetricInText(m scoring.Metric) string { return Label(m) }

// Step names a step within its area: required advanced certification 1, additional intermediate certifications. The rulebook calls the required
// ones gates.
func Step(metric scoring.Metric, step int, gate bool) string {
	if gate {
		return fmt.Sprintf("required %s certification %d", Level(metric), step)
	}
	return "additional " + Level(metric) + " certifications"
}

// OnStep says what people on a step have: with required advanced certification 1, with an additional intermediate certification.
func OnStep(metric scoring.Metric, step int, gate bool) string {
	if gate {
		return "with " + Step(metric, step, gate)
	}
	return "with an additional " + Level(metric) + " certification"
}

// Level names the level of a certifications metric: advanced, intermediate.
func Level(metric scoring.Metric) string {
	return strings.TrimSuffix(MetricInText(metric), " certifications")
}

// Lacking says what a score still needs for the designation; empty when it needs nothing.
func Lacking(missing scoring.Hundredths, blocking []scoring.Metric) string {
	var parts []string
	if missing > 0 {
		parts = append(parts, Points(missing)+" short")
	}
	var blocked []string
	for _, m := range blocking {
		blocked = append(blocked, MetricInText(m))
	}
	switch len(blocked) {
	case 0:
	case 1:
		parts = append(parts, "0 points in "+blocked[0]+", which blocks the designation")
	default:
		parts = append(parts, "0 points in "+List(blocked)+", which block the designation")
	}
	return strings.Join(parts, ", and ")
}

// RoundingSensitive says that an area qualifies by one way to round growth and not by the other.
const RoundingSensitive = "the answer depends on how usage growth is rounded."

// Effort says what ranks the ways to the designation: the cost of each action.
func Effort(c scoring.Costs) string {
	return fmt.Sprintf("Least effort first. Effort, in days by default: %s for a new customer, %s for 1,000 USD more consumption in the month, %s for a new service, "+
		"%s for a person certified (change it in the settings).", Plain(c.Customer), Plain(c.ACR), Plain(c.Service), Plain(c.Person))
}

// DesignationChange says in which month an area is won or lost.
func DesignationChange(area string, won bool, month string) string {
	if won {
		return area + " is won in " + month
	}
	return area + " is lost in " + month
}

// PointDrop says how far the points of an area fall, from which month on and until which month.
func PointDrop(area, from, by string, before, after scoring.Hundredths) string {
	if from == by {
		return fmt.Sprintf("%s falls in %s from %s to %s", area, from, before, Points(after))
	}
	return fmt.Sprintf("%s falls from %s on, from %s to %s by %s", area, from, before, Points(after), by)
}

// Spare says how many people more or fewer than it needs a required certification has.
func Spare(people, needed int64) string {
	switch spare := people - needed; {
	case spare < 0:
		return "unmet, " + scoring.Grouped(-spare) + " missing"
	case spare == 0:
		return fmt.Sprintf("%s, %s needed", People(people), scoring.Grouped(needed))
	default:
		return "met, " + scoring.Grouped(spare) + " to spare"
	}
}

// MissingUsage says which months of usage were missing when a month was scored.
func MissingUsage(months string) string {
	return "Usage of " + months + " was missing when the month was scored; export it and score the month again."
}

// ByMonthBefore says how many of today's eligible customers are eligible because of the month before only; empty when there are none of these.
func ByMonthBefore(n, customers int64, month string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s reached the threshold in %s only; the outlook still counts them.", scoring.Grouped(n), Count(customers, "eligible customer"), month)
}
