package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// sharedRuns are the runs that many scripts begin with. Each is made once; the other scripts get copies of the snapshots that it published, and of
// what it printed.
type sharedRuns struct {
	root  string
	mutex sync.Mutex
	runs  map[string]*sharedRun
}

// sharedRun is one of them, once it is done.
type sharedRun struct {
	once           sync.Once
	err            error
	snapshots      string
	stdout, stderr string
}

// command is the command "shared" of scripts. A run is the same as another if it has the same arguments, person key and exports.
func (s *sharedRuns) command(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 1000)
	target := ts.MkAbs("snapshots")
	if isThere(target) {
		ts.Fatalf("shared: there are snapshots already")
	}
	exports, err := treeHash(ts.MkAbs("exports"))
	ts.Check(err)
	key := strings.Join(append(args, ts.Getenv("PARTNERSCORE_PERSON_KEY"), exports), "\x00")
	run, made := s.find(key), false
	run.once.Do(func() {
		made = true
		if run.err = ts.Exec(args[0], args[1:]...); run.err == nil {
			run.stdout, run.stderr = ts.ReadFile("stdout"), ts.ReadFile("stderr")
			run.err = os.CopyFS(run.snapshots, os.DirFS(target))
		}
	})
	ts.Check(run.err)
	if made {
		return
	}
	_, out := fmt.Fprint(ts.Stdout(), run.stdout)
	_, log := fmt.Fprint(ts.Stderr(), run.stderr)
	ts.Check(errors.Join(out, log, os.CopyFS(target, os.DirFS(run.snapshots))))
}

// find returns the run of a key, which may have been made or not.
func (s *sharedRuns) find(key string) *sharedRun {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	run := s.runs[key]
	if run == nil {
		run = &sharedRun{snapshots: filepath.Join(s.root, fmt.Sprint(len(s.runs)))}
		s.runs[key] = run
	}
	return run
}

// treeHash is the hash of the names and contents of the files below a folder, which need not be there.
func treeHash(root string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil {
			_, err = fmt.Fprintf(sum, "%s %x\n", strings.TrimPrefix(path, root), sha256.Sum256(data))
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}
