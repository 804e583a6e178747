package connect

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"partnerscore/jobs/internal/fault"
)

// server opens a session on the server of the tests.
func server(t *testing.T) *Session {
	t.Helper()
	text := os.Getenv("PARTNERSCORE_TEST_SPARK")
	if text == "" {
		t.Skip("PARTNERSCORE_TEST_SPARK names no Spark Connect server, like sc://127.0.0.1:15002")
	}
	remote, err := ParseRemote(text, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), remote)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestQuery: a large result arrives in batches, and rows of the program can be asked for.
func TestQuery(t *testing.T) {
	s := server(t)
	if !strings.HasPrefix(s.Version(), "4.") {
		t.Errorf("version %q", s.Version())
	}
	rows, batches := int64(0), 0
	err := s.Query(t.Context(), "SELECT id, repeat('x', 100) AS text FROM range(200000)", func(b arrow.RecordBatch) error {
		rows, batches = rows+b.NumRows(), batches+1
		return nil
	})
	if err != nil || rows != 200_000 || batches < 2 {
		t.Errorf("%d rows in %d batches, %v", rows, batches, err)
	}
	of := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil))
	of.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 2, 39}, nil)
	record := of.NewRecordBatch()
	if err := s.Table(t.Context(), "numbers", array.NewTableFromRecords(record.Schema(), []arrow.RecordBatch{record})); err != nil {
		t.Fatal(err)
	}
	sum := ""
	if err := s.Query(t.Context(), "SELECT sum(n) FROM numbers", func(b arrow.RecordBatch) error {
		sum = b.Column(0).ValueStr(0)
		return nil
	}); err != nil || sum != "42" {
		t.Errorf("sum %s, %v", sum, err)
	}
}

// TestErrors: an error has class and state, and neither statement nor value; the session goes on.
func TestErrors(t *testing.T) {
	s := server(t)
	err := s.Exec(t.Context(), "SELECT secret_column FROM range(1)")
	if text := err.Error(); !strings.Contains(text, "UNRESOLVED_COLUMN") || !strings.Contains(text, "SQLSTATE 42703") || strings.Contains(text, "secret") {
		t.Errorf("error %q", text)
	}
	if class := ClassOf(err); !strings.HasPrefix(class, "UNRESOLVED_COLUMN") {
		t.Errorf("class %q", class)
	}
	err = s.Query(t.Context(), "SELECT CAST(concat('secret', id) AS INT) FROM range(1)", func(arrow.RecordBatch) error { return nil })
	if text := err.Error(); !strings.Contains(text, "CAST_INVALID_INPUT") || strings.Contains(text, "secret") {
		t.Errorf("error %q", text)
	}
	full := errors.New("no room")
	if err := s.Query(t.Context(), "SELECT id FROM range(1000000)", func(arrow.RecordBatch) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if err := s.Exec(t.Context(), "SELECT 1"); err != nil {
		t.Error(err)
	}
}

// endless is a query that no server finishes.
const endless = "SELECT count(*) FROM range(0, 3000000) a JOIN range(0, 3000000) b ON hash(a.id) % 7 < hash(b.id) % 5"

// TestCancel: when the context ends, the call ends with its cause in time, and the query is gone from the server, which answers at once.
func TestCancel(t *testing.T) {
	s := server(t)
	why := errors.New("pulled the plug")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(2*time.Second, func() { cancel(why) })
	begun := time.Now()
	err := s.Query(ctx, endless, func(arrow.RecordBatch) error { return nil })
	if took := time.Since(begun); !errors.Is(err, why) || took > 7*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	if err := s.Exec(t.Context(), "SELECT 1"); err != nil {
		t.Error(err)
	}
}

// TestSilent: a statement of which nothing comes is given up; one that goes on is not, however long it takes.
func TestSilent(t *testing.T) {
	s := server(t)
	s.link.patience = 5 * time.Second
	begun := time.Now()
	err := s.Query(t.Context(), endless, func(arrow.RecordBatch) error { return nil })
	var away *AwayError
	if took := time.Since(begun); !errors.As(err, &away) || !strings.Contains(err.Error(), "nothing has come of a statement for 5s") || took > 15*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	begun = time.Now()
	if err := s.Query(t.Context(), "SELECT max(hash(id, id)) FROM range(0, 1200000000, 1, 40)", func(arrow.RecordBatch) error { return nil }); err != nil {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
}

// TestAway: a server that is not there is reported at once.
func TestAway(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	closed.Close()
	remote, err := ParseRemote("sc://"+address+"/;use_ssl=false", "secret-token")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), remote)
	var away *AwayError
	if !errors.As(err, &away) || fault.Of(err) != fault.Internal || !strings.Contains(err.Error(), address) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}
