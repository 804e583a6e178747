package warehouse

import (
	"testing"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// TestMemoryWanted: what the engine could not get, or had too much of, is understood in its own words.
func TestMemoryWanted(t *testing.T) {
	for message, want := range map[string]float64{
		"Out of Memory Error: failed to allocate data of size 1.5 KiB (1.0 KiB/244.1 MiB used)":   1536,
		"Out of Memory Error: failed to allocate data of size 1.0 TiB (6.1 MiB/244.1 MiB used)":   1 << 40,
		"Out of Memory Error: failed to allocate data of size 32 bytes (145.5 MiB/64.0 MiB used)": 145.5 * (1 << 20),
		"Out of Memory Error: failed to offload data block of size 256.0 KiB":                     0,
		"Out of Memory Error: failed to allocate data of size . MiB (. MiB/":                      0,
	} {
		size, text := MemoryWanted(&duckdb.Error{Type: duckdb.ErrorTypeOutOfMemory, Msg: message})
		if size != want || (text == "") != (want == 0) {
			t.Errorf("%s: %g, %q", message, size, text)
		}
	}
	if size, _ := MemoryWanted(&duckdb.Error{Type: duckdb.ErrorTypeIO, Msg: "failed to allocate data of size 1.5 KiB (1.0 KiB/"}); size != 0 {
		t.Error("an error of another kind is taken for one about memory")
	}
}
