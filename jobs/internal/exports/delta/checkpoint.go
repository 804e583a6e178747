package delta

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	parquetfile "github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/thrift"
	"partnerscore/jobs/internal/storage"
)

// Limits on what a checkpoint may claim: pages are decoded whole.
const (
	maxCheckpointRows = 20_000_000
	maxPageBytes      = 64 << 20
	tailBytes         = 8
)

// readCheckpoint replays one file of a checkpoint, whose rows are actions. The decoder behind panics on claims that contradict each other.
func (r *reader) readCheckpoint(name string) (err error) {
	f, err := r.log.open(name)
	if err != nil {
		return broken(name, 0, "it cannot be opened: %s", defect.Cause(err))
	}
	defer func() {
		if p := recover(); p != nil {
			err = broken(name, 0, "this checkpoint is a damaged Parquet file that contradicts itself")
		}
		err = errors.Join(err, f.Close())
	}()
	if err = r.replayCheckpoint(f, name); err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	return broken(name, 0, "this checkpoint is a damaged Parquet file: %s", defect.Cause(err))
}

// replayCheckpoint reads the rows of a checkpoint.
func (r *reader) replayCheckpoint(f storage.SourceReader, name string) (err error) {
	meta, err := footer(f, f.Size())
	if err != nil {
		return err
	}
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = maxPageBytes, maxPageBytes
	file, err := parquetfile.NewParquetReader(io.NewSectionReader(f, 0, f.Size()), parquetfile.WithReadProps(props), parquetfile.WithMetadata(meta))
	if err != nil {
		return err
	}
	row := int64(0)
	for i := range file.NumRowGroups() {
		rows, err := openRows(file, i)
		if err != nil {
			return err
		}
		for range file.MetaData().RowGroup(i).NumRows() {
			row++
			if err := r.applyRow(rows, at{file: name, line: row}); err != nil {
				return err
			}
		}
		if err := rows.end(); err != nil {
			return err
		}
	}
	return nil
}

// footer reads what a Parquet file says about itself, and believes only what its bytes can hold.
func footer(f io.ReaderAt, size int64) (*metadata.FileMetaData, error) {
	tail := make([]byte, tailBytes)
	if size < tailBytes+4 {
		return nil, fmt.Errorf("it has %d bytes", size)
	}
	if _, err := f.ReadAt(tail, size-tailBytes); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != "PAR1" || length == 0 || length > size-tailBytes-4 || length > thrift.MaxFooterBytes {
		return nil, errors.New("it has no footer at its end")
	}
	raw := make([]byte, length)
	if _, err := f.ReadAt(raw, size-tailBytes-length); err != nil {
		return nil, err
	}
	if err := thrift.CheckFooter(raw); err != nil {
		return nil, err
	}
	meta, err := metadata.NewFileMetaData(raw, nil)
	if err != nil {
		return nil, err
	}
	if meta.IsSetEncryptionAlgorithm() {
		return nil, errors.New("it is encrypted")
	}
	var rows int64
	for i, group := range meta.GetRowGroups() {
		n := group.GetNumRows()
		if n < 0 || n > maxCheckpointRows || len(group.GetColumns()) != meta.Schema.NumColumns() {
			return nil, fmt.Errorf("row group %d claims %d rows and %d columns", i, n, len(group.GetColumns()))
		}
		rows += n
	}
	if rows != meta.GetNumRows() || rows > maxCheckpointRows {
		return nil, fmt.Errorf("it claims %d rows", meta.GetNumRows())
	}
	return meta, nil
}

// applyRow takes over the action of a row.
func (r *reader) applyRow(rows *actionRows, where at) error {
	if err := rows.next(); err != nil {
		return err
	}
	if rows.sidecar.given() {
		return secondVersion(where.file)
	}
	if rows.minReaderVersion.given() {
		r.protocol = &protocol{MinReaderVersion: rows.minReaderVersion.number(), ReaderFeatures: rows.readerFeatures.list()}
		r.protocolLog = where.file
	}
	if rows.metaID.given() {
		r.meta = &metaData{PartitionColumns: rows.partitionColumns.list(), Configuration: pairs(rows.configurationKey, rows.configurationValue)}
		r.meta.Format.Provider = rows.provider.text()
		r.metaLog = where.file
	}
	if gone := rows.removePath.text(); gone != "" && len(gone) <= maxPath {
		r.recall(decoded(gone))
	}
	if !rows.addPath.within(1) {
		return nil
	}
	f := &file{Path: rows.addPath.text(), PartitionValues: pairs(rows.partitionKey, rows.partitionValue)}
	if rows.addSize.given() {
		size := rows.addSize.number()
		f.Size = &size
	}
	if rows.vectorType.given() {
		f.DeletionVector = &deletionVector{StorageType: rows.vectorType.text(), PathOrInlineDv: rows.vectorPath.text()}
		if rows.vectorOffset.given() {
			offset := rows.vectorOffset.number()
			f.DeletionVector.Offset = &offset
		}
	}
	return r.add(f, where)
}
