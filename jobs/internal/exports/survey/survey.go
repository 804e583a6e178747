// Package survey lists what lies in an exports folder besides the inputs, and proposes the patterns that would describe it.
package survey

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/delta"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/pattern"
)

const (
	// surveyedNames bounds how many names a survey looks at: a root may be a whole lake.
	surveyedNames = 50_000
	// surveyedDepth bounds how deep it goes; exports of cost lie five or six folders deep.
	surveyedDepth = 12
)

// noPattern is the reason of files about which Find says nothing.
const noPattern = "no pattern matches it"

// NotTaken is a file below the exports root that is no input.
type NotTaken struct {
	// Path is relative to the root, with slashes.
	Path   string `json:"path"`
	Reason string `json:"reason"`
	// Folder is the folder around it that the reason is about; "" where it is about the file.
	Folder string `json:"folder,omitempty"`
}

// Survey is what lies below an exports root besides the inputs.
type Survey struct {
	// NotTaken are the files that no pattern takes, but for hidden ones, by path.
	NotTaken []NotTaken
	// Hidden counts files that are hidden by a name that begins with . or _, theirs or that of a folder they are in.
	Hidden int
	// Cut is set where there is more than a survey looks at.
	Cut bool

	catalog  *exports.Catalog
	patterns exports.Patterns
	taken    map[string]bool
	folders  map[string]bool // that hold taken files, at any depth
	reasons  map[string]string
	names    int
}

// New lists the files below the root of a catalog that are not in it, and opens none.
func New(ctx context.Context, c *exports.Catalog, p exports.Patterns) *Survey {
	s := &Survey{catalog: c, patterns: p, taken: map[string]bool{}, folders: map[string]bool{}, reasons: map[string]string{}}
	for _, f := range c.Files() {
		s.taken[f.Rel] = true
		for dir := path.Dir(f.Rel); dir != "."; dir = path.Dir(dir) {
			s.folders[dir] = true
		}
	}
	for _, rel := range c.Manifests {
		s.taken[rel] = true
	}
	for _, note := range c.Ignored {
		s.reasons[note.Path] = note.Text
	}
	if c.Source != nil {
		s.walk(ctx, "", NotTaken{}, false, 0)
		s.addEmptyFolders()
	}
	return s
}

// addEmptyFolders lists folders that were left out and hold no file.
func (s *Survey) addEmptyFolders() {
	files := s.NotTaken
	for _, name := range slices.Sorted(maps.Keys(s.reasons)) {
		within := func(n NotTaken) bool {
			return n.Path == name || strings.HasPrefix(n.Path, name+"/")
		}
		if !pattern.IsHidden(path.Base(name)) && !slices.ContainsFunc(files, within) {
			s.add(NotTaken{Path: name, Reason: s.reasons[name]}, false)
		}
	}
}

// walk lists a folder. inherited is why what is in it is not taken, where that is known of the folder or one around it.
func (s *Survey) walk(ctx context.Context, dir string, inherited NotTaken, hidden bool, depth int) {
	entries, err := s.catalog.Source.ReadDir(ctx, dir)
	if err != nil {
		s.add(NotTaken{Path: dir, Reason: "cannot be listed: " + defect.Cause(err)}, hidden)
		return
	}
	for _, entry := range entries {
		if s.names++; s.names > surveyedNames || depth > surveyedDepth {
			s.Cut = true
			return
		}
		rel := path.Join(dir, entry.Name)
		why := s.own(rel, inherited)
		unseen := hidden || pattern.IsHidden(entry.Name)
		switch {
		case s.taken[rel]:
		case entry.Mode.IsDir():
			if why.Reason == "" && !s.folders[rel] {
				why.Reason = s.unmatched(path.Join(rel, "file"), noPattern)
			}
			if why.Reason != "" && why.Folder == "" {
				why.Folder = rel
			}
			s.walk(ctx, rel, why, unseen && !s.folders[rel], depth+1)
		case entry.Mode&fs.ModeSymlink != 0 && s.folders[rel]: // a link to a folder with inputs
		default:
			if _, data := fileformat.Of(rel); entry.Mode&fs.ModeSymlink != 0 && !data && why.Reason == "" {
				why.Reason = "is a symlink that no pattern takes"
			}
			if why.Reason == "" {
				why.Reason = s.unmatched(rel, "")
			}
			s.add(why, unseen)
		}
	}
}

// own says why a path is not taken: its own reason where there is one, else that of its folder.
func (s *Survey) own(rel string, inherited NotTaken) NotTaken {
	why := inherited
	if reason, ok := s.reasons[rel]; ok {
		why = NotTaken{Reason: reason}
	} else if s.catalog.Removed[rel] {
		why = NotTaken{Reason: removedFromTable}
	}
	why.Path = rel
	return why
}

// notInTable is why a file in the folder of a Delta table is not taken.
const notInTable = "is not in the Delta table: its log never listed it, or says no more that it removed it"

// removedFromTable is why a file is not taken that a Delta table had once.
const removedFromTable = "the log of its Delta table has removed it"

// unmatched is why a file of no other reason is not taken: that its Delta table does not have it, or what is given.
func (s *Survey) unmatched(rel, otherwise string) string {
	if s.inTable(rel) {
		return notInTable
	}
	return otherwise
}

// inTable reports whether a path is in the folder of a Delta table that has files which are not in the table.
func (s *Survey) inTable(rel string) bool {
	for dir := path.Dir(rel); ; dir = path.Dir(dir) {
		if _, ok := s.reasons[path.Join(dir, delta.LogDir)]; ok {
			return true
		}
		if dir == "." {
			return false
		}
	}
}

func (s *Survey) add(n NotTaken, hidden bool) {
	if hidden {
		s.Hidden++
		return
	}
	if _, known := fileformat.Of(n.Path); n.Reason == "" && !known {
		n.Reason = "its extension is none of " + fileformat.Extensions()
	}
	n.Reason = strings.TrimPrefix(cmp.Or(n.Reason, noPattern), "left out, ")
	s.NotTaken = append(s.NotTaken, n)
}
