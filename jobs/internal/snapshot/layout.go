package snapshot

import (
	"path"
	"strings"

	"partnerscore/scoring"
)

const (
	manifestsDir = "_manifests"
	factsDir     = "_facts"
	holdingsDir  = "_facts/holdings"
	partName     = "part-0.parquet"
	monthPrefix  = "month="
	// stagedSuffix keeps staged files out of every *.parquet and *.json glob; the globs of some engines descend into dot folders.
	stagedSuffix = ".staged"
)

// TableRel returns the path of a published table file relative to the snapshots, with slashes.
func TableRel(table string, m scoring.Month) string {
	return path.Join(table, monthPrefix+m.String(), partName)
}

// ManifestRel returns the path of a month's manifest relative to the snapshots, with slashes.
func ManifestRel(m scoring.Month) string {
	return path.Join(manifestsDir, monthPrefix+m.String()+".json")
}

// factsRel is the folder of a usage month's facts, holdingsRel that of a score month's holdings.
func factsRel(m scoring.Month) string    { return path.Join(factsDir, monthPrefix+m.String()) }
func holdingsRel(m scoring.Month) string { return path.Join(holdingsDir, monthPrefix+m.String()) }

// manifestMonth reads the month of a manifest's path.
func manifestMonth(rel string) (scoring.Month, bool) {
	stem, ok := strings.CutSuffix(rel, ".json")
	if !ok || path.Dir(rel) != manifestsDir {
		return 0, false
	}
	return monthOfKey(path.Base(stem))
}

// monthOfKey reads the month of a path key like month=2024-06.
func monthOfKey(key string) (scoring.Month, bool) {
	text, ok := strings.CutPrefix(key, monthPrefix)
	if !ok {
		return 0, false
	}
	m, err := scoring.ParseMonth(text)
	return m, err == nil
}
