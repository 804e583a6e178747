package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"partnerscore/jobs/internal/warehouse"
)

// EngineVersion returns the version of the SQL engine in this program, like "v1.5.5". It touches no file.
func EngineVersion(ctx context.Context) (version string, err error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return "", fmt.Errorf("start the SQL engine: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.QueryRowContext(ctx, "SELECT version()").Scan(&version); err != nil {
		return "", fmt.Errorf("version of the SQL engine: %w", err)
	}
	return version, nil
}

// Limits are what a run may use of the machine.
type Limits = warehouse.Limits

// OutOfMemory reports whether an error says that the SQL engine had too little memory or room for temporary files.
func OutOfMemory(err error) bool { return warehouse.OutOfMemory(err) }

// TooMuchTemp reports whether an error says that temporary files would take more room than --max-temp allows.
func TooMuchTemp(err error) bool {
	var room *warehouse.RoomError
	return errors.As(err, &room)
}

// TooManyFiles reports whether an error says that this process may open no more files.
func TooManyFiles(err error) bool { return warehouse.TooManyFiles(err) }

// NoRoom reports whether an error says that a disk is full, but for one that says what to do itself.
func NoRoom(err error) bool { return warehouse.NoRoom(err) }
