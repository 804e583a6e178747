package deltalog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/storage"
)

// checkpointEvery is how many commits a log has at most after its newest checkpoint, when a commit is made.
const checkpointEvery = 10

// checkpointIfDue writes a checkpoint of the version that was read where the last one is old: a reader of many months then opens one file instead of
// all commits. A log without it is whole, so it is not part of a publish.
func (l *Log) checkpointIfDue(ctx context.Context, w storage.Writer) error {
	if l.Version-max(l.Checkpoint, 0) < checkpointEvery {
		return nil
	}
	rows := l.rows()
	data, err := encodeCheckpoint(rows)
	if err != nil {
		return fmt.Errorf("encode a checkpoint of the Delta log of %s: %w", l.table, err)
	}
	note, err := json.Marshal(map[string]int64{"version": l.Version, "size": int64(len(rows)), "numOfAddFiles": int64(len(l.files)), "sizeInBytes": int64(len(data))})
	if err != nil {
		return err
	}
	// The note names the checkpoint: it comes second. Either may be there from a run that died.
	for _, f := range []struct {
		base string
		data []byte
	}{{base(l.Version, checkpointSuffix), data}, {lastCheckpoint, note}} {
		if err := put(ctx, w, storage.Move{File: stagedName, Name: path.Join(l.table, Dir, f.base), Always: true}, f.data); err != nil {
			return fmt.Errorf("write a checkpoint of the Delta log of %s: %w", l.table, err)
		}
	}
	l.Checkpoint = l.Version
	return nil
}

// row is a row of a checkpoint: one action. Maps are lists of pairs in Parquet.
type row struct {
	Protocol *protocol  `json:"protocol"`
	MetaData *metaRow   `json:"metaData"`
	Add      *addRow    `json:"add"`
	Remove   *removeRow `json:"remove"`
}

type metaRow struct {
	metaData
	Format        formatRow `json:"format"`
	Configuration []pair    `json:"configuration"`
}

type formatRow struct {
	Provider string `json:"provider"`
	Options  []pair `json:"options"`
}

type addRow struct {
	add
	PartitionValues []pair `json:"partitionValues"`
	Tags            []pair `json:"tags"`
}

type removeRow struct{ remove }

type pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func pairs(m map[string]string) []pair {
	out := []pair{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out = append(out, pair{key, m[key]})
	}
	return out
}

// rows are all actions that make up the newest version. Nothing in them says that data changes: they repeat what is known.
func (l *Log) rows() []row {
	rows := []row{
		{Protocol: l.protocol},
		{MetaData: &metaRow{*l.meta, formatRow{l.meta.Format.Provider, pairs(l.meta.Format.Options)}, pairs(l.meta.Configuration)}},
	}
	for _, path := range slices.Sorted(maps.Keys(l.files)) {
		a := l.files[path]
		a.DataChange = false
		rows = append(rows, row{Add: &addRow{a, pairs(a.PartitionValues), pairs(a.Tags)}})
	}
	for _, path := range slices.Sorted(maps.Keys(l.removed)) {
		r := l.removed[path]
		r.DataChange = false
		rows = append(rows, row{Remove: &removeRow{r}})
	}
	return rows
}

// checkpointSchema has the columns of a checkpoint. Columns of actions that no log of ours has are left out, as the protocol allows.
func checkpointSchema() *arrow.Schema {
	text, number, yesNo := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64, arrow.FixedWidthTypes.Boolean
	texts := arrow.MapOf(text, text)
	field := func(name string, t arrow.DataType) arrow.Field {
		return arrow.Field{Name: name, Type: t, Nullable: true}
	}
	return arrow.NewSchema([]arrow.Field{
		field("protocol", arrow.StructOf(field("minReaderVersion", arrow.PrimitiveTypes.Int32), field("minWriterVersion", arrow.PrimitiveTypes.Int32))),
		field("metaData", arrow.StructOf(field("id", text), field("name", text),
			field("format", arrow.StructOf(field("provider", text), field("options", texts))),
			field("schemaString", text), field("partitionColumns", arrow.ListOf(text)), field("configuration", texts), field("createdTime", number))),
		field("add", arrow.StructOf(field("path", text), field("partitionValues", texts), field("size", number), field("modificationTime", number),
			field("dataChange", yesNo), field("stats", text), field("tags", texts))),
		field("remove", arrow.StructOf(field("path", text), field("deletionTimestamp", number), field("dataChange", yesNo))),
	}, nil)
}

func encodeCheckpoint(rows []row) ([]byte, error) {
	text, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	schema := checkpointSchema()
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(parquet.WithVersion(parquet.V1_0),
		parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.Write(record), w.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
