package exports

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

const (
	// surveyedNames bounds how many names a survey looks at: a root may be a whole lake.
	surveyedNames = 50_000
	// surveyedDepth bounds how deep it goes; exports of cost lie five or six folders deep.
	surveyedDepth = 12
)

// NotTaken is a file below the exports root that is no input.
type NotTaken struct {
	// Path is relative to the root, with slashes.
	Path   string
	Reason string
}

// Survey is what lies below an exports root besides the inputs.
type Survey struct {
	// NotTaken are the files that no pattern takes, but for hidden ones, by path.
	NotTaken []NotTaken
	// Hidden counts files that are hidden by a name that begins with . or _, theirs or that of a folder they are in.
	Hidden int
	// Cut is set where there is more than a survey looks at.
	Cut bool

	root     string
	catalog  *Catalog
	patterns Patterns
	taken    map[string]bool
	folders  map[string]bool // that hold taken files, at any depth
	reasons  map[string]string
	names    int
}

// NewSurvey lists the files below the root of a catalog that are not in it, and opens none.
func NewSurvey(c *Catalog, p Patterns) *Survey {
	s := &Survey{root: c.Root, catalog: c, patterns: p, taken: map[string]bool{}, folders: map[string]bool{}, reasons: map[string]string{}}
	for _, f := range c.Files() {
		s.taken[f.Rel] = true
		for dir := path.Dir(f.Rel); dir != "."; dir = path.Dir(dir) {
			s.folders[dir] = true
		}
	}
	for _, sentence := range c.Ignored {
		name, reason, _ := strings.Cut(sentence, ": ")
		s.reasons[name] = reason
	}
	if c.Root != "" {
		s.walk("", "", false, 0)
	}
	return s
}

// walk lists a folder. inherited is why what is in it is not taken, where that is known of the folder.
func (s *Survey) walk(dir, inherited string, hidden bool, depth int) {
	entries, err := os.ReadDir(filepath.Join(s.root, filepath.FromSlash(dir)))
	if err != nil {
		s.add(dir, "cannot be listed: "+reason(err), hidden)
		return
	}
	for _, entry := range entries {
		if s.names++; s.names > surveyedNames || depth > surveyedDepth {
			s.Cut = true
			return
		}
		rel := path.Join(dir, entry.Name())
		why := inherited
		if own, ok := s.reasons[displayName(rel)]; ok {
			why = own
		}
		unseen := hidden || isHidden(entry.Name())
		switch {
		case s.taken[rel]:
		case entry.IsDir():
			s.walk(rel, why, unseen && !s.folders[rel], depth+1)
		case entry.Type()&fs.ModeSymlink != 0 && s.folders[rel]: // a link to a folder with inputs
		default:
			s.add(rel, why, unseen)
		}
	}
}

func (s *Survey) add(rel, reason string, hidden bool) {
	if hidden {
		s.Hidden++
		return
	}
	if _, known := FormatOf(rel); reason == "" && !known {
		reason = otherExtension()
	}
	if reason == "" {
		reason = "no pattern matches it"
	}
	s.NotTaken = append(s.NotTaken, NotTaken{Path: rel, Reason: strings.TrimPrefix(reason, "left out, ")})
}
