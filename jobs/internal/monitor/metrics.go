package monitor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/push"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// namespace begins the names of all metrics.
const namespace = "partnerscore"

// The metrics that keep their value after a run that has none of its own: one that failed, and one that could not ask.
const (
	lastSuccess     = "last_success_timestamp_seconds"
	latestPublished = "latest_published_month_timestamp_seconds"
)

// lasting returns the lasting metrics that this run has a value of, by name.
func (r *Record) lasting() map[string]float64 {
	values := map[string]float64{}
	if r.ExitCode == 0 {
		values[lastSuccess] = unix(r.Finished)
	}
	if r.Latest != 0 {
		values[latestPublished] = unix(r.Latest.First())
	}
	return values
}

// gatherer holds the metrics of a record. lasting has the values of the lasting metrics; those that it lacks are left out.
func (r *Record) gatherer(lasting map[string]float64, labels prometheus.Labels) (prometheus.Gatherer, error) {
	registry := prometheus.NewPedanticRegistry()
	m := metrics{into: prometheus.WrapRegistererWith(labels, registry)}
	m.vector("build_info", "The program that did the last run, always 1.", "version", "goversion").WithLabelValues(r.ToolVersion, runtime.Version()).Set(1)
	m.gauge("last_run_timestamp_seconds", "When the last run ended.", unix(r.Finished))
	if value, known := lasting[lastSuccess]; known {
		m.gauge(lastSuccess, "When a run last ended with exit code 0.", value)
	}
	if value, known := lasting[latestPublished]; known {
		m.gauge(latestPublished, "The first day of the latest published month, 0:00 UTC.", value)
	}
	m.gauge("exit_code", "Exit code of the last run.", float64(r.ExitCode))
	m.gauge("run_duration_seconds", "How long the last run took.", r.Seconds)
	m.gauge("rows_read", "Usage rows that the last run read: those of the months whose facts it built.", float64(r.RowsRead))
	m.gauge("facts_built", "Usage months whose facts the last run built.", float64(r.FactsBuilt))
	engines := m.vector("facts_built_by_engine", "Usage months whose facts the last run built, by the engine that read them.", "engine")
	for _, engine := range []string{"duckdb", "spark"} {
		engines.WithLabelValues(engine).Set(float64(r.builtBy(engine)))
	}
	m.gauge("facts_reused", "Usage months whose facts the last run found in the cache.", float64(r.FactsReused))
	m.gauge("months_published", "Score months that the last run published.", float64(r.MonthsPublished))
	m.gauge("months_unchanged", "Score months that the last run found published as they are.", float64(r.MonthsUnchanged))
	m.gauge("months_failed", "Score months that failed in the last run.", float64(r.MonthsFailed))
	if r.Stale != nil {
		m.gauge("months_stale", "Published months that were overtaken by their inputs, rules or settings when the last run ended.", float64(len(r.Stale)))
	}
	steps := m.vector("step_duration_seconds", "How long the steps of the last run took, by step, over all its months.", "step")
	for _, name := range StepNames() {
		steps.WithLabelValues(string(name)).Set(r.stepTime(name).Seconds())
	}
	rejected := m.vector("rows_rejected", "Rows of rows_read that are bad data, by reason.", "reason")
	for reason, rows := range r.Rejected {
		rejected.WithLabelValues(reason).Set(float64(rows))
	}
	return registry, errors.Join(m.faults...)
}

// metrics registers metrics and keeps what went wrong.
type metrics struct {
	into   prometheus.Registerer
	faults []error
}

func (m *metrics) gauge(name, help string, value float64) {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	g.Set(value)
	m.faults = append(m.faults, m.into.Register(g))
}

func (m *metrics) vector(name, help string, labels ...string) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.faults = append(m.faults, m.into.Register(v))
	return v
}

func (r *Record) builtBy(engine string) (months int) {
	for _, s := range r.Steps {
		if s.Name == StepFacts && !s.Idle && s.Engine == engine {
			months++
		}
	}
	return months
}

func (r *Record) stepTime(name StepName) (sum time.Duration) {
	for _, s := range r.Steps {
		if s.Name == name {
			sum += s.Elapsed
		}
	}
	return sum
}

// unix is a time as metrics have it.
func unix(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// labels tell commands apart that write to one place.
func (r *Record) labels() prometheus.Labels { return prometheus.Labels{"command": r.Command} }

// WriteMetrics replaces the metrics file at path, for the textfile collector of the node exporter. A lasting metric that this run has no value of
// keeps the one in the file.
func (r *Record) WriteMetrics(path string) error {
	lasting, err := r.lastingSince(path)
	if err != nil {
		return err
	}
	gatherer, err := r.gatherer(lasting, r.labels())
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	families, err := gatherer.Gather()
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	var text bytes.Buffer
	encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
	}
	return replaceFile(path, text.Bytes())
}

// lastingSince returns the lasting metrics, those that this run has no value of from the file at path. One is unknown where the file does not
// exist or is not ours.
func (r *Record) lastingSince(path string) (map[string]float64, error) {
	values := r.lasting()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return values, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the metrics of the last run: %w", err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return values, nil // whatever it is, it is replaced
	}
	for _, name := range []string{lastSuccess, latestPublished} {
		if _, own := values[name]; own {
			continue
		}
		for _, metric := range families[namespace+"_"+name].GetMetric() {
			if hasLabels(metric, r.labels()) {
				values[name] = metric.GetGauge().GetValue()
			}
		}
	}
	return values, nil
}

func hasLabels(m *dto.Metric, labels prometheus.Labels) bool {
	for _, pair := range m.GetLabel() {
		if labels[pair.GetName()] != pair.GetValue() {
			return false
		}
	}
	return len(m.GetLabel()) == len(labels)
}

// The bounds of a push: a push waits no longer for a gateway than a supervisor waits after SIGTERM, and less after a SIGTERM.
const (
	pushLimit          = 4 * time.Second
	pushLimitAfterStop = 2 * time.Second
)

// Push sends the metrics to a Pushgateway, as those of the job partnerscore and this command. What the gateway has of earlier runs and this
// record says nothing of, the last success above all, stays. A run that was interrupted still tells, for a shorter time.
func (r *Record) Push(ctx context.Context, gateway string) error {
	target, err := ParseGateway(gateway)
	if err != nil {
		return err
	}
	limit := pushLimit
	if ctx.Err() != nil {
		ctx, limit = context.WithoutCancel(ctx), pushLimitAfterStop
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	gatherer, err := r.gatherer(r.lasting(), nil)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	user := target.User
	target.User = nil
	pusher := push.New(target.String(), namespace).Gatherer(gatherer)
	for name, value := range r.labels() {
		pusher = pusher.Grouping(name, value)
	}
	if user != nil {
		password, _ := user.Password()
		pusher = pusher.BasicAuth(user.Username(), password)
	}
	if err := pusher.AddContext(ctx); err != nil {
		return fmt.Errorf("push metrics: %.300s", err.Error()) // a gateway may answer with a page
	}
	return nil
}

// ParseGateway reads the address of a Pushgateway, like http://pushgateway:9091; a name and password in it are sent as such.
func ParseGateway(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("want a URL like http://pushgateway:9091") // not what it is: it may hold a password
	}
	return u, nil
}
