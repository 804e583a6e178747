// Package report lays out what the answers say of partners as HTML pages for people: where a partner stands, what to do next, and what
// stands behind it.
//
// A page is one file that loads nothing else: style and charts are part of it, and it has no script. It is made of values alone, so the same
// values give the same bytes. Charts are drawn by gonum/plot in the colours of the light page; the style sheet finds these colours in the
// drawing and replaces them on a dark one. Next to each chart stands a table that says the same.
//
// People appear by their pseudonyms only, because the answers have nothing else.
package report
