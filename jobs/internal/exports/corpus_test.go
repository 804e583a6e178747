package exports

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
)

// corpus is the parquet-testing collection, where it is checked out beside the module.
const corpus = "../../../../shared/corpus/parquet-testing"

// TestCorpus feeds every file of the collection in each format, as one of the inputs and with PARTNERSCORE_TEST_LONG=1 as
// each: none has the columns, so each must be refused by name, and quickly.
func TestCorpus(t *testing.T) {
	var paths []string
	err := filepath.WalkDir(corpus, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Skipf("no corpus: %v", err)
	}
	for i, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tables := schema.Tables()
			if !long() {
				n := i % len(tables)
				tables = tables[n : n+1]
			}
			for _, table := range tables {
				for _, format := range fileformat.All() {
					rel := "input." + string(format)
					root := tree(t, map[string]string{rel: string(data)})
					start := time.Now()
					_, err := Check(context.Background(), []Found{NewFound(folderSource(t, root), table, rel)}, Options{})
					if took := time.Since(start); took > 20*time.Second {
						t.Errorf("took %s", took)
					}
					var broken *ContractError
					if !errors.As(err, &broken) {
						t.Fatalf("%s as %s: got %v, want a *ContractError", format, table, err)
					}
					for _, line := range strings.Split(err.Error(), "\n") {
						if !strings.HasPrefix(line, rel) {
							t.Errorf("%s as %s: line does not name the file: %s", format, table, line)
						}
					}
					if table == schema.Usage && format == fileformat.Parquet {
						t.Log(strings.Split(err.Error(), "\n")[0])
					}
				}
			}
		})
	}
}
