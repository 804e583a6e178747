package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"partnerscore/scoring"
)

// noon is when the runs of these tests begin; they take 90 seconds.
var noon = time.Date(2024, 7, 20, 12, 0, 0, 0, time.UTC)

// aRecord is a run that built one month of two, published one month, and ended with this exit code.
func aRecord(code int, begun time.Time) (Record, string) {
	var log bytes.Buffer
	times := []time.Time{begun, begun.Add(90 * time.Second)}
	clock := func() (now time.Time) { now, times = times[0], times[1:]; return now }
	r := NewRecorder("score", "run-1", "v1", []string{"bad_amount", "missing_tenant"}, clock, slog.New(slog.NewTextHandler(&log, nil)))
	june := scoring.NewMonth(2024, time.June)
	for _, s := range []Step{
		{Name: StepInputs, Month: june, Rows: 120, Elapsed: time.Second},
		{Name: StepFacts, Month: june.Add(-1), Rows: 50, Idle: true, Engine: "duckdb", Rejected: map[string]int64{"bad_amount": 9}, Elapsed: time.Millisecond},
		{Name: StepFacts, Month: june, Rows: 60, Engine: "spark", Rejected: map[string]int64{"bad_amount": 2}, Elapsed: 2 * time.Second},
		{Name: StepPublish, Month: june, Rows: 30, Elapsed: 1500 * time.Microsecond},
	} {
		r.Done(s)
	}
	r.Failed(june.Add(1), "no export")
	r.Stale([]scoring.Month{june.Add(-3)})
	r.Latest(june)
	e := Ending{ExitCode: code, Outcome: "done"}
	if code != 0 {
		e = Ending{ExitCode: code, Outcome: "not_ready", Error: "no export", Hint: "wait"}
	}
	return r.End(e), log.String()
}

func TestStepsAreLogged(t *testing.T) {
	_, log := aRecord(0, noon)
	for _, want := range []string{
		`msg="inputs done" month=2024-06 rows=120 elapsed_seconds=1`,
		`msg="facts reused" month=2024-05 rows=50 rejected=9 engine=duckdb elapsed_seconds=0.001`,
		`msg="facts built" month=2024-06 rows=60 rejected=2 engine=spark elapsed_seconds=2`,
		`msg="snapshot published" month=2024-06 rows=30 elapsed_seconds=0.002`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in the log:\n%s", want, log)
		}
	}
}

func TestReceipt(t *testing.T) {
	record, _ := aRecord(3, noon)
	path := filepath.Join(t.TempDir(), "receipt.json")
	if err := record.WriteReceipt(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/receipt.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the receipt:\n%s", diff)
	}
	if !json.Valid(got) {
		t.Error("it is no JSON")
	}
}

// parsed reads metrics with the parser of Prometheus, each as name{label=value}.
func parsed(tb testing.TB, text io.Reader) map[string]float64 {
	tb.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(text)
	if err != nil {
		tb.Fatal(err)
	}
	values := map[string]float64{}
	for name, family := range families {
		if family.GetType() != dto.MetricType_GAUGE || family.GetHelp() == "" {
			tb.Errorf("%s is a %s with the help %q", name, family.GetType(), family.GetHelp())
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, pair := range m.GetLabel() {
				labels = append(labels, pair.GetName()+"="+pair.GetValue())
			}
			values[name+"{"+strings.Join(labels, ",")+"}"] = m.GetGauge().GetValue()
		}
	}
	return values
}

func metricsIn(tb testing.TB, path string) map[string]float64 {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return parsed(tb, bytes.NewReader(text))
}

