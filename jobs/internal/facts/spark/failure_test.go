package spark_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/facts/spark"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/jobs/internal/world"
)

// TestUnseen: an exports root that Spark does not have, or that has other files, is a wrong setting, named by the flag.
func TestUnseen(t *testing.T) {
	s := server(t)
	w := world.New()
	w.Parquet = true
	root, other := w.Write(t), t.TempDir()
	over := open(t, root, world.June)
	file := filepath.Join(world.UsageDir(other, world.June), "part-0.parquet")
	for what, prepare := range map[string]func(){
		"finds no such file":      func() {},
		"finds a file of 1 bytes": func() { world.WriteFile(t, file, []byte("x")) },
	} {
		prepare()
		e, err := spark.New(t.Context(), s, over.Loader, over.Engine, spark.Options{Exports: other, MaxResult: 1 << 30})
		if err != nil {
			t.Fatal(err)
		}
		b := build(t, e, over, world.June)
		var unseen *spark.UnseenError
		if !errors.As(b.err, &unseen) || fault.Of(b.err) != fault.Usage || !strings.Contains(b.err.Error(), what) || !strings.Contains(b.err.Error(), "--spark-exports") {
			t.Errorf("%s: %v", what, b.err)
		}
		os.RemoveAll(file)
	}
}

// TestServerIsSmall: a month whose grouped rows are more than the server may gather at once is grouped in smaller slices. CI's server may gather 32 MB.
func TestServerIsSmall(t *testing.T) {
	s, root := server(t), t.TempDir()
	typed(nil).write(t, filepath.Join(world.UsageDir(root, world.June), "a.parquet"), 200_000)
	alike(t, s, open(t, root, world.June), world.June)
}

// TestResultTooLarge: grouped rows that do not fit into the temporary folder end the build.
func TestResultTooLarge(t *testing.T) {
	s, root := server(t), t.TempDir()
	typed(nil).write(t, filepath.Join(world.UsageDir(root, world.June), "a.parquet"), 50_000)
	over := open(t, root, world.June)
	e, err := spark.New(t.Context(), s, over.Loader, over.Engine, spark.Options{Exports: root, MaxResult: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	if b := build(t, e, over, world.June); !warehouse.TooMuchTemp(b.err) || !strings.Contains(b.err.Error(), "grouped") {
		t.Errorf("error %v", b.err)
	}
	alike(t, s, over, world.June) // the session goes on
}
