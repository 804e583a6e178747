package delta

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadsCommits(t *testing.T) {
	dir := table(t, map[string]string{
		commit(0): lines(`{"commitInfo":{"operation":"WRITE"}}`, protocolLine, metaLine, addLine("month=2024-05/a.parquet", "2024-05"), addLine("month=2024-06/old.parquet", "2024-06")),
		commit(1): lines(removeLine("month=2024-06/old.parquet"), addLine("month=2024-06/new.parquet", "2024-06"), `{"txn":{"appId":"x","version":3}}`,
			`{"domainMetadata":{"domain":"d","configuration":"","removed":false}}`, `{"cdc":{"path":"_change_data/c.parquet"}}`, `{"somethingNew":{"x":[1,{"y":2}]}}`, ``),
		// The last line may lack its line feed.
		commit(2):                       strings.TrimSuffix(lines(`{"add":{"path":"month=__HIVE_DEFAULT_PARTITION__/n.parquet","partitionValues":{"month":null},"size":3}}`), "\n"),
		"00000000000000000001.crc":      "{}",
		"00000000000000000009.json.tmp": "half",
		"00000000000000000000.00000000000000000002.compacted.json": "ignored",
	})
	read, err := readTable(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"month=2024-05/a.parquet", "month=2024-06/new.parquet", "month=__HIVE_DEFAULT_PARTITION__/n.parquet"}
	if got := paths(read); !slices.Equal(got, want) || read.Version != 2 || !slices.Equal(read.PartitionColumns, []string{"month"}) {
		t.Errorf("version %d, partitioned by %q, files %q, want %q", read.Version, read.PartitionColumns, got, want)
	}
	if f := read.Files[1]; f.Partition["month"] != "2024-06" || f.Size != 10 || f.Log != LogDir+"/"+commit(1) {
		t.Errorf("the file is %+v", f)
	}
	if f := read.Files[2]; f.Partition["month"] != "" {
		t.Errorf("the partition of NULL is %q", f.Partition)
	}
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	for raw, want := range map[string]string{
		"month=2024-06-01%2000%253A00%253A00/p.parquet": "month=2024-06-01 00%3A00%3A00/p.parquet",
		"time=10:00/p.parquet":                          "time=10:00/p.parquet",
		"100%.parquet":                                  "100%.parquet",
		"a/./b/../p.parquet":                            "a/p.parquet",
		"file://" + dir + "/p.parquet":                  "p.parquet",
		"file:" + dir + "/q/p.parquet":                  "q/p.parquet",
		dir + "/p.parquet":                              "p.parquet",
		"../p.parquet":                                  "",
		"a/../../p.parquet":                             "",
		"%2e%2e/p.parquet":                              "",
		"/etc/p.parquet":                                "",
		"file:///etc/p.parquet":                         "",
		"abfss://c@a.dfs.core.windows.net/t/p.parquet":  "",
		"s3://bucket/t/p.parquet":                       "",
		".":                                             "",
	} {
		got, err := inside(dir, decoded(raw))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, want)
		}
	}
}

func TestRefusesWhatItCannotReadRight(t *testing.T) {
	vector := `{"add":{"path":"a.parquet","partitionValues":{"month":"2024-06"},"size":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1,"sizeInBytes":2,"cardinality":1}}}`
	for name, c := range map[string]struct {
		actions []string
		want    []string
	}{
		"deletion vector": {[]string{protocolLine, metaLine, vector}, []string{"deletion vectors", commit(0), "REORG"}},
		"column mapping": {[]string{protocolLine, strings.Replace(metaLine, `"configuration":{}`, `"configuration":{"delta.columnMapping.mode":"name"}`, 1)},
			[]string{"column mapping", commit(0)}},
		"version 2": {[]string{strings.Replace(protocolLine, `n":1`, `n":2`, 1), metaLine}, []string{"reader version 2 (column mapping)"}},
		"version 3": {[]string{`{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors","timestampNtz"],"writerFeatures":[]}}`, metaLine},
			[]string{"reader version 3 with deletion vectors (deletionVectors), timestampNtz"}},
		"format": {[]string{protocolLine, strings.Replace(metaLine, `"provider":"parquet"`, `"provider":"orc"`, 1)}, []string{`format "orc"`}},
	} {
		t.Run(name, func(t *testing.T) { refused(t, table(t, map[string]string{commit(0): lines(c.actions...)}), c.want...) })
	}
}

