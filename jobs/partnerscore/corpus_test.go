package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// corpus is the parquet-testing collection, where it is checked out beside the module.
const corpus = "../../../shared/corpus/parquet-testing"

// TestCorpus feeds the files of the collection to the program as a month of usage and as certifications, their own columns named in the
// config, so that the engine reads what can be read. Each must be refused by name or read, soon and in little memory.
// It is not parallel: a process that starts counts the memory of this one as its own.
func TestCorpus(t *testing.T) {
	var paths []string
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Skipf("no corpus: %v", err)
	}
	binary, err := exec.LookPath("partnerscore") // this test's own binary under the program's name
	if err != nil {
		t.Fatal(err)
	}
	step := 20
	if longFaults {
		step = 1
	}
	read := 0
	for i := 0; i < len(paths); i += step {
		for _, table := range []string{"azure_usage", "certifications"} {
			t.Run(table+"/"+filepath.Base(paths[i]), func(t *testing.T) {
				if feed(t, binary, table, paths[i]) == exitDone {
					read++
				}
			})
		}
	}
	if longFaults && read < 20 {
		t.Errorf("%d files could be read: do the columns reach the engine?", read)
	}
}

// feed scores with the file as the only one of a table and returns the exit code.
func feed(t *testing.T, binary, table, path string) int {
	t.Helper()
	const rows = "MPNID,CustomerTenantId,ServiceLevel2,PartnerAttributionType,OfferType,ACR_USD\n7,tenant,Storage,PAL,Microsoft Azure Plan,10\n"
	l := labIn(t, binary, t.TempDir())
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rel := table + "/month=2024-06/fed.parquet"
	writeText(t, filepath.Join(l.exports, rel), string(data))
	if table != "azure_usage" {
		writeText(t, filepath.Join(l.exports, "azure_usage", "month=2024-06", "usage.csv"), rows)
	}
	config := filepath.Join(l.temp, "config.yaml")
	writeText(t, config, corpusConfig(table, path))
	cmd := l.command(t.Context(), l.score(lastMonth, "--quiet", "--config", config, "--allow-missing", "history,certifications", "--max-rejected", "1")...)
	begun := time.Now()
	e := finish(t, cmd)
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	if peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss; peak > (256_000_000+256_000_000)/1024 {
		t.Errorf("it took %d MB", peak>>10)
	}
	_, missing := os.Stat(filepath.Join(l.snapshots, "_manifests", "month=2024-06.json"))
	switch {
	case e.code == exitDone && missing == nil:
	case e.code == exitMissing && strings.Contains(e.stderr, rel+": no rows at all") && errors.Is(missing, fs.ErrNotExist):
	case e.code == exitContract && strings.Contains(e.stderr, rel) && errors.Is(missing, fs.ErrNotExist):
	default:
		t.Errorf("exit %d, published: %t; %s", e.code, missing == nil, e.stderr)
	}
	t.Logf("exit %d: %s", e.code, e.stderr)
	return e.code
}

// corpusConfig names columns of the file for the canonical ones, of a type that can hold them where there is one. A column may stand for
// several: blanks make other names of its name.
func corpusConfig(table, path string) string {
	wanted := map[string]string{"acr_usd": "amount", "customer_tenant_id": "text", "service_level_2": "text", "association_type": "text",
		"offer_type": "text", "partner_location_id": "text", "resource_id": "text"}
	if table != "azure_usage" {
		wanted = map[string]string{"partner_location_id": "text", "person_mcp_id": "text", "certification_title": "text",
			"certification_type": "text", "completed": "day", "expires": "day"}
	}
	columns := columnsByUse(path)
	text := fmt.Sprintf("columns:\n  %s:\n", table)
	named := 0
	for canonical, use := range wanted {
		names := columns[use]
		if len(names) == 0 {
			names = columns[""]
		}
		if len(names) == 0 {
			continue
		}
		text += fmt.Sprintf("    %s: %s\n", canonical, strconv.QuoteToASCII(names[named%len(names)]+strings.Repeat(" ", named)))
		named++
	}
	if named == 0 {
		return ""
	}
	return text
}

// columnsByUse lists the top-level columns of a Parquet file by what they can hold, all of them under "". A file that cannot be opened has none.
func columnsByUse(path string) (columns map[string][]string) {
	columns = map[string][]string{}
	defer func() {
		if recover() != nil { // the library's, about damaged files
			columns = nil
		}
	}()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return columns
	}
	defer f.Close()
	root := f.MetaData().Schema.Root()
	for i := range root.NumFields() {
		node, ok := root.Field(i).(*schema.PrimitiveNode)
		columns[""] = append(columns[""], root.Field(i).Name())
		if !ok || node.RepetitionType() == parquet.Repetitions.Repeated {
			continue
		}
		for _, use := range usesOf(node) {
			columns[use] = append(columns[use], node.Name())
		}
	}
	return columns
}

func usesOf(node *schema.PrimitiveNode) []string {
	switch node.LogicalType().(type) {
	case schema.DateLogicalType, schema.TimestampLogicalType:
		return []string{"day"}
	case schema.DecimalLogicalType:
		return []string{"amount"}
	case schema.StringLogicalType:
		return []string{"text", "amount", "day"}
	case schema.UUIDLogicalType:
		return []string{"text"}
	case schema.IntLogicalType, schema.NoLogicalType:
		switch node.PhysicalType() {
		case parquet.Types.Int32, parquet.Types.Int64:
			return []string{"text", "amount"}
		case parquet.Types.ByteArray:
			return []string{"text", "amount", "day"}
		case parquet.Types.Float, parquet.Types.Double:
			return []string{"amount"}
		case parquet.Types.Int96:
			return []string{"day"}
		}
	}
	return nil
}
