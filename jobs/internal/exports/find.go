package exports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/pattern"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/storage"
)

// Patterns say where the files of each table lie, relative to the exports root. A pattern is folder and file
// names joined by slashes, with {month} (2024-06, or 2024-06-01), {yyyy}, {mm} (two digits), {m} (one or two),
// * (any characters within one name) and ? (one character). Everything else stands for itself, brackets too.
// An empty pattern is the default one. Without a placeholder it takes usage files that hold many months, each
// row in its month column, and certifications of no known month.
type Patterns struct {
	Usage, Certifications, Partners string
}

// DefaultPatterns are the paths of the contract.
func DefaultPatterns() Patterns {
	return Patterns{
		Usage:          "azure_usage/month={month}/*",
		Certifications: "certifications/month={month}/*",
		Partners:       "partners/*",
	}
}

// Validate reports everything that is wrong with the patterns.
func (p Patterns) Validate() error {
	var errs []error
	seen := map[string]schema.Table{}
	for _, t := range schema.Tables() {
		text := p.of(t)
		if _, err := pattern.Compile(t, text); err != nil {
			errs = append(errs, err)
		}
		if other, ok := seen[text]; ok {
			errs = append(errs, fmt.Errorf("pattern of %s is the same as that of %s: %q", t, other, text))
		}
		seen[text] = t
	}
	return errors.Join(errs...)
}

func (p Patterns) of(t schema.Table) string {
	standard := DefaultPatterns()
	switch t {
	case schema.Certifications:
		return cmp.Or(p.Certifications, standard.Certifications)
	case schema.Partners:
		return cmp.Or(p.Partners, standard.Partners)
	default:
		return cmp.Or(p.Usage, standard.Usage)
	}
}

// Find lists the export files of a source by their names, and opens none but the manifests of deliveries and the logs of Delta tables. A folder on
// the way to the months that cannot be listed is a *ContractError, which comes with the catalog of everything else. A table or month without files
// is simply absent from the catalog: only the caller knows what is missing.
func Find(ctx context.Context, source storage.Source, p Patterns) (*Catalog, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	found := newFindings(ctx, source)
	for _, t := range schema.Tables() {
		segments, err := pattern.Compile(t, p.of(t))
		if err != nil {
			return nil, err
		}
		f := finder{findings: found, table: t}
		f.walk(place{}, segments)
	}
	deliveries{finder{findings: found, table: schema.Usage}}.check()
	if err := cmp.Or(ctx.Err(), found.source.Err()); err != nil {
		return nil, err
	}
	c := found.catalog()
	if len(found.problems) > 0 {
		return c, &ContractError{Problems: found.problems}
	}
	return c, nil
}

// finder walks the folders of one table as its pattern says.
type finder struct {
	*findings
	table schema.Table
}

// walk matches the entries of a folder with the first segment. Its depth is that of the pattern, so a symlink loop cannot trap it.
func (f finder) walk(dir place, segments []pattern.Segment) {
	segment := segments[0]
	if !segment.Literal && f.takeDelta(dir) {
		return
	}
	if segment.Literal {
		f.enter(dir.child(segment.Text), segments)
		return
	}
	entries, err := f.source.ReadDir(f.ctx, dir.rel)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		f.fault(dir, "", defect.New("cannot be listed: "+defect.Cause(err), defect.FixAccess), storage.SourceInfo{})
		return
	}
	for _, entry := range entries {
		name := entry.Name
		child := dir.child(name)
		if pattern.IsHidden(name) && !segment.Hidden {
			if _, data := fileformat.Of(name); data {
				f.ignore(child, "left out, "+pattern.WhyHidden(name))
			}
			continue
		}
		parts, ok := segment.Match(name, dir.parts)
		if !ok {
			f.passOver(child, entry, segment)
			continue
		}
		child.parts = parts
		if child.month, err = parts.Month(); err != nil {
			f.ignore(child, "left out, its name has no valid month: "+err.Error())
			continue
		}
		f.enter(child, segments)
	}
}

// passOver notes names that do not match but look as if they were meant to.
func (f finder) passOver(p place, entry storage.SourceEntry, segment pattern.Segment) {
	_, data := fileformat.Of(entry.Name)
	switch {
	case f.isManifest(entry.Name) && !segment.Dated && !entry.Mode.IsDir():
		f.manifests = append(f.manifests, p)
	case segment.Dated && (entry.Mode.IsDir() || entry.Mode&fs.ModeSymlink != 0):
		f.ignore(p, "left out, its name does not match "+segment.Text)
	case data:
		f.ignore(p, "left out, its name does not match "+segment.Text)
	}
}

// enter takes a name that matches the first segment: a folder to go on with, or a file.
func (f finder) enter(p place, segments []pattern.Segment) {
	last := len(segments) == 1
	format, known := fileformat.Of(p.rel)
	info, err := f.source.Stat(f.ctx, p.rel)
	linked := info.Linked || errors.As(err, new(*storage.SourceLinkError))
	switch {
	case linked && last && !known:
		f.ignore(p, "left out, "+otherExtension())
	case errors.Is(err, fs.ErrNotExist) && segments[0].Literal:
		return
	case err != nil:
		f.fault(p, format, unusable(err, format), info)
	case !last && info.Mode.IsDir():
		f.walk(p, segments[1:])
	case !info.Mode.IsDir() && f.isManifest(path.Base(p.rel)):
		f.manifests = append(f.manifests, p)
	case !last:
		f.ignore(p, "left out, a folder is expected here")
	case !known && info.Mode.IsDir() && f.takeDelta(p):
	case !known && info.Mode.IsDir():
		f.ignore(p, "left out, files are expected here, not a folder")
	case !known:
		f.ignore(p, "left out, "+otherExtension())
	case !info.Mode.IsRegular():
		f.fault(p, format, notRegular(info.Mode), info)
	default:
		f.add(p, format, nil, info)
	}
}

func otherExtension() string { return "its extension is none of " + fileformat.Extensions() }

// isManifest reports whether a file of this name, beside data files, lists them.
func (f finder) isManifest(name string) bool {
	return f.table == schema.Usage && strings.EqualFold(name, manifestName)
}

// unusable says why a name cannot be looked at. A folder has no format.
func unusable(err error, format fileformat.Format) *defect.Error {
	switch {
	case !errors.Is(err, storage.ErrLinkDangling) && !errors.Is(err, storage.ErrLinkEscapes):
		return defect.New(defect.Cause(err), defect.FixAccess)
	case format == "":
		return defect.New(err.Error(), "put the folder itself here")
	default:
		return defect.New(err.Error(), "put the file itself here")
	}
}

func notRegular(mode fs.FileMode) *defect.Error {
	return defect.New((&storage.NotRegularError{Mode: mode}).Error(), "put a regular file here or rename it")
}
