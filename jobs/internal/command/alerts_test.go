package command

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
)

// metricsAsked finds the metrics in an expression.
var metricsAsked = regexp.MustCompile(`partnerscore_[a-z_]+`)

// TestAlerts: every alert says how bad it is and what to do, and asks for metrics that there are.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deployed, "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []struct {
				Alert       string            `yaml:"alert"`
				Expr        string            `yaml:"expr"`
				For         string            `yaml:"for"`
				Labels      map[string]string `yaml:"labels"`
				Annotations map[string]string `yaml:"annotations"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&rules); err != nil {
		t.Fatal(err)
	}
	known := writtenMetrics(t)
	names := map[string]bool{}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			if names[rule.Alert] || rule.Alert == "" || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
				t.Errorf("%+v", rule)
			}
			names[rule.Alert] = true
			found := metricsAsked.FindAllString(rule.Expr, -1)
			for _, name := range found {
				if !strings.Contains(known, "\n"+name+"{") {
					t.Errorf("%s asks for %s, which is no metric", rule.Alert, name)
				}
			}
			if len(found) == 0 {
				t.Errorf("%s asks for nothing", rule.Alert)
			}
			if _, err := time.ParseDuration(strings.Replace(rule.For, "d", "h", 1)); rule.For != "" && err != nil {
				t.Errorf("%s: for %s", rule.Alert, rule.For)
			}
		}
	}
	if len(names) < 5 {
		t.Errorf("%d alerts", len(names))
	}
}

// writtenMetrics is the metrics file of a run.
func writtenMetrics(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	usage := filepath.Join(dir, "exports", "azure_usage", "month=2024-05", "part-0.csv")
	rows := "MPNID,CustomerTenantId,ServiceLevel2,PartnerAttributionType,OfferType,ACR_USD\n7,tenant,Storage,PAL,Microsoft Azure Plan,10\n"
	if err := errors.Join(os.MkdirAll(filepath.Dir(usage), 0o777), os.WriteFile(usage, []byte(rows), 0o666)); err != nil {
		t.Fatal(err)
	}
	file, stderr := filepath.Join(dir, "job.prom"), &bytes.Buffer{}
	process := cli.Process{Places: func(func(string, int64, int64)) storage.Places { return local.Places{} }, Env: func(string) string { return "" }, Stdout: &bytes.Buffer{}, Stderr: stderr,
		Clock: func() time.Time { return time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC) }}
	args := []string{"partnerscore", "score", "--exports", filepath.Join(dir, "exports"), "--snapshots", filepath.Join(dir, "snapshots"), "--month", "2024-05",
		"--allow-missing", "history,certifications", "--metrics-file", file}
	if code := cli.Run(t.Context(), process, Program(), args); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnits: the examples for cron and systemd call the program as it can be called, and do not retry in vain.
