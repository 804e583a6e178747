package schema

import (
	"fmt"
	"slices"
)

// Kind is the logical type of a column, as far as the contract distinguishes types.
type Kind string

// The kinds; text columns of CSV and TSV are Text.
const (
	Bool      Kind = "bool"
	Int       Kind = "int"
	Uint      Kind = "uint"
	Float     Kind = "float"
	Double    Kind = "double"
	Decimal   Kind = "decimal"
	Text      Kind = "text"
	Date      Kind = "date"
	Time      Kind = "time"
	Timestamp Kind = "timestamp"
	// Int96 is the old 12-byte timestamp of Impala, Hive and Spark.
	Int96 Kind = "int96"
	UUID  Kind = "uuid"
	// Binary is a byte array without annotation: how older writers store text.
	Binary Kind = "binary"
	// Fixed is a byte array of fixed length without annotation.
	Fixed Kind = "fixed"
	// Null is a column that can hold nothing but nulls.
	Null Kind = "null"
	// Nested is a list, map, struct or repeated value.
	Nested Kind = "nested"
	Other  Kind = "other"
)

// Column is one top-level column of a file.
type Column struct {
	// Name has the bytes of the file, a BOM removed from the first name of a text file.
	Name string
	// Index counts top-level columns from 0.
	Index int
	Kind  Kind
	// Precision and Scale belong to Decimal, Unit ("ms", "us", "ns") and UTC to Timestamp, Bits to Int and Uint.
	Precision, Scale, Bits int
	Unit                   string
	UTC                    bool
	// Partition marks a column that is not in the file: the log of its Delta table says its value, the same in all rows; empty is NULL.
	Partition bool
	Value     string
}

// Type names the column's type for people.
func (c Column) Type() string {
	if c.Partition {
		return "text (a partition of the Delta table)"
	}
	switch c.Kind {
	case Decimal:
		return fmt.Sprintf("decimal(%d,%d)", c.Precision, c.Scale)
	case Int, Uint:
		return fmt.Sprintf("%s%d", c.Kind, c.Bits)
	case Timestamp:
		zone := ""
		if c.UTC {
			zone = ", UTC"
		}
		return fmt.Sprintf("timestamp(%s%s)", c.Unit, zone)
	case Nested:
		return "nested (a list, map or struct)"
	case Null:
		return "null (no values)"
	case Fixed:
		return "binary of fixed length"
	default:
		return string(c.Kind)
	}
}

// TextColumns returns the columns of a text file; all of them are text.
func TextColumns(header []string) []Column {
	columns := make([]Column, len(header))
	for i, name := range header {
		columns[i] = Column{Name: name, Index: i, Kind: Text}
	}
	return columns
}

// Meaning is what the values of a column mean, and so which types can hold them.
type Meaning int

const (
	// MeansText holds labels, names and ids that are not numbers.
	MeansText Meaning = iota
	// MeansID holds ids that are numbers, as text or in any type of number: some tools think in floats.
	MeansID
	// MeansMonth holds a month, or any day of it.
	MeansMonth
	// MeansAmount holds US dollars.
	MeansAmount
	// MeansDate holds a day.
	MeansDate
)

// maxDecimalDigits is where the engine would fall back on floating point.
const maxDecimalDigits = 38

// Mismatch says in words what a column of this meaning must be, "" when the type will do.
func (m Meaning) Mismatch(c Column) string {
	always := []Kind{Text, Binary, Null}
	switch m {
	case MeansMonth:
		if c.wholeNumber() || slices.Contains(append(always, Date, Timestamp, Int96), c.Kind) {
			return ""
		}
		return "a date, timestamp, text (2024-06) or integer (202406)"
	case MeansDate:
		if slices.Contains(append(always, Date, Timestamp, Int96), c.Kind) {
			return ""
		}
		return "a date, timestamp or text (2024-06-30)"
	case MeansAmount:
		if c.Kind == Decimal && c.Precision > maxDecimalDigits {
			return fmt.Sprintf("a decimal of at most %d digits", maxDecimalDigits)
		}
		if slices.Contains(append(always, Decimal, Float, Double, Int, Uint), c.Kind) {
			return ""
		}
		return "a decimal, double, float, integer or text"
	case MeansID:
		if slices.Contains(append(always, Decimal, Float, Double, Int, Uint, UUID), c.Kind) && c.Precision <= maxDecimalDigits {
			return ""
		}
		return "text or a number"
	default:
		if c.wholeNumber() || slices.Contains(append(always, UUID), c.Kind) {
			return ""
		}
		return "text, an integer or a UUID"
	}
}

// wholeNumber includes decimals without a fraction: some warehouses export every integer that way.
func (c Column) wholeNumber() bool {
	return c.Kind == Int || c.Kind == Uint || c.Kind == Decimal && c.Scale == 0 && c.Precision <= maxDecimalDigits
}
