package spark_test

import (
	"os"
	"strconv"
	"testing"

	"partnerscore/jobs/internal/world"
)

// BenchmarkFacts builds the facts of one month of PARTNERSCORE_BENCH_ROWS rows, by default a million, on a server that is warm, and compares them
// with those of DuckDB.
func BenchmarkFacts(b *testing.B) {
	s, rows := server(b), 1_000_000
	if text := os.Getenv("PARTNERSCORE_BENCH_ROWS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		rows = n
	}
	over := open(b, world.Generate(b, rows, 1), world.June)
	alike(b, s, over, world.June)
	e := engine(b, s, over)
	for b.Loop() {
		if built := build(b, e, over, world.June); built.err != nil {
			b.Fatal(built.err)
		}
	}
}
