package deltalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage/local"
)

func things() Table {
	return Table{Name: "things", Columns: []Column{{"id", "VARCHAR"}, {"day", "DATE"}, {"paid", "BOOLEAN"}, {"n", "INTEGER"}, {"rows", "BIGINT"}, {"usd", "DECIMAL(18,6)"}}}
}

func info() Info {
	return Info{At: time.UnixMilli(1_720_000_000_000), RunID: "run-1", ToolVersion: "1.0"}
}

func fileOf(month string, size int64) File {
	return File{Month: month, Path: "month=" + month + "/part-0.parquet", Bytes: size, SHA256: "ab", Stats: `{"numRecords":1}`, Modified: time.UnixMilli(1_719_000_000_000)}
}

func empty() *Log {
	return &Log{Version: -1, Checkpoint: -1, table: "things", files: map[string]add{}, removed: map[string]remove{}}
}

// The first commit describes the table; the next one names files alone; what the log says already needs none.
func TestCommits(t *testing.T) {
	l := empty()
	first, err := l.commit(things(), info(), []File{fileOf("2024-06", 10)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"commitInfo":{"timestamp":1720000000000,"operation":"WRITE","operationParameters":{"mode":"Append"},"engineInfo":"partnerscore/1.0"}}
{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
{"metaData":{"id":"ID","name":"things","format":{"provider":"parquet","options":{}},"schemaString":"SCHEMA","partitionColumns":["month"],"configuration":{},"createdTime":1720000000000}}
{"add":{"path":"month=2024-06/part-0.parquet","partitionValues":{"month":"2024-06"},"size":10,"modificationTime":1719000000000,"dataChange":true,"stats":"{\"numRecords\":1}","tags":{"partnerscore.sha256":"ab"}}}
`
	schema, err := json.Marshal(`{"type":"struct","fields":[` +
		`{"name":"id","type":"string","nullable":true,"metadata":{}},{"name":"day","type":"date","nullable":true,"metadata":{}},` +
		`{"name":"paid","type":"boolean","nullable":true,"metadata":{}},{"name":"n","type":"integer","nullable":true,"metadata":{}},` +
		`{"name":"rows","type":"long","nullable":true,"metadata":{}},{"name":"usd","type":"decimal(18,6)","nullable":true,"metadata":{}},` +
		`{"name":"month","type":"string","nullable":true,"metadata":{}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer(`"SCHEMA"`, string(schema), "ID", tableID("run-1", "things")).Replace(want)
	if diff := cmp.Diff(filled, string(first)); diff != "" {
		t.Error(diff)
	}
	if err := l.apply(first); err != nil {
		t.Fatal(err)
	}
	l.Version++
	if none, err := l.commit(things(), info(), nil, nil); none != nil || err != nil {
		t.Errorf("got %s, %v", none, err)
	}
	second, err := l.commit(things(), info(), []File{fileOf("2024-06", 11)}, []string{"x"})
	if err != nil || bytes.Contains(second, []byte("protocol")) || !bytes.Contains(second, []byte(`"mode":"Overwrite"`)) || !bytes.Contains(second, []byte(`{"remove":{"path":"x"`)) {
		t.Errorf("got %s, %v", second, err)
	}
	wider := things()
	wider.Columns = append(wider.Columns, Column{"more", "VARCHAR"})
	third, err := l.commit(wider, Info{At: time.Now(), RunID: "run-2"}, nil, nil)
	if err != nil || !bytes.Contains(third, []byte(`"id":"`+tableID("run-1", "things"))) || !bytes.Contains(third, []byte(`\"more\"`)) {
		t.Errorf("another column: got %s, %v", third, err)
	}
}

// A log read from its checkpoint says what it said before, and the same log gives the same bytes.
func TestCheckpoint(t *testing.T) {
	l := empty()
	l.Version = 0
	l.replay(action{Protocol: &protocol{1, 2}})
	l.replay(action{MetaData: &metaData{ID: "id", Name: "things", Format: format{"parquet", map[string]string{}}, SchemaString: "{}",
		PartitionColumns: []string{"month"}, Configuration: map[string]string{"a": "b", "c": ""}, CreatedTime: 5}})
	for _, month := range []string{"2024-06", "2024-07", "2024-08"} {
		l.replay(action{Add: &add{Path: month, PartitionValues: map[string]string{"month": month}, Size: 7, ModificationTime: 8, Stats: `{"a":"ä\""}`,
			Tags: map[string]string{hashTag: "ab"}}})
	}
	l.replay(action{Remove: &remove{Path: "2024-07", DeletionTimestamp: 9}})
	data, err := encodeCheckpoint(l.rows())
	if err != nil {
		t.Fatal(err)
	}
	again, err := encodeCheckpoint(l.rows())
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("other bytes, %v", err)
	}
	got := empty()
	got.Version = 0
	if err := got.readCheckpoint(data); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, got, cmp.AllowUnexported(Log{})); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 { // damaged ones are an error at worst
		bad := bytes.Clone(data)
		bad[random.IntN(len(bad))] ^= byte(1 << random.IntN(8))
		_ = empty().readCheckpoint(bad)
	}
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		n       int64
		sqlType string
		want    string
	}{
		{0, "DATE", `"1970-01-01"`}, {19_875, "DATE", `"2024-06-01"`}, {-1, "DATE", `"1969-12-31"`},
		{0, "DECIMAL(6,2)", "0.00"}, {7, "DECIMAL(6,2)", "0.07"}, {-7, "DECIMAL(6,2)", "-0.07"}, {-12345, "DECIMAL(6,2)", "-123.45"},
		{999_999_999_999_999_999, "DECIMAL(18,6)", "999999999999.999999"}, {-1 << 63, "DECIMAL(18,6)", "-9223372036854.775808"},
		{12, "INTEGER", "12"}, {-12, "BIGINT", "-12"},
	} {
		if got, err := json.Marshal(valueOf(tt.n, tt.sqlType)); err != nil || string(got) != tt.want {
			t.Errorf("%d as %s: got %s, %v, want %s", tt.n, tt.sqlType, got, err, tt.want)
		}
	}
}

func TestBelongs(t *testing.T) {
	for rel, want := range map[string]bool{
		"_delta_log/00000000000000000007.json": true, "_delta_log/00000000000000000010.checkpoint.parquet": true, "_delta_log/_last_checkpoint": true,
		"_delta_log/7.json": false, "_delta_log/-0000000000000000007.json": false, "_delta_log/00000000000000000007.crc": false,
		"00000000000000000007.json": false, "_delta_log/x/00000000000000000007.json": false, "month=2024-06/_last_checkpoint": false,
	} {
		if got := Belongs(rel); got != want {
			t.Errorf("%s: %t", rel, got)
		}
	}
}

// A folder with anything but a commit in it is no log that a run may begin.
func TestReadNothing(t *testing.T) {
	root := t.TempDir()
	files, err := local.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := Read(t.Context(), files, "things"); err != nil || l.Version != -1 {
		t.Errorf("got %+v, %v", l, err)
	}
	stray := filepath.Join(root, "things", Dir, "00000000000000000003.crc")
	if err := errors.Join(os.MkdirAll(filepath.Dir(stray), 0o777), os.WriteFile(stray, nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	var broken *Error
	if _, err := Read(t.Context(), files, "things"); !errors.As(err, &broken) || broken.Path != Dir || !strings.Contains(err.Error(), "no commit") {
		t.Errorf("got %v", err)
	}
}
