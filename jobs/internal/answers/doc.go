// Package answers holds the questions that people ask about published months: why a score is what it is (explain), what changed between two
// months (compare), what becomes of it in the months to come (outlook), what it would be under changes (what-if), and how to get to the
// designation (path). It works from values that package published reads.
package answers
