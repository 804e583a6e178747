package exports

import "testing"

func TestSeparatorHint(t *testing.T) {
	const begin = "if that is how amounts are written here, say so in the config: "
	for _, c := range []struct{ amount, want string }{
		{"1,234.50", `amounts: {thousands: ","}`}, {"-1.234,50", `amounts: {thousands: ".", decimal: ","}`}, {" 1,5 ", `amounts: {decimal: ","}`},
		{"1,234", `amounts: {decimal: ","}, or amounts: {thousands: ","}`}, {"1.234.567", `amounts: {thousands: ".", decimal: ","}`}, {"1'234.5", `amounts: {thousands: "'"}`},
		{"1\u202f234,5", `amounts: {thousands: "\u202f", decimal: ","}`}, {"1 234", `amounts: {thousands: " "}`},
		{"1,23,456.0", ""}, {"EUR 5", ""}, {"", ""}, {"5", ""}, {"1.5", ""}, {"1,234.50,", ""}, {"(1,000)", ""}, {"1_000", ""},
	} {
		want := c.want
		if want != "" {
			want = begin + want
		}
		if got := SeparatorHint(c.amount); got != want {
			t.Errorf("%q: %q, want %q", c.amount, got, want)
		}
	}
}

func TestSeparators(t *testing.T) {
	for _, good := range []Separators{{}, {Decimal: "."}, {Thousands: ","}, {Thousands: ".", Decimal: ","}, {Thousands: "\u00a0", Decimal: ","}} {
		if err := good.Validate(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []Separators{{Thousands: "."}, {Decimal: ",", Thousands: ","}, {Thousands: "_"}, {Thousands: ",."}, {Decimal: "'"}, {Decimal: "5"}} {
		if bad.Validate() == nil {
			t.Errorf("%q passes", bad)
		}
	}
}
