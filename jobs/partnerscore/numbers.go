package main

import "partnerscore/scoring"

// grouped writes a count with thousands separators.
func grouped(n int64) string { return scoring.Grouped(n) }

// cents writes an amount with thousands separators, rounded to cents: tables for people need no millionths.
func cents(amount int64) string {
	const cent = 10_000 // millionths
	half := int64(cent / 2)
	if amount < 0 {
		half = -half
	}
	return scoring.USD((amount + half) / cent * cent).String()
}

// count writes a number of things: 1 row, 1,234 rows.
func count(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + one + "s"
}
