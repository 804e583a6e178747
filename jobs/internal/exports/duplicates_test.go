package exports

import (
	"strings"
	"testing"
)

// TestAdviceAboutDuplicates: nobody is told to remove a file where that loses months or breaks a table.
func TestAdviceAboutDuplicates(t *testing.T) {
	for name, c := range map[string]struct {
		file        Found
		folder      bool
		same, maybe string
	}{
		"plain files":    {Found{Rel: "u/a.csv"}, false, "keep the newer file and remove the other", "remove it"},
		"plain folders":  {Found{Rel: "u/a.csv"}, true, "keep the newer folder and remove the other", "remove it"},
		"a Delta table":  {Found{Rel: "u/a.csv", Log: "u/_delta_log/0.json"}, false, "leave its files alone", "leave its files alone"},
		"of many months": {Found{Rel: "u/a.csv", Many: true}, false, "keep the file that holds all months", "if their months overlap"},
	} {
		pair := Twice{First: []string{"u/a.csv"}, Second: []string{"u/b.csv"}, Common: 9, Keys: 10, Among: []File{{Found: c.file}}}
		if c.folder {
			pair.First, pair.Second, pair.Folders = []string{"u"}, []string{"v"}, true
		}
		if hint := TwiceProblems(june, []Twice{pair})[0].Hint; !strings.Contains(hint, c.same) {
			t.Errorf("%s: %s", name, hint)
		}
		if hint := MaybeTwice(june, []Twice{pair})[0].Hint; !strings.Contains(hint, c.maybe) {
			t.Errorf("%s, perhaps: %s", name, hint)
		}
	}
}
func TestSeries(t *testing.T) {
	for rel, want := range map[string][Places]string{
		"m/a.csv":           {"m/a.csv", "m/a.csv", "m/a.csv"},
		"m/part_0_0001.csv": {"m/part_0_#.csv", "m/part_#_0001.csv", "m/part_0_0001.csv"},
		"m=1/part-00003-9ad4b1c2-77aa-4e5f-8a1b-0c2d4e6f8a1b-c000.snappy.parquet": {"m=1/part-00003-9ad4b1c2-77aa-4e5f-8a1b-0c2d4e6f8a1b-c#.snappy.parquet",
			"m=1/part-#-9ad4b1c2-77aa-4e5f-8a1b-0c2d4e6f8a1b-c000.snappy.parquet", "m=1/part-00003-9ad4b1c2-77aa-4e5f-8a1b-0c2d4e6f8a1b-c000.snappy.parquet"},
		"usage2.csv.gz":       {"usage#.csv.gz", "usage2.csv.gz", "usage2.csv.gz"},
		"1 2 3 4.csv":         {"1 2 3 #.csv", "1 2 # 4.csv", "1 # 3 4.csv"},
		"m/Übersicht (7).csv": {"m/Übersicht (#).csv", "m/Übersicht (7).csv", "m/Übersicht (7).csv"},
		"":                    {},
	} {
		if got := Series(rel); got != want {
			t.Errorf("%s: %q", rel, got)
		}
	}
}
