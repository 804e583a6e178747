// Package published reads published months: their partners, scores, metrics, customers, services, certifications and exclusions, the usage
// and holdings in the cache behind them, and the qualification windows that follow from several months. It takes no lock and writes
// nothing; packages answers and scenario answer questions with it.
//
// Everything is checked while it is read, at no extra cost. Files must have the size, the rows and the footer of their manifest
// (snapshot.Store.QuickCheck), and the customers, services and holdings of a partner must give its published points (Partner.Reconcile): a flipped
// bit, or a publish at the same time, cannot become a wrong answer.
package published
