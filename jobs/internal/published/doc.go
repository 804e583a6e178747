// Package published reads published months: their partners, scores, metrics, customers, services, certifications and exclusions, the usage
// and holdings in the cache behind them, and the qualification windows that follow from several months. It answers no question, takes no
// lock and writes nothing.
//
// What it reads is checked as far as that costs no more than reading it. Files have the size, the rows and the footer that their manifest
// says (snapshot.Store.QuickCheck), and the customers, services and holdings of a partner must give the points that were published (Partner.Reconcile):
// a flipped bit, or a publish that happened in between, does not become a wrong answer.
package published
