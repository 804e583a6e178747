package delta

import (
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	parquetfile "github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// actionRows are the rows of a row group of a checkpoint, as far as they say what the table is. A column that the checkpoint does not have is
// without values.
type actionRows struct {
	addPath, addSize, partitionKey, partitionValue *cells
	removePath                                     *cells
	vectorType, vectorPath, vectorOffset           *cells
	minReaderVersion, readerFeatures               *cells
	metaID, provider, partitionColumns             *cells
	configurationKey, configurationValue, sidecar  *cells
	all                                            []*cells
}

// openRows begins to read a row group.
func openRows(file *parquetfile.Reader, group int) (*actionRows, error) {
	rows := &actionRows{}
	var errs []error
	open := func(path ...string) *cells {
		c, err := openCells(file, group, path)
		errs = append(errs, err)
		rows.all = append(rows.all, c)
		return c
	}
	rows.addPath, rows.addSize = open("add", "path"), open("add", "size")
	rows.removePath = open("remove", "path")
	rows.partitionKey, rows.partitionValue = open("add", "partitionValues", mapKey), open("add", "partitionValues", mapValue)
	rows.vectorType, rows.vectorPath = open("add", "deletionVector", "storageType"), open("add", "deletionVector", "pathOrInlineDv")
	rows.vectorOffset = open("add", "deletionVector", "offset")
	rows.minReaderVersion, rows.readerFeatures = open("protocol", "minReaderVersion"), open("protocol", "readerFeatures", listElement)
	rows.metaID, rows.provider = open("metaData", "id"), open("metaData", "format", "provider")
	rows.partitionColumns = open("metaData", "partitionColumns", listElement)
	rows.configurationKey, rows.configurationValue = open("metaData", "configuration", mapKey), open("metaData", "configuration", mapValue)
	rows.sidecar = open("sidecar", "path")
	return rows, errors.Join(errs...)
}

// next goes to the next row.
func (r *actionRows) next() error {
	for _, c := range r.all {
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// end makes sure that the columns have no more values than the row group has rows.
func (r *actionRows) end() error {
	for _, c := range r.all {
		more, err := c.fill()
		if err != nil {
			return err
		}
		if more {
			return fmt.Errorf("column %s has more values than rows", c.name)
		}
	}
	return nil
}

// Steps of a path to a column that are not names: writers name what is between a map or list and its values in different ways.
const (
	mapKey      = "\x00key"
	mapValue    = "\x00value"
	listElement = "\x00element"
)

// find returns the leaf at a path, nil where there is none.
func find(node schema.Node, path []string) (schema.Node, error) {
	for _, step := range path {
		group, ok := node.(*schema.GroupNode)
		if !ok {
			return nil, fmt.Errorf("column %s is no group", node.Path())
		}
		switch step {
		case mapKey, mapValue, listElement:
			if node, ok = repeated(group, step); !ok {
				return nil, fmt.Errorf("column %s is no list or map of values", group.Path())
			}
		default:
			i := group.FieldIndexByName(step)
			if i < 0 {
				return nil, nil
			}
			node = group.Field(i)
		}
	}
	return node, nil
}

// repeated returns the values of a list, or the keys or values of a map.
func repeated(group *schema.GroupNode, step string) (schema.Node, bool) {
	if group.NumFields() != 1 {
		return nil, false
	}
	entry, ok := group.Field(0).(*schema.GroupNode)
	if !ok {
		return group.Field(0), step == listElement
	}
	switch {
	case step == listElement && entry.NumFields() == 1:
		return entry.Field(0), true
	case step != listElement && entry.NumFields() == 2 && step == mapKey:
		return entry.Field(0), true
	case step != listElement && entry.NumFields() == 2:
		return entry.Field(1), true
	}
	return nil, false
}

// batch is how many values are decoded at a time.
const batch = 1024

// cells are the values of a column, row by row.
type cells struct {
	name           string
	maxDef         int16
	columns        parquetfile.ColumnChunkReader
	defs, reps     []int16
	texts          []parquet.ByteArray
	numbers        []int64
	narrow         []int32
	at, have, used int
	// row has the entries of this row.
	row []cell
}

// cell is one value, or the lack of one: def says how much of the path to it is there.
type cell struct {
	def    int16
	text   string
	number int64
}

// openCells begins to read a column of a row group; nil where the checkpoint does not have it.
func openCells(file *parquetfile.Reader, group int, path []string) (*cells, error) {
	all := file.MetaData().Schema
	node, err := find(all.Root(), path)
	if err != nil || node == nil {
		return nil, err
	}
	index := all.ColumnIndexByName(node.Path())
	if index < 0 {
		return nil, fmt.Errorf("column %s is no column of values", node.Path())
	}
	columns, err := file.RowGroup(group).Column(index)
	if err != nil {
		return nil, err
	}
	descr := columns.Descriptor()
	c := &cells{name: descr.Path(), maxDef: descr.MaxDefinitionLevel(), columns: columns, defs: make([]int16, batch), reps: make([]int16, batch)}
	switch descr.PhysicalType() {
	case parquet.Types.ByteArray:
		c.texts = make([]parquet.ByteArray, batch)
	case parquet.Types.Int64:
		c.numbers = make([]int64, batch)
	case parquet.Types.Int32:
		c.narrow = make([]int32, batch)
	default:
		return nil, fmt.Errorf("column %s is of type %s", c.name, descr.PhysicalType())
	}
	return c, nil
}

// fill makes sure that an entry is at hand; false at the end of the column.
func (c *cells) fill() (bool, error) {
	if c == nil {
		return false, nil
	}
	if c.at < c.have {
		return true, nil
	}
	var total int64
	var err error
	switch columns := c.columns.(type) {
	case *parquetfile.ByteArrayColumnChunkReader:
		total, _, err = columns.ReadBatch(batch, c.texts, c.defs, c.reps)
	case *parquetfile.Int64ColumnChunkReader:
		total, _, err = columns.ReadBatch(batch, c.numbers, c.defs, c.reps)
	case *parquetfile.Int32ColumnChunkReader:
		total, _, err = columns.ReadBatch(batch, c.narrow, c.defs, c.reps)
	}
	if err == nil {
		err = c.columns.Err()
	}
	c.at, c.have, c.used = 0, int(total), 0
	return total > 0, err
}

// next goes to the next row, which begins with an entry of repetition level 0.
func (c *cells) next() error {
	if c == nil {
		return nil
	}
	c.row = c.row[:0]
	for {
		more, err := c.fill()
		if err != nil {
			return err
		}
		if !more && len(c.row) == 0 {
			return fmt.Errorf("column %s has fewer values than rows", c.name)
		}
		if !more || len(c.row) > 0 && c.reps[c.at] == 0 {
			return nil
		}
		if len(c.row) == maxEntries {
			return fmt.Errorf("column %s has more than %d values in a row", c.name, maxEntries)
		}
		c.row = append(c.row, c.entry())
	}
}

// maxEntries bounds a map or list of one row.
const maxEntries = 100_000

func (c *cells) entry() cell {
	e := cell{def: c.defs[c.at]}
	if c.maxDef == 0 {
		e.def = 0
	}
	c.at++
	if e.def != c.maxDef {
		return e
	}
	switch {
	case c.texts != nil:
		e.text = string(c.texts[c.used])
	case c.numbers != nil:
		e.number = c.numbers[c.used]
	default:
		e.number = int64(c.narrow[c.used])
	}
	c.used++
	return e
}

// within reports whether the path to the row's first value is there to a depth of so many optional steps.
func (c *cells) within(depth int16) bool { return c != nil && len(c.row) > 0 && c.row[0].def >= depth }

// given reports whether the row has a value.
func (c *cells) given() bool { return c != nil && c.within(c.maxDef) }

func (c *cells) text() string {
	if !c.given() {
		return ""
	}
	return c.row[0].text
}

func (c *cells) number() int64 {
	if !c.given() {
		return 0
	}
	return c.row[0].number
}

// list are the values of a list.
func (c *cells) list() (texts []string) {
	if c == nil {
		return nil
	}
	for _, e := range c.row {
		if e.def == c.maxDef {
			texts = append(texts, e.text)
		}
	}
	return texts
}

// pairs are the entries of a map; a value that is not there is NULL.
func pairs(keys, values *cells) map[string]*string {
	entries := map[string]*string{}
	if keys == nil || values == nil {
		return entries
	}
	for i, k := range keys.row {
		if k.def != keys.maxDef {
			continue
		}
		entries[k.text] = nil
		if i < len(values.row) && values.row[i].def == values.maxDef {
			text := values.row[i].text // the row is overwritten by the next one
			entries[k.text] = &text
		}
	}
	return entries
}
