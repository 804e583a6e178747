// Package answers tells people about published months: why a score is what it is, what changed between two months, when the
// designation may be enrolled for. It reads the published tables and the facts they came from, never an export; it takes no lock and writes
// nothing.
//
// What it reads is checked as far as that costs no more than reading it. Files have the size, the rows and the footer that their manifest
// says (snapshot.Store.QuickCheck), and what a partner's customers, services and holdings come to by the rules of the month must be the points
// that were published (Partner.reconcile): a flipped bit, or a publish that happened in between, does not become a wrong answer.
package answers
