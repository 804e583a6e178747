package warehouse

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

var amountGrammar = regexp.MustCompile(`^([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?$`)

// trimSpace is what trims in the contract: Unicode white space at both ends.
func trimSpace(s string) string { return strings.TrimFunc(s, unicode.IsSpace) }

// amountOf is the rule of amounts in other words than SQL: the value of a text, as text with six places, nil where it is no amount.
func amountOf(s string) text {
	parts := amountGrammar.FindStringSubmatch(trimSpace(s))
	if parts == nil {
		return nil
	}
	digits := parts[2] + parts[3] + parts[4]
	mantissa, _ := new(big.Int).SetString(digits, 10)
	if mantissa.Sign() == 0 {
		return rounded(new(big.Rat))
	}
	exponent := new(big.Int)
	if parts[5] != "" {
		exponent.SetString(strings.TrimPrefix(parts[5], "+"), 10)
	}
	exponent.Sub(exponent, big.NewInt(int64(len(parts[3])+len(parts[4]))))
	// 10^limit is far beyond what fits, 10^-limit far below half of the last place, whatever these digits are.
	limit := int64(len(digits) + 40)
	if exponent.CmpAbs(big.NewInt(limit)) > 0 {
		exponent.SetInt64(limit * int64(exponent.Sign()))
	}
	power := new(big.Int).Exp(big.NewInt(10), new(big.Int).Abs(exponent), nil)
	value := new(big.Rat).SetInt(mantissa)
	if exponent.Sign() < 0 {
		value.Quo(value, new(big.Rat).SetInt(power))
	} else {
		value.Mul(value, new(big.Rat).SetInt(power))
	}
	if parts[1] == "-" {
		value.Neg(value)
	}
	return rounded(value)
}

// rounded writes a number as DECIMAL(18,6), half away from zero; nil where it does not fit.
func rounded(value *big.Rat) text {
	scaled := new(big.Rat).Mul(new(big.Rat).Abs(value), big.NewRat(1_000_000, 1))
	twice := new(big.Rat).Add(scaled, big.NewRat(1, 2)) // floor(x + 1/2) of what is not negative
	micros := new(big.Int).Quo(twice.Num(), twice.Denom())
	if micros.Cmp(big.NewInt(999_999_999_999_999_999)) > 0 {
		return nil
	}
	sign := ""
	if value.Sign() < 0 && micros.Sign() != 0 {
		sign = "-"
	}
	million := big.NewInt(1_000_000)
	result := fmt.Sprintf("%s%d.%06d", sign, new(big.Int).Quo(micros, million), new(big.Int).Rem(micros, million))
	return &result
}

func checkAmounts(tb fatal, values ...string) {
	tb.Helper()
	for i, got := range evaluate(tb, "amount_of_text(v)", "VARCHAR", values...) {
		if want := amountOf(values[i]); !same(got, want) {
			tb.Fatalf("amount_of_text(%q) = %s, want %s", values[i], show(got), show(want))
		}
	}
}