func TestADeletionVectorThatIsGone(t *testing.T) {
	with := `{"path":"a.parquet","partitionValues":{"month":"2024-06"},"size":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"x"}}`
	dir := table(t, map[string]string{
		commit(0): lines(protocolLine, metaLine, `{"add":`+with+`}`),
		commit(1): lines(`{"remove":`+with+`}`, addLine("b.parquet", "2024-06")),
	})
	read, err := readTable(t, dir)
	if err != nil || !slices.Equal(paths(read), []string{"b.parquet"}) {
		t.Errorf("%v, %v", read, err)
	}
}

func TestBrokenLogs(t *testing.T) {
	first := lines(protocolLine, metaLine, addLine("a.parquet", "2024-06"))
	for name, c := range map[string]struct {
		log  map[string]string
		want []string
	}{
		"empty":        {nil, []string{"neither commits nor a whole checkpoint"}},
		"no protocol":  {map[string]string{commit(0): lines(metaLine)}, []string{commit(0), "no protocol"}},
		"no metaData":  {map[string]string{commit(0): lines(protocolLine)}, []string{"no metaData"}},
		"torn line":    {map[string]string{commit(0): first + `{"add":{"path":"b.par`}, []string{commit(0), "line 4"}},
		"empty commit": {map[string]string{commit(0): first, commit(1): ""}, []string{commit(1), "empty"}},
		"blank commit": {map[string]string{commit(0): first, commit(1): " \n\n"}, []string{commit(1), "empty"}},
		"not JSON":     {map[string]string{commit(0): "PAR1"}, []string{"line 1", "no action in JSON"}},
		"wrong type":   {map[string]string{commit(0): first + lines(`{"add":{"path":7}}`)}, []string{"line 4"}},
		"no path":      {map[string]string{commit(0): first + lines(`{"add":{"size":7}}`)}, []string{"line 4", "no path"}},
		"NUL":          {map[string]string{commit(0): first + lines(`{"remove":{"path":"a%00b"}}`)}, []string{"NUL"}},
		"no value":     {map[string]string{commit(0): first + lines(`{"add":{"path":"b.parquet","partitionValues":{}}}`)}, []string{"b.parquet has no value of the partition column month"}},
		"gap":          {map[string]string{commit(0): first, commit(2): ""}, []string{commit(1), "missing", "ends with version 2"}},
		"no start":     {map[string]string{commit(1): first}, []string{commit(0), "missing"}},
		"outside":      {map[string]string{commit(0): first + lines(addLine("../b.parquet", "2024-06"))}, []string{"../b.parquet is not in the folder"}},
		"long line":    {map[string]string{commit(0): first + `{"commitInfo":"` + strings.Repeat("x", maxLine) + `"}`}, []string{"line 4", "more than"}},
		"long path":    {map[string]string{commit(0): first + lines(addLine(strings.Repeat("x", maxPath+1), "2024-06"))}, []string{"path of 32769 bytes"}},
		"stale copy":   {map[string]string{commit(0): first, lastCheckpoint: `{"version":7,"size":3}`}, []string{"names a checkpoint of version 7", "ends with version 0"}},
		"second version only": {map[string]string{commit(3): "", "00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json": "{}"},
			[]string{"v2 checkpoints"}},
		"second version after": {map[string]string{commit(0): first, "00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet": ""},
			[]string{"v2 checkpoints"}},
		"damaged checkpoint": {map[string]string{commit(1): "", "00000000000000000000.checkpoint.parquet": "PAR1 and no more PAR1"}, []string{"0.checkpoint.parquet", "damaged"}},
		"empty checkpoint":   {map[string]string{"00000000000000000000.checkpoint.parquet": ""}, []string{"0.checkpoint.parquet", "0 bytes"}},
		"half a checkpoint": {map[string]string{commit(3): "", "00000000000000000002.checkpoint.0000000001.0000000002.parquet": ""},
			[]string{"of the 2 parts of its checkpoint of version 2, 1 are there"}},
	} {
		t.Run(name, func(t *testing.T) { refused(t, table(t, c.log), c.want...) })
	}
}

func TestTheNoteOfTheLastCheckpointIsAHint(t *testing.T) {
	first := lines(protocolLine, metaLine, addLine("a.parquet", "2024-06"))
	for _, note := range []string{"", "{", `{"version":"x"}`, `{"version":0}`, `{"size":1}`, strings.Repeat("[", 1<<12)} {
		if read, err := readTable(t, table(t, map[string]string{commit(0): first, lastCheckpoint: note})); err != nil || len(read.Files) != 1 {
			t.Errorf("note %q: %v, %v", note, read, err)
		}
	}
}

