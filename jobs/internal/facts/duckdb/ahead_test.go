package duckdb_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// ahead is an engine that takes what is built ahead, over exports that are open.
type ahead struct {
	*duckdb.Ahead
	*duckdb.Engine
	log bytes.Buffer
}

func (a *ahead) Plan(now, later []facts.Job) { a.Ahead.Plan(now, later) }

// openAhead opens an engine, and others that build ahead of it.
func openAhead(t *testing.T, base *world.Engine, cpus int) *ahead {
	t.Helper()
	a := &ahead{}
	base.Log = slog.New(slog.NewTextHandler(&a.log, nil))
	opt := base.Options()
	opt.Log = base.Log
	var err error
	a.Ahead, err = duckdb.NewAhead(t.Context(), base.Loader, opt, cpus)
	world.Must(t, err)
	l, err := ingest.Beside(t.Context(), base.Loader)
	world.Must(t, err)
	a.Engine = a.Ahead.Engine(l)
	t.Cleanup(func() {
		a.Ahead.Close()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// aheadMonths is of how many months the facts are built in these tests.
const aheadMonths = 5

// aheadJobs opens an engine over exports, and lists the months that a score of June needs.
func aheadJobs(t *testing.T, root string) (*world.Engine, []facts.Job) {
	t.Helper()
	opt := world.Options(root, filepath.Join(t.TempDir(), "s"), t.TempDir())
	opt.AllowMissingHistory = true
	e, err := world.OpenEngine(t, opt, world.June)
	world.Must(t, err)
	var jobs []facts.Job
	for _, m := range e.Inputs.Months {
		dir, err := e.DB.Folder()
		world.Must(t, err)
		jobs = append(jobs, facts.Job{Month: m, Files: e.Inputs.Usage[m], Path: func(file string) string { return filepath.Join(dir, file) }})
	}
	return e, jobs
}

// factsOf builds a month and returns what is known of it, files included.
func factsOf(t *testing.T, engine facts.Engine, job facts.Job) (*snapshot.Facts, map[string]string) {
	t.Helper()
	f, err := engine.Build(t.Context(), job)
	world.Must(t, err)
	files := map[string]string{}
	for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices} {
		data, err := os.ReadFile(job.Path(name))
		world.Must(t, err)
		files[name] = string(data)
	}
	return f, files
}

// TestAheadGivesTheSame: months that are built ahead are those that the engine builds.
func TestAheadGivesTheSame(t *testing.T) {
	base, jobs := aheadJobs(t, world.Everything().Lately(aheadMonths).Write(t))
	wanted, wantedFiles := make([]*snapshot.Facts, len(jobs)), make([]map[string]string, len(jobs))
	for i, job := range jobs {
		wanted[i], wantedFiles[i] = factsOf(t, duckdb.New(base.Loader), job)
	}
	for _, cpus := range []int{0, 1, 3} {
		a := openAhead(t, base, cpus)
		a.Plan(jobs[:3], jobs[3:])
		want := map[bool]int{true: aheadMonths - 1}[cpus > 0] // the first is the engine's own
		if ready := a.Wait(); ready != want {
			t.Errorf("%d CPUs: %d months are ready, want %d", cpus, ready, want)
		}
		if cpus == 0 {
			continue // then it is the engine alone
		}
		for i, job := range jobs {
			f, files := factsOf(t, a, job)
			if diff := cmp.Diff(wanted[i], f); diff != "" {
				t.Errorf("%d CPUs, %s (-engine +ahead):\n%s", cpus, job.Month, diff)
			}
			if !cmp.Equal(wantedFiles[i], files) {
				t.Errorf("%d CPUs, %s: other bytes", cpus, job.Month)
			}
		}
		if ready := a.Wait(); ready != 0 {
			t.Errorf("%d months were not taken", ready)
		}
	}
}

// TestAheadIsAskedMeanwhile: a month that is asked for while it is built is waited for.
func TestAheadIsAskedMeanwhile(t *testing.T) {
	base, jobs := aheadJobs(t, world.Everything().Lately(aheadMonths).Write(t))
	a := openAhead(t, base, 3)
	a.Plan(jobs, nil)
	for _, job := range jobs {
		factsOf(t, a, job)
	}
	a.Plan(jobs, nil)
	a.Ahead.Close()
	for _, job := range jobs { // what was stopped is built by the engine
		factsOf(t, a, job)
	}
}

// TestAheadLeavesWhatFails: what is wrong with a month is said by the engine, when the month is asked for, and a file that changed since is read again.
func TestAheadLeavesWhatFails(t *testing.T) {
	base, jobs := aheadJobs(t, world.Everything().Lately(aheadMonths).Write(t))
	a := openAhead(t, base, 1)
	broken, changed := jobs[2], jobs[3]
	world.Must(t, os.Truncate(broken.Files[0].Path, 10))
	a.Plan(jobs, nil)
	a.Wait()
	world.Must(t, os.Truncate(changed.Files[0].Path, 10))
	for _, job := range jobs {
		_, err := a.Build(t.Context(), job)
		if fails := job.Month == broken.Month || job.Month == changed.Month; fails != (err != nil) {
			t.Errorf("%s: %v", job.Month, err)
		} else if fails && !strings.Contains(err.Error(), job.Files[0].Rel) {
			t.Errorf("%s: %v does not name the file", job.Month, err)
		}
	}
}

// TestAheadHoldsItsLogBack: what a month has to say is said when it is asked for, not when it is built.
func TestAheadHoldsItsLogBack(t *testing.T) {
	root := world.Everything().Lately(aheadMonths).Write(t)
	for _, m := range []int{-1, -2, -3} { // no rows: a warning
		path := filepath.Join(world.UsageDir(root, world.June.Add(m)), "part-0.csv")
		data, err := os.ReadFile(path)
		world.Must(t, err)
		header, _, _ := bytes.Cut(data, []byte("\n"))
		world.WriteFile(t, path, append(header, '\n'))
	}
	base, jobs := aheadJobs(t, root)
	a := openAhead(t, base, 2)
	a.Plan(jobs, nil)
	a.Wait()
	if a.log.Len() > 0 {
		t.Errorf("said too early: %s", &a.log)
	}
	for _, job := range jobs {
		factsOf(t, a, job)
	}
	said := strings.Split(strings.TrimSpace(a.log.String()), "\n")
	if len(said) != 3 || !strings.Contains(said[0], "month=2024-03") || !strings.Contains(said[2], "month=2024-05") {
		t.Errorf("said: %q", said)
	}
}
