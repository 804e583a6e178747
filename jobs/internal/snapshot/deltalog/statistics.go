package deltalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// longestText is the length of the longest text that is kept as smallest or largest value: names and ids are shorter, and sentences tell a reader
// nothing that lets it skip a file.
const longestText = 64

// statistics are those of a file as the protocol defines them. Columns without a known smallest and largest value are absent.
type statistics struct {
	NumRecords int64            `json:"numRecords"`
	MinValues  map[string]any   `json:"minValues"`
	MaxValues  map[string]any   `json:"maxValues"`
	NullCount  map[string]int64 `json:"nullCount"`
}

// Statistics returns the statistics of a file of the table from its footer. Nothing else of the file is read.
func (t Table) Statistics(r *file.Reader) (string, error) {
	all := statistics{NumRecords: r.NumRows(), MinValues: map[string]any{}, MaxValues: map[string]any{}, NullCount: map[string]int64{}}
	for i, c := range t.Columns {
		var s span
		for g := range r.NumRowGroups() {
			group := r.MetaData().RowGroup(g)
			chunk, err := group.ColumnChunk(i)
			if err != nil {
				return "", fmt.Errorf("column %s: %w", c.Name, err)
			}
			found, err := chunk.Statistics()
			if err != nil {
				return "", fmt.Errorf("statistics of column %s: %w", c.Name, err)
			}
			s.add(found, group.NumRows())
		}
		if !s.nullsUnknown {
			all.NullCount[c.Name] = s.nulls
		}
		if low, high, ok := s.values(c.Type); ok && !c.names() {
			all.MinValues[c.Name], all.MaxValues[c.Name] = low, high
		}
	}
	text, err := json.Marshal(all)
	return string(text), err
}

// names reports whether a column has names of companies or pseudonyms of people. A log keeps what it once said, also of a month that was published
// again without a name, so it says none.
func (c Column) names() bool { return strings.HasSuffix(c.Name, "_name") || c.Name == "person_id" }

// span is what is known of the values of a column.
type span struct {
	nulls                 int64
	nullsUnknown, unknown bool
	numbers               *bounds[int64]
	texts                 *bounds[string]
}

type bounds[T cmp.Ordered] struct{ low, high T }

// widen returns the bounds of both.
func (b *bounds[T]) widen(low, high T) *bounds[T] {
	if b == nil {
		return &bounds[T]{low, high}
	}
	return &bounds[T]{min(b.low, low), max(b.high, high)}
}

// add takes over the statistics of a row group; nil where it has none.
func (s *span) add(found metadata.TypedStatistics, rows int64) {
	if found == nil || !found.HasNullCount() {
		s.nullsUnknown, s.unknown = true, true
		return
	}
	s.nulls += found.NullCount()
	if found.NullCount() == rows {
		return
	}
	if !found.HasMinMax() {
		s.unknown = true
		return
	}
	switch f := found.(type) {
	case *metadata.Int32Statistics:
		s.numbers = s.numbers.widen(int64(f.Min()), int64(f.Max()))
	case *metadata.Int64Statistics:
		s.numbers = s.numbers.widen(f.Min(), f.Max())
	case *metadata.ByteArrayStatistics:
		s.texts = s.texts.widen(string(f.Min()), string(f.Max()))
	default: // readers use none of booleans
		s.unknown = true
	}
}

// values returns the smallest and the largest value of a column, ready for JSON.
func (s *span) values(sqlType string) (low, high any, ok bool) {
	switch {
	case s.unknown:
	case s.texts != nil:
		return s.texts.low, s.texts.high, len(s.texts.low) <= longestText && len(s.texts.high) <= longestText
	case s.numbers != nil:
		return valueOf(s.numbers.low, sqlType), valueOf(s.numbers.high, sqlType), true
	}
	return nil, nil, false
}

// valueOf returns a number of a Parquet file as the value that it is.
func valueOf(n int64, sqlType string) any {
	if sqlType == "DATE" {
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(n)).Format(time.DateOnly)
	}
	_, scale, ok := strings.Cut(strings.TrimSuffix(sqlType, ")"), ",")
	places, err := strconv.Atoi(scale)
	if !ok || err != nil {
		return n
	}
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	digits = strings.Repeat("0", max(0, places+1-len(digits))) + digits
	return json.Number(sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:])
}
