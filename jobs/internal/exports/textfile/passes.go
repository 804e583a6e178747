package textfile

import (
	"errors"
	"io"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/fileformat"
)

// Count checks every record of a file and counts them. multiline reports that fields have line ends in them.
func Count(raw io.Reader, format fileformat.Format) (rows int64, multiline bool, err error) {
	t, err := Open(raw, format)
	if err != nil {
		return 0, false, err
	}
	for {
		_, err := t.Next()
		if errors.Is(err, io.EOF) {
			return rows, t.limit.ends.inside, nil
		}
		if err != nil {
			return 0, false, err
		}
		rows++
	}
}

// Lines returns the lines, from 1, on which rows begin; rows are counted from 1. It reads the file up to the last of them.
func Lines(raw io.Reader, format fileformat.Format, rows []int64) (map[int64]int64, error) {
	lines := map[int64]int64{}
	t, err := Open(raw, format)
	if err != nil {
		return nil, err
	}
	for row := int64(1); row <= slices.Max(rows); row++ {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
		if slices.Contains(rows, row) {
			lines[row] = t.Line
		}
	}
	return lines, nil
}

// Contains reports whether one of the columns has the text in the first rows of a file.
func Contains(raw io.Reader, format fileformat.Format, text string, columns []int, rows int) (bool, error) {
	t, err := Open(raw, format)
	if err != nil {
		return false, err
	}
	for range rows {
		record, err := t.Next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		for _, i := range columns {
			if strings.Contains(record[i], text) {
				return true, nil
			}
		}
	}
	return false, nil
}
