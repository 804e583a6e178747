package storage

import (
	"context"
	"errors"
)

// Check is one thing that a place of snapshots must be able to do.
type Check struct {
	Name string
	Err  error // nil where it can
}

// Checker is a store that has checks of its own. They are made while this run holds the lock, with objects below .staging.
type Checker interface {
	Checks(ctx context.Context, runID string) []Check
}

// SelfTest finds out whether a place can keep snapshots. It takes the lock, writes small files below .staging and removes them; nothing that is
// published is touched. It ends with the first check that fails.
func SelfTest(ctx context.Context, s Store, runID string) (checks []Check) {
	check := func(name string, do func() error) bool {
		err := do()
		checks = append(checks, Check{name, err})
		return err == nil
	}
	var w Writer
	if !check("list what is published", func() error { _, err := s.List(ctx, "_manifests"); return err }) ||
		!check("take the lock", func() (err error) { w, err = s.Lock(ctx, 0, runID); return err }) {
		return checks
	}
	if check("keep a second run out", func() error { return mustBeHeld(ctx, s, runID) }) &&
		check("stage a file, read it back and remove it", func() error { return stageProbe(ctx, w, runID) }) {
		if own, ok := s.(Checker); ok {
			checks = append(checks, own.Checks(ctx, runID)...)
		}
	}
	check("release the lock", w.Release)
	return checks
}

func mustBeHeld(ctx context.Context, s Store, runID string) error {
	w, err := s.Lock(ctx, 0, runID+"-second")
	var held *HeldError
	switch {
	case errors.As(err, &held):
		return nil
	case err != nil:
		return err
	}
	return errors.Join(&UnusableError{Root: s.Where(""), What: "a second run took the lock, too; choose another place"}, w.Release())
}

// stageProbe saves a file whose bytes no other test has written. What other runs have staged is left alone: a publish may be open.
func stageProbe(ctx context.Context, w Writer, runID string) (err error) {
	st, err := w.Stage(ctx, "self-test")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Remove(ctx)) }()
	probe := []byte("self-test of " + runID + "\n")
	if err := errors.Join(st.Write(ctx, "probe", probe), st.Save(ctx, "probe")); err != nil {
		return err
	}
	read, _, err := ReadFile(ctx, st, "probe")
	if err != nil {
		return err
	}
	if string(read) != string(probe) {
		return &UnusableError{Root: st.Where("probe"), What: "it has other bytes than were written; choose another place"}
	}
	return nil
}
