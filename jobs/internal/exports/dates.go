package exports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// DateOrder says which number comes first in a date with slashes like 6/1/2024.
type DateOrder string

// The orders. AnyOrder takes the one that the dates of a file show, else month first, as Partner Center writes.
const (
	AnyOrder   DateOrder = ""
	MonthFirst DateOrder = "mdy"
	DayFirst   DateOrder = "dmy"
)

// ParseDateOrder returns the order of a name.
func ParseDateOrder(name string) (DateOrder, error) {
	switch o := DateOrder(name); o {
	case MonthFirst, DayFirst:
		return o, nil
	default:
		return "", fmt.Errorf("want mdy (month first) or dmy (day first), got %q", name)
	}
}

// Other is the other one of the two orders.
func (o DateOrder) Other() DateOrder {
	if o == DayFirst {
		return MonthFirst
	}
	return DayFirst
}

// Words names the order for people.
func (o DateOrder) Words() string {
	if o == DayFirst {
		return "day first"
	}
	return "month first"
}

// rowsForSlashes is how many rows of a text file tell whether its dates are written with slashes.
const rowsForSlashes = 2048

// HasSlashes reports whether one of the columns has a slash in the first rows of a text file. It fails with a *ChangedError where the file is not
// the one that was checked.
func HasSlashes(ctx context.Context, c Checked, canonicals ...string) (found bool, err error) {
	var indexes []int
	for _, name := range canonicals {
		if column, ok := c.Mapping[name]; ok && !column.Partition {
			indexes = append(indexes, column.Index)
		}
	}
	f, err := openRegular(c.Path)
	if err != nil {
		return false, errors.Join(Unchanged(c), err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	t, err := openText(contextReader{ctx, f}, c.Format)
	if err != nil {
		return false, errors.Join(Unchanged(c), err)
	}
	for range rowsForSlashes {
		record, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, errors.Join(Unchanged(c), err)
		}
		for _, i := range indexes {
			if strings.Contains(record[i], "/") {
				return true, nil
			}
		}
	}
	return false, nil
}