func TestAmountOfTextTable(t *testing.T) {
	cases := []struct{ in, want string }{
		{"0", "0.000000"}, {"-0", "0.000000"}, {"-0.0", "0.000000"}, {"+1", "1.000000"}, {"1.", "1.000000"}, {".5", "0.500000"}, {"-.5", "-0.500000"},
		{"007", "7.000000"}, {"1e3", "1000.000000"}, {"1E+3", "1000.000000"}, {"12.5e-1", "1.250000"}, {"1.e2", "100.000000"}, {".1e1", "1.000000"},
		{"0.0000005", "0.000001"}, {"-0.0000005", "-0.000001"}, {"0.0000004999999999999999999999", "0.000000"},
		{"2.0000005", "2.000001"}, {"2.0000015", "2.000002"}, {"1.00000049999999999999", "1.000000"}, {"5e-7", "0.000001"}, {"4.9e-7", "0.000000"},
		{"999999999999.999999", "999999999999.999999"}, {"-999999999999.999999", "-999999999999.999999"},
		{"999999999999.9999994", "999999999999.999999"}, {"999999999999.9999995", ""}, {"1000000000000", ""}, {"-1000000000000", ""},
		{"1e12", ""}, {"9e11", "900000000000.000000"}, {"1e400", ""}, {"1e-400", "0.000000"}, {"0e400", "0.000000"}, {"0e99999999999999999999", "0.000000"},
		{"1e99999999999999999999", ""}, {"1e-99999999999999999999", "0.000000"}, {"0000000000000000000000000000000000000000001", "1.000000"},
		{"1.0000000000000000000000000000000000000000000", "1.000000"}, {"100000000000000000000e-10", "10000000000.000000"}, {"5e-8", "0.000000"}, {"-6E-9", "0.000000"}, {"1000000000000e-1", "100000000000.000000"},
		{strings.Repeat("0", 150) + "1e0", "1.000000"}, {"1" + strings.Repeat("0", 150) + "e-150", "1.000000"}, {"0." + strings.Repeat("0", 149) + "1e150", "1.000000"},
		{"1" + strings.Repeat("0", 150) + "e-1000", "0.000000"}, {"0." + strings.Repeat("0", 149) + "1e1000", ""},
		{" 12.50 ", "12.500000"}, {"\t12.50\n", "12.500000"}, {"\u00a012.50\u3000", "12.500000"},
		{"", ""}, {" ", ""}, {".", ""}, {"-", ""}, {"+", ""}, {"e5", ""}, {"1e", ""}, {"1e+", ""}, {"1,000", ""}, {"1,5", ""}, {"1 000", ""}, {"1\u00a0000", ""},
		{"$5", ""}, {"5 USD", ""}, {"€5", ""}, {"1_000", ""}, {"(5)", ""}, {"--5", ""}, {"+-5", ""}, {"- 5", ""}, {"1.2.3", ""}, {"1e2e3", ""}, {"1e2.5", ""},
		{"NaN", ""}, {"nan", ""}, {"inf", ""}, {"-Infinity", ""}, {"0x10", ""}, {"0b1", ""}, {"١٢", ""}, {"１２", ""}, {"½", ""}, {"true", ""}, {"NULL", ""},
		{"5%", ""}, {"5;", ""}, {"'5'", ""}, {"−5", ""}, {"1\n2", ""}, {"5\u200b", ""},
	}
	var in []string
	for _, c := range cases {
		in = append(in, c.in)
	}
	all := evaluate(t, "amount_of_text(v)", "VARCHAR", in...)
	for i, c := range cases {
		got := all[i]
		if want := amountOf(c.in); (c.want == "") != (want == nil) || want != nil && *want != c.want {
			t.Errorf("the reference says %s of %q, the table %q", show(want), c.in, c.want)
		}
		if (c.want == "") != (got == nil) || got != nil && *got != c.want {
			t.Errorf("amount_of_text(%q) = %s, want %q", c.in, show(got), c.want)
		}
	}
	if got := evaluate(t, "amount_of_text(CAST(NULL AS VARCHAR))", "VARCHAR", "x")[0]; got != nil {
		t.Errorf("amount_of_text(NULL) = %s", show(got))
	}
}

func TestAmountOfTextProperty(t *testing.T) {
	digits := rapid.StringMatching(`[0-9]{0,25}`)
	ends := rapid.SampledFrom([]string{"5", "49999", "50000", "50000000000000000000001", "4999999999999999999999999", "9999999", ""})
	number := rapid.Custom(func(t *rapid.T) string {
		s := rapid.SampledFrom([]string{"", "+", "-"}).Draw(t, "sign") + digits.Draw(t, "whole")
		if rapid.Bool().Draw(t, "point") {
			s += "." + rapid.StringMatching(`[0-9]{0,9}`).Draw(t, "fraction") + ends.Draw(t, "end")
		}
		if rapid.Bool().Draw(t, "exponent") {
			s += rapid.SampledFrom([]string{"e", "E"}).Draw(t, "e") + rapid.SampledFrom([]string{"", "+", "-"}).Draw(t, "sign") +
				rapid.StringMatching(`[0-9]{1,3}`).Draw(t, "power")
		}
		return s
	})
	anything := rapid.StringMatching(`[ 0-9eE+.,_()$€\t-]{0,12}`)
	space := rapid.SampledFrom([]string{"", "", " ", "\t", "\u00a0", "\u2003", "\u0085"})
	value := rapid.Custom(func(t *rapid.T) string {
		return space.Draw(t, "before") + rapid.OneOf(number, number, anything).Draw(t, "text") + space.Draw(t, "after")
	})
	rapid.Check(t, func(t *rapid.T) {
		checkAmounts(t, rapid.SliceOfN(value, 50, 50).Draw(t, "values")...)
	})
}

// doubleOf goes by the shortest decimal text of the number.
func doubleOf(v float64, bits int) text {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return amountOf(strconv.FormatFloat(v, 'f', -1, bits))
}

