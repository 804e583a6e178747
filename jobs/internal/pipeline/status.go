package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// The states of a month's snapshot in a Coverage.
const (
	StatePublished   = "published"
	StateStale       = "stale"
	StateMissing     = "missing"      // it could be scored and is not
	StateNotScorable = "not_scorable" // some of its fourteen months are not there
)

// Coverage is what is there for one month.
type Coverage struct {
	Month          scoring.Month `json:"month"`
	UsageFiles     int           `json:"usage_files"`
	UsageBytes     int64         `json:"usage_bytes"`
	Certifications bool          `json:"certifications"`
	Facts          bool          `json:"facts"` // some are in the cache; whether they still fit is found out when they are needed
	Snapshot       string        `json:"snapshot"`
	Reasons        []string      `json:"reasons"` // why it is stale or not scorable
	Provisional    []string      `json:"provisional"`
}

// Status lists every month that exists anywhere: as exports, facts or snapshot. It writes nothing and takes no lock. A folder that does not
// exist holds no months.
func Status(ctx context.Context, opt Options) ([]Coverage, error) {
	s, err := openSession(ctx, opt)
	var missing *exports.MissingError
	if errors.As(err, &missing) {
		s, err = openWithoutExports(opt)
	}
	if err != nil {
		return nil, err
	}
	months, err := s.everyMonth()
	if err != nil {
		return nil, err
	}
	list := []Coverage{}
	for i, m := range months {
		opt.Progress.Step(i, len(months), "look at "+m.String())
		c, err := s.coverage(ctx, m)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// openWithoutExports opens a session as if there were a folder of exports with nothing in it.
func openWithoutExports(opt Options) (*session, error) {
	store, err := snapshot.Open(opt.Snapshots)
	if err != nil {
		return nil, err
	}
	return newSession(opt, store, &exports.Catalog{}), nil
}

// everyMonth lists the months of exports, facts and snapshots, oldest first.
func (s *session) everyMonth() ([]scoring.Month, error) {
	all := map[scoring.Month]bool{}
	for m := range s.cat.Usage {
		all[m] = true
	}
	for m := range s.cat.Certifications {
		all[m] = true
	}
	delete(all, 0) // a snapshot of no known month
	published, err := s.store.Months()
	if err != nil {
		return nil, err
	}
	built, err := s.store.FactsMonths()
	if err != nil {
		return nil, err
	}
	for _, m := range append(published, built...) {
		all[m] = true
	}
	return sortedMonths(all), nil
}

func (s *session) coverage(ctx context.Context, m scoring.Month) (Coverage, error) {
	c := Coverage{Month: m, UsageFiles: len(s.cat.Usage[m]), Certifications: len(s.cat.Certifications[m])+len(s.cat.Certifications[0]) > 0,
		Reasons: []string{}, Provisional: []string{}}
	for _, f := range s.cat.Usage[m] {
		c.UsageBytes += f.Bytes
	}
	if _, err := os.Stat(filepath.Join(s.store.FactsDir(m), snapshot.FactsDescription)); err == nil {
		c.Facts = true
	}
	man, err := s.store.Manifest(m)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, s.unpublished(&c)
	case err == nil:
		c.Provisional = man.Provisional
	}
	if err != nil && manifestFault(err) == "" {
		return c, err
	}
	reasons, err := s.staleness(ctx, m)
	c.Snapshot = StatePublished
	if len(reasons) > 0 {
		c.Snapshot, c.Reasons = StateStale, reasons
	}
	return c, err
}

// unpublished tells a month that could be scored from one that could not.
func (s *session) unpublished(c *Coverage) error {
	_, _, err := s.opt.findInputs(s.cat, c.Month)
	var missing *exports.MissingError
	var early *rulebook.NotInForceError
	switch {
	case err == nil:
		c.Snapshot = StateMissing
	case errors.As(err, &missing):
		c.Snapshot = StateNotScorable
		c.Reasons = append(c.Reasons, missingInput(missing))
	case errors.As(err, &early):
		c.Snapshot = StateNotScorable
		c.Reasons = append(c.Reasons, notInForce(early))
	default:
		return err
	}
	return nil
}
