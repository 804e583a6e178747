// Package warehouse runs the embedded statements of package sql in one locked-down, in-memory DuckDB.
//
// A warehouse is one connection: temporary tables and views live as long as it does. Beside opens others to the same engine. Everything the engine
// may read or write is named when it is opened; afterwards no other file, no extension and no network is within its reach.
package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/fault"
	statements "partnerscore/sql"
)

// libraryVersion is the DuckDB that the statements were tested on: go.mod names the module that brings it, but a build can link another one.
const libraryVersion = "v1.5.5"

// DB is an open warehouse. It is for one goroutine at a time.
type DB struct {
	pool *sql.DB
	conn *sql.Conn
	temp *Scratch
	// beside tells that pool and temp are those of another DB.
	beside  bool
	folders []string // for files, of this connection
	// inOrder tells that rows of text are numbered.
	inOrder bool
}

// Open starts an engine within the limits of opt. The caller closes it.
func Open(ctx context.Context, opt Options) (*DB, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("start the SQL engine: %w", err)
	}
	db := &DB{pool: sql.OpenDB(connector), inOrder: opt.InOrder}
	db.pool.SetMaxIdleConns(0) // a connection that is used again would have the temporary tables of its last user
	if err := db.start(ctx, opt); err != nil {
		return nil, errors.Join(fmt.Errorf("start the SQL engine: %w", err), db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context, opt Options) error {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	db.conn = conn
	if db.temp, err = NewScratch(opt.TempDir); err != nil {
		return err
	}
	version, err := db.Version(ctx)
	if err != nil {
		return err
	}
	if err := checkLibrary(version); err != nil {
		return err
	}
	settings, err := opt.settings(db.temp.path)
	if err != nil {
		return err
	}
	for _, s := range settings {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	for _, name := range opt.macros() {
		if err := db.Exec(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// checkLibrary refuses another DuckDB than the one that the statements were tested on.
func checkLibrary(version string) error {
	if version == libraryVersion {
		return nil
	}
	return fmt.Errorf("the linked library is DuckDB %s, and this program is made for %s: what they compute may differ; build it with the "+
		"duckdb-go that go.mod names", version, libraryVersion)
}

// macros are the functions that statements use, each after those it uses itself.
func (o Options) macros() []string {
	names := []string{"blank", "trimmed", "squeezed", "folded", "titled"}
	if o.Inputs {
		names = append(names, "guid", "resource", "identified", "id_of_double", "own_partner", "own_account",
			"moved_point", "amount_of_exponent", "amount_of_text", "amount_of_separated", "amount_of_decimal", "amount_of_double",
			"day_of_time", "day_of_text", "day_of_month_text", "slash_order", "known_day")
	}
	for i, name := range names {
		names[i] = "macros/" + name
	}
	return names
}

// Beside opens another connection to the engine of db. It has what db has but temporary tables and views, and may be used at the same time. The
// caller closes it before db.
func Beside(ctx context.Context, db *DB) (*DB, error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open another connection to the SQL engine: %w", err)
	}
	return &DB{pool: db.pool, conn: conn, temp: db.temp, inOrder: db.inOrder, beside: true}, nil
}

// Close ends the connection, and with the first one the engine, and removes its temporary files.
func (db *DB) Close() error {
	var errs []error
	if db.conn != nil {
		errs = append(errs, db.conn.Close())
	}
	if db.beside {
		for _, dir := range db.folders {
			errs = append(errs, RemoveFolder(dir))
		}
		return errors.Join(errs...)
	}
	errs = append(errs, db.pool.Close())
	if db.temp != nil {
		errs = append(errs, db.temp.Close())
	}
	return errors.Join(errs...)
}

// Exec runs the statement of that name, "facts/usage_total", with its arguments.
func (db *DB) Exec(ctx context.Context, name string, args ...any) error {
	text, err := statements.Statement(name)
	if err != nil {
		return err
	}
	if _, err := db.conn.ExecContext(ctx, text, args...); err != nil {
		return fmt.Errorf("%s: %w", name, cause(ctx, err))
	}
	return nil
}

// ExecAll runs statements without arguments, one after the other.
func (db *DB) ExecAll(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := db.Exec(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// Drop removes tables and frees their memory. A table that does not exist is not an error.
func (db *DB) Drop(ctx context.Context, tables ...string) error {
	for _, name := range tables {
		if _, err := db.conn.ExecContext(ctx, "DROP TABLE IF EXISTS "+identifier(name)); err != nil {
			return fmt.Errorf("drop table %s: %w", name, cause(ctx, err))
		}
	}
	return nil
}

// Query runs the statement of that name and calls scan for every row of its result.
func (db *DB) Query(ctx context.Context, name string, scan func(*sql.Rows) error, args ...any) error {
	text, err := statements.Statement(name)
	if err != nil {
		return err
	}
	return db.query(ctx, name, text, scan, args...)
}

func (db *DB) query(ctx context.Context, name, text string, scan func(*sql.Rows) error, args ...any) (err error) {
	rows, err := db.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, cause(ctx, err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }() // an open result makes closing the connection hang
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: read result: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, cause(ctx, err))
	}
	return nil
}

// Violations runs a statement that returns no row when all is well and returns its first rows as text, column names included.
func (db *DB) Violations(ctx context.Context, name string, args ...any) ([]string, error) {
	var found []string
	err := db.Query(ctx, name, func(rows *sql.Rows) error {
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		var parts []string
		for i, v := range values {
			parts = append(parts, fmt.Sprintf("%s=%v", names[i], *v.(*any)))
		}
		found = append(found, strings.Join(parts, " "))
		return nil
	}, args...)
	return found, err
}

// Append writes rows into a table of the warehouse: fill calls add once per row, with a value per column.
func (db *DB) Append(ctx context.Context, table string, fill func(add func(values ...driver.Value) error) error) error {
	return db.conn.Raw(func(raw any) (err error) {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", table)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		defer func() { err = errors.Join(err, appender.Close()) }()
		if err := fill(appender.AppendRow); err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		return ctx.Err()
	})
}

// Version is the version of the engine, like "v1.5.5".
func (db *DB) Version(ctx context.Context) (version string, err error) {
	err = db.query(ctx, "version", "SELECT version()", func(rows *sql.Rows) error { return rows.Scan(&version) })
	return version, err
}

// Spilled tells how many bytes of temporary files the engine holds at this moment.
func (db *DB) Spilled() (bytes int64, err error) { return folderSize(db.temp.path) }

// cause prefers the reason for which ctx ended: the engine only knows that it was interrupted.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &discreetError{err}
}

// discreetError is an error of the engine without what it quotes: that may be a value, and a value may name a tenant or a person.
type discreetError struct{ err error }

// Error keeps paths, because nobody can act without knowing the file.
func (e *discreetError) Error() string {
	quoted := regexp.MustCompile(`"[^"\n]*"|\B'[^'\n]*'`)
	text, _, _ := strings.Cut(e.err.Error(), "\n") // the lines below show the data
	return quoted.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found[1:], "/") && !strings.Contains(found, "/subscriptions/") {
			return found
		}
		return found[:1] + "…" + found[:1]
	})
}

