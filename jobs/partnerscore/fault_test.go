package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// longFaults tells that every point of every loop is visited; without it a few of them, spread evenly.
var longFaults = os.Getenv("PARTNERSCORE_TEST_LONG") == "1"

// TestFaults runs the program as users do, as a process, and lets it meet what reliability is about: kills, full disks, other runs,
// readers, odd names. The program is built once.
func TestFaults(t *testing.T) {
	if os.Getenv("PARTNERSCORE_TEST_FAULTS") != "1" {
		t.Skip("breaks the running program at its system calls, which takes minutes; PARTNERSCORE_TEST_FAULTS=1 does")
	}
	if testing.Short() {
		t.Skip("builds the program and runs it many times")
	}
	binary := filepath.Join(t.TempDir(), "partnerscore")
	// Without its symbols: the program hashes itself when it starts.
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, ".")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, output)
	}
	for _, group := range []struct {
		name string
		test func(t *testing.T, binary string)
	}{
		{"kill", testKills},
		{"error", testErrors},
		{"full", testFullDisks},
		{"temp", testTempFolders},
		{"signal", testSignals},
		{"pipe", testClosedPipes},
		{"two runs", testTwoRuns},
		{"readers", testReaders},
		{"descriptors", testDescriptors},
		{"inputs", testChangingInputs},
		{"idle", testNothingToDo},
		{"process", testProcessState},
		{"names", testNames},
		{"memory", testMemory},
	} {
		t.Run(group.name, func(t *testing.T) { group.test(t, binary) })
	}
}

// needStrace skips the test where no tracing is possible.
func needStrace(t *testing.T) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "strace", "-f", "-o", "/dev/null", "true").CombinedOutput()
	if err != nil {
		t.Skipf("strace, a Debian package, is missing or may not trace: %v %s", err, output)
	}
}
