package spark

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/facts/tally"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/warehouse"
	statements "partnerscore/sql"
)

// slashesError reports dates with slashes in files that Spark reads as one: each file may write them in another order.
type slashesError struct{}

func (slashesError) Error() string { return "dates with slashes in several files" }

// mostApart is how many files are grouped one by one.
const mostApart = 32

// sliceRows is about how many rows are grouped in one query whose result is taken as it is. The server gathers the result of a query before it sends
// it, and fails where it is more than spark.driver.maxResultSize, 1 GB. The grouped rows of more are kept on the server and taken slice by slice.
const sliceRows = 4_000_000

// groupedShare is how many times fewer rows a slice of grouped rows has: each may have a whole consumption key, some 500 bytes.
const groupedShare = 3

// mostSlices is where slices are no longer halved: the server takes nothing at all.
const mostSlices = 1 << 20

// keptView has the grouped rows of a part that are taken slice by slice.
const keptView = "usage_kept"

// grouping is one month on its way through a session.
type grouping struct {
	*Engine
	session *connect.Session
	folder  string // for the grouped rows
}

// group has Spark group the rows of a month, and returns files with the grouped rows, one for each part.
func (g grouping) group(ctx context.Context, parts []part) ([]exports.File, error) {
	files, err := g.parts(ctx, parts)
	if !errors.Is(err, slashesError{}) {
		return files, err
	}
	parts = apart(parts)
	if len(parts) > mostApart {
		return nil, parts[0].notEqual("month", fmt.Sprintf("dates with slashes in %d files, each of which may write them in another order", len(parts)))
	}
	return g.parts(ctx, parts)
}

// parts groups parts one after the other.
func (g grouping) parts(ctx context.Context, parts []part) (grouped []exports.File, err error) {
	if err := g.checkFiles(ctx, parts); err != nil {
		return nil, err
	}
	for i, p := range parts {
		if err := g.session.Exec(ctx, p.openSQL(i, g.pattern(p.files))); err != nil {
			return nil, err
		}
	}
	return g.rows(ctx, parts)
}

// rows groups the rows of parts that are open.
func (g grouping) rows(ctx context.Context, parts []part) (grouped []exports.File, err error) {
	if err := g.session.Exec(ctx, keysSQL(parts)); err != nil {
		return nil, err
	}
	for i := range parts {
		files, err := g.part(ctx, parts[i], i)
		if err != nil {
			return nil, err
		}
		grouped = append(grouped, files...)
	}
	return grouped, nil
}

// part groups the rows of one part.
func (g grouping) part(ctx context.Context, p part, number int) ([]exports.File, error) {
	text, err := statements.Statement("spark/usage_grouped")
	if err != nil {
		return nil, err
	}
	if err := g.session.Exec(ctx, p.rowsSQL(number)); err != nil {
		return nil, err
	}
	if tally.RowsOf(p.files) <= g.sliceRows() {
		path, err := g.gather(ctx, p, text, fmt.Sprintf("grouped-%d", number))
		if !connect.TooLarge(err) {
			return []exports.File{p.grouped(path)}, err
		}
		g.Log.Debug("Spark keeps the grouped rows of a month: they are too many for one result")
	}
	if err := g.session.Keep(ctx, keptView, text); err != nil {
		return nil, err
	}
	files, err := g.kept(ctx, p, number)
	if dropped := g.session.Drop(ctx, keptView); err == nil {
		err = dropped
	}
	return files, err
}

func (g grouping) sliceRows() int64 { return cmp.Or(g.opt.SliceRows, sliceRows) }

