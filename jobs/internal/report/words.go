package report

import (
	"fmt"
	"strings"
	"unicode"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// micro is the millionths of one.
const micro = 1_000_000

// dollars writes an amount with thousands separators, rounded half away from zero to cents.
func dollars(a snapshot.Amount) string {
	const cent = micro / 100
	half := snapshot.Amount(cent / 2)
	if a < 0 {
		half = -half
	}
	return scoring.USD((a + half) / cent * cent).String()
}

// usd writes an amount within a sentence: without cents where there are none.
func usd(a snapshot.Amount) string { return strings.TrimSuffix(dollars(a), ".00") + " USD" }

// upTo writes an amount that must be reached: rounded up to cents, since less would not do.
func upTo(a snapshot.Amount) snapshot.Amount {
	const cent = micro / 100
	if rest := a % cent; rest > 0 {
		return a + cent - rest
	}
	return a
}

// number writes a count with thousands separators.
func number(n int64) string { return strings.TrimSuffix(scoring.USD(n*micro).String(), ".00") }

// notKnown stands for what follows from usage that was missing.
const notKnown = "not known"

// known writes what may not be known.
func known[T any](value *T, write func(T) string) string {
	if value == nil {
		return notKnown
	}
	return write(*value)
}

// counted writes a number of things: 1 customer, 1,234 customers.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(int64(n)) + " " + many
}

// monthName writes a month for people: June 2024.
func monthName(m scoring.Month) string { return m.First().Format("January 2006") }

// shortMonth writes a month where there is little room: Jun 2024.
func shortMonth(m scoring.Month) string { return m.First().Format("Jan 2006") }

// monthNames lists months.
func monthNames(months []scoring.Month) string {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = shortMonth(m)
	}
	return list(names)
}

// breakable lets a name break wherever it has more letters in a row than a column of a table is wide; browsers break tables at spaces only.
func breakable(name string) string {
	const most = 16
	var b strings.Builder
	row := 0
	for _, r := range name {
		if row++; unicode.IsSpace(r) {
			row = 0
		} else if row > most && !unicode.Is(unicode.M, r) { // marks stay with their letter
			b.WriteRune('\u200b') // a space of no width
			row = 1
		}
		b.WriteRune(r)
	}
	return b.String()
}

// metricName names a metric.
func metricName(m scoring.Metric) string {
	text := strings.ReplaceAll(string(m), "_", " ")
	return sentence(text)
}

// sentence starts a text with a capital letter.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// why is what a metric's reason says after the points, which the page shows beside it.
func why(m answerMetric) string {
	if m.Points != nil && m.Max != nil {
		return sentence(strings.TrimPrefix(m.Reason, fmt.Sprintf("%s of %s points: ", m.Points, m.Max)))
	}
	return sentence(m.Reason)
}

// list joins words: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// cut returns the first n of a list, and how many are left out; empty for none.
func cut[T any](all []T, n int) (first []T, more string) {
	if len(all) <= n {
		return all, ""
	}
	return all[:n], number(int64(len(all) - n))
}
