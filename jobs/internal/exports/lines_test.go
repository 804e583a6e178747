package exports

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLines: a row's line is counted in the file, whatever stands before it and in it.
func TestLines(t *testing.T) {
	text := "sep=,\r\n" + plainUsageHeader + "\r\n" + strings.ReplaceAll(usageRow, "\n", "\r\n") + "\r\n1,PAL,t,\"Sto\nrage\r\n\",e,1\r\n1,PAL,t,s,e,2\r\n\r\n\r\n" +
		"1,PAL,t,s,e,3"
	for name, data := range map[string]string{"u.csv": text, "u.csv.gz": gzipped(t, text)} {
		root := tree(t, map[string]string{"azure_usage/month=2024-06/" + name: data})
		c := check(t, root, Options{})[0]
		lines, err := Lines(t.Context(), c, []int64{4, 1, 2, 3})
		if diff := cmp.Diff(map[int64]int64{1: 3, 2: 5, 3: 8, 4: 11}, lines); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if lines, err := Lines(t.Context(), c, nil); len(lines) != 0 || err != nil {
			t.Errorf("%s: no rows are on lines %v, %v", name, lines, err)
		}
		if err := os.Remove(onDisk(c.Found)); err != nil {
			t.Fatal(err)
		}
		if _, err := Lines(t.Context(), c, []int64{1}); !errors.As(err, new(*ChangedError)) {
			t.Errorf("%s: removed: %v", name, err)
		}
	}
}