// kept takes grouped rows that the server keeps, slice by slice.
func (g grouping) kept(ctx context.Context, p part, number int) (grouped []exports.File, err error) {
	var rows int64
	err = g.session.Query(ctx, "SELECT count(*) FROM "+keptView, func(batch arrow.RecordBatch) error {
		if counts, ok := batch.Column(0).(*array.Int64); ok && counts.Len() > 0 {
			rows = counts.Value(0)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for slices := slicesOf(rows, max(1, g.sliceRows()/groupedShare)); len(slices) > 0; {
		s := slices[0]
		slices = slices[1:]
		path, err := g.gather(ctx, p, s.sql(), fmt.Sprintf("grouped-%d-%d-%d", number, s.number, s.of))
		switch {
		case connect.TooLarge(err) && s.of < mostSlices:
			slices = append(s.halves(), slices...)
		case err != nil:
			return nil, err
		default:
			grouped = append(grouped, p.grouped(path))
		}
	}
	return grouped, nil
}

// gather writes the result of a query, grouped rows of a part, into a file of the temporary folder, and returns its path.
func (g grouping) gather(ctx context.Context, p part, text, name string) (path string, err error) {
	file := warehouse.NewRowFile(g.folder, name)
	err = g.DB.Within(ctx, g.folder, g.opt.MaxResult/int64(cap(g.server.free)), func(ctx context.Context) error {
		err := g.session.Query(ctx, text, func(batch arrow.RecordBatch) error {
			if err := p.checkBatch(batch); err != nil {
				return err
			}
			return file.Add(batch)
		})
		return errors.Join(err, file.Close())
	})
	if warehouse.TooMuchTemp(err) {
		return "", fmt.Errorf("keep the rows that Spark has grouped: %w", err)
	}
	if err != nil {
		return "", err
	}
	if file.Path() == "" {
		return "", notEqual(p.files[0], "", "Spark returned no rows and no columns")
	}
	return file.Path(), nil
}

// checkBatch refuses values that DuckDB would take otherwise, or not at all.
func (p part) checkBatch(batch arrow.RecordBatch) error {
	for i, field := range batch.Schema().Fields() {
		switch column := batch.Column(i).(type) {
		case *array.String:
			text := column.ValueBytes()
			if !utf8.Valid(text) {
				return p.notEqual(field.Name, "text that is not UTF-8")
			}
			if field.Name == "usage_day" && len(p.files) > 1 && bytes.IndexByte(text, '/') >= 0 {
				return slashesError{}
			}
		case *array.Decimal128:
			if field.Name == "sum_usd" {
				if err := p.checkSums(batch, column); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkSums refuses sums that were too large on their way: they are NULL.
func (p part) checkSums(batch arrow.RecordBatch, sums *array.Decimal128) error {
	at := batch.Schema().FieldIndices("summed")
	if len(at) != 1 {
		return nil
	}
	summed, ok := batch.Column(at[0]).(*array.Boolean)
	for i := range sums.Len() {
		if ok && summed.Value(i) && sums.IsNull(i) {
			return p.notEqual("acr_usd", "amounts that add up to nine trillion US dollars or more")
		}
	}
	return nil
}

// notEqual is the error about a canonical column of the part.
func (p part) notEqual(canonical, why string) error {
	name := canonical
	if column, ok := p.mapped(canonical); ok {
		name = column.Name
	}
	return notEqual(p.files[0], name, why)
}

// pattern is a path of Spark that means some files and no others.
func (e *Engine) pattern(files []exports.File) string {
	root := strings.TrimSuffix(e.opt.Exports, "/") + "/"
	if len(files) == 1 {
		return root + files[0].Rel
	}
	var all []string
	for _, c := range files {
		all = append(all, c.Rel)
	}
	return root + "{" + strings.Join(all, ",") + "}"
}

// UnseenError reports a file that Spark does not see, or that is another one there.
type UnseenError struct {
	File string // relative to the exports root
	Root string // as Spark sees it
	What string
}

// FaultKind is fault.Usage: the setting names another folder, or Spark may not read it.
func (e *UnseenError) FaultKind() string { return fault.Usage }

func (e *UnseenError) Error() string {
	return fmt.Sprintf("%s: Spark %s below %s; name the exports as Spark sees them with --spark-exports, and let Spark read them", e.File, e.What, e.Root)
}

// checkFiles makes sure that Spark sees the files that were checked: all of them, with their sizes.
func (g grouping) checkFiles(ctx context.Context, parts []part) error {
	var files []exports.File
	for _, p := range parts {
		files = append(files, p.files...)
	}
	sizes := map[string]int64{}
	err := g.session.Query(ctx, "SELECT path, length FROM binaryFile."+identifier(g.pattern(files)), func(batch arrow.RecordBatch) error {
		paths, okPaths := batch.Column(0).(*array.String)
		lengths, okLengths := batch.Column(1).(*array.Int64)
		for i := range int(batch.NumRows()) {
			if okPaths && okLengths {
				sizes[plain(paths.Value(i))] = lengths.Value(i)
			}
		}
		return nil
	})
	if connect.ClassOf(err) == "PATH_NOT_FOUND" {
		return &UnseenError{File: files[0].Rel, Root: g.opt.Exports, What: "finds no such file"}
	}
	if err != nil {
		return err
	}
	for _, c := range files {
		size, seen := int64(0), false
		for path, length := range sizes {
			if strings.HasSuffix(path, "/"+c.Rel) {
				size, seen = length, true
			}
		}
		if !seen {
			return &UnseenError{File: c.Rel, Root: g.opt.Exports, What: "finds no such file"}
		}
		if size != c.Bytes {
			return &UnseenError{File: c.Rel, Root: g.opt.Exports, What: fmt.Sprintf("finds a file of %d bytes instead of %d", size, c.Bytes)}
		}
	}
	return nil
}

// plain is a path as it was before Spark made a URL of it.
func plain(path string) string {
	if text, err := url.PathUnescape(path); err == nil {
		return text
	}
	return path
}
