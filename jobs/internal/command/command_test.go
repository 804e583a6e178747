package command

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/cli/build"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/show/rulebooks"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
)

// testProcess is a process on the first of July 2024 that keeps what it prints.
func testProcess() (p cli.Process, stdout *bytes.Buffer) {
	stdout = &bytes.Buffer{}
	return cli.Process{
		Places: func(func(string, int64, int64)) storage.Places { return local.Places{} },
		Env:    func(string) string { return "" },
		Stdout: stdout, Stderr: &bytes.Buffer{},
		Clock: func() time.Time { return time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC) },
	}, stdout
}

func testSession() (s *cli.Session, stdout *bytes.Buffer) {
	p, stdout := testProcess()
	return cli.NewSession(p, cli.Command{Log: &cli.LogOptions{Format: cli.LogText, Quiet: true}}, &build.Build{}), stdout
}

// given sets flags on the command line.
func given(t *testing.T, options []*cli.Option, flags ...string) []*cli.Option {
	t.Helper()
	for _, flag := range flags {
		name, value, _ := strings.Cut(flag, "=")
		for _, o := range cli.Only(options, name) {
			if err := o.Set(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return options
}

func TestValidateFindsEveryProblem(t *testing.T) {
	dir := t.TempDir()
	p, _ := testProcess()
	score, backfill, inspect, verify, status := newScoreOptions(), newBackfillOptions(), newInspectOptions(), newVerifyOptions(), newStatusOptions()
	for name, c := range map[string]struct {
		validate func([]*cli.Option, cli.Process) ([]string, error)
		options  []*cli.Option
		want     []string
	}{
		"score": {score.validate, given(t, score.flags(), "exports="+dir, "snapshots="+dir, "month=2020-01", "receipt="+filepath.Join(dir, "r.json")), []string{
			"--receipt " + dir + "/r.json lies in the exports folder", "exports and snapshots are the same folder", "no rulebook is in force in 2020-01"}},
		"backfill": {backfill.validate, given(t, backfill.flags(), "from=2024-02", "to=2024-01"), []string{
			"say where the exports are", "the range is empty: --from 2024-02 is after --to 2024-01"}},
		"inspect": {inspect.validate, given(t, inspect.flags(), "exports="+dir, "month=2024-02", "to=2024-01"), []string{"--month is one month, --from and --to are a range"}},
		"verify":  {verify.validate, given(t, verify.flags(), "deep=true"), []string{"say where the exports are"}},
		"status":  {status.validate, given(t, status.flags(), "rulebook=nope"), []string{`unknown rulebook "nope"`, "say where the exports are"}},
	} {
		problems, err := c.validate(c.options, p)
		if err != nil || len(problems) != len(c.want) {
			t.Errorf("%s: %q, %v; want %q", name, problems, err, c.want)
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(problems[i], want) {
				t.Errorf("%s: %q, want %q", name, problems[i], want)
			}
		}
	}
	if score.month != scoring.NewMonth(2020, time.January) || !score.named {
		t.Errorf("score: month %v, named %t", score.month, score.named)
	}
	unnamed := newScoreOptions()
	if _, err := unnamed.validate(unnamed.flags(), p); err != nil || unnamed.month != scoring.NewMonth(2024, time.June) || unnamed.named {
		t.Errorf("score: month %v, named %t, %v", unnamed.month, unnamed.named, err)
	}
}

// TestNothingToLookAt: a folder that does not exist is an input that is missing, and nothing is printed.
func TestNothingToLookAt(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	status, verify := newStatusOptions(), newVerifyOptions()
	status.Exports, status.Snapshots, verify.Snapshots = missing, missing, missing
	s, stdout := testSession()
	for name, err := range map[string]error{
		"status": runStatus(t.Context(), s, status), "verify": runVerify(t.Context(), s, verify),
	} {
		if fault.Of(err) != fault.Missing || !strings.Contains(err.Error(), "--snapshots") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if stdout.Len() > 0 {
		t.Errorf("printed %q", stdout)
	}
}

func TestRunStatus(t *testing.T) {
	o := newStatusOptions()
	o.Exports, o.Snapshots, o.format = t.TempDir(), filepath.Join(t.TempDir(), "unborn"), cli.FormatJSON
	s, stdout := testSession()
	if err := runStatus(t.Context(), s, o); err != nil {
		t.Fatal(err)
	}
	var result runs.Status
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	if !result.Exports.Exists || result.Snapshots.Exists || len(result.Months) > 0 {
		t.Errorf("%+v", result)
	}
}

func TestRunRulesAsJSON(t *testing.T) {
	s, stdout := testSession()
	if err := runRulesList(s, cli.FormatJSON); err != nil {
		t.Fatal(err)
	}
	var list rulebooks.List
	if err := json.Unmarshal(stdout.Bytes(), &list); err != nil || len(list) < 2 || list[0].From == nil || list[0].SHA256 == "" {
		t.Fatalf("%+v, %v", list, err)
	}
	stdout.Reset()
	if err := runRulesDiff(s, list[0].ID, list[1].ID, cli.FormatJSON); err != nil {
		t.Fatal(err)
	}
	var differences rulebooks.Differences
	if err := json.Unmarshal(stdout.Bytes(), &differences); err != nil || len(differences) == 0 {
		t.Errorf("%+v, %v", differences, err)
	}
	err := runRulesDiff(s, "nope", "neither", cli.FormatJSON)
	if fault.Of(err) != fault.Usage || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two unknown rulebooks: %v", err)
	}
}
