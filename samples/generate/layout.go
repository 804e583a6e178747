package main

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// column is one column of an export file and how a row's value gets into it.
type column struct {
	field arrow.Field
	put   func(builder array.Builder, row usageRow)
}

// textColumn writes a text, null where it is empty.
func textColumn(name string, value func(usageRow) string) column {
	return column{text(name), func(b array.Builder, r usageRow) { appendText(b, value(r)) }}
}

// integerColumn writes an id as a number, null where it is empty.
func integerColumn(name string, value func(usageRow) string) column {
	field := arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Int64, Nullable: true}
	return column{field, func(b array.Builder, r usageRow) {
		number, err := strconv.ParseInt(value(r), 10, 64)
		if err != nil {
			b.AppendNull()
			return
		}
		b.(*array.Int64Builder).Append(number)
	}}
}

// stated is the first day of the month that a row states: its own, or the one before for a row in the wrong file; zero for a row that states none.
func stated(m month, r usageRow) time.Time {
	switch {
	case r.badMonth:
		return time.Time{}
	case r.wrongMonth:
		return (m - 1).first()
	default:
		return m.first()
	}
}

func dateMonth(name string, m month) column {
	return column{date(name), func(b array.Builder, r usageRow) { appendDate(b, stated(m, r)) }}
}

func timestampMonth(name string, m month) column {
	kind := &arrow.TimestampType{Unit: arrow.Microsecond}
	return column{arrow.Field{Name: name, Type: kind, Nullable: true}, func(b array.Builder, r usageRow) {
		if r.badMonth {
			b.AppendNull()
			return
		}
		b.(*array.TimestampBuilder).Append(arrow.Timestamp(stated(m, r).UnixMicro()))
	}}
}

// textMonth writes the month in a layout of package time.
func textMonth(name, layout string, m month) column {
	return textColumn(name, func(r usageRow) string {
		if r.badMonth {
			return "n/a"
		}
		return stated(m, r).Format(layout)
	})
}

// amountType is ACR in US dollars as Spark writes it.
func amountType() arrow.DataType { return &arrow.Decimal128Type{Precision: 18, Scale: 6} }

func decimalAmount(name string) column {
	return column{arrow.Field{Name: name, Type: amountType(), Nullable: true}, func(b array.Builder, r usageRow) {
		if r.badAmount {
			b.AppendNull()
			return
		}
		b.(*array.Decimal128Builder).Append(decimal128.FromI64(r.micros))
	}}
}

func doubleAmount(name string) column {
	field := arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
	return column{field, func(b array.Builder, r usageRow) {
		if r.badAmount {
			b.(*array.Float64Builder).Append(math.NaN())
			return
		}
		b.(*array.Float64Builder).Append(float64(r.micros) / 1e6)
	}}
}

func textAmount(name string) column {
	return textColumn(name, func(r usageRow) string {
		if r.badAmount {
			return "unknown"
		}
		return big.NewRat(r.micros, 1_000_000).FloatString(6)
	})
}

// The values of a row, by the name that the contract gives them.
func location(r usageRow) string       { return r.location }
func global(r usageRow) string         { return r.global }
func association(r usageRow) string    { return r.association }
func tenant(r usageRow) string         { return r.tenant }
func customer(r usageRow) string       { return r.customer }
func segment(r usageRow) string        { return r.segment }
func subscriptionID(r usageRow) string { return r.subscription }
func level1(r usageRow) string         { return r.level1 }
func level2(r usageRow) string         { return r.level2 }
func level3(r usageRow) string         { return r.level3 }
func level4(r usageRow) string         { return r.level4 }
func resource(r usageRow) string       { return r.resource }
func offer(r usageRow) string          { return r.offer }
func offerID(r usageRow) string        { return r.offerID }

// bracedTenant is a tenant id as some tools print GUIDs.
func bracedTenant(r usageRow) string {
	if strings.TrimSpace(r.tenant) == "" {
		return r.tenant
	}
	return "{" + strings.ToUpper(r.tenant) + "}"
}