// want are the metrics of aRecord, of a command or, where it is the group's label, of none.
func wantMetrics(code float64, begun time.Time, command string) map[string]float64 {
	label := func(more string) string { return "{" + strings.Trim(command+","+more, ",") + "}" }
	return map[string]float64{
		"partnerscore_build_info" + label("goversion="+runtime.Version()+",version=v1"): 1,
		"partnerscore_latest_published_month_timestamp_seconds" + label(""):             float64(time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC).Unix()),
		"partnerscore_last_run_timestamp_seconds" + label(""):                           float64(begun.Unix() + 90),
		"partnerscore_exit_code" + label(""):                                            code,
		"partnerscore_run_duration_seconds" + label(""):                                 90,
		"partnerscore_rows_read" + label(""):                                            60,
		"partnerscore_facts_built" + label(""):                                          1,
		"partnerscore_facts_reused" + label(""):                                         1,
		"partnerscore_months_published" + label(""):                                     1,
		"partnerscore_months_unchanged" + label(""):                                     0,
		"partnerscore_months_failed" + label(""):                                        1,
		"partnerscore_months_stale" + label(""):                                         1,
		"partnerscore_facts_built_by_engine" + label("engine=duckdb"):                   0,
		"partnerscore_facts_built_by_engine" + label("engine=spark"):                    1,
		"partnerscore_rows_rejected" + label("reason=bad_amount"):                       2,
		"partnerscore_rows_rejected" + label("reason=missing_tenant"):                   0,
		"partnerscore_step_duration_seconds" + label("step=inputs"):                     1,
		"partnerscore_step_duration_seconds" + label("step=facts"):                      2.001,
		"partnerscore_step_duration_seconds" + label("step=measures"):                   0,
		"partnerscore_step_duration_seconds" + label("step=tables"):                     0,
		"partnerscore_step_duration_seconds" + label("step=publish"):                    0.0015,
		"partnerscore_step_duration_seconds" + label("step=verify"):                     0,
	}
}

func TestMetricsFileKeepsTheLastSuccess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "partnerscore.prom")
	const success = "partnerscore_last_success_timestamp_seconds{command=score}"
	var last float64
	for i, code := range []int{3, 0, 4, 143, 0, 1} {
		begun := noon.AddDate(0, 0, i)
		record, _ := aRecord(code, begun)
		if err := record.WriteMetrics(path); err != nil {
			t.Fatal(err)
		}
		if code == 0 {
			last = float64(begun.Unix() + 90)
		}
		want := wantMetrics(float64(code), begun, "command=score")
		if last != 0 {
			want[success] = last
		}
		if diff := cmp.Diff(want, metricsIn(t, path)); diff != "" {
			t.Errorf("run %d, exit code %d:\n%s", i, code, diff)
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestMetricsFileKeepsTheLatestMonth: a run that could not ask for it leaves it as it was.
func TestMetricsFileKeepsTheLatestMonth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "partnerscore.prom")
	const latest = "partnerscore_latest_published_month_timestamp_seconds{command=score}"
	for i, month := range []scoring.Month{scoring.NewMonth(2024, time.May), 0, scoring.NewMonth(2024, time.June), 0} {
		record, _ := aRecord(0, noon)
		record.Latest = month
		if err := record.WriteMetrics(path); err != nil {
			t.Fatal(err)
		}
		want := float64(time.Date(2024, time.Month(5+i/2), 1, 0, 0, 0, 0, time.UTC).Unix())
		if got := metricsIn(t, path)[latest]; got != want {
			t.Errorf("run %d: %f, want %f", i, got, want)
		}
	}
}

// TestReceiptIsDocumented: the documentation has the version of the receipt and a line for each of its fields.
func TestReceiptIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../deploy/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n### The receipt\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !strings.Contains(section, fmt.Sprintf("`schema_version` is %d", recordVersion)) {
		t.Errorf("no version %d", recordVersion)
	}
	receipt, err := os.ReadFile("testdata/receipt.json")
	if err != nil {
		t.Fatal(err)
	}
	fields := regexp.MustCompile(`"(\w+)":`).FindAllStringSubmatch(string(receipt), -1)
	for _, field := range fields {
		if name := field[1]; name != "bad_amount" && name != "missing_tenant" && !strings.Contains(section, "`"+name+"`") {
			t.Errorf("no field %s", name)
		}
	}
	if len(fields) < 30 {
		t.Errorf("%d fields", len(fields))
	}
}

