package warehouse

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oddNames are file names that a pattern, a shell or a statement would read as something else. Some match others as patterns.
func oddNames() []string {
	return []string{
		"a.x", "a[1].x", "a1.x", "*.x", "?.x", "b*.x", "bcd.x", "[ab].x", "[!a].x", "[[]1].x", "{a,b}.x", "it's.x", `say "hi".x`, "a;DROP TABLE t;.x", "a--b.x",
		"$1.x", "$HOME.x", "a\nb.x", "a\tb.x", " a.x", "a .x", "#a.x", "%41.x", "a%2Fb.x", "~.x", "a\\b.x", "😀.x", "ümlaut.x", "u\u0308mlaut.x", "month=2024-07.x",
		"**.x", "-a.x", "file:a.x", "a?b=c.x", "a&b.x", "`a`.x", "!a.x", "').x", "'||'a.x", "\u202ea.x",
	}
}

// TestFilesWithOddNames: a file is read as itself, and only itself, in a folder where patterns would find many others.
func TestFilesWithOddNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "odd 'dir';-- $1 😀")
	text, parquet := filepath.Join(dir, "text"), filepath.Join(dir, "parquet")
	db := engine(t, dir)
	if err := os.MkdirAll(parquet, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, name := range oddNames() {
		value := string(rune('A' + i))
		save(t, "id\n\""+value+"\"\n", text, name)
		made := filepath.Join(parquet, "made")
		if err := db.run(t.Context(), "COPY (SELECT "+literal(value)+" AS id) TO "+literal(made)+" (FORMAT parquet)"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(made, filepath.Join(parquet, name)); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range oddNames() {
		want := []string{string(rune('A' + i))}
		for folder, part := range map[string]Part{
			text:    {Columns: []Column{{Name: "id", Physical: TextColumn(0)}}, Text: &TextFormat{Delimiter: ',', Columns: 1}},
			parquet: {Columns: []Column{{Name: "id", Physical: "id"}}},
		} {
			part.Paths = []string{filepath.Join(folder, name)}
			if err := db.View(t.Context(), "v", []Part{part}); err != nil {
				t.Errorf("%q: %v", name, err)
				continue
			}
			if diff := cmp.Diff(want, column(t, db, "SELECT id FROM v")); diff != "" {
				t.Errorf("%q in %s (-want +got):\n%s", name, filepath.Base(folder), diff)
			}
		}
		if err := db.FileView(t.Context(), "f", filepath.Join(parquet, name)); err != nil {
			t.Errorf("FileView %q: %v", name, err)
		} else if diff := cmp.Diff(want, column(t, db, "SELECT id FROM f")); diff != "" {
			t.Errorf("FileView %q (-want +got):\n%s", name, diff)
		}
	}
	var all []string
	for _, name := range oddNames() {
		all = append(all, filepath.Join(parquet, name))
	}
	var got []string
	for _, path := range Paths(all) {
		got = append(got, literal(path))
	}
	rows := column(t, db, "SELECT count(*) || ' ' || count(DISTINCT id) FROM read_parquet(["+join(got)+"])")
	if want := []string{join([]string{itoa(len(all)) + " " + itoa(len(all))})}; !slices.Equal(rows, want) {
		t.Errorf("all files through Paths: %v, want %v", rows, want)
	}
}

// TestBackslashBesidePattern: the engine takes a backslash in a pattern for a separator of folders, so that no pattern means this name alone.
// It is read as itself or refused; reading another file would go unnoticed.
func TestBackslashBesidePattern(t *testing.T) {
	dir := t.TempDir()
	db := engine(t, dir)
	save(t, "id\nother\n", dir, "*.csv")
	save(t, "id\nother\n", dir, "sub", "[1].csv")
	for _, name := range []string{`\*.csv`, `sub\[1].csv`} {
		path := save(t, "id\nitself\n", dir, name)
		err := db.View(t.Context(), "v", []Part{{Paths: []string{path}, Columns: []Column{{Name: "id", Physical: TextColumn(0)}}, Text: &TextFormat{Delimiter: ',', Columns: 1}}})
		if err != nil {
			continue
		}
		if got := column(t, db, "SELECT id FROM v"); !slices.Equal(got, []string{"itself"}) {
			t.Errorf("%s reads as %v", name, got)
		}
	}
}

// TestFolderWithOddName: the same holds for the folders that the engine may reach.
func TestFolderWithOddName(t *testing.T) {
	names := []string{"exports [2024]", "a*", "what?", "it's", "a,b", "a;b", "a--b", "[", "]", "a]", "[[]"}
	var dirs []string
	for _, name := range names {
		dirs = append(dirs, filepath.Join(t.TempDir(), name))
	}
	db := engine(t, dirs...)
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			path := save(t, "id\nA\n", dirs[i], "x [1].csv")
			err := db.View(t.Context(), "v", []Part{{Paths: []string{path}, Columns: []Column{{Name: "id", Physical: TextColumn(0)}}, Text: &TextFormat{Delimiter: ',', Columns: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			if got := column(t, db, "SELECT id FROM v"); !slices.Equal(got, []string{"A"}) {
				t.Errorf("read %v", got)
			}
		})
	}
}

func TestInvalidUTF8NameIsRefused(t *testing.T) {
	dir := t.TempDir()
	db := engine(t, dir)
	path := save(t, "id\nA\n", dir, "a\xff.csv")
	err := db.View(t.Context(), "v", []Part{{Paths: []string{path}, Columns: []Column{{Name: "id", Physical: TextColumn(0)}}, Text: &TextFormat{Delimiter: ',', Columns: 1}}})
	mustFail(t, err, "not valid UTF-8")
}

// TestColumnsWithOddNames: names of columns are data as well.
func TestColumnsWithOddNames(t *testing.T) {
	names := []string{`a"b`, `a'b`, `a;b`, `--`, `a b`, `select`, `"`, `""`, `a.b`, `$1`, "a\nb", "😀", "A", "file_row_number2", "a]", ")"}
	dir := t.TempDir()
	db := engine(t, dir)
	query := ""
	for i, name := range names {
		if i > 0 {
			query += ", "
		}
		query += literal(itoa(i)) + " AS " + identifier(name)
	}
	path := filepath.Join(dir, "a.parquet")
	if err := db.run(t.Context(), "COPY (SELECT "+query+") TO "+literal(path)+" (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		part := Part{Paths: []string{path}, Columns: []Column{{Name: "id", Physical: name}, {Name: `out"` + name, Physical: name}}}
		if err := db.View(t.Context(), `view "`+name, []Part{part}); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got := column(t, db, "SELECT id || "+identifier(`out"`+name)+" FROM "+identifier(`view "`+name)); !slices.Equal(got, []string{itoa(i) + itoa(i)}) {
			t.Errorf("column %q: %v", name, got)
		}
	}
}

// TestView reads parts of different structure as one: physical, constant and absent columns, types, and the number of a row.
func TestView(t *testing.T) {
	dir := t.TempDir()
	db := engine(t, dir)
	first, second := filepath.Join(dir, "first.parquet"), filepath.Join(dir, "second.parquet")
	for path, query := range map[string]string{
		first:  "SELECT 'a' AS id, 1.5::DOUBLE AS money UNION ALL SELECT 'b', 2.25",
		second: "SELECT 3.125::DECIMAL(9,3) AS amount, 7 AS number",
	} {
		if err := db.run(t.Context(), "COPY ("+query+") TO "+literal(path)+" (FORMAT parquet)"); err != nil {
			t.Fatal(err)
		}
	}
	third := save(t, "x,y\n\" c \"\"quoted\"\", ; -- \",1e1\n,\n", dir, "third.csv")
	parts := []Part{
		{Paths: []string{first}, Columns: []Column{{Name: "id", Physical: "id"}, {Name: "acr", Physical: "money", Macro: "amount_of_double"}, {Name: "k", Constant: "it's"}}},
		{Paths: []string{second}, Columns: []Column{{Name: "id", Physical: "number"}, {Name: "acr", Physical: "amount", Macro: "amount_of_decimal"}, {Name: "k"}}},
		{Paths: []string{third}, Columns: []Column{{Name: "id", Physical: TextColumn(0)}, {Name: "acr", Physical: TextColumn(1), Macro: "amount_of_text", AsText: true}, {Name: "k"}},
			Text: &TextFormat{Delimiter: ',', Columns: 2}},
	}
	if err := db.View(t.Context(), "v", parts); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a|1.500000|it's|0", "b|2.250000|it's|1", "7|3.125000|NULL|0", ` c "quoted", ; -- |10.000000|NULL|NULL`, "NULL|NULL|NULL|NULL",
	}
	got := column(t, db, "SELECT concat_ws('|', coalesce(id, 'NULL'), coalesce(acr::VARCHAR, 'NULL'), coalesce(k, 'NULL'), coalesce(file_row::VARCHAR, 'NULL')) FROM v")
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestPathIsNoColumn: a folder like month=… must not become a column or replace one of the file.
func TestPathIsNoColumn(t *testing.T) {
	dir := t.TempDir()
	db := engine(t, dir)
	path := save(t, parquetOf(t, "SELECT 'from the file' AS month"), dir, "month=2024-06", "a.parquet")
	if err := db.View(t.Context(), "v", []Part{{Paths: []string{path}, Columns: []Column{{Name: "m", Physical: "month"}}}}); err != nil {
		t.Fatal(err)
	}
	if got := column(t, db, "SELECT m FROM v"); !slices.Equal(got, []string{"from the file"}) {
		t.Errorf("month: %v", got)
	}
	if err := db.FileView(t.Context(), "f", path); err != nil {
		t.Fatal(err)
	}
	if got := column(t, db, "SELECT month FROM f"); !slices.Equal(got, []string{"from the file"}) {
		t.Errorf("month through FileView: %v", got)
	}
}
