package warehouse

import (
	"math/big"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Decimal is how the engine hands over exact numbers.
type Decimal = duckdb.Decimal

// Amount is a DECIMAL(18,6) for the engine, from millionths.
func Amount(micros int64) Decimal {
	return Decimal{Width: 18, Scale: 6, Value: big.NewInt(micros)}
}

// Micros returns the millionths of a DECIMAL(18,6) of the engine.
func Micros(d Decimal) int64 { return d.Value.Int64() }
