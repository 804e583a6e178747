package warehouse

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/machine"
)

// forbiddenReads are statements that read what lies outside.
func forbiddenReads(root, inside, outside, secret string) map[string]string {
	path := func(parts ...string) string { return literal(filepath.Join(parts...)) }
	return map[string]string{
		"read outside":             "SELECT * FROM read_csv(" + literal(secret) + ")",
		"read outside by name":     "SELECT * FROM " + identifier(secret),
		"read parquet outside":     "SELECT * FROM read_parquet(" + path(outside, "secret.parquet") + ")",
		"read text outside":        "SELECT * FROM read_text(" + literal(secret) + ")",
		"read blob outside":        "SELECT * FROM read_blob(" + literal(secret) + ")",
		"read json outside":        "SELECT * FROM read_json(" + literal(secret) + ")",
		"metadata outside":         "SELECT * FROM parquet_metadata(" + path(outside, "secret.parquet") + ")",
		"sniff outside":            "SELECT * FROM sniff_csv(" + literal(secret) + ")",
		"dots":                     "SELECT * FROM read_csv('" + inside + "/../outside/secret.csv')",
		"dots inside and out":      "SELECT * FROM read_csv('" + inside + "/sub/../../outside/secret.csv')",
		"escaping link":            "SELECT * FROM read_csv(" + path(inside, "link.csv") + ")",
		"escaping folder":          "SELECT * FROM read_csv(" + path(inside, "linked", "secret.csv") + ")",
		"glob through link":        "SELECT * FROM read_csv('" + inside + "/linked/*.csv')",
		"sibling with longer name": "SELECT * FROM read_csv(" + path(root, "inside-too", "x.csv") + ")",
		"list outside":             "SELECT * FROM glob('" + outside + "/*')",
		"system file":              "SELECT * FROM read_text('/etc/passwd')",
	}
}

// forbiddenWrites are statements that write outside.
func forbiddenWrites(inside, outside string) map[string]string {
	path := func(parts ...string) string { return literal(filepath.Join(parts...)) }
	return map[string]string{
		"write outside":            "COPY (SELECT 1) TO " + path(outside, "new.csv"),
		"write with dots":          "COPY (SELECT 1) TO '" + inside + "/../outside/new.csv'",
		"write through link":       "COPY (SELECT 1) TO " + path(inside, "linked", "new.csv"),
		"write partitions outside": "COPY (SELECT 1 AS a, 2 AS b) TO " + path(outside, "parts") + " (FORMAT parquet, PARTITION_BY (a))",
		"export database":          "EXPORT DATABASE " + path(outside, "db"),
		"import database":          "IMPORT DATABASE " + path(outside, "db"),
	}
}

// forbiddenChanges are statements that would widen what is within reach.
func forbiddenChanges(outside, secret string) map[string]string {
	path := func(parts ...string) string { return literal(filepath.Join(parts...)) }
	return map[string]string{
		"install":                    "INSTALL httpfs",
		"install from":               "INSTALL spatial FROM community",
		"load":                       "LOAD httpfs",
		"load a file":                "LOAD " + path(outside, "x.duckdb_extension"),
		"attach":                     "ATTACH " + path(outside, "x.db") + " AS x",
		"attach a csv":               "ATTACH " + literal(secret) + " AS x (TYPE sqlite)",
		"web":                        "SELECT * FROM read_csv('https://example.com/x.csv')",
		"web by name":                "SELECT * FROM 'http://127.0.0.1:1/x.parquet'",
		"bucket":                     "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
		"set threads":                "SET threads = 1",
		"set memory":                 "SET memory_limit = '100GB'",
		"set access":                 "SET enable_external_access = true",
		"set directories":            "SET allowed_directories = ['/']",
		"set paths":                  "SET allowed_paths = ['" + secret + "']",
		"set temp directory":         "SET temp_directory = '/tmp'",
		"set zone":                   "SET TimeZone = 'Asia/Tokyo'",
		"set home":                   "SET home_directory = '/'",
		"reset":                      "RESET threads",
		"unlock":                     "SET lock_configuration = false",
		"pragma":                     "PRAGMA memory_limit = '100GB'",
		"secret":                     "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
		"profile to a file":          "SET profiling_output = '" + outside + "/profile'",
		"second statement of a list": "SELECT 1; SET threads = 1",
	}
}

// TestLockedDown: after Open nothing is within reach but the directories named.
func TestLockedDown(t *testing.T) {
	root := t.TempDir()
	inside, outside := filepath.Join(root, "inside"), filepath.Join(root, "outside")
	secret := save(t, "id\nsecret\n", outside, "secret.csv")
	save(t, parquetOf(t, "SELECT 'secret' AS id"), outside, "secret.parquet")
	save(t, "id\nfine\n", inside, "fine.csv")
	save(t, "", root, "inside-too", "x.csv")
	for link, target := range map[string]string{"link.csv": secret, "linked": outside} {
		if err := os.Symlink(target, filepath.Join(inside, link)); err != nil {
			t.Fatal(err)
		}
	}
	db := engine(t, inside)
	if got := column(t, db, "SELECT id FROM read_csv("+literal(filepath.Join(inside, "fine.csv"))+")"); len(got) != 1 || got[0] != "fine" {
		t.Fatalf("a file inside reads as %v", got)
	}
	if err := db.run(t.Context(), "COPY (SELECT 1 AS a) TO "+literal(filepath.Join(inside, "written.parquet"))); err != nil {
		t.Fatalf("write inside: %v", err)
	}
	forbidden := map[string]string{}
	for _, more := range []map[string]string{forbiddenReads(root, inside, outside, secret), forbiddenWrites(inside, outside), forbiddenChanges(outside, secret)} {
		maps.Copy(forbidden, more)
	}
	for name, query := range forbidden {
		t.Run(name, func(t *testing.T) {
			if err := db.run(t.Context(), query); err == nil {
				t.Errorf("%s was done", query)
			}
		})
	}
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 2 {
		t.Errorf("outside holds %v, %v", entries, err)
	}
	for name, view := range map[string]Part{
		"view outside":      {Paths: []string{filepath.Join(outside, "secret.parquet")}, Columns: []Column{{Name: "id", Physical: "id"}}},
		"view through link": {Paths: []string{filepath.Join(inside, "linked", "secret.parquet")}, Columns: []Column{{Name: "id", Physical: "id"}}},
	} {
		if err := db.View(t.Context(), "v", []Part{view}); err == nil || strings.Contains(err.Error(), "No files") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := column(t, db, "SELECT current_setting('TimeZone')"); got[0] != "UTC" {
		t.Errorf("time zone %s", got[0])
	}
}

// TestSettingsArriveAsAsked reads the limits back.
func TestSettingsArriveAsAsked(t *testing.T) {
	db, err := Open(t.Context(), Options{Limits: machine.Limits{Threads: 3, MemoryLimit: 300 << 20, TempDir: t.TempDir(), MaxTemp: 7 << 30}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	for setting, want := range map[string]string{
		"threads": "3", "memory_limit": "300.0 MiB", "max_temp_directory_size": "7.0 GiB", "temp_directory": db.temp.path,
		"preserve_insertion_order": "false", "enable_external_file_cache": "false", "lock_configuration": "true", "enable_external_access": "false",
		"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "allow_community_extensions": "false",
	} {
		if got := column(t, db, "SELECT current_setting('"+setting+"')"); got[0] != want {
			t.Errorf("%s is %s, want %s", setting, got[0], want)
		}
	}
}
