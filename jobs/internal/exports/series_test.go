package exports

import "testing"

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
