package main

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// amountType is ACR in US dollars as Spark writes it.
func amountType() arrow.DataType { return &arrow.Decimal128Type{Precision: 18, Scale: 6} }

// dictionaryType is a text column that the writer is handed as a dictionary and indices into it: the file then holds
// exactly these, and no text is hashed row by row. Readers see plain text.
func dictionaryType() *arrow.DictionaryType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
}

// texts is a growing dictionary. Its values must differ from each other.
type texts struct {
	offsets []int32
	data    []byte
}

func (t *texts) reset() { t.offsets, t.data = append(t.offsets[:0], 0), t.data[:0] }

// added is called after a value was appended to data; it returns the value's index.
func (t *texts) added() int32 {
	t.offsets = append(t.offsets, int32(len(t.data)))
	return int32(len(t.offsets) - 2)
}

func (t *texts) add(value string) int32 {
	t.data = append(t.data, value...)
	return t.added()
}

func textsOf(values []string) *texts {
	t := &texts{}
	t.reset()
	for _, v := range values {
		t.add(v)
	}
	return t
}

// array is a view of the values, valid until the next reset.
func (t *texts) array() arrow.Array {
	buffers := []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(t.offsets)), memory.NewBufferBytes(t.data),
	}
	data := array.NewData(arrow.BinaryTypes.String, len(t.offsets)-1, buffers, nil, 0, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// dictionaryArray joins indices with their dictionary, without copying either.
func dictionaryArray(indices []int32, dictionary *texts) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(indices))}
	data := array.NewData(arrow.PrimitiveTypes.Int32, len(indices), buffers, nil, 0, 0)
	defer data.Release()
	index := array.MakeFromData(data)
	defer index.Release()
	values := dictionary.array()
	defer values.Release()
	return array.NewDictionaryArray(dictionaryType(), index, values)
}

// decimalArray views amounts in millionths of a dollar as DECIMAL(18,6).
func decimalArray(amounts []decimal128.Num) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Decimal128Traits.CastToBytes(amounts))}
	data := array.NewData(amountType(), len(amounts), buffers, nil, 0, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// dateArray views days since 1970-01-01 as DATE.
func dateArray(days []arrow.Date32) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Date32Traits.CastToBytes(days))}
	data := array.NewData(arrow.FixedWidthTypes.Date32, len(days), buffers, nil, 0, 0)
	defer data.Release()
	return array.MakeFromData(data)
}
