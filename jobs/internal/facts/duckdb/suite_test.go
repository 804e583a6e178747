package duckdb_test

import (
	"testing"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/facts/factstest"
	"partnerscore/jobs/internal/ingest"
)

func TestSuite(t *testing.T) {
	factstest.Suite(t, func(_ testing.TB, l *ingest.Loader) facts.Engine { return duckdb.New(l) })
}
