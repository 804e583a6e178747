package warehouse

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"partnerscore/jobs/internal/machine"
)

// TestWithin: a statement that writes too much is stopped while it writes, or told of at its end; other errors come through.
func TestWithin(t *testing.T) {
	db := engine(t)
	dir, err := db.Folder()
	if err != nil {
		t.Fatal(err)
	}
	save(t, "0123456789", dir, "a")
	var room *RoomError
	if err := db.Within(t.Context(), dir, 10, func(context.Context) error { return nil }); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	if err := db.Within(t.Context(), dir, 9, func(context.Context) error { return nil }); !errors.As(err, &room) || room.Limit != 9 {
		t.Errorf("too much at the end: %v", err)
	}
	err = db.Within(t.Context(), dir, 10, func(ctx context.Context) error {
		save(t, "more", dir, "sub", "b")
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Minute):
			return errors.New("nobody stops it")
		}
	})
	if !errors.As(err, &room) {
		t.Errorf("too much on the way: %v", err)
	}
	own := errors.New("own")
	if err := db.Within(t.Context(), dir, 1<<20, func(context.Context) error { return own }); !errors.Is(err, own) {
		t.Errorf("another error: %v", err)
	}
	query := "COPY (SELECT range AS i, hash(range) AS h FROM range(200000000)) TO " + literal(filepath.Join(dir, "big.parquet")) + " (FORMAT parquet)"
	err = db.Within(t.Context(), dir, 1<<20, func(ctx context.Context) error { return db.run(ctx, query) })
	if !errors.As(err, &room) {
		t.Errorf("a statement: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "big.parquet")); err == nil && info.Size() > 1<<30 {
		t.Errorf("it wrote %d bytes", info.Size())
	}
}

// TestViewOfDays: rows are numbered as they stand in their file, those of other days are left out, and a slice reads as the file does.
func TestViewOfDays(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(t.Context(), Options{Limits: machine.Limits{Threads: 1, MemoryLimit: 512 << 20, TempDir: t.TempDir(), MaxTemp: 1 << 30}, Directories: []string{dir}, Inputs: true, InOrder: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := save(t, "id,day\na,2024-06-01\nb,2024-05-31\nc,soon\nd,2024-06-30\ne,2024-07-01\nf,0001-01-01\n", dir, "x.csv")
	part := Part{Paths: []string{path}, Text: &TextFormat{Delimiter: ',', Columns: 2}, Columns: []Column{{Name: "id", Physical: TextColumn(0)},
		{Name: "usage_day", Physical: TextColumn(1), Macro: "day_of_text", Arguments: []string{"mdy"}, AsText: true}, {Name: "none"}, {Name: "same", Constant: "it's"}}}
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		unread bool
		want   string
	}{{false, "a0 d3"}, {true, "a0 c2 d3 f5"}} {
		part.Days = &Days{Column: "usage_day", First: day("2024-06-01"), Last: day("2024-06-30"), Unread: c.unread}
		if err := db.View(t.Context(), "v", []Part{part}); err != nil {
			t.Fatal(err)
		}
		if got := column(t, db, "SELECT string_agg(id || file_row, ' ' ORDER BY file_row) FROM v"); got[0] != c.want {
			t.Errorf("unread %v: %q, want %q", c.unread, got[0], c.want)
		}
		if got := column(t, db, "SELECT count(*)::VARCHAR FROM v WHERE usage_day IS NULL"); c.unread && got[0] != "2" {
			t.Errorf("%s rows without a day", got[0])
		}
	}
	slice := filepath.Join(dir, "slice.parquet")
	if err := db.run(t.Context(), "COPY (SELECT * FROM v) TO "+literal(slice)+" (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	sliced := Part{Paths: []string{slice}, Sliced: true, Columns: []Column{{Name: "id", Physical: "id", AsIs: true},
		{Name: "usage_day", Physical: "usage_day", AsIs: true}, {Name: "none"}, {Name: "same", Constant: "it's"}}}
	if err := db.View(t.Context(), "s", []Part{sliced}); err != nil {
		t.Fatal(err)
	}
	if got := column(t, db, "SELECT count(*)::VARCHAR FROM ((SELECT * FROM v EXCEPT SELECT * FROM s) UNION ALL (SELECT * FROM s EXCEPT SELECT * FROM v))"); got[0] != "0" {
		t.Errorf("%s rows differ", got[0])
	}
}
