package months_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// benchFiles is how many files the month of the benchmark has.
const benchFiles = 8

// BenchmarkDeliveries builds the facts of one month that lies in several files, and compares the check for two deliveries with what is left of
// it: the best times, and the processor's time.
func BenchmarkDeliveries(b *testing.B) {
	for _, way := range []struct{ name, file string }{
		{"row groups in turn", "file_row_number // 122880 % " + fmt.Sprint(benchFiles)},
		{"in order", "file_row_number * " + fmt.Sprint(benchFiles) + " // rows"},
		{"by chance", "hash(file_row_number) % " + fmt.Sprint(benchFiles)},
	} {
		b.Run(way.name, func(b *testing.B) { benchDeliveries(b, way.file) })
	}
}

func benchDeliveries(b *testing.B, file string) {
	rows, month, ctx := benchRows(b), scoring.NewMonth(2024, time.June), context.Background()
	opt := benchOptions(b, inFiles(b, world.Generate(b, rows, 1), month, file))
	e, err := world.OpenEngine(b, opt, month)
	if err != nil {
		b.Fatal(err)
	}

	var doubts []string
	check, build, checkCPU, buildCPU := time.Hour, time.Hour, time.Hour, time.Hour
	for b.Loop() {
		before := processorTime(b)
		check = min(check, timed(b, func() (err error) { doubts, err = e.CheckDeliveries(ctx, month, e.Inputs.Usage[month]); return err }))
		between := processorTime(b)
		build = min(build, timed(b, func() error { _, err := e.BuildFacts(ctx, month); return err }))
		checkCPU, buildCPU = min(checkCPU, between-before), min(buildCPU, processorTime(b)-between)
	}
	if len(doubts) > 0 {
		b.Errorf("a month in %d files is doubted: %q", benchFiles, doubts)
	}
	b.ReportMetric(100*float64(check)/float64(build-check), "check-%")
	b.ReportMetric(100*float64(checkCPU)/float64(buildCPU-checkCPU), "check-cpu-%")
	b.ReportMetric(check.Seconds(), "check-s")
	b.ReportMetric((build - check).Seconds(), "facts-s")
}

// inFiles deals the rows of a month's generated files to several; file is the number of the one in which a row goes.
func inFiles(b *testing.B, dir string, m scoring.Month, file string) string {
	db, month := engine(b), filepath.Join(dir, "azure_usage", "month="+m.String())
	query(b, db, fmt.Sprintf(`CREATE TABLE month AS
		SELECT *, sum(1) OVER () AS rows FROM read_parquet('%s/*.parquet', file_row_number = true, hive_partitioning = false)`, month))
	if err := os.RemoveAll(month); err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(month, 0o777); err != nil {
		b.Fatal(err)
	}
	for i := range benchFiles {
		query(b, db, fmt.Sprintf("COPY (SELECT * EXCLUDE (file_row_number, rows) FROM month WHERE %s = %d) TO '%s' (FORMAT parquet)", file, i,
			filepath.Join(month, fmt.Sprintf("part-%d.parquet", i))))
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
