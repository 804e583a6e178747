package spark

import "testing"

// TestDisagree: the first answer that differs, is missing or is too many is reported.
func TestDisagree(t *testing.T) {
	for _, c := range []struct {
		got, want     []string
		spark, duckdb string
	}{
		{[]string{"a", "b"}, []string{"a", "c"}, "b", "c"},
		{[]string{"a"}, []string{"a", "c"}, "", "c"},
		{[]string{"a", "b"}, []string{"a"}, "b", ""},
	} {
		d := firstDifference(c.got, c.want)
		if d == nil || d.Spark != c.spark || d.DuckDB != c.duckdb {
			t.Errorf("%q, %q: %+v", c.got, c.want, d)
		}
	}
	if d := firstDifference([]string{"a"}, []string{"a"}); d != nil {
		t.Error(d)
	}
}

// TestFingerprint: it is the same from call to call.
func TestFingerprint(t *testing.T) {
	first, err := Fingerprint()
	if err != nil || first == "" {
		t.Fatal(first, err)
	}
	for range 10 {
		if again, err := Fingerprint(); again != first || err != nil {
			t.Fatalf("%s, %v, want %s", again, err, first)
		}
	}
}
