package duckdb_test

import (
	"testing"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/facts/factstest"
	"partnerscore/jobs/internal/world"
)

func TestSuite(t *testing.T) {
	factstest.Suite(t, func(_ testing.TB, over *world.Engine) facts.Engine { return duckdb.New(over.Loader) }, factstest.AllForms)
}
