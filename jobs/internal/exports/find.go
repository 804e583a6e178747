package exports

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"partnerscore/scoring"
)

// Find lists the export files below root by their names, and opens none. A root that does not exist is a
// *MissingError; a folder on the way to the months that cannot be listed is a *ContractError, which comes with the
// catalog of what could be. A table or month without files is simply absent from the catalog: what is missing only
// the caller can tell.
func Find(root string, p Patterns) (*Catalog, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	resolved, err := resolveRoot(root)
	if err != nil {
		return nil, err
	}
	c := &Catalog{Root: resolved, Usage: map[scoring.Month][]File{}, Certifications: map[scoring.Month][]File{}}
	s := search{root: resolved, tables: map[string]Table{}, removed: map[string]bool{}, lacks: map[scoring.Month][]Problem{}}
	for _, t := range Tables() {
		segments, err := compilePattern(t, p.of(t))
		if err != nil {
			return nil, err
		}
		s.table = t
		s.walk(place{}, segments)
	}
	s.checkDeliveries()
	s.fill(c)
	if len(s.problems) > 0 {
		return c, &ContractError{Problems: s.problems}
	}
	return c, nil
}

func resolveRoot(root string) (string, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return "", fmt.Errorf("find exports folder %s: %w", displayName(root), err)
	}
	missing := func(reason string) error {
		return &MissingError{Path: root, Hint: reason + "; give the folder that holds the exports with --exports"}
	}
	resolved, err := filepath.EvalSymlinks(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", missing("it does not exist")
	case err != nil:
		return "", fmt.Errorf("find exports folder %s: %w", displayName(root), err)
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return "", fmt.Errorf("find exports folder %s: %w", displayName(root), err)
	}
	if !info.IsDir() {
		return "", missing("it is no folder")
	}
	return resolved, nil
}

// search collects what the patterns of all tables match.
type search struct {
	root     string
	table    Table
	found    []File
	problems []Problem
	ignored  []note
	warnings []string
	// manifests may be those of deliveries; lacks are what these name and is not there, by month.
	manifests []place
	lacks     map[scoring.Month][]Problem
	// removed are files that the log of their Delta table has removed.
	removed map[string]bool
	// tables has each matched path with the table that matched it first.
	tables map[string]Table
	// read are the manifests of deliveries that were understood.
	read []string
}

type note struct{ rel, reason string }

// place is a folder (or a name in it) below the root and the month that its path shows.
type place struct {
	rel   string
	parts captures
	month scoring.Month
}

func (p place) child(name string) place {
	if p.rel != "" {
		name = p.rel + "/" + name
	}
	return place{rel: name, parts: p.parts, month: p.month}
}

func (s *search) path(p place) string { return filepath.Join(s.root, filepath.FromSlash(p.rel)) }

// walk matches the entries of a folder with the first segment. Its depth is that of the pattern, so a
// symlink loop cannot trap it.
func (s *search) walk(dir place, segments []segment) {
	seg := segments[0]
	if !seg.literal && s.takeDelta(dir) {
		return
	}
	if seg.literal {
		s.enter(dir.child(seg.text), segments)
		return
	}
	entries, err := os.ReadDir(s.path(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		s.fault(dir, "", "cannot be listed: "+reason(err), fs.FileInfo(nil))
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		child := dir.child(name)
		if isHidden(name) && !seg.hidden {
			if _, data := FormatOf(name); data {
				s.ignore(child, "left out, names that begin with . or _ are hidden")
			}
			continue
		}
		parts, ok := seg.matches(name, dir.parts)
		if !ok {
			s.passOver(child, entry, seg)
			continue
		}
		child.parts = parts
		if child.month, err = parts.month(); err != nil {
			s.ignore(child, "left out, its name has no valid month: "+err.Error())
			continue
		}
		s.enter(child, segments)
	}
}

// passOver notes names that do not match but look as if they were meant to.
func (s *search) passOver(p place, entry fs.DirEntry, seg segment) {
	_, data := FormatOf(entry.Name())
	switch {
	case s.isManifest(entry.Name()) && !seg.dated && !entry.IsDir():
		s.manifests = append(s.manifests, p)
	case seg.dated && (entry.IsDir() || entry.Type()&fs.ModeSymlink != 0):
		s.ignore(p, "left out, its name does not match "+seg.text)
	case data:
		s.ignore(p, "left out, its name does not match "+seg.text)
	}
}

// enter takes a name that matches the first segment: a folder to go on with, or a file.
func (s *search) enter(p place, segments []segment) {
	last := len(segments) == 1
	format, known := FormatOf(p.rel)
	info, err := os.Lstat(s.path(p))
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if last && !known {
			s.ignore(p, "left out, "+otherExtension())
			return
		}
		info, err = s.follow(p)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && segments[0].literal:
		return
	case err != nil:
		s.fault(p, format, reason(err), nil)
	case !last && info.IsDir():
		s.walk(p, segments[1:])
	case !info.IsDir() && s.isManifest(path.Base(p.rel)):
		s.manifests = append(s.manifests, p)
	case !last:
		s.ignore(p, "left out, a folder is expected here")
	case !known && info.IsDir() && s.takeDelta(p):
	case !known && info.IsDir():
		s.ignore(p, "left out, files are expected here, not a folder")
	case !known:
		s.ignore(p, "left out, "+otherExtension())
	case !info.Mode().IsRegular():
		s.fault(p, format, "is no regular file but "+modeName(info.Mode()), info)
	default:
		s.add(p, format, "", info)
	}
}

