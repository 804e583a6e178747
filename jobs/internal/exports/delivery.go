package exports

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// manifestName is how Azure Cost Management calls the list of the files of one run of an export, which it writes beside them, last.
const manifestName = "manifest.json"

// maxManifestBytes bounds a manifest: a run has some hundred files at most.
const maxManifestBytes = 16 << 20

// deliveryManifest is the part of a manifest of Cost Management that says which files a run wrote.
type deliveryManifest struct {
	Blobs []blob `json:"blobs"`
	// Config and Info say which export ran, and of which days. What they hold is not relied on.
	Config json.RawMessage `json:"exportConfig"`
	Info   json.RawMessage `json:"runInfo"`
}

// export names the export, its scope and the first day of its run; "" where one of them is missing.
func (m *deliveryManifest) export() string {
	var config struct{ ExportName, ResourceID, Type string }
	var info struct{ RunID, StartDate string }
	if json.Unmarshal(m.Config, &config) != nil || json.Unmarshal(m.Info, &info) != nil || config.ExportName == "" || info.RunID == "" || info.StartDate == "" {
		return ""
	}
	return fmt.Sprintf("%q", []string{config.ExportName, config.ResourceID, config.Type, info.StartDate})
}

// blob is one file that a run wrote.
type blob struct {
	// Name is a path from the root of the container; what is above the export may be lost when it is copied.
	Name string `json:"blobName"`
	// Bytes and Rows are absent in manifests that people write.
	Bytes int64 `json:"byteCount"`
	Rows  int64 `json:"dataRowCount"`
}

// undelivered is a file that a manifest names and that is not there as it says.
type undelivered struct {
	Problem
	// absent is set where the file is missing; else it has another size.
	absent bool
}

// deliveries compares the manifests of usage that were found with the files.
type deliveries struct{ finder }

// check reads every manifest.
func (d deliveries) check() {
	for _, p := range d.manifests {
		m, err := readManifest(d.ctx, d.source, p.rel)
		if m != nil {
			d.Manifests = append(d.Manifests, p.rel)
		}
		switch {
		case err != nil:
			bad := defect.New("cannot be read: "+defect.Cause(err), defect.FixAccess)
			errors.As(err, &bad)
			d.fault(p, "", bad, storage.SourceInfo{})
		case m == nil:
			d.ignore(p, "left out, "+otherExtension())
		default:
			d.checkOne(p, m)
		}
	}
}

// readManifest returns nil for a file that is not a manifest of Cost Management: other tools write files of this name, some of them empty.
func readManifest(ctx context.Context, source storage.Source, name string) (*deliveryManifest, error) {
	info, err := source.Stat(ctx, name)
	if err != nil {
		return nil, err
	}
	f, err := open(ctx, source, name, info)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, min(f.Size(), maxManifestBytes+1)))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !bytes.Contains(text, []byte(`"blobs"`)) {
		return nil, nil
	}
	damaged := defect.New(`is a damaged manifest of Cost Management: it has "blobs" but is no list of files in JSON`, "copy the folder again")
	var m deliveryManifest
	if len(text) > maxManifestBytes || json.Unmarshal(text, &m) != nil {
		return nil, damaged
	}
	for _, b := range m.Blobs {
		if b.Name == "" || b.Bytes < 0 || b.Rows < 0 {
			return nil, damaged
		}
	}
	return &m, nil
}

// checkOne notes the files that a manifest names and that are not there as it says, and warns of others beside it.
func (d deliveries) checkOne(p place, m *deliveryManifest) {
	folder := path.Dir(p.rel)
	month, named := p.month, map[string]bool{}
	var lacking []undelivered
	for _, b := range m.Blobs {
		if base := path.Base(b.Name); strings.EqualFold(base, manifestName) {
			continue // some list themselves
		}
		file, exact := d.blobFile(p, b.Name)
		at := undelivered{Problem: Problem{File: path.Join(folder, path.Base(b.Name))}}
		switch {
		case file == nil && !d.beside(folder, b):
			at.Message, at.absent = "is missing, but "+defect.Quote(p.rel)+" names it", true
			lacking = append(lacking, at)
		case file == nil: // the pattern does not take it, which has its own note
		case exact && b.Bytes > 0 && file.Bytes != b.Bytes:
			at.File = file.Rel
			at.Message = fmt.Sprintf("has %d bytes, but %s says %d", file.Bytes, defect.Quote(p.rel), b.Bytes)
			lacking = append(lacking, at)
		case !exact:
			file.StatedRows = b.Rows
		}
		if file != nil {
			named[file.Rel], month = true, cmp.Or(month, file.Month)
			if file.Run == "" {
				file.Run, file.Export = p.rel, m.export()
			}
		}
	}
	for i := range lacking {
		lacking[i].Month = month
	}
	d.undelivered[month] = append(d.undelivered[month], lacking...)
	d.warnOfUnnamed(folder, p, named)
}

