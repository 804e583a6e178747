// Package thrift checks the encoded footer of a Parquet file before anything decodes it.
package thrift

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits on what a footer may claim. The decoder behind allocates by these claims, and running out of memory or
// stack cannot be recovered from, so they are checked on the raw bytes first. A month of 5,000 columns in 30 row
// groups stays below them.
const (
	MaxFooterBytes    = 64 << 20
	maxSchemaElements = 100_000
	maxSchemaDepth    = 100
	maxFooterStructs  = 2_000_000
	maxStructDepth    = 32
)

// errFooter marks bytes that are no Parquet footer.
var errFooter = errors.New("malformed footer")

// Types of Thrift's compact protocol.
const (
	wireTrue   = 1
	wireFalse  = 2
	wireByte   = 3
	wireI16    = 4
	wireI32    = 5
	wireI64    = 6
	wireDouble = 7
	wireBinary = 8
	wireList   = 9
	wireSet    = 10
	wireMap    = 11
	wireStruct = 12
	wireUUID   = 13
)

// Field numbers of parquet.thrift.
const (
	fieldSchema      = 2 // of FileMetaData
	fieldNumChildren = 5 // of SchemaElement
)

// CheckFooter walks Thrift-encoded FileMetaData without decoding it: every length is within the bytes, nesting is
// bounded, and the schema's claims about children add up.
func CheckFooter(footer []byte) error {
	w := wireReader{data: footer}
	var children []int64
	err := w.structure(0, func(id int16, kind byte) (bool, error) {
		if id != fieldSchema || kind != wireList {
			return false, nil
		}
		var err error
		children, err = w.schema()
		return true, err
	})
	if err != nil {
		return err
	}
	return checkSchemaTree(children)
}

// checkSchemaTree replays the depth-first list of child counts.
func checkSchemaTree(children []int64) error {
	if len(children) == 0 {
		return fmt.Errorf("no schema: %w", errFooter)
	}
	var open []int64
	for i, n := range children {
		if n < 0 || n > int64(len(children)-1-i) {
			return fmt.Errorf("schema element %d claims %d children: %w", i, n, errFooter)
		}
		if i > 0 && len(open) == 0 {
			return fmt.Errorf("schema elements outside the root: %w", errFooter)
		}
		if len(open) > 0 {
			open[len(open)-1]--
		}
		open = append(open, n)
		if len(open) > maxSchemaDepth {
			return fmt.Errorf("schema is nested deeper than %d levels: %w", maxSchemaDepth, errFooter)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("schema ends early: %w", errFooter)
	}
	return nil
}

// wireReader is a cursor over compact-protocol bytes.
type wireReader struct {
	data    []byte
	pos     int
	structs int
}

func (w *wireReader) take(n uint64) error {
	if n > uint64(len(w.data)-w.pos) {
		return fmt.Errorf("%d bytes claimed, %d left: %w", n, len(w.data)-w.pos, errFooter)
	}
	w.pos += int(n)
	return nil
}

func (w *wireReader) byte() (byte, error) {
	if w.pos >= len(w.data) {
		return 0, fmt.Errorf("ends early: %w", errFooter)
	}
	w.pos++
	return w.data[w.pos-1], nil
}

func (w *wireReader) varint() (uint64, error) {
	v, n := binary.Uvarint(w.data[w.pos:])
	if n <= 0 {
		return 0, fmt.Errorf("broken number: %w", errFooter)
	}
	w.pos += n
	return v, nil
}

func (w *wireReader) zigzag() (int64, error) {
	v, err := w.varint()
	return int64(v>>1) ^ -int64(v&1), err
}

// structure reads fields up to the stop byte. visit may consume a field's value and say so.
func (w *wireReader) structure(depth int, visit func(id int16, kind byte) (bool, error)) error {
	if depth > maxStructDepth {
		return fmt.Errorf("nested deeper than %d levels: %w", maxStructDepth, errFooter)
	}
	if w.structs++; w.structs > maxFooterStructs {
		return fmt.Errorf("more than %d entries: %w", maxFooterStructs, errFooter)
	}
	var id int16
	for {
		head, err := w.byte()
		if err != nil || head&0x0f == 0 {
			return err
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			n, err := w.zigzag()
			if err != nil {
				return err
			}
			id = int16(n)
		}
		used := false
		if visit != nil {
			if used, err = visit(id, head&0x0f); err != nil {
				return err
			}
		}
		if !used {
			if err := w.value(depth, head&0x0f, true); err != nil {
				return err
			}
		}
	}
}

// value skips one value. The two truth values are in the field's head, but take a byte inside a collection.
func (w *wireReader) value(depth int, kind byte, field bool) error {
	switch kind {
	case wireTrue, wireFalse:
		if field {
			return nil
		}
		return w.take(1)
	case wireByte:
		return w.take(1)
	case wireI16, wireI32, wireI64:
		_, err := w.varint()
		return err
	case wireDouble:
		return w.take(8)
	case wireUUID:
		return w.take(16)
	case wireBinary:
		n, err := w.varint()
		if err != nil {
			return err
		}
		return w.take(n)
	case wireList, wireSet:
		return w.list(depth)
	case wireMap:
		return w.pairs(depth)
	case wireStruct:
		return w.structure(depth+1, nil)
	default:
		return fmt.Errorf("unknown type %d: %w", kind, errFooter)
	}
}

// listHead returns the length, which is at most the number of bytes left, and the type of the elements.
func (w *wireReader) listHead() (int, byte, error) {
	head, err := w.byte()
	if err != nil {
		return 0, 0, err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.varint(); err != nil {
			return 0, 0, err
		}
	}
	if n > uint64(len(w.data)-w.pos) {
		return 0, 0, fmt.Errorf("a list claims %d entries in %d bytes: %w", n, len(w.data)-w.pos, errFooter)
	}
	return int(n), head & 0x0f, nil
}

func (w *wireReader) list(depth int) error {
	n, kind, err := w.listHead()
	if err != nil {
		return err
	}
	if depth >= maxStructDepth {
		return fmt.Errorf("nested deeper than %d levels: %w", maxStructDepth, errFooter)
	}
	for range n {
		if err := w.value(depth+1, kind, false); err != nil {
			return err
		}
	}
	return nil
}

func (w *wireReader) pairs(depth int) error {
	n, err := w.varint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := w.byte()
	if err != nil {
		return err
	}
	if n > uint64(len(w.data)-w.pos) || depth >= maxStructDepth {
		return fmt.Errorf("a map claims %d entries: %w", n, errFooter)
	}
	for range n {
		if err := w.value(depth+1, kinds>>4, false); err != nil {
			return err
		}
		if err := w.value(depth+1, kinds&0x0f, false); err != nil {
			return err
		}
	}
	return nil
}

// schema reads the list of schema elements and returns how many children each claims.
func (w *wireReader) schema() ([]int64, error) {
	n, kind, err := w.listHead()
	switch {
	case err != nil:
		return nil, err
	case kind != wireStruct:
		return nil, fmt.Errorf("schema of type %d: %w", kind, errFooter)
	case n > maxSchemaElements:
		return nil, fmt.Errorf("schema of %d elements: %w", n, errFooter)
	}
	children := make([]int64, 0, n)
	for range n {
		var claimed int64
		err := w.structure(1, func(id int16, kind byte) (bool, error) {
			if id != fieldNumChildren || kind != wireI32 {
				return false, nil
			}
			var err error
			claimed, err = w.zigzag()
			return true, err
		})
		if err != nil {
			return nil, err
		}
		children = append(children, claimed)
	}
	return children, nil
}
