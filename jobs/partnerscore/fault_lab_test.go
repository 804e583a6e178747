package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/scoring"
)

// lastMonth is the newest of the sixteen months of the exports of these tests.
var lastMonth = scoring.NewMonth(2024, time.June)

// lab is where a test runs the program.
type lab struct {
	binary                   string
	exports, snapshots, temp string
	flags                    []string // of every score
	env                      []string // more variables of each process
	creations                bool     // traceKilled counts the creation of a file as a step of its own
}

// newLab makes new folders with the first version of the exports.
func newLab(tb testing.TB, binary string) *lab {
	tb.Helper()
	l := labIn(tb, binary, tb.TempDir())
	writeExports(tb, l.exports, 1)
	return l
}

// newShortLab makes a lab of three months that need no history, where a test is about files and not about how many months there are. The long loop
// has all of them.
func newShortLab(tb testing.TB, binary string) *lab {
	tb.Helper()
	l := newLab(tb, binary)
	if !longFaults {
		l.dropHistory(tb)
	}
	return l
}

// dropHistory leaves three months of the exports.
func (l *lab) dropHistory(tb testing.TB) {
	tb.Helper()
	for m := lastMonth.Add(-15); m < lastMonth.Add(-2); m++ {
		if err := os.RemoveAll(filepath.Join(l.exports, "azure_usage", "month="+m.String())); err != nil {
			tb.Fatal(err)
		}
	}
	l.flags = []string{"--allow-missing", "history"}
}

func labIn(tb testing.TB, binary, root string) *lab {
	tb.Helper()
	l := &lab{binary: binary, exports: filepath.Join(root, "exports"), snapshots: filepath.Join(root, "snapshots"), temp: filepath.Join(root, "temp")}
	if err := errors.Join(os.MkdirAll(l.temp, 0o777), os.MkdirAll(l.exports, 0o777)); err != nil {
		tb.Fatal(err)
	}
	return l
}

// writeExports writes sixteen months of two partners: a few hundred rows. Versions differ in one usage month and in the certifications.
func writeExports(tb testing.TB, root string, version int) {
	tb.Helper()
	for m := lastMonth.Add(-15); m <= lastMonth; m++ {
		if version == 1 || m == lastMonth.Add(-1) {
			writeMonth(tb, root, m, version)
		}
	}
	var people strings.Builder
	people.WriteString("PGAMpnId,MCPID,TrainingTitle,TrainingType,TrainingCompletionDate\n")
	for i := range 3 + version {
		fmt.Fprintf(&people, "partner-%d,person-%d,AZ-%d,Certification,2024-01-15\n", i%2, i, []int{104, 305, 700}[i%3])
	}
	writeText(tb, filepath.Join(root, "certifications", "month="+lastMonth.Add(-1).String(), "part-0.csv"), people.String())
}

func writeMonth(tb testing.TB, root string, m scoring.Month, version int) {
	tb.Helper()
	writeText(tb, filepath.Join(root, "azure_usage", "month="+m.String(), "part-0.csv"), usageText(m, 24, version))
}

// usageText is a usage export of so many rows.
func usageText(m scoring.Month, rows, version int) string {
	var text strings.Builder
	text.WriteString("Month,MPNId,PartnerAttributionType,CustomerTenantId,SubscriptionId,ServiceLevel2,OfferType,ACR_USD\n")
	for i := range rows {
		fmt.Fprintf(&text, "%s,partner-%d,PAL,%08x-0000-4000-8000-000000000001,subscription-%d,%s,Microsoft Azure,%d.%06d\n", m, i%2, i/2+1, i,
			[]string{"Storage", "Key Vault", "Backup"}[i%3], 400+100*(i%1000)+int(m)%7+10*version, i*37%1_000_000)
	}
	return text.String()
}

// writeText writes a file in one step, as careful deliveries do.
func writeText(tb testing.TB, path, text string) {
	tb.Helper()
	err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path+".new", []byte(text), 0o666), os.Rename(path+".new", path))
	if err != nil {
		tb.Fatal(err)
	}
}

// score is the command line of one month. Flags go before those that the lab has for all runs.
func (l *lab) score(m scoring.Month, flags ...string) []string {
	args := slices.Concat([]string{l.binary, "score", "--exports", l.exports, "--snapshots", l.snapshots, "--month", m.String()}, l.flags, flags)
	for _, standard := range [][]string{{"--temp-dir", l.temp}, {"--threads", "1"}, {"--memory-limit", "256MB"}} {
		if !slices.Contains(args, standard[0]) {
			args = append(args, standard...)
		}
	}
	return args
}

// command prepares a process with an environment that nothing of this one gets into.
func (l *lab) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "PARTNERSCORE_PERSON_KEY=the-key-of-the-tests", "TMPDIR=" + l.temp}, l.env...)
	cmd.Dir = l.temp
	return cmd
}

// ended is a process that is over.
type ended struct {
	code           int // 128 + the number of the signal that killed it
	stdout, stderr string
}

