package answers

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/snapshot"
)

// analyst opens an engine without limits on the published samples, as analysts do, and returns what runs a statement there.
func analyst(t *testing.T) (db *sql.DB, here func(text string) string) {
	t.Helper()
	return analystOf(t, samples.Root(t))
}

// analystOf is an analyst of another folder of published months.
func analystOf(t *testing.T, root string) (db *sql.DB, here func(text string) string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1) // the variable is of the session
	// A test cannot change its working directory; statements read 'snapshots/…' from there.
	here = func(text string) string { return strings.ReplaceAll(text, "'snapshots/", "'"+root+"/") }
	for _, statement := range []string{"SET VARIABLE snapshots = '" + root + "'", file(t, "../../../sql/views.sql")} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return db, here
}

func file(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// texts returns the rows of a statement as text.
func texts(t *testing.T, db *sql.DB, statement string) [][]string {
	t.Helper()
	rows, err := db.Query(statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(names))
		for i, v := range values {
			line[i] = fmt.Sprint(v)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return all
}

// blockingIsUnrounded: growth too small for two decimals blocks nothing where rules count it exactly, in tables, view and answers.
func blockingIsUnrounded(t *testing.T, exports, root, partner string) {
	rules, err := publishedtest.Library().Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\nusage_growth: {growth_rounding: exact}\n"))
	if err != nil {
		t.Fatal(err)
	}
	db, _ := analystOf(t, scoreInto(t, root, exports, rules))
	of := " AND partner_id = '" + partner + "'"
	for statement, want := range map[string]string{
		"SELECT count(*) FROM metrics WHERE metric = 'usage_growth' AND points = 0" + of:                "3",
		"SELECT count(*) FROM blocking WHERE metric = 'usage_growth'" + of:                              "0",
		"SELECT count(*) FROM blocking WHERE metric = 'net_customer_adds'" + of:                         "3",
		"SELECT count(*) FROM scores WHERE blocking_metrics LIKE '%usage_growth%'" + of:                 "0",
		"SELECT sum(len(string_split(blocking_metrics, ','))) FROM scores WHERE blocking_metrics <> ''": texts(t, db, "SELECT count(*) FROM blocking")[0][0],
	} {
		if rows := texts(t, db, statement); rows[0][0] != want {
			t.Errorf("%s: %s, want %s", statement, rows[0][0], want)
		}
	}
}

var example = regexp.MustCompile("(?s)```sql\n(.*?)```")

// TestExamples runs every query that the documentation shows; each has something to show on the samples.
func TestExamples(t *testing.T) {
	db, here := analyst(t)
	for path, least := range map[string]int{"../../../sql/README.md": 19, "../../../README.md": 2} {
		n := 0
		for _, block := range example.FindAllStringSubmatch(file(t, path), -1) {
			for statement := range strings.SplitSeq(strings.TrimSpace(block[1]), ";\n") {
				n++
				if rows := texts(t, db, here(statement)); len(rows) == 0 {
					t.Errorf("%s: no row: %s", path, statement)
				}
			}
		}
		if n < least {
			t.Errorf("%s: only %d examples", path, n)
		}
	}
}

var (
	section = regexp.MustCompile("(?m)^### (\\w+)\n")
	column  = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([A-Z(),0-9]+) \\|")
)

// TestDictionary: the data dictionary has every column of every published table and view, with its type and in its order.
func TestDictionary(t *testing.T) {
	db, _ := analyst(t)
	text := file(t, "../../../sql/README.md")
	dictionary := map[string][]string{}
	at := section.FindAllStringSubmatchIndex(text, -1)
	for i, s := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := text[s[2]:s[3]]
		dictionary[name] = []string{}
		for _, c := range column.FindAllStringSubmatch(text[s[1]:end], -1) {
			dictionary[name] = append(dictionary[name], c[1]+" "+c[2])
		}
	}
	tables := map[string]bool{}
	for _, table := range snapshot.Tables() {
		tables[table.Name] = true
		var want []string
		for _, c := range table.Columns {
			want = append(want, c.Name+" "+string(c.Type))
		}
		if got := dictionary[table.Name]; !slices.Equal(got, want) {
			t.Errorf("%s: the dictionary has\n%q, the table\n%q", table.Name, got, want)
		}
	}
	views := texts(t, db, "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name")
	if len(views) < 15 {
		t.Errorf("only %d views", len(views))
	}
	for _, view := range views {
		name := view[0]
		var want []string
		for _, c := range texts(t, db, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '"+name+"' ORDER BY column_index") {
			want = append(want, c[0]+" "+c[1])
		}
		got, ok := dictionary[name]
		if name == "latest_scores" {
			got = dictionary["scores"] // whose columns it has
		}
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%s: the dictionary has\n%q, the view\n%q", name, got, want)
		}
		if rows := texts(t, db, "SELECT count(*) FROM "+name); rows[0][0] == "0" {
			t.Errorf("%s has no row on the samples", name)
		}
	}
}

// TestWindowView: the view says of every partner, area and month what Windows says.
func TestWindowView(t *testing.T) {
	db, _ := analyst(t)
	view := map[string]string{}
	for _, row := range texts(t, db, `SELECT strftime(score_month, '%Y-%m'), partner_id, solution_area, state,
		coalesce(strftime(open_until, '%Y-%m'), ''), qualified_months, unpublished_months FROM qualification_window`) {
		view[strings.Join(row[:3], " ")] = strings.Join(row[3:], " ")
	}
	r := samples.Open(t)
	states := map[published.WindowState]int{}
	samples.EveryPartner(t, func(p *published.Partner) {
		windows, err := r.Windows(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range windows {
			until, qualified, unpublished := "", 0, 0
			if w.Until != nil {
				until = w.Until.String()
			}
			for _, m := range w.Months {
				switch m.State {
				case published.Qualified:
					qualified++
				case published.NotPublished:
					unpublished++
				}
			}
			key := fmt.Sprintf("%s %s %s", p.ScoreMonth, p.ID, w.Area)
			if want := fmt.Sprintf("%s %s %d %d", w.State, until, qualified, unpublished); view[key] != want {
				t.Errorf("%s: the view has %q, the window is %q", key, view[key], want)
			}
			states[w.State]++
			delete(view, key)
		}
	})
	if len(view) > 0 || states[published.WindowOpen] == 0 || states[published.WindowClosed] == 0 || states[published.WindowUnknown] == 0 {
		t.Errorf("left in the view: %v; states seen: %v", view, states)
	}
}
