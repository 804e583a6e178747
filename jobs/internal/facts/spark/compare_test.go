package spark_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/spark"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// open opens an engine over the inputs of a month, with as little as one month of usage.
func open(tb testing.TB, root string, m scoring.Month, change ...func(*months.Options)) *world.Engine {
	tb.Helper()
	opt := world.Options(root, tb.TempDir(), tb.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications = true, true
	for _, c := range change {
		c(&opt)
	}
	over, err := world.OpenEngine(tb, opt, m)
	if err != nil {
		tb.Fatal(err)
	}
	return over
}

// built is what an engine makes of a month.
type built struct {
	Facts *snapshot.Facts
	Rows  map[string][][]string
	files map[string]string
	err   error
}

// build builds a month into a folder of its own.
func build(tb testing.TB, e facts.Engine, over *world.Engine, m scoring.Month) (b built) {
	tb.Helper()
	dir, err := over.DB.Folder()
	if err != nil {
		tb.Fatal(err)
	}
	path := func(name string) string { return filepath.Join(dir, name+".parquet") }
	if b.Facts, b.err = e.Build(tb.Context(), facts.Job{Month: m, Files: over.Inputs.Usage[m], Path: path}); b.err != nil {
		return b
	}
	b.Rows, b.files = map[string][][]string{}, map[string]string{}
	for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices} {
		content, err := os.ReadFile(path(name))
		if err != nil {
			tb.Fatal(err)
		}
		b.files[name] = string(content)
		_, b.Rows[name] = world.ReadArrow(tb, path(name))
	}
	return b
}

// alike builds a month with both engines and compares row by row and byte by byte. It returns what DuckDB built.
func alike(tb testing.TB, s *spark.Server, over *world.Engine, m scoring.Month) built {
	tb.Helper()
	want := build(tb, over.Engine, over, m)
	got := build(tb, engine(tb, s, over), over, m)
	var broken *exports.ContractError
	switch {
	case errors.As(want.err, &broken):
		if diff := cmp.Diff(want.err.Error(), text(got.err)); diff != "" {
			tb.Errorf("%s: another error (-DuckDB +Spark):\n%s", m, diff)
		}
	case want.err != nil || got.err != nil:
		tb.Fatalf("%s: DuckDB %v, Spark %v", m, want.err, got.err)
	}
	if diff := cmp.Diff(want.Facts, got.Facts, cmpopts.IgnoreFields(snapshot.Facts{}, "BuiltBy")); diff != "" {
		tb.Errorf("%s (-DuckDB +Spark):\n%s", m, diff)
	}
	if diff := cmp.Diff(want.Rows, got.Rows); diff != "" {
		tb.Errorf("%s (-DuckDB +Spark):\n%s", m, diff)
	}
	for name, content := range want.files {
		if got.files[name] != content {
			tb.Errorf("%s: %s has other bytes", m, name)
		}
	}
	return want
}

func text(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// TestSamples: the months of the samples, byte by byte.
func TestSamples(t *testing.T) {
	s, compared := server(t), 0
	world.OnlyLong(t)
	for _, m := range []scoring.Month{world.June.Add(-11), world.June.Add(3)} {
		over := open(t, filepath.Join(world.Samples, "exports"), m)
		for _, usage := range over.Inputs.Months {
			if b := alike(t, s, over, usage); b.Facts.Rows > 0 {
				compared++
			}
		}
	}
	if compared < 25 {
		t.Errorf("%d months", compared)
	}
}

// refused says that Spark must refuse a month that DuckDB builds, with a message that has all parts.
func refused(tb testing.TB, s *spark.Server, over *world.Engine, m scoring.Month) *spark.NotEqualError {
	tb.Helper()
	if b := build(tb, over.Engine, over, m); b.err != nil {
		tb.Fatalf("DuckDB: %v", b.err)
	}
	b := build(tb, engine(tb, s, over), over, m)
	var no *spark.NotEqualError
	if !errors.As(b.err, &no) {
		tb.Fatalf("Spark: %v", b.err)
	}
	return no
}
