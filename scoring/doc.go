// Package scoring turns what was measured about a partner into the points of Microsoft's partner capability score.
//
// It holds the rulebooks, which are data, and the arithmetic on them. It reads no clock and no file but the rulebooks
// that are built in, and computes on integers and exact ratios only.
package scoring