// start is what every checkpoint begins with.
func start() []row { return []row{{protocol: 1}, {meta: []string{"month"}}} }

func TestReadsCheckpoints(t *testing.T) {
	june := map[string]string{"month": "2024-06"}
	one := checkpoint(t, append(start(), row{path: "a.parquet", values: june}, row{path: "b.parquet", values: map[string]string{"month": "\x00"}}))
	for name, log := range map[string]map[string]string{
		"the only file":    {"00000000000000000004.checkpoint.parquet": one},
		"cleaned commits":  {"00000000000000000004.checkpoint.parquet": one, commit(5): lines(removeLine("c.parquet"))},
		"older are broken": {"00000000000000000004.checkpoint.parquet": one, commit(4): "{", commit(2): "{", "00000000000000000003.checkpoint.parquet": "x"},
		"in parts": {
			"00000000000000000004.checkpoint.0000000001.0000000002.parquet": checkpoint(t, append(start(), row{path: "a.parquet", values: june})),
			"00000000000000000004.checkpoint.0000000002.0000000002.parquet": checkpoint(t, []row{{path: "b.parquet", values: map[string]string{"month": "\x00"}}}),
			// Another writer made one of three parts.
			"00000000000000000004.checkpoint.0000000003.0000000003.parquet": "x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			read, err := readTable(t, table(t, log))
			if err != nil {
				t.Fatal(err)
			}
			if got := paths(read); !slices.Equal(got, []string{"a.parquet", "b.parquet"}) {
				t.Fatalf("files %q", got)
			}
			if read.Files[0].Partition["month"] != "2024-06" || read.Files[1].Partition["month"] != "" || read.Files[0].Size != 10 {
				t.Errorf("files %+v", read.Files)
			}
		})
	}
}

func TestRefusesCheckpoints(t *testing.T) {
	june := map[string]string{"month": "2024-06"}
	for name, c := range map[string]struct {
		rows []row
		want string
	}{
		"no path":       {append(start(), row{noPath: true, values: june}), "no path"},
		"vector":        {append(start(), row{path: "a.parquet", values: june, vector: "x"}), "deletion vectors"},
		"sidecar":       {append(start(), row{sidecar: "s.parquet"}), "v2 checkpoints"},
		"features":      {[]row{{protocol: 3, features: []string{"columnMapping", "v2Checkpoint"}}, {meta: []string{}}}, "reader version 3 with column mapping (columnMapping), v2Checkpoint"},
		"no protocol":   {[]row{{meta: []string{}}}, "no protocol"},
		"no metaData":   {[]row{{protocol: 1}}, "no metaData"},
		"no partitions": {append(start(), row{path: "a.parquet", values: map[string]string{"day": "1"}}), "no value of the partition column month"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, table(t, map[string]string{"00000000000000000000.checkpoint.parquet": checkpoint(t, c.rows)}), c.want, "checkpoint")
		})
	}
}

func TestALargeCheckpoint(t *testing.T) {
	rows := start()
	for i := range 5000 {
		rows = append(rows, row{path: fmt.Sprintf("month=2024-06/%d.parquet", i), values: map[string]string{"month": "2024-06", "region": fmt.Sprint(i % 3)}})
	}
	read, err := readTable(t, table(t, map[string]string{"00000000000000000010.checkpoint.parquet": checkpoint(t, rows)}))
	if err != nil || len(read.Files) != 5000 {
		t.Fatalf("%d files, %v", len(read.Files), err)
	}
	for _, f := range read.Files {
		if f.Partition["month"] != "2024-06" || f.Partition["region"] == "" {
			t.Fatalf("file %+v", f)
		}
	}
}

// A checkpoint that the Python package deltalake wrote, of a table partitioned by month with a restated month.
func TestReadsACheckpointOfDeltalake(t *testing.T) {
	read, err := readTable(t, filepath.Join("testdata", "deltalake"))
	if err != nil {
		t.Fatal(err)
	}
	if read.Version != 3 || len(read.Files) != 2 {
		t.Fatalf("version %d, files %q", read.Version, paths(read))
	}
	for i, month := range []string{"2024-05", "2024-06"} {
		if f := read.Files[i]; f.Partition["month"] != month || !strings.HasPrefix(f.Path, "month="+month+"/part-") || f.Size <= 0 {
			t.Errorf("file %+v", f)
		}
	}
}
