package reconcile

import (
	"fmt"
	"strings"

	"partnerscore/scoring"
)

// Blank is a file to fill in with what Partner Center shows, in the form that the end of its name asks for.
func Blank(path string) string {
	lower := strings.ToLower(path)
	switch {
	case strings.HasSuffix(lower, ".csv"):
		return blankTable(",")
	case strings.HasSuffix(lower, ".tsv"):
		return blankTable("\t")
	}
	var b strings.Builder
	b.WriteString(`# What Partner Center shows of one partner. Fill in what you have, one number is enough; lines without numbers are left out.
# points: as they are shown, like 12 or 12/20.
# value: what the points follow from, with as many decimals as are shown: net customer adds, people, growth in percent, services.
`)
	blankLines(func(area string, item Item, hasValue bool) {
		fmt.Fprintf(&b, "\n- area: %s\n  metric: %s\n  points:\n", area, item.Name())
		if hasValue {
			b.WriteString("  value:\n")
		}
	})
	return b.String()
}

func blankTable(delimiter string) string {
	rows := strings.Join(columns(), delimiter) + "\n"
	blankLines(func(area string, item Item, _ bool) {
		rows += strings.Join([]string{area, item.Name(), "", ""}, delimiter) + "\n"
	})
	return rows
}

// blankLines calls add for the total and the metrics of each area. Data & AI has no advanced certifications in any built-in rulebook.
func blankLines(add func(area string, item Item, hasValue bool)) {
	for i, area := range scoring.Areas() {
		for _, item := range Items() {
			m, isMetric := item.Metric()
			if item == Total || isMetric && (area != scoring.DataAI || m != scoring.AdvancedCertifications) {
				add(areaLabels()[i], item, isMetric)
			}
		}
	}
}
