package spark_test

import (
	"maps"
	"os"
	"strconv"
	"testing"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/world"
)

// BenchmarkFacts builds the facts of one month of PARTNERSCORE_BENCH_ROWS rows, by default a million, with each engine; the server is warm. Their
// files are the same.
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
	files := map[string]map[string]string{}
	for name, e := range map[string]facts.Engine{"duckdb": over.Engine, "spark": engine(b, s, over)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				built := build(b, e, over, world.June)
				if built.err != nil {
					b.Fatal(built.err)
				}
				files[name] = built.files
			}
		})
	}
	if !maps.Equal(files["duckdb"], files["spark"]) {
		b.Error("the engines give other files")
	}
}
