package world

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
)

// Must fails the test on an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Flip turns one bit in the middle of a file and leaves its size and times.
func Flip(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	Must(t, err)
	data, err := os.ReadFile(path)
	Must(t, err)
	data[len(data)/3] ^= 4
	Must(t, os.WriteFile(path, data, 0o644))
	Must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
}

// Warnings are the lines of a log that warn.
func Warnings(log string) string {
	var lines []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, "level=WARN") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// Undoubted returns the tables of a run; where only a doubt about two deliveries makes it provisional, as if it were not: whether a file of a few rows
// looks like another delivery is a matter of how rows are dealt to files.
func Undoubted(r Result) map[string][]Row {
	for _, reason := range r.Provisional {
		if !strings.Contains(reason, "may hold the same usage as") {
			return r.Tables
		}
	}
	for _, s := range r.Tables[snapshot.Scores] {
		s["provisional"] = "false"
	}
	return r.Tables
}

// Hash is the SHA-256 of a file as manifests write it, and its size.
func Hash(path string) (sum string, size int64, err error) {
	content, err := os.ReadFile(path)
	return fmt.Sprintf("%x", sha256.Sum256(content)), int64(len(content)), err
}
