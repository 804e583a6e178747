package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
)

// usage ends the script unless a command was called with least to most arguments.
func usage(ts *testscript.TestScript, neg bool, args []string, least, most int) {
	if neg || len(args) < least || len(args) > most {
		ts.Fatalf("wrong call: want %d to %d arguments, got %q", least, most, args)
	}
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 1000)
	err := ts.Exec(args[1], args[2:]...)
	if got := codeOf(ts, err); got != args[0] {
		ts.Fatalf("%s: exit code %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// codeOf returns the exit code that the error of a process stands for.
func codeOf(ts *testscript.TestScript, err error) string {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Check(err)
	}
	if exit != nil {
		return strconv.Itoa(exit.ExitCode())
	}
	return "0"
}

func scriptSignals(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 3, 1000)
	signal := map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGKILL": syscall.SIGKILL}[args[0]]
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"), "PARTNERSCORE_PERSON_KEY="+ts.Getenv("PARTNERSCORE_PERSON_KEY"))
	cmd.Stdout = ts.Stdout()
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	sent := false
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		_, err := fmt.Fprintln(ts.Stderr(), lines.Text())
		ts.Check(err)
		if !sent && strings.Contains(lines.Text(), "facts built") {
			ts.Check(cmd.Process.Signal(signal))
			sent = true
		}
	}
	if got := codeOf(ts, cmd.Wait()); got != args[1] || !sent {
		ts.Fatalf("exit code %s, want %s; signal sent: %t", got, args[1], sent)
	}
}

func scriptHolds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 1, 1)
	store, err := snapshot.Open(context.Background(), local.Places{}, ts.MkAbs(args[0]), "")
	ts.Check(err)
	release, err := store.Lock(context.Background(), 0, "run-of-somebody-else")
	ts.Check(err)
	ts.Defer(func() { ts.Check(release()) })
}

func scriptMonths(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 3, 3)
	from, err := scoring.ParseMonth(args[0])
	ts.Check(err)
	to, err := scoring.ParseMonth(args[1])
	ts.Check(err)
	filler := ts.ReadFile(args[2])
	for m := from; m <= to; m++ {
		dir := ts.MkAbs("exports/azure_usage/month=" + m.String())
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		ts.Check(os.MkdirAll(dir, 0o777))
		ts.Check(os.WriteFile(filepath.Join(dir, filepath.Base(args[2])), []byte(filler), 0o666))
	}
}

// scriptParquetToCSV prints text as it is and NULL as null.
func scriptParquetToCSV(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 1, 3)
	columns, condition := "*", "true"
	if len(args) > 1 {
		columns = args[1]
	}
	if len(args) > 2 {
		condition = args[2]
	}
	db, err := sql.Open("duckdb", "")
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	rows, err := db.Query(fmt.Sprintf("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT %s FROM read_parquet('%s', hive_partitioning = false) WHERE %s)",
		columns, ts.MkAbs(args[0]), condition))
	ts.Check(err)
	defer func() { ts.Check(rows.Close()) }()
	ts.Check(writeRows(ts, rows))
}

func writeRows(ts *testscript.TestScript, rows *sql.Rows) error {
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	out := csv.NewWriter(ts.Stdout())
	if err := out.Write(names); err != nil {
		return err
	}
	values, targets := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		record := make([]string, len(names))
		for i, v := range values {
			if record[i] = "null"; v.Valid {
				record[i] = v.String
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), rows.Err())
}

func scriptTree(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 1, 1)
	root := ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".lock" {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, err = fmt.Fprintf(ts.Stdout(), "%s %s\n", rel, info.ModTime())
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(ts.Stdout(), "%s %d %s %x\n", rel, info.Size(), info.ModTime(), sha256.Sum256(data))
		return err
	}))
}

func scriptIDs(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 1, 1)
	text := "MPNID,CustomerTenantId,ServiceLevel2,PartnerAttributionType,OfferType,ACR_USD\n"
	for i := range 1001 {
		text += fmt.Sprintf("7,tenant,Storage,PAL,offer-%d,1\n", i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

func scriptBroken(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 2)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	for i := range n {
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), fmt.Sprintf("broken-%02d.parquet", i)), []byte("no Parquet"), 0o666))
	}
}

func scriptDescribes(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, args, 2, 2)
	_, section, _ := strings.Cut(ts.ReadFile(args[0]), "\nColumns of --format csv")
	section, _, _ = strings.Cut(section, "\n\nExit codes:")
	words := strings.FieldsFunc(section, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[1]))).ReadAll()
	ts.Check(err)
	if len(rows) < 2 {
		ts.Fatalf("%s has no rows", args[1])
	}
	for i, name := range rows[0] {
		if !slices.Contains(words, name) {
			ts.Fatalf("%s does not describe the column %s", args[0], name)
		}
		for _, row := range rows[1:] {
			if slices.Contains([]string{"kind", "cause", "action"}, name) && row[i] != "" && !slices.Contains(words, row[i]) {
				ts.Fatalf("%s does not say what %s is in the column %s", args[0], row[i], name)
			}
		}
	}
}
