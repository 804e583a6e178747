package ingest

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

// DamagedError names the files that the engine cannot read, of several that it was to read together.
type DamagedError struct{ Files *exports.ContractError }

func (e *DamagedError) Error() string { return e.Files.Error() }

func (e *DamagedError) Unwrap() error { return e.Files }

// blame finds the file at fault when an engine stops. Each file is read in an engine of its own.
type blame struct{ engine warehouse.Options }

// explain converts an error of the engine while it read files into one that names the file at fault, if one is: a footer can be whole and a page
// behind it broken. The engine's own error about several files does not name the file.
func (b blame) explain(ctx context.Context, err error, parts func([]exports.File) []warehouse.Part, files []exports.File) error {
	var contract *exports.ContractError
	var changed *exports.ChangedError
	if damaged := b.oversizedReads(ctx, err, parts, files); damaged != nil {
		return damaged
	}
	if (warehouse.OutOfMemory(err) || warehouse.TooManyFiles(err)) && len(files) > 0 {
		return fmt.Errorf("read %s: %w", FilesInWords(files), err)
	}
	if ctx.Err() != nil || warehouse.OutOfMemory(err) || warehouse.TooManyFiles(err) || errors.As(err, &contract) || errors.As(err, &changed) {
		return err
	}
	for _, file := range files {
		if changed := exports.Unchanged(ctx, file); changed != nil {
			return changed
		}
	}
	var problems []exports.Problem
	for _, file := range files {
		fault, fatal := b.probe(ctx, parts([]exports.File{file}))
		if fatal != nil {
			return errors.Join(err, fatal)
		}
		if warehouse.TooManyFiles(fault) {
			return fmt.Errorf("read %s: %w", file.Rel, fault)
		}
		if fault != nil && !warehouse.OutOfMemory(fault) {
			problems = append(problems, unreadable(file, fault))
		}
	}
	if len(problems) == 0 || ctx.Err() != nil {
		return err
	}
	return &DamagedError{&exports.ContractError{Problems: problems}}
}

// maxMemoryPerByte is how much memory reading a byte of a file may take before the file is taken for damaged.
const maxMemoryPerByte = 1000

// oversizedReads returns an error that names the files which take more memory than their contents can need, nil if none does: a flipped bit in the
// size of a page asks for a terabyte. Each suspect file is read on its own, which needs almost no other memory.
func (b blame) oversizedReads(ctx context.Context, err error, parts func([]exports.File) []warehouse.Part, files []exports.File) error {
	var problems []exports.Problem
	size, _ := warehouse.MemoryWanted(err)
	for _, file := range files {
		if size <= maxMemoryPerByte*float64(file.Bytes) {
			continue
		}
		fault, fatal := b.probe(ctx, parts([]exports.File{file}))
		if fatal != nil {
			return nil
		}
		if size, text := warehouse.MemoryWanted(fault); size > maxMemoryPerByte*float64(file.Bytes) {
			problems = append(problems, exports.Problem{File: file.Rel, Month: file.Month,
				Message: fmt.Sprintf("the file is damaged inside: reading its %d bytes takes %s of memory or more", file.Bytes, text),
				Hint:    "export it again; if it is whole, allow as much with --memory-limit"})
		}
	}
	if len(problems) == 0 || ctx.Err() != nil {
		return nil
	}
	return &DamagedError{&exports.ContractError{Problems: problems}}
}

// probe reads every value of a part in an engine of its own, since an internal error spoils the engine it happens in. fault is what reading
// ended with.
func (b blame) probe(ctx context.Context, part []warehouse.Part) (fault, fatal error) {
	db, err := warehouse.Open(ctx, b.engine)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := db.Close(); fault == nil { // a spoiled engine fails once more when it is closed
			fatal = errors.Join(fatal, closing)
		}
	}()
	if err := db.View(ctx, "probed", part); err != nil {
		return err, nil
	}
	return db.Query(ctx, "results/probe", func(*sql.Rows) error { return nil }), nil
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
