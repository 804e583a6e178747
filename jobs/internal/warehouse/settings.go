package warehouse

import (
	"fmt"
	"path/filepath"
	"strings"

	"partnerscore/jobs/internal/machine"
)

// Options are the limits of an engine, and what it may reach.
type Options struct {
	machine.Limits
	Directories []string // all that statements may read or write, with what is below
	// Inputs adds the macros that read ids, amounts and days of exports. Making them takes longer than most answers.
	Inputs bool
	// InOrder makes the engine take the rows of a text file in their order, one after the other, and number them as those of Parquet.
	InOrder bool
}

// partitionRows is how many rows a thread gathers before it writes them to the files of their months. At the engine's own 524,288 a statement
// that writes fourteen files ran 290 MB over the memory limit, at this 50 MB.
const partitionRows = 50_000

// settings returns the statements that limit the engine and all its connections, in an order in which the later ones cannot be undone by the data they guard
// against: once external access is off and the configuration locked, only the directories named remain.
func (o Options) settings(tempDir string) ([]string, error) {
	var directories []string
	for _, d := range append([]string{tempDir}, o.Directories...) {
		abs, err := filepath.Abs(d)
		if err != nil {
			return nil, fmt.Errorf("directory %q: %w", d, err)
		}
		directories = append(directories, literal(abs))
		if pattern := escapeGlob(abs); pattern != abs { // the engine checks a list of files before it expands patterns, and again after
			directories = append(directories, literal(pattern))
		}
	}
	return []string{
		fmt.Sprintf("SET GLOBAL threads = %d", o.Threads),
		fmt.Sprintf("SET GLOBAL memory_limit = '%dB'", o.MemoryLimit),
		fmt.Sprintf("SET GLOBAL preserve_insertion_order = %t", o.InOrder),
		"SET GLOBAL temp_directory = " + literal(tempDir),
		fmt.Sprintf("SET GLOBAL max_temp_directory_size = '%dB'", o.MaxTemp),
		fmt.Sprintf("SET GLOBAL partitioned_write_flush_threshold = %d", partitionRows),
		"SET GLOBAL enable_external_file_cache = false",
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL autoload_known_extensions = false",
		"SET GLOBAL allow_community_extensions = false",
		"SET GLOBAL allow_persistent_secrets = false",
		"SET GLOBAL allowed_directories = [" + strings.Join(directories, ", ") + "]",
		"SET GLOBAL enable_external_access = false",
		"SET GLOBAL lock_configuration = true",
	}, nil
}
