package warehouse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// groupRows is how many rows of a RowFile are held in memory at most.
const groupRows = 100_000

// RowFile is a Parquet file in a folder of the warehouse, for rows that come from elsewhere, batch by batch: they need not fit into memory.
type RowFile struct {
	path   string
	writer *pqarrow.FileWriter // nil before the first batch
}

// NewRowFile returns a file of that name in a folder that Folder made. The caller closes it.
func NewRowFile(folder, name string) *RowFile {
	return &RowFile{path: filepath.Join(folder, name+".parquet")}
}

// Path returns where the file is, "" while it has no batch.
func (r *RowFile) Path() string {
	if r.writer == nil {
		return ""
	}
	return r.path
}

// Add writes a batch. All batches have the same columns.
func (r *RowFile) Add(batch arrow.RecordBatch) error {
	if r.writer == nil {
		f, err := os.Create(r.path)
		if err != nil {
			return &ScratchError{Err: err}
		}
		r.writer, err = pqarrow.NewFileWriter(batch.Schema(), f, parquet.NewWriterProperties(
			parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(groupRows)),
			pqarrow.DefaultWriterProps())
		if err != nil {
			r.writer = nil
			return errors.Join(fmt.Errorf("keep rows in %s: %w", r.path, err), f.Close())
		}
	}
	if err := r.writer.WriteBuffered(batch); err != nil {
		return &ScratchError{Err: err}
	}
	return nil
}

// Close ends the file, which is removed with the warehouse.
func (r *RowFile) Close() error {
	if r.writer == nil {
		return nil
	}
	if err := r.writer.Close(); err != nil {
		return &ScratchError{Err: err}
	}
	return nil
}
