package deltalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Column is a column of the Parquet files, its type spelled as in SQL.
type Column struct{ Name, Type string }

// Table is what the log says about the table itself.
type Table struct {
	Name    string
	Columns []Column
}

// Info says who makes a commit.
type Info struct {
	At          time.Time
	RunID       string
	ToolVersion string
	Deep        bool // look at the statistics of files that a log lists already
}

// commit returns the next commit: it lists the files, replacing what the log says of their paths, and removes the paths that are gone. The first
// one also describes the table, as does one that finds it described otherwise. It returns nil where there is nothing to say.
func (l *Log) commit(t Table, info Info, files []File, gone []string) ([]byte, error) {
	schema, err := t.schema()
	if err != nil {
		return nil, err
	}
	actions := l.describe(t.Name, schema, info)
	for _, f := range files {
		actions = append(actions, action{Add: &add{Path: f.Path, PartitionValues: map[string]string{partition: f.Month}, Size: f.Bytes,
			ModificationTime: f.Modified.UnixMilli(), DataChange: true, Stats: f.Stats, Tags: map[string]string{hashTag: f.SHA256}}})
	}
	for _, path := range gone {
		actions = append(actions, action{Remove: &remove{Path: path, DeletionTimestamp: info.At.UnixMilli(), DataChange: true}})
	}
	if len(actions) == 0 {
		return nil, nil
	}
	about := &commitInfo{Timestamp: info.At.UnixMilli(), Operation: "WRITE", Parameters: map[string]string{"mode": "Append"}, EngineInfo: "partnerscore/" + info.ToolVersion}
	if len(gone) > 0 || slices.ContainsFunc(files, func(f File) bool { _, known := l.files[f.Path]; return known }) {
		about.Parameters["mode"] = "Overwrite"
	}
	return encode(append([]action{{CommitInfo: about}}, actions...))
}

// describe returns the actions that describe the table where the log does not, or does it otherwise.
func (l *Log) describe(table, schema string, info Info) []action {
	meta := metaData{ID: tableID(info.RunID, table), Name: table, Format: format{Provider: "parquet", Options: map[string]string{}}, SchemaString: schema,
		PartitionColumns: []string{partition}, Configuration: map[string]string{}, CreatedTime: info.At.UnixMilli()}
	if l.Version < 0 {
		return []action{{Protocol: &protocol{readerVersion, writerVersion}}, {MetaData: &meta}}
	}
	if l.meta.SchemaString == schema {
		return nil
	}
	meta.ID, meta.CreatedTime, meta.Configuration = l.meta.ID, l.meta.CreatedTime, maps.Clone(l.meta.Configuration)
	return []action{{MetaData: &meta}}
}

// tableID identifies a table for readers that watch it: another log of the same table has another id. It follows from the run that makes the log,
// so that nothing else in a log is random.
func tableID(runID, table string) string {
	sum := sha256.Sum256([]byte(runID + "/" + table))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8
	text := hex.EncodeToString(sum[:16])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

func encode(actions []action) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, a := range actions {
		if err := enc.Encode(a); err != nil {
			return nil, fmt.Errorf("encode a Delta commit: %w", err)
		}
	}
	return out.Bytes(), nil
}

// field is a column of a schema.
type field struct {
	Name     string            `json:"name"`
	Type     string            `json:"type"`
	Nullable bool              `json:"nullable"`
	Metadata map[string]string `json:"metadata"`
}

// schema returns the columns as a log spells them. All may be null there: in the Parquet files every column is optional. The month, which is in the
// names of the folders alone, is the last.
func (t Table) schema() (string, error) {
	schema := struct {
		Type   string  `json:"type"`
		Fields []field `json:"fields"`
	}{Type: "struct"}
	for _, c := range t.Columns {
		schema.Fields = append(schema.Fields, field{Name: c.Name, Type: typeOf(c.Type), Nullable: true, Metadata: map[string]string{}})
	}
	schema.Fields = append(schema.Fields, field{Name: partition, Type: "string", Nullable: true, Metadata: map[string]string{}})
	text, err := json.Marshal(schema)
	return string(text), err
}

// typeOf returns the name of an SQL type in a log; decimals have the same one.
func typeOf(sql string) string {
	switch sql {
	case "VARCHAR":
		return "string"
	case "BIGINT":
		return "long"
	}
	return strings.ToLower(sql)
}

// action is one line of a commit. Actions that this package does not write are ignored: they change neither the files nor their columns.
type action struct {
	CommitInfo any       `json:"commitInfo,omitempty"` // a commitInfo, or what another program wrote: the protocol asks for nothing in it
	Protocol   *protocol `json:"protocol,omitempty"`
	MetaData   *metaData `json:"metaData,omitempty"`
	Add        *add      `json:"add,omitempty"`
	Remove     *remove   `json:"remove,omitempty"`
}

// commitInfo says for people what a commit is of.
type commitInfo struct {
	Timestamp  int64             `json:"timestamp"` // milliseconds since 1970, as are all times in a log
	Operation  string            `json:"operation"`
	Parameters map[string]string `json:"operationParameters"`
	EngineInfo string            `json:"engineInfo"`
}

type protocol struct {
	MinReaderVersion int32 `json:"minReaderVersion"`
	MinWriterVersion int32 `json:"minWriterVersion"`
}

type metaData struct {
	ID               string            `json:"id"`
	Name             string            `json:"name,omitempty"`
	Format           format            `json:"format"`
	SchemaString     string            `json:"schemaString"`
	PartitionColumns []string          `json:"partitionColumns"`
	Configuration    map[string]string `json:"configuration"`
	CreatedTime      int64             `json:"createdTime"`
}

type format struct {
	Provider string            `json:"provider"`
	Options  map[string]string `json:"options"`
}

type add struct {
	Path             string            `json:"path"`
	PartitionValues  map[string]string `json:"partitionValues"`
	Size             int64             `json:"size"`
	ModificationTime int64             `json:"modificationTime"`
	DataChange       bool              `json:"dataChange"`
	Stats            string            `json:"stats"`
	Tags             map[string]string `json:"tags"`
}

type remove struct {
	Path              string `json:"path"`
	DeletionTimestamp int64  `json:"deletionTimestamp"`
	DataChange        bool   `json:"dataChange"`
}
