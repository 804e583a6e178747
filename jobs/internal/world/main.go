package world

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
)

// ChildEnv makes the test binary score one month and exit: some of what must not matter belongs to a process.
const ChildEnv = "PARTNERSCORE_TEST_SCORE"

// Main runs the tests of a package that scores worlds, and removes what they share. It returns the exit code.
func Main(m *testing.M) int {
	flag.Parse()
	if child := os.Getenv(ChildEnv); child != "" {
		return scoreChild(strings.Split(child, "|"))
	}
	checks := "1" // one check scores a month a dozen times, which takes seconds
	if Long {
		checks = "4"
	}
	if flag.Lookup("rapid.checks") != nil {
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	for _, folder := range []func() (string, error){seeds[false], seeds[true], ScoredSamples} {
		if path, err := folder(); err != nil || os.RemoveAll(path) != nil {
			code = 1
		}
	}
	return code
}

func scoreChild(args []string) int {
	threads, err := strconv.Atoi(args[2])
	if err != nil {
		panic(err)
	}
	opt := Options(args[0], args[1], args[3])
	opt.Threads = threads
	if _, err := months.Score(context.Background(), opt, June); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
