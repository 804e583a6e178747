// Package published has what published months say of their partners: scores, metrics, customers, services, certifications and exclusions, the usage
// and holdings in the cache behind them, and the qualification windows that follow from several months. Packages answers and scenario answer
// questions with these values. Package reader reads them; nothing here needs the engine, so that what only shows values is tested without it.
//
// The customers, services and holdings of a partner must give its published points (Partner.Reconcile): a flipped bit, or a publish while it was
// read, cannot become a wrong answer.
package published
