package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// readMetrics reads a metrics file with the parser of Prometheus.
func readMetrics(t *testing.T, path string) map[string]*dto.MetricFamily {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return families
}

func metricsCode(t *testing.T, path string) int {
	t.Helper()
	return int(readMetrics(t, path)["partnerscore_exit_code"].GetMetric()[0].GetGauge().GetValue())
}

// asProgram is the path under which the test binary is the program: see TestMain.
func asProgram(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("partnerscore")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMetricsOutliveAKill: a killed run leaves the metrics of the one before it, whole; a terminated one writes its own.
func TestMetricsOutliveAKill(t *testing.T) {
	t.Parallel()
	l := newLab(t, asProgram(t))
	file := filepath.Join(filepath.Dir(l.temp), "job.prom")
	flags := []string{"--metrics-file", file}
	l.mustScore(t, lastMonth.Add(-1), flags...)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	success := readMetrics(t, file)["partnerscore_last_success_timestamp_seconds"].GetMetric()[0].GetGauge().GetValue()
	writeText(t, filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-1.csv"), usageText(lastMonth, 300_000, 1))
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		if err := errors.Join(os.RemoveAll(l.temp), os.Mkdir(l.temp, 0o777)); err != nil { // of what the killed run left there
			t.Fatal(err)
		}
		run := l.start(t, l.score(lastMonth, flags...)...)
		await(t, "temporary folder of the engine", func() bool { entries, _ := os.ReadDir(l.temp); return len(entries) > 0 })
		run.signal(t, signal)
		code := run.end(t, 10*time.Second)
		after, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		families := readMetrics(t, file)
		switch {
		case signal == syscall.SIGKILL && (code != 137 || string(after) != string(before)):
			t.Errorf("killed, %d: the metrics are\n%s", code, after)
		case signal == syscall.SIGTERM && (code != exitTerminated || metricsCode(t, file) != exitTerminated):
			t.Errorf("terminated, %d: the metrics are\n%s", code, after)
		}
		if got := families["partnerscore_last_success_timestamp_seconds"].GetMetric()[0].GetGauge().GetValue(); got != success {
			t.Errorf("%s: the last success was %f, and is %f", signal, success, got)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*job.prom*")); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
