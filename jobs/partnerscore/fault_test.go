package main

import (
	"os"
	"os/exec"
	"testing"
)

// everyPoint tells that every point of every loop is visited: that takes most of an hour.
var everyPoint = os.Getenv("PARTNERSCORE_TEST_LONG") == "all"

// longFaults tells that all loops run, over a share of their points at least; without it a few points of some.
var longFaults = os.Getenv("PARTNERSCORE_TEST_LONG") != ""

// TestFaults runs the program as users do, as a process, and lets it meet what reliability is about: kills, full disks, other runs,
// readers, odd names. The groups share nothing; a group that is not quick runs only where every point is visited.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program many times")
	}
	binary, err := exec.LookPath("partnerscore") // TestMain has put it there: these tests under another name
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range []struct {
		name  string
		quick bool
		test  func(t *testing.T, binary string)
	}{
		{"kill", true, testKills},
		{"error", true, testErrors},
		{"full", true, testFullDisks},
		{"temp", false, testTempFolders},
		{"signal", false, testSignals},
		{"pipe", false, testClosedPipes},
		{"two runs", false, testTwoRuns},
		{"facts", false, testFacts},
		{"readers", false, testReaders},
		{"descriptors", false, testDescriptors},
		{"inputs", false, testChangingInputs},
		{"reads", true, testReads},
		{"process", false, testProcessState},
		{"names", false, testNames},
		{"memory", false, testMemory},
	} {
		t.Run(group.name, func(t *testing.T) {
			if !group.quick && !longFaults {
				t.Skip("takes long; PARTNERSCORE_TEST_LONG=1 runs it")
			}
			t.Parallel()
			group.test(t, binary)
		})
	}
}

// share chooses every n-th point of a loop, by its number; all where every point is visited.
func share(i, n int) bool { return everyPoint || i%n == 0 }

// needStrace skips the test where no tracing is possible.
func needStrace(t *testing.T) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "strace", "-f", "-o", "/dev/null", "true").CombinedOutput()
	if err != nil {
		t.Skipf("strace, a Debian package, is missing or may not trace: %v %s", err, output)
	}
}

// onlyLong skips a test that takes seconds and proves again, over the whole program, what shorter ones prove of its parts.
func onlyLong(t *testing.T) {
	t.Helper()
	if !longFaults {
		t.Skip("takes seconds; PARTNERSCORE_TEST_LONG=1 runs it")
	}
}
