package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
)

// damagedError names the files that the engine cannot read, of several that it was to read together.
type damagedError struct{ files *exports.ContractError }

// Error has one line per file.
func (e *damagedError) Error() string { return e.files.Error() }

// Unwrap returns the breach of the contract that it is.
func (e *damagedError) Unwrap() error { return e.files }

// explainEngine turns an error of the engine while it read files into one that names the file at fault, where one of them is: a footer can be
// whole and a page behind it broken. The engine's own error about several files names none of them.
func (r *run) explainEngine(ctx context.Context, err error, parts func([]exports.File) []warehouse.Part, files []exports.File) error {
	var contract *exports.ContractError
	var changed *exports.ChangedError
	if damaged := r.greedy(ctx, err, parts, files); damaged != nil {
		return damaged
	}
	if (OutOfMemory(err) || TooManyFiles(err)) && len(files) > 0 {
		return fmt.Errorf("read %s: %w", filesInWords(files), err)
	}
	if ctx.Err() != nil || OutOfMemory(err) || TooManyFiles(err) || errors.As(err, &contract) || errors.As(err, &changed) {
		return err
	}
	for _, file := range files {
		if changed := exports.Unchanged(ctx, file); changed != nil {
			return changed
		}
	}
	var problems []exports.Problem
	for _, file := range files {
		fault, fatal := r.probe(ctx, parts([]exports.File{file}))
		if fatal != nil {
			return errors.Join(err, fatal)
		}
		if TooManyFiles(fault) {
			return fmt.Errorf("read %s: %w", file.Rel, fault)
		}
		if fault != nil && !OutOfMemory(fault) {
			problems = append(problems, unreadable(file, fault))
		}
	}
	if len(problems) == 0 || ctx.Err() != nil {
		return err
	}
	return &damagedError{&exports.ContractError{Problems: problems}}
}

// greed is how many times its own size of memory a file may take before it is taken for damaged.
const greed = 1000

// greedy returns an error that names the files which take more memory than what is in them can be, nil where none does: a flipped bit in the
// size of a page asks for a terabyte. Each file that may be one is read on its own, which takes the engine next to no memory besides.
func (r *run) greedy(ctx context.Context, err error, parts func([]exports.File) []warehouse.Part, files []exports.File) error {
	var problems []exports.Problem
	size, _ := warehouse.MemoryWanted(err)
	for _, file := range files {
		if size <= greed*float64(file.Bytes) {
			continue
		}
		fault, fatal := r.probe(ctx, parts([]exports.File{file}))
		if fatal != nil {
			return nil
		}
		if size, text := warehouse.MemoryWanted(fault); size > greed*float64(file.Bytes) {
			problems = append(problems, exports.Problem{File: file.Rel, Month: file.Month,
				Message: fmt.Sprintf("the file is damaged inside: reading its %d bytes takes %s of memory or more", file.Bytes, text),
				Hint:    "export it again; if it is whole, allow as much with --memory-limit"})
		}
	}
	if len(problems) == 0 || ctx.Err() != nil {
		return nil
	}
	return &damagedError{&exports.ContractError{Problems: problems}}
}

// filesInWords names the first of some files and counts the others.
func filesInWords(files []exports.File) string {
	if len(files) == 1 {
		return files[0].Rel
	}
	return fmt.Sprintf("%s and %d more", files[0].Rel, len(files)-1)
}

// probe reads every value of a part in an engine of its own, since an internal error spoils the engine it happens in. fault is what reading
// ended with.
func (r *run) probe(ctx context.Context, part []warehouse.Part) (fault, fatal error) {
	db, err := warehouse.Open(ctx, r.engineOptions())
	if err != nil {
		return nil, err
	}
	defer func() { fatal = errors.Join(fatal, ignoreSpoiled(fault, db.Close())) }()
	if err := db.View(ctx, "probed", part); err != nil {
		return err, nil
	}
	return db.Query(ctx, "results/probe", func(*sql.Rows) error { return nil }), nil
}

// ignoreSpoiled drops the error of closing an engine that a fault has spoiled.
func ignoreSpoiled(fault, closing error) error {
	if fault != nil {
		return nil
	}
	return closing
}

// unreadable names a file that the engine cannot read. What the engine says may quote a value, so it is left out where values are people.
func unreadable(file exports.File, fault error) exports.Problem {
	p := exports.Problem{File: file.Rel, Month: file.Month, Message: "the file is damaged inside and cannot be read to its end",
		Hint: "export it again, or copy it again if the copy was interrupted"}
	if file.Table != schema.Certifications {
		if engine := errors.Unwrap(fault); engine != nil { // without the statement it happened in
			fault = engine
		}
		text, _, _ := strings.Cut(fault.Error(), "\n")
		p.Message += ": " + text
	}
	return p
}
