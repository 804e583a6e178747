package tables_test

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	statements "partnerscore/sql"
)

var (
	// outputColumn is the end of a column in the outermost list of a statement of sql/tables.
	outputColumn = regexp.MustCompile(`(?m)^ {8}\S.* AS ([a-z0-9_]+),?$`)
	// outputCast is a column that is nothing but a cast to the type that is published.
	outputCast = regexp.MustCompile(`(?m)^ {8}CAST\(\S+ AS ([A-Z]+(?:\(\d+, \d+\))?)\) AS ([a-z0-9_]+),?$`)
)

// TestStatementsOfTables: the statements list the columns of the contract, in its order, each cast to its type.
func TestStatementsOfTables(t *testing.T) {
	for _, table := range snapshot.Tables() {
		text, err := statements.Statement("tables/" + table.Name)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		types := map[string]string{}
		for _, c := range table.Columns {
			want = append(want, c.Name)
			types[c.Name] = string(c.Type)
		}
		for _, m := range outputColumn.FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("columns of %s (-contract +statement):\n%s", table.Name, diff)
		}
		for _, m := range outputCast.FindAllStringSubmatch(text, -1) {
			if typ := regexp.MustCompile(`, `).ReplaceAllString(m[1], ","); typ != types[m[2]] {
				t.Errorf("%s.%s is cast to %s, want %s", table.Name, m[2], typ, types[m[2]])
			}
		}
	}
	names, err := statements.Names("tables")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range snapshot.Tables() {
		names = slices.DeleteFunc(names, func(n string) bool { return n == "tables/"+table.Name })
	}
	for _, n := range names { // what is left fills a table before it is written
		if !regexp.MustCompile(`^tables/[a-z]+_row$`).MatchString(n) {
			t.Errorf("%s is no table of the contract", n)
		}
	}
}

// TestAuditsFail: an audit that cannot fail guards nothing. Each is run over tables of which one value was changed.
func TestAuditsFail(t *testing.T) {
	caught, db := map[string]bool{}, openDuckDB(t)
	db.SetMaxOpenConns(1)
	for _, change := range []string{
		"staged_scores SELECT * REPLACE (total_points + 1 AS total_points)", "staged_scores SELECT * UNION ALL SELECT *", "staged_scores SELECT * WHERE solution_area <> 'data_ai'",
		"staged_scores SELECT * REPLACE (NOT qualifies AS qualifies)", "staged_scores SELECT * REPLACE (deployments_points + 2 AS deployments_points, total_points + 2 AS total_points)",
		"staged_metrics SELECT * REPLACE (-points AS points)", "staged_metrics SELECT * UNION ALL SELECT *", "staged_metrics SELECT * WHERE metric <> 'deployments'",
		"staged_metrics SELECT * REPLACE (measure + 1 AS measure)", "staged_metrics SELECT * REPLACE (current_value + 1 AS current_value)",
		"staged_customers SELECT * REPLACE (NOT eligible AS eligible)", "staged_customers SELECT * UNION ALL SELECT *", "staged_customers SELECT * REPLACE (acr_ttm + 1 AS acr_ttm)",
		"staged_customers SELECT * REPLACE (acr_current + 1 AS acr_current)", "staged_services SELECT * REPLACE (NOT counted AS counted)", "staged_services SELECT * UNION ALL SELECT *",
		"staged_services SELECT * REPLACE (acr_ttm + 1 AS acr_ttm)", "staged_certifications SELECT * REPLACE (NOT counted AS counted)", "staged_certifications SELECT * UNION ALL SELECT *",
		"staged_exclusions SELECT * UNION ALL SELECT *",
	} {
		for _, name := range failingAudits(t, db, change) {
			caught[name] = true
		}
	}
	for _, name := range failingAudits(t, db, "") {
		t.Errorf("%s fails on the samples as they are", name)
	}
	names, err := statements.Names("audits")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !caught[name] {
			t.Errorf("%s never failed", name)
		}
	}
}

// failingAudits runs the audits over the samples with one table changed: its view's name and a query of the published table.
func failingAudits(t *testing.T, db *sql.DB, change string) []string {
	t.Helper()
	root := world.SampleSnapshots(t)
	view, query, _ := strings.Cut(change, " ")
	for _, table := range snapshot.Tables() {
		file := " FROM read_parquet('" + world.TablePath(root, table.Name, world.June) + "', hive_partitioning = false) "
		text := "SELECT *" + file
		if view == "staged_"+table.Name {
			if first, second, union := strings.Cut(query, " UNION ALL "); union {
				text = first + file + " UNION ALL " + second + file
			} else if list, where, filtered := strings.Cut(query, " WHERE "); filtered {
				text = list + file + " WHERE " + where
			} else {
				text = query + file
			}
		}
		if _, err := db.Exec("CREATE OR REPLACE TEMP VIEW staged_" + table.Name + " AS " + text); err != nil {
			t.Fatalf("%s: %v", change, err)
		}
	}
	names, err := statements.Names("audits")
	if err != nil {
		t.Fatal(err)
	}
	var failing []string
	for _, name := range names {
		text, err := statements.Statement(name)
		if err != nil {
			t.Fatal(err)
		}
		if hasRows(t, db, text) {
			failing = append(failing, name)
		}
	}
	return failing
}

func hasRows(t *testing.T, db *sql.DB, query string) bool {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := rows.Next()
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
