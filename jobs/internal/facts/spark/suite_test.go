package spark_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/factstest"
	"partnerscore/jobs/internal/facts/spark"
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/world"
)

func server(tb testing.TB) *spark.Server {
	tb.Helper()
	text := os.Getenv("PARTNERSCORE_TEST_SPARK")
	if text == "" {
		tb.Skip("PARTNERSCORE_TEST_SPARK names no Spark Connect server, like sc://127.0.0.1:15002")
	}
	remote, err := connect.ParseRemote(text, "")
	if err != nil {
		tb.Fatal(err)
	}
	s, err := spark.Connect(tb.Context(), remote, 2)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(context.WithoutCancel(tb.Context())); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestSuite(t *testing.T) {
	s := server(t)
	factstest.Suite(t, func(tb testing.TB, over *world.Engine) facts.Engine { return engine(tb, s, over) }, factstest.ParquetOfMonths)
}

// TestSlices: a month that is grouped slice by slice has the same facts.
func TestSlices(t *testing.T) {
	s := server(t)
	over := open(t, filepath.Join(world.Samples, "exports"), world.June)
	want := build(t, over.Engine, over, world.June)
	e, err := spark.New(t.Context(), s, over.Loader, over.Engine, spark.Options{Exports: over.Inputs.Folders[0], MaxResult: 1 << 30, SliceRows: 2_000})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if got := build(t, e, over, world.June); got.err != nil || !maps.Equal(got.files, want.files) {
		t.Errorf("other files: %v", got.err)
	}
}

// engine is Spark over the inputs that are open.
func engine(tb testing.TB, s *spark.Server, over *world.Engine) *spark.Engine {
	tb.Helper()
	e, err := spark.New(tb.Context(), s, over.Loader, over.Engine, spark.Options{Exports: over.Inputs.Folders[0], MaxResult: 10 << 30})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(e.Close)
	return e
}