func TestLastSuccessOfOthersIsNotTaken(t *testing.T) {
	for name, text := range map[string]string{
		"another command": "# TYPE partnerscore_last_success_timestamp_seconds gauge\npartnerscore_last_success_timestamp_seconds{command=\"verify\"} 7\n",
		"no metrics":      "<html>\n",
		"cut":             "# TYPE partnerscore_last_success_timestamp_seconds gauge\npartnerscore_last_succ",
	} {
		path := filepath.Join(t.TempDir(), "partnerscore.prom")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		record, _ := aRecord(3, noon)
		if err := record.WriteMetrics(path); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(wantMetrics(3, noon, "command=score"), metricsIn(t, path)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestFileThatCannotBeWrittenIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "folder", "partnerscore.prom")
	record, _ := aRecord(0, noon)
	if err := record.WriteMetrics(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("no folder: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "receipt.json"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := record.WriteReceipt(filepath.Join(dir, "receipt.json")); err == nil {
		t.Error("a folder was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// pushed is what a gateway was sent.
type pushed struct {
	method, path, user, password string
	metrics                      map[string]float64
}

func TestPush(t *testing.T) {
	var got pushed
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got.method, got.path = r.Method, r.URL.Path
		got.user, got.password, _ = r.BasicAuth()
		decoder := expfmt.NewDecoder(bytes.NewReader(body), expfmt.ResponseFormat(r.Header))
		var text bytes.Buffer
		for {
			var family dto.MetricFamily
			if err := decoder.Decode(&family); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Error(err)
				break
			}
			if _, err := expfmt.MetricFamilyToText(&text, &family); err != nil {
				t.Error(err)
			}
		}
		got.metrics = parsed(t, &text)
	}))
	defer gateway.Close()
	for _, code := range []int{0, 143} {
		record, _ := aRecord(code, noon)
		ctx, cancel := context.WithCancel(t.Context())
		if code == 143 {
			cancel()
		}
		got = pushed{}
		if err := record.Push(ctx, strings.Replace(gateway.URL, "http://", "http://me:secret@", 1)); err != nil {
			t.Fatal(err)
		}
		cancel()
		want := pushed{method: http.MethodPost, path: "/metrics/job/partnerscore/command/score", user: "me", password: "secret",
			metrics: wantMetrics(float64(code), noon, "")}
		if code == 0 { // else the gateway keeps what it has: a POST replaces only the metrics that it holds
			want.metrics["partnerscore_last_success_timestamp_seconds{}"] = float64(noon.Unix() + 90)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(pushed{})); diff != "" {
			t.Errorf("exit code %d:\n%s", code, diff)
		}
	}
}

func TestPushToNobodyEnds(t *testing.T) {
	end := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	defer silent.Close()
	defer close(end)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(strings.Repeat("x", 100_000)))
	}))
	defer refusing.Close()
	record, _ := aRecord(0, noon)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		url   string
		limit time.Duration
	}{
		"silent after a signal": {stopped, strings.Replace(silent.URL, "http://", "http://me:secret@", 1), pushLimitAfterStop},
		"nobody there":          {t.Context(), "http://127.0.0.1:1", time.Second},
		"refusing":              {t.Context(), strings.Replace(refusing.URL, "http://", "http://me:secret@", 1), pushLimit},
	} {
		begun := time.Now()
		err := record.Push(c.ctx, c.url)
		if took := time.Since(begun); err == nil || took > c.limit+time.Second {
			t.Errorf("%s: %v after %s", name, err, took)
		} else if strings.Contains(err.Error(), "secret") || len(err.Error()) > 1000 {
			t.Errorf("%s: the message is %.400q", name, err.Error())
		}
	}
}

func TestParseGateway(t *testing.T) {
	for _, bad := range []string{"", "pushgateway:9091", "/metrics", "ftp://host", "http://", "http://me:secret@%zz"} {
		if _, err := ParseGateway(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
