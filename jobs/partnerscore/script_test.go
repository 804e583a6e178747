package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"partnerscore": main})
}

// TestScript runs the scripts of testdata/script. They may use, besides the usual commands:
//
//	exits CODE COMMAND…              run a command that must end with that exit code
//	signals NAME CODE COMMAND…       run a command, send it the signal once it has built facts; it must end with that exit code,
//	                                 -1 after SIGKILL
//	holds DIR                        hold the lock of a snapshots folder for the rest of the script
//	months FROM TO FILE              put FILE into every usage month of exports/ that is not there yet
//	parquet2csv FILE [COLUMNS [IF]]  print columns of a table as CSV, of the rows for which IF is true
//	tree DIR                         print every file but .lock with its size, time and hash
//	untimed FILE                     write FILE to the file untimed, without the times that months took and what else differs from run to run
//	flips FILE N                     flip the lowest bit of byte N
//	replace OLD NEW FILE             replace a text, which must be there, wherever it stands
//	broken DIR N                     write N broken files into DIR
//	ids FILE                         write usage of 1,001 rows, each with another offer
//	shared COMMAND…                  run a command that publishes to snapshots/, once for all scripts with the same command, person key and exports:
//	                                 the others get a copy
//	describes HELP CSV               check that a command's help describes the columns of its CSV, and every value of kind, cause and action
//	passoff DIR TARGET               put the facts in DIR into TARGET as if they were made from what the facts there are made from
//
// The condition [long] holds where PARTNERSCORE_TEST_LONG is 1, as in CI: scripts and ends of scripts that take seconds ask for it. What they prove
// is proved in short by tests of the packages.
//
// SAMPLES is the folder of the sample exports. With UPDATE_SCRIPTS=1 the expected outputs are rewritten.
func TestScript(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Abs("../../samples/exports")
	if err != nil {
		t.Fatal(err)
	}
	shared := &sharedRuns{root: t.TempDir(), runs: map[string]*sharedRun{}}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "long" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return longFaults, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":       scriptExits,
			"signals":     scriptSignals,
			"holds":       scriptHolds,
			"months":      scriptMonths,
			"parquet2csv": scriptParquetToCSV,
			"tree":        scriptTree,
			"untimed":     scriptUntimed,
			"flips":       scriptFlips,
			"replace":     scriptReplace,
			"passoff":     scriptPassOff,
			"shared":      shared.command,
			"broken":      scriptBroken,
			"ids":         scriptIDs,
			"describes":   scriptDescribes,
		},
	})
}
