package exports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"partnerscore/scoring"
)

// manifestName is how Azure Cost Management calls the list of the files of one run of an export, which it writes beside them, last.
const manifestName = "manifest.json"

// maxManifestBytes bounds a manifest: a run has some hundred files at most.
const maxManifestBytes = 16 << 20

// deliveryManifest is what of a manifest of Cost Management says what must be there.
type deliveryManifest struct {
	Blobs []blob `json:"blobs"`
	// Config and Info say which export ran, and of which days. What they hold is not relied on.
	Config json.RawMessage `json:"exportConfig"`
	Info   json.RawMessage `json:"runInfo"`
}

// export names the export, its scope and the first day of its run; "" where one of them is not said.
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

// isManifest tells whether a name stands beside data files for what says which they are.
func (s *search) isManifest(name string) bool {
	return s.table == Usage && strings.EqualFold(name, manifestName)
}

// checkDeliveries reads the manifests that were found and holds them against the files.
func (s *search) checkDeliveries() {
	for _, p := range s.manifests {
		m, err := readManifest(s.path(p))
		if m != nil {
			s.read = append(s.read, p.rel)
		}
		switch {
		case err != nil:
			s.table = Usage
			s.fault(p, "", err.Error(), nil)
		case m == nil:
			s.ignore(p, "left out, "+otherExtension())
		default:
			s.checkDelivery(p, m)
		}
	}
}

// errManifest marks a manifest of Cost Management that cannot be read as one.
var errManifest = errors.New(`is a damaged manifest of Cost Management: it has "blobs" but is no list of files in JSON`)

// readManifest returns nil for a file that is no manifest of Cost Management: other tools write files of this name, some of them empty.
func readManifest(name string) (*deliveryManifest, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxManifestBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("cannot be read: %s", reason(err))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !bytes.Contains(text, []byte(`"blobs"`)) {
		return nil, nil
	}
	var m deliveryManifest
	if len(text) > maxManifestBytes || json.Unmarshal(text, &m) != nil {
		return nil, errManifest
	}
	for _, b := range m.Blobs {
		if b.Name == "" || b.Bytes < 0 || b.Rows < 0 {
			return nil, errManifest
		}
	}
	return &m, nil
}

// checkDelivery notes the files that a manifest names and that are not there as it says, and warns of others beside it.
func (s *search) checkDelivery(p place, m *deliveryManifest) {
	folder := path.Dir(p.rel)
	month, named := p.month, map[string]bool{}
	var lacks []Problem
	for _, b := range m.Blobs {
		if base := path.Base(b.Name); strings.EqualFold(base, manifestName) {
			continue // some list themselves
		}
		file, exact := s.blobFile(p, b.Name)
		at := Problem{File: path.Join(folder, path.Base(b.Name)), Month: p.month}
		switch {
		case file == nil && !s.beside(folder, b):
			at.Message = "is missing, but " + displayName(p.rel) + " names it"
			lacks = append(lacks, at)
		case file == nil: // the pattern does not take it, which is told elsewhere
		case exact && b.Bytes > 0 && file.Bytes != b.Bytes:
			at.File = file.Rel
			at.Message = fmt.Sprintf("has %d bytes, but %s says %d", file.Bytes, displayName(p.rel), b.Bytes)
			lacks = append(lacks, at)
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
	for i := range lacks {
		lacks[i].Month = month
	}
	s.lacks[month] = append(s.lacks[month], lacks...)
	s.warnOfUnnamed(folder, p, named)
}

// blobFile finds the file of a blob: that of its name in the folder of the manifest; else, where the blob was written into another folder, one of
// the month whose path ends like the blob's, in two names at least; else a copy in another format (FinOps hubs write RUN__NAME.parquet), which has
// another size: then exact is false.
func (s *search) blobFile(manifest place, blob string) (found *File, exact bool) {
	folder, base, best := path.Dir(manifest.rel), path.Base(blob), 1
	elsewhere := path.Base(path.Dir(blob)) != path.Base(folder)
	for i := range s.found {
		f := &s.found[i]
		if f.Table != Usage {
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
	for i := range s.found {
		f := &s.found[i]
		name := path.Base(f.Rel)
		if cut := strings.LastIndex(name, "__"); cut >= 0 && f.Format == Parquet {
			name = name[cut+2:]
		}
		if f.Table == Usage && path.Dir(f.Rel) == folder && stem(name) == stem(base) {
			return f, false
		}
	}
	return nil, false
}

// beside tells whether a blob lies beside its manifest under a name that the pattern does not take, with its size.
func (s *search) beside(folder string, b blob) bool {
	info, err := os.Stat(s.path(place{rel: path.Join(folder, path.Base(b.Name))}))
	return err == nil && info.Mode().IsRegular() && (b.Bytes == 0 || info.Size() == b.Bytes)
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
func (s *search) warnOfUnnamed(folder string, p place, named map[string]bool) {
	if len(named) == 0 {
		return
	}
	var others []string
	for i := range s.found {
		if f := &s.found[i]; f.Table == Usage && path.Dir(f.Rel) == folder && !named[f.Rel] && f.Fault == "" {
			f.Stray = p.rel
			others = append(others, displayName(path.Base(f.Rel)))
		}
	}
	if len(others) == 0 {
		return
	}
	slices.Sort(others)
	list := strings.Join(others[:min(len(others), shownFolders)], ", ")
	if more := len(others) - shownFolders; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	s.warnings = append(s.warnings, fmt.Sprintf("%s: it does not name %s beside it; if another run left them there, remove them", displayName(p.rel), list))
}

// Delivered fails with a *MissingError when files are missing, or have another size, that the manifests of deliveries of usage name. Only the
// months that are asked for matter, and files whose month no path says.
func (c *Catalog) Delivered(months []scoring.Month) error {
	missing := &MissingError{Table: Usage, Hint: "wait until the export has finished and run again, or copy the folder again"}
	for _, m := range append([]scoring.Month{0}, months...) {
		if lacks := c.Lacks[m]; len(lacks) > 0 {
			missing.Parts = append(missing.Parts, lacks...)
			missing.Months = append(missing.Months, m)
		}
	}
	if len(missing.Parts) == 0 {
		return nil
	}
	missing.Months = slices.DeleteFunc(missing.Months, func(m scoring.Month) bool { return m == 0 })
	gone := func(p Problem) int {
		if strings.HasPrefix(p.Message, "is missing") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(missing.Parts, func(a, b Problem) int { return gone(a) - gone(b) })
	return missing
}

// checkStated holds the rows that were read against those that a manifest says, where its size says nothing.
func (s *inspection) checkStated() {
	c := &s.checked
	if c.StatedRows > 0 && c.Rows != c.StatedRows {
		s.problems = append(s.problems, problemf(c.File, "", hintAgain, "holds %d rows, but the %s beside it says %d", c.Rows, manifestName, c.StatedRows))
	}
}