func otherExtension() string { return "its extension is none of " + extensionList() }

var (
	errDangling = errors.New("is a symlink to nothing")
	errEscape   = errors.New("is a symlink that leaves the exports folder")
)

// follow resolves a symlink without opening its target.
func (s *search) follow(p place) (fs.FileInfo, error) {
	target, err := filepath.EvalSymlinks(s.path(p))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, err
	case err != nil: // nothing there, or a loop of links
		return nil, errDangling
	}
	below, err := filepath.Rel(s.root, target)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return nil, errEscape
	}
	return os.Lstat(target)
}

func (s *search) add(p place, format Format, fault string, info fs.FileInfo) {
	f := File{Table: s.table, Path: s.path(p), Rel: p.rel, Month: p.month, Format: format, Fault: fault}
	if info != nil {
		f.Bytes, f.ModTime = info.Size(), info.ModTime()
	}
	if other, ok := s.tables[p.rel]; ok && fault == "" {
		f.Fault = fmt.Sprintf("matches the pattern of %s and that of %s", other, s.table)
	} else {
		s.tables[p.rel] = s.table
	}
	s.found = append(s.found, f)
}

// fault keeps what cannot be an input with its month, so that it matters only to who needs that month. Above
// the months it concerns everybody.
func (s *search) fault(p place, format Format, why string, info fs.FileInfo) {
	if s.table == Partners || p.month != 0 {
		s.add(p, format, why, info)
		return
	}
	rel := p.rel
	if rel == "" {
		rel = "."
	}
	s.problems = append(s.problems, Problem{File: rel, Message: why, Hint: faultHint(why, format)})
}

func (s *search) ignore(p place, why string) {
	s.ignored = append(s.ignored, note{rel: p.rel, reason: why})
}

// fill sorts the finds into the catalog. It drops the notes on paths that another table's pattern took, and keeps
// one note for each path.
func (s *search) fill(c *Catalog) {
	c.Warnings, c.Lacks, c.Manifests, c.Removed = s.warnings, s.lacks, s.read, s.removed
	slices.SortStableFunc(s.found, func(a, b File) int { return strings.Compare(a.Rel, b.Rel) })
	for _, f := range s.found {
		switch {
		case f.Table == Usage && f.Month == 0:
			f.Many = true
			c.Undated = append(c.Undated, f)
		case f.Table == Usage:
			c.Usage[f.Month] = append(c.Usage[f.Month], f)
		case f.Table == Certifications:
			c.Certifications[f.Month] = append(c.Certifications[f.Month], f)
		default:
			c.Partners = append(c.Partners, f)
		}
	}
	slices.SortFunc(s.ignored, func(a, b note) int {
		return cmp.Or(strings.Compare(a.rel, b.rel), strings.Compare(a.reason, b.reason))
	})
	s.ignored = slices.CompactFunc(s.ignored, func(a, b note) bool { return a.rel == b.rel })
	for _, n := range s.ignored {
		taken := slices.ContainsFunc(s.found, func(f File) bool {
			return f.Rel == n.rel || strings.HasPrefix(f.Rel, n.rel+"/")
		})
		if !taken {
			c.Ignored = append(c.Ignored, displayName(n.rel)+": "+n.reason)
		}
	}
}

func sortedMonths(byMonth map[scoring.Month][]File) []scoring.Month {
	months := make([]scoring.Month, 0, len(byMonth))
	for m := range byMonth {
		months = append(months, m)
	}
	slices.Sort(months)
	return months
}

func modeName(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something else"
	}
}

// reason is the cause without the path, which the message names already and relative to the root.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}