func (l *lab) run(tb testing.TB, args ...string) ended {
	tb.Helper()
	return finish(tb, l.command(tb.Context(), args...))
}

// finish runs a prepared process to its end.
func finish(tb testing.TB, cmd *exec.Cmd) ended {
	tb.Helper()
	e, err := tryToFinish(cmd)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// tryToFinish is finish for goroutines of a test. Its error says that there was no process.
func tryToFinish(cmd *exec.Cmd) (ended, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return ended{}, err
	}
	return ended{code: codeOfState(cmd.ProcessState), stdout: stdout.String(), stderr: stderr.String()}, nil
}

func codeOfState(state *os.ProcessState) int {
	if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// mustScore scores a month, which must succeed.
func (l *lab) mustScore(tb testing.TB, m scoring.Month, flags ...string) ended {
	tb.Helper()
	e := l.run(tb, l.score(m, flags...)...)
	if e.code != 0 {
		tb.Fatalf("score %s ended with %d: %s", m, e.code, e.stderr)
	}
	return e
}

// month is a published month, as far as tests compare it: the hash of each table and the manifest without clock, host and run.
type month struct {
	Tables   map[string]string
	Manifest map[string]any
}

// published reads every published month and holds its files against its manifest. A month that an open intent names may be mixed: it is
// left out and returned as open.
func (l *lab) published(tb testing.TB) (months map[string]month, open string) {
	tb.Helper()
	if !isThere(l.exports) {
		tb.Fatalf("%s, which nothing here removes, is gone: does something clear temporary folders while the test runs?", l.exports)
	}
	var intent struct {
		Month string `json:"score_month"`
	}
	if data, err := os.ReadFile(filepath.Join(l.snapshots, ".staging", "intent.json")); err == nil {
		if err := json.Unmarshal(data, &intent); err != nil {
			tb.Errorf("the intent is cut: %v", err)
		}
	}
	manifests, err := filepath.Glob(filepath.Join(quoteGlob(l.snapshots), "_manifests", "*"))
	if err != nil {
		tb.Fatal(err)
	}
	months = map[string]month{}
	for _, path := range manifests {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "month="), ".json")
		if name != intent.Month {
			months[name] = l.readMonth(tb, path)
		}
	}
	return months, intent.Month
}

func (l *lab) readMonth(tb testing.TB, path string) month {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	m := month{Tables: map[string]string{}}
	if err := json.Unmarshal(data, &m.Manifest); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	for _, output := range m.Manifest["outputs"].([]any) {
		entry := output.(map[string]any)
		table, sum := entry["path"].(string), fileHash(tb, filepath.Join(l.snapshots, entry["path"].(string)))
		if m.Tables[table] = sum; sum != entry["sha256"] {
			tb.Errorf("%s is not what %s says", table, filepath.Base(path))
		}
	}
	if len(m.Tables) != 6 {
		tb.Errorf("%s names %d tables", path, len(m.Tables))
	}
	for _, own := range []string{"run_id", "started", "finished", "host"} {
		delete(m.Manifest, own)
	}
	return m
}

func fileHash(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Error(err)
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// quoteGlob makes a path a pattern of itself.
func quoteGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "*", `\*`, "?", `\?`).Replace(path)
}

// files lists everything below a folder but the lock, with size and time.
func files(tb testing.TB, root string) map[string]string {
	tb.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == ".lock" {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() {
			found[strings.TrimPrefix(path, root)] = fmt.Sprint(info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
	return found
}

// noLeftovers checks that nothing unpublished stays behind: no staging, no temporary files.
func (l *lab) noLeftovers(tb testing.TB) {
	tb.Helper()
	for path := range files(tb, l.snapshots) {
		if strings.HasPrefix(path, "/.staging") || strings.HasSuffix(path, ".new") || strings.HasSuffix(path, ".staged") {
			tb.Errorf("%s is left over", path)
		}
	}
	for _, dir := range []string{filepath.Join(l.snapshots, ".staging"), l.temp} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			tb.Fatal(err)
		}
		for _, e := range entries {
			tb.Errorf("%s is left over in %s", e.Name(), dir)
		}
	}
}

// keep copies the snapshots, if there are any, to a new template.
func (l *lab) keep(tb testing.TB, template string) {
	tb.Helper()
	if err := os.CopyFS(template, os.DirFS(l.snapshots)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
}

// restore makes the snapshots those of a template (without one: none), and the temporary folder empty.
func (l *lab) restore(tb testing.TB, template string) {
	tb.Helper()
	err := errors.Join(os.RemoveAll(l.snapshots), os.RemoveAll(l.temp), os.Mkdir(l.temp, 0o777))
	if _, missing := os.Stat(template); missing == nil {
		err = errors.Join(err, os.CopyFS(l.snapshots, os.DirFS(template)))
	}
	if err != nil {
		tb.Fatal(err)
	}
}