func TestAmountOfDouble(t *testing.T) {
	values := []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 0.1 + 0.2, 2.0000005, 1.0000015, -2.0000005, 0.0000005, -0.0000005, 0.00000049999999999, 5e-324, 1e-7, 1e15, 1e22,
		999999999999.9999, 999999999999.99994, 1e12, -1e12, math.MaxFloat64, -math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1), 123456.7890625, 1e11,
		100000.0000005, 4503599627.3704965, 33554432.0000005,
	}
	for i, got := range evaluate(t, "amount_of_double(v)", "DOUBLE", values...) {
		if want := doubleOf(values[i], 64); !same(got, want) {
			t.Errorf("amount_of_double(%v) = %s, want %s", values[i], show(got), show(want))
		}
	}
}

func TestAmountOfDoubleProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1e6, 1e6), rapid.Custom(func(t *rapid.T) float64 {
			return float64(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "units")) / 10_000_000
		}))
		values := rapid.SliceOfN(value, 50, 50).Draw(t, "values")
		for i, got := range evaluate(t, "amount_of_double(v)", "DOUBLE", values...) {
			if want := doubleOf(values[i], 64); !same(got, want) {
				t.Fatalf("amount_of_double(%v) = %s, want %s", values[i], show(got), show(want))
			}
		}
	})
}

// TestAmountOfFloat: 32 bits are about seven digits; which of two equally short texts the engine takes is its own affair, as long as it
// means the same number.
func TestAmountOfFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float32(), rapid.Float32Range(-1e6, 1e6)), 50, 50).Draw(t, "values")
		for i, got := range evaluate(t, "amount_of_double(v)", "FLOAT", values...) {
			v := float64(values[i])
			if math.IsNaN(v) || math.Abs(v) >= 1e12 {
				if got != nil {
					t.Fatalf("amount_of_double(%v::FLOAT) = %s, want NULL", v, show(got))
				}
				continue
			}
			if got == nil {
				t.Fatalf("amount_of_double(%v::FLOAT) is NULL", v)
			}
			parsed, err := strconv.ParseFloat(*got, 64)
			ulp := math.Abs(v) / (1 << 23)
			if err != nil || math.Abs(parsed-v) > ulp/2+0.5e-6*(1+1e-9) {
				t.Fatalf("amount_of_double(%v::FLOAT) = %s", v, show(got))
			}
		}
	})
}

func TestAmountOfInteger(t *testing.T) {
	integers := []int64{0, -1, 999_999_999_999, 1_000_000_000_000, -1_000_000_000_000, math.MaxInt64, math.MinInt64}
	for i, got := range evaluate(t, "amount_of_decimal(v)", "BIGINT", integers...) {
		if want := amountOf(fmt.Sprint(integers[i])); !same(got, want) {
			t.Errorf("amount_of_decimal(%d) = %s, want %s", integers[i], show(got), show(want))
		}
	}
	if got := evaluate(t, "amount_of_decimal(CAST(v AS UBIGINT))", "VARCHAR", "18446744073709551615", "7"); got[0] != nil || show(got[1]) != "'7.000000'" {
		t.Errorf("amount_of_decimal of unsigned = %s, %s", show(got[0]), show(got[1]))
	}
}

func TestAmountOfDecimal(t *testing.T) {
	for _, scale := range []int{0, 2, 6, 7, 9, 20, 38} {
		t.Run(fmt.Sprint("scale ", scale), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				values := make([]string, 30)
				for i := range values {
					unscaled := rapid.StringMatching(`-?[1-9][0-9]{0,36}`).Draw(t, "unscaled")
					if rapid.Bool().Draw(t, "half") { // just below, at or above half of the sixth place
						unscaled = rapid.StringMatching(`-?[1-9][0-9]{0,8}`).Draw(t, "head") +
							rapid.SampledFrom([]string{"5", "4", "49", "50", "51"}).Draw(t, "tail") + strings.Repeat("0", max(0, scale-8))
					}
					values[i] = decimalText(unscaled, scale)
				}
				got := evaluate(t, fmt.Sprintf("amount_of_decimal(TRY_CAST(v AS DECIMAL(38,%d)))", scale), "VARCHAR", values...)
				for i, value := range values {
					want := amountOf(value)
					if decimalDigits(value, scale) > 38 {
						want = nil // does not fit the column to begin with
					}
					if !same(got[i], want) {
						t.Fatalf("amount_of_decimal(%s) = %s, want %s", value, show(got[i]), show(want))
					}
				}
			})
		})
	}
}