// Unwrap returns the error as the engine gave it.
func (e *discreetError) Unwrap() error { return e.err }

// FaultKind is fault.Internal.
func (e *discreetError) FaultKind() string { return fault.Internal }

// FaultAdvice says what to do when the engine ran out of memory, room or files. What the engine itself advises are settings that users cannot set.
func (e *discreetError) FaultAdvice() string {
	var engine *duckdb.Error
	switch {
	case OutOfMemory(e.err):
		return "allow more with --memory-limit, use fewer --threads, or name a folder with more room with --temp-dir"
	case TooManyFiles(e.err):
		return fault.NoFilesAdvice
	case diskFull(e.err), errors.As(e.err, &engine) && engine.Type == duckdb.ErrorTypeIO &&
		(strings.Contains(engine.Msg, "No space left on device") || strings.Contains(engine.Msg, "Disk quota exceeded")):
		return fault.NoRoomAdvice
	default:
		return ""
	}
}

// OutOfMemory reports whether an error says that the engine had too little memory or room for temporary files.
func OutOfMemory(err error) bool {
	var engine *duckdb.Error
	return errors.As(err, &engine) && engine.Type == duckdb.ErrorTypeOutOfMemory
}

// TooManyFiles reports whether an error says that this process may open no more files.
func TooManyFiles(err error) bool {
	var engine *duckdb.Error
	return errors.As(err, &engine) && engine.Type == duckdb.ErrorTypeIO && strings.Contains(engine.Msg, "Too many open files")
}

// MemoryWanted returns how much memory the engine held or asked for at once when it ran out of it, whichever is more, in bytes and as the
// engine says it; 0 where an error does not tell.
func MemoryWanted(err error) (size float64, text string) {
	if !OutOfMemory(err) {
		return 0, ""
	}
	found := regexp.MustCompile(`failed to allocate data of size ([0-9.]+ (?:bytes|[KMGTPE]iB)) \(([0-9.]+ (?:bytes|[KMGTPE]iB))/`).FindStringSubmatch(err.Error())
	for _, amount := range found[min(1, len(found)):] {
		if n := bytesOf(amount); n > size {
			size, text = n, amount
		}
	}
	return size, text
}

// bytesOf reads an amount of memory as the engine writes it; 0 when there is none.
func bytesOf(amount string) float64 {
	number, unit, _ := strings.Cut(amount, " ")
	size, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	for range strings.Index("bKMGTPE", unit[:1]) {
		size *= 1024
	}
	return size
}

// diskFull reports whether the system refused a write because a disk or a quota is full.
func diskFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }

// EngineVersion returns the version of the SQL engine in this program, like "v1.5.5". It starts none.
func EngineVersion() string { return mapping.LibraryVersion() }
