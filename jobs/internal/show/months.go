package show

import (
	"fmt"
	"strings"

	"partnerscore/scoring"
)

// ReasonsOfMonths lists the reasons of months, each with the months that have it, in the order in which they first appear.
func ReasonsOfMonths[T any](heading string, months []T, width int, reasons func(T) (scoring.Month, []string)) string {
	var order []string
	with := map[string][]scoring.Month{}
	for _, m := range months {
		month, all := reasons(m)
		for _, reason := range all {
			if with[reason] == nil {
				order = append(order, reason)
			}
			with[reason] = append(with[reason], month)
		}
	}
	if len(order) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s:\n", strings.ToUpper(heading[:1]), heading[1:])
	for _, reason := range order {
		which := scoring.MonthRanges(with[reason])
		const column = len("  2024-01 to 2024-06  ")
		if lines := strings.TrimLeft(Indented(reason, column, width), " "); len(which) <= column-4 {
			fmt.Fprintf(&b, "  %-*s%s", column-2, which, lines)
		} else {
			b.WriteString(Indented(which, 2, width) + Indented(reason, column, width))
		}
	}
	return b.String() + "\n"
}