// decimalText puts the point into an integer.
func decimalText(unscaled string, scale int) string {
	sign, digits := "", unscaled
	if strings.HasPrefix(unscaled, "-") {
		sign, digits = "-", unscaled[1:]
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if scale == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}

func decimalDigits(value string, scale int) int {
	digits := strings.TrimLeft(strings.Replace(strings.TrimPrefix(value, "-"), ".", "", 1), "0")
	return max(len(digits), scale)
}

// separatedOf reads an amount with separators in Go: groups of three digits all along, or no separator at all.
func separatedOf(s, thousands, point string) text {
	s = trimSpace(s)
	body := strings.TrimLeft(s, "+-")
	end := strings.IndexAny(body, "eE")
	if end < 0 {
		end = len(body)
	}
	whole, fraction, hasPoint := strings.Cut(body[:end], point)
	groups := []string{whole}
	if thousands != "" {
		groups = strings.Split(whole, thousands)
	}
	for i, group := range groups {
		if len(groups) > 1 && (len(group) > 3 || group == "" || i > 0 && len(group) != 3) || strings.Trim(group, "0123456789") != "" {
			return nil
		}
	}
	if hasPoint {
		fraction = "." + fraction
	}
	if strings.Trim(fraction, ".0123456789") != "" || strings.Count(fraction, ".") > 1 {
		return nil
	}
	return amountOf(s[:len(s)-len(body)] + strings.Join(groups, "") + fraction + body[end:])
}

// separatorCases are the ways in which numbers are written.
var separatorCases = []struct{ thousands, point string }{{",", "."}, {".", ","}, {"", ","}, {"'", "."}, {"’", ","}, {" ", ","}, {"\u00a0", ","}, {"\u202f", "."}}

func TestAmountOfSeparatedTable(t *testing.T) {
	for _, c := range []struct{ in, thousands, point, want string }{
		{"1,234.50", ",", ".", "1234.500000"}, {"-1,234,567.5", ",", ".", "-1234567.500000"}, {"1234.5", ",", ".", "1234.500000"}, {" 12 ", ",", ".", "12.000000"},
		{".5", ",", ".", "0.500000"}, {"1,234e3", ",", ".", "1234000.000000"}, {"999,999,999,999.999999", ",", ".", "999999999999.999999"},
		{"1,5", ",", ".", ""}, {"1234,567", ",", ".", ""}, {"1,2345", ",", ".", ""}, {",123", ",", ".", ""}, {"1,234.5,6", ",", ".", ""}, {"1,,234", ",", ".", ""},
		{"1.234,50", ",", ".", ""}, {"1,234,", ",", ".", ""}, {"", ",", ".", ""}, {",", ",", ".", ""}, {"1.234,50", ".", ",", "1234.500000"}, {"1.5", ".", ",", ""},
		{"1,5", "", ",", "1.500000"}, {"1.5", "", ",", ""}, {"1 234,5", " ", ",", "1234.500000"}, {"1\u202f234,5", "\u202f", ",", "1234.500000"}, {"1 234", "\u202f", ",", ""},
		{"1'234.5", "'", ".", "1234.500000"}, {"$1,234", ",", ".", ""}, {"(1,234)", ",", ".", ""}, {"NaN", ",", ".", ""},
	} {
		got := evaluate(t, separated(c.thousands, c.point), "VARCHAR", c.in)[0]
		if want := separatedOf(c.in, c.thousands, c.point); orEmpty(want) != c.want {
			t.Errorf("the reference says %s of %q, the table %q", show(want), c.in, c.want)
		}
		if orEmpty(got) != c.want {
			t.Errorf("%q with %q and %q is %s, want %q", c.in, c.thousands, c.point, show(got), c.want)
		}
	}
}

func separated(thousands, point string) string {
	return "amount_of_separated(v, " + literal(thousands) + ", " + literal(point) + ")"
}

func FuzzAmountWithSeparators(f *testing.F) {
	for _, s := range []string{"1,234.5", "1.234,5", "-1 234", "1'234e3", ",5", "1,5", "12,345,678", "", "1,2345", "+1\u202f000,5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 || !validText(s) {
			t.Skip()
		}
		for _, c := range separatorCases {
			got := evaluate(t, separated(c.thousands, c.point), "VARCHAR", s)[0]
			if want := separatedOf(s, c.thousands, c.point); !same(got, want) {
				t.Fatalf("%q with %q and %q is %s, want %s", s, c.thousands, c.point, show(got), show(want))
			}
		}
	})
}

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1.5", "-1e3", " 2.0000005\u00a0", "999999999999.9999995", "1,5", "0e9", "", "\u2003", "1e-8", "+.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 || !validText(s) {
			t.Skip()
		}
		checkAmounts(t, s)
	})
}