// blobFile finds the file of a blob: that of its name in the folder of the manifest; else, where the blob was written into another folder, one of
// the month whose path ends like the blob's, in two names at least; else a copy in another format (FinOps hubs write RUN__NAME.parquet), which has
// another size: then exact is false.
func (d deliveries) blobFile(manifest place, blob string) (found *Found, exact bool) {
	folder, base, best := path.Dir(manifest.rel), path.Base(blob), 1
	elsewhere := path.Base(path.Dir(blob)) != path.Base(folder)
	for i := range d.found {
		f := &d.found[i]
		if f.Table != schema.Usage {
			continue
		}
		if path.Dir(f.Rel) == folder && path.Base(f.Rel) == base {
			return f, true
		}
		if n := sharedEnd(f.Rel, blob); n > best && elsewhere && (manifest.month == 0 || f.Month == manifest.month) {
			found, exact, best = f, true, n
		}
	}
	if found != nil {
		return found, exact
	}
	for i := range d.found {
		f := &d.found[i]
		name := path.Base(f.Rel)
		if cut := strings.LastIndex(name, "__"); cut >= 0 && f.Format == fileformat.Parquet {
			name = name[cut+2:]
		}
		if f.Table == schema.Usage && path.Dir(f.Rel) == folder && stem(name) == stem(base) {
			return f, false
		}
	}
	return nil, false
}

// beside reports whether a blob lies beside its manifest under a name that the pattern does not take, with its size.
func (d deliveries) beside(folder string, b blob) bool {
	info, err := d.source.Stat(d.ctx, path.Join(folder, path.Base(b.Name)))
	return err == nil && info.Mode.IsRegular() && (b.Bytes == 0 || info.Size == b.Bytes)
}

// sharedEnd counts the names at the end that two paths have in common.
func sharedEnd(a, b string) (n int) {
	x, y := strings.Split(a, "/"), strings.Split(strings.TrimPrefix(b, "/"), "/")
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

// stem is the name of a file without what says how it is written.
func stem(name string) string {
	name = strings.ToLower(name)
	for _, end := range []string{".gz", ".parquet", ".csv", ".tsv", ".snappy"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// warnOfUnnamed marks and warns of data files beside a manifest that it does not name: what another run has left there.
func (d deliveries) warnOfUnnamed(folder string, p place, named map[string]bool) {
	if len(named) == 0 {
		return
	}
	var others []string
	for i := range d.found {
		if f := &d.found[i]; f.Table == schema.Usage && path.Dir(f.Rel) == folder && !named[f.Rel] && f.Fault == nil {
			f.Stray = p.rel
			others = append(others, path.Base(f.Rel))
		}
	}
	if len(others) == 0 {
		return
	}
	slices.Sort(others)
	d.warn(p, fmt.Sprintf("it does not name %s beside it; if another run left them there, remove them", defect.List(others, shownFolders)))
}

// Delivered fails with a *MissingError when files are missing, or have another size, that the manifests of deliveries of usage name. Only the
// months that are asked for matter, and files whose month no path says.
func (c *Catalog) Delivered(months []scoring.Month) error {
	missing := &MissingError{Table: schema.Usage, Hint: "wait until the export has finished and run again, or copy the folder again"}
	var absent, short []Problem
	for _, m := range append([]scoring.Month{0}, months...) {
		for _, u := range c.undelivered[m] {
			if u.absent {
				absent = append(absent, u.Problem)
			} else {
				short = append(short, u.Problem)
			}
		}
		if m != 0 && len(c.undelivered[m]) > 0 {
			missing.Months = append(missing.Months, m)
		}
	}
	if missing.Parts = append(absent, short...); len(missing.Parts) == 0 {
		return nil
	}
	return missing
}
