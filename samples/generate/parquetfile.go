package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// writerProperties fixes everything that decides bytes. The library's own created_by names its version, which would
// change the files with every update of the library.
func writerProperties(codec compress.Compression) *parquet.WriterProperties {
	return parquet.NewWriterProperties(
		parquet.WithCreatedBy("partnerscore samples"),
		parquet.WithVersion(parquet.V2_6),
		parquet.WithDataPageVersion(parquet.DataPageV1),
		parquet.WithCompression(codec),
		parquet.WithDictionaryDefault(true),
		// Resource ids of a row group may take tens of megabytes and are still worth a dictionary.
		parquet.WithDictionaryPageSizeLimit(64<<20),
		parquet.WithDataPageSize(1<<20),
		parquet.WithStoreDecimalAsInteger(true),
		// Amounts hardly ever repeat.
		parquet.WithDictionaryFor("ACR_USD", false),
		parquet.WithDictionaryFor("ACRUSD", false),
		// Least and greatest of random ids help no reader, and cost this writer a fifth of its time.
		parquet.WithStatsFor("ResourceId", false),
		parquet.WithStatsFor("SubscriptionId", false),
	)
}

// parquetFile writes one file, one row group for each record.
type parquetFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
	writer *pqarrow.FileWriter
}

func createParquet(path string, schema *arrow.Schema, codec compress.Compression) (*parquetFile, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("create folder for %s: %w", path, err)
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create export file: %w", err)
	}
	buffer := bufio.NewWriterSize(file, 1<<20)
	writer, err := pqarrow.NewFileWriter(schema, buffer, writerProperties(codec), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start Parquet file %s: %w", path, err), file.Close())
	}
	return &parquetFile{path: path, file: file, buffer: buffer, writer: writer}, nil
}

func (p *parquetFile) write(record arrow.RecordBatch) error {
	if err := p.writer.Write(record); err != nil {
		return fmt.Errorf("write %s: %w", p.path, err)
	}
	return nil
}

// close finishes the file; a nil file, which was not started, needs nothing.
func (p *parquetFile) close() error {
	if p == nil {
		return nil
	}
	if err := errors.Join(p.writer.Close(), p.buffer.Flush(), p.file.Close()); err != nil {
		return fmt.Errorf("finish %s: %w", p.path, err)
	}
	return nil
}

// writeParquet writes one record as one file.
func writeParquet(path string, record arrow.RecordBatch, codec compress.Compression) error {
	file, err := createParquet(path, record.Schema(), codec)
	if err != nil {
		return err
	}
	if err := file.write(record); err != nil {
		return errors.Join(err, file.file.Close())
	}
	return file.close()
}

// removeParts deletes what an earlier run of this program left in a folder of one month: with other sizes it may have
// written more files, and they would count.
func removeParts(folder string) error {
	parts, err := filepath.Glob(filepath.Join(folder, "part-*.parquet"))
	if err != nil {
		return fmt.Errorf("list %s: %w", folder, err)
	}
	for _, part := range parts {
		if err := os.Remove(part); err != nil {
			return fmt.Errorf("remove part of an earlier run: %w", err)
		}
	}
	return nil
}
