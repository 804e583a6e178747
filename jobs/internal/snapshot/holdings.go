package snapshot

import (
	"path/filepath"

	"partnerscore/scoring"
)

// The files of a score month's holdings. HoldingsDescription is written last, as with facts.
const (
	HoldingsRows        = "part-0.parquet" // partner × person × certification, people as pseudonyms
	HoldingsDescription = "holdings.json"
)

// HoldingsVersion is the version of the files of holdings; other versions are built anew.
const HoldingsVersion = 2

// Holdings describe who held which certification when a month was scored, beyond what its rules asked for. They are a cache like facts.
type Holdings struct {
	Version    int           `json:"version"`
	ScoreMonth scoring.Month `json:"score_month"`
	// Fingerprint is that of the inputs of the published month that the holdings belong to.
	Fingerprint string `json:"inputs_fingerprint"`
	// Types and Active are the rules by which rows were taken for holdings and these for active.
	Types  []string `json:"types"`
	Active []string `json:"active"`
	// Labels are all texts that were looked for, in the form in which titles compare. A certification that goes by none of them is not known here.
	Labels []string `json:"labels"`
	Files  []File   `json:"files"`
}

// HoldingsDir returns the folder of a score month's holdings, an internal cache.
func (s *Store) HoldingsDir(m scoring.Month) string {
	return filepath.Join(s.root, factsDir, holdingsDir, monthPrefix+m.String())
}

// Holdings returns the holdings of a score month as they are described, or nil when there are none of this version whose files have the
// sizes they were written with. Whether they belong to the published month is for the caller to find out.
func (s *Store) Holdings(m scoring.Month) (*Holdings, error) {
	var h Holdings
	there, err := readDescription(filepath.Join(s.HoldingsDir(m), HoldingsDescription), &h)
	if err != nil || !there || h.Version != HoldingsVersion || h.ScoreMonth != m || !sized(s.HoldingsDir(m), h.Files) {
		return nil, err
	}
	return &h, nil
}

// StageHoldings returns an empty folder to write the holdings of a score month into.
func (s *Store) StageHoldings(runID string, m scoring.Month) (string, error) {
	return s.stageCache(runID, "holdings", m)
}

// PublishHoldings moves the staged files into the cache, the description last, so that holdings are used only when whole.
func (s *Store) PublishHoldings(runID string, m scoring.Month) error {
	return s.publishCache(runID, "holdings", m, s.HoldingsDir(m), HoldingsRows, HoldingsDescription)
}
