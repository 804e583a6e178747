package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// tookTime finds how long a month took, in a table and in JSON, and what differs from run to run in a log.
var tookTime = regexp.MustCompile(`(?m) +[0-9]+\.[0-9] s$|"seconds": [0-9.e-]+$|\b(time|elapsed_seconds|run_id)=[^ \n]+`)

func scriptUntimed(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 1, 1)
	text := tookTime.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(found string) string {
		if found[0] == '"' {
			return `"seconds": 0`
		}
		if name, _, logged := strings.Cut(found, "="); logged {
			return name + "=?"
		}
		return fmt.Sprintf("%*s", len(found), "?.? s")
	})
	ts.Check(os.WriteFile(ts.MkAbs("untimed"), []byte(text), 0o666))
}

func scriptFlips(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 2)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	data[n] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

func scriptReplace(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 3, 3)
	text := ts.ReadFile(args[2])
	if !strings.Contains(text, args[0]) {
		ts.Fatalf("%s has no %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.ReplaceAll(text, args[0], args[1])), 0o666))
}

// madeFrom finds what facts say that they were made from.
var madeFrom = regexp.MustCompile(`"fingerprint": "[0-9a-f]{64}"`)

func scriptPassOff(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 2)
	source, target := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	claim := madeFrom.FindString(ts.ReadFile(filepath.Join(target, "facts.json")))
	ts.Check(os.RemoveAll(target))
	ts.Check(os.CopyFS(target, os.DirFS(source)))
	facts := filepath.Join(target, "facts.json")
	text := madeFrom.ReplaceAllString(ts.ReadFile(facts), claim)
	ts.Check(os.WriteFile(facts, []byte(text), 0o666))
}
