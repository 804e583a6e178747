package reconcile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/nearest"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Line is what Partner Center shows of one item of an area. At least one of its numbers is given.
type Line struct {
	Area   scoring.Area
	Item   Item
	Points *scoring.Hundredths
	Value  *Number
	place  string // in the file
}

// Portal is what Partner Center shows, line by line.
type Portal []Line

// written is a line of the file as it stands there.
type written struct {
	texts map[string]text // by column
	line  int
}

// text is a text of the file; an empty one is not given.
type text struct {
	value string
	line  int
}

// ReadPortal reads what Partner Center shows from a file: CSV where its name ends in .csv or .tsv, otherwise YAML. Lines without numbers are left
// out. It returns every problem, with its line.
func ReadPortal(path string, data []byte) (Portal, []string) {
	f := &portalFile{path: path}
	var lines []written
	if strings.HasSuffix(strings.ToLower(path), ".csv") || strings.HasSuffix(strings.ToLower(path), ".tsv") {
		lines = f.readCSV(data)
	} else {
		lines = f.readYAML(data)
	}
	portal := f.understand(lines)
	if len(portal) == 0 && len(f.problems) == 0 {
		f.problem(0, "it has no numbers; write down the points that Partner Center shows, one line is enough")
	}
	slices.SortStableFunc(f.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var problems []string
	for _, p := range f.problems {
		problems = append(problems, f.place(p.line)+": "+p.text)
	}
	return portal, problems
}

// portalFile is a file while it is read.
type portalFile struct {
	path     string
	problems []problem
}

// problem is something wrong at a line; 0 is the file itself.
type problem struct {
	line int
	text string
}

func (f *portalFile) problem(line int, format string, args ...any) {
	f.problems = append(f.problems, problem{line, fmt.Sprintf(format, args...)})
}

func (f *portalFile) place(line int) string {
	if line == 0 {
		return f.path
	}
	return fmt.Sprintf("%s:%d", f.path, line)
}

// understand turns the lines of the file into those of the portal.
func (f *portalFile) understand(lines []written) (portal Portal) {
	type about struct {
		area scoring.Area
		item Item
	}
	seen := map[about]int{}
	for _, w := range lines {
		area, item, points, value := w.texts["area"], w.texts["metric"], w.texts["points"], w.texts["value"]
		if area.value+item.value+points.value+value.value == "" {
			continue
		}
		line := Line{place: f.place(w.line)}
		before := len(f.problems)
		line.Area = oneOf(f, w, area, "area", areaNames(), areaLabels())
		line.Item = oneOf(f, w, item, "metric", itemNames(), itemLabels())
		line.Points = f.points(points)
		line.Value = f.value(line.Item, value)
		if len(f.problems) > before || line.Points == nil && line.Value == nil {
			continue // wrong, or not filled in
		}
		if first := seen[about{line.Area, line.Item}]; first > 0 {
			f.problem(w.line, "%s of %s stands on line %d already", wording.Label(line.Item), line.Area, first)
			continue
		}
		seen[about{line.Area, line.Item}] = w.line
		portal = append(portal, line)
	}
	return portal
}

// oneOf reads a name, whichever of its spellings it has.
func oneOf[T ~string](f *portalFile, w written, t text, what string, names map[string]T, labels []string) T {
	known, ok := names[folded(t.value)]
	switch at := cmp.Or(t.line, w.line); {
	case ok:
	case t.value == "":
		f.problem(at, "say which %s: there are %s", what, strings.Join(labels, ", "))
	default:
		f.problem(at, "unknown %s %q: the nearest of %s is %s", what, shortened(t.value), strings.Join(labels, ", "), nearestLabel(t.value, names, labels))
	}
	return known
}

// nearestLabel returns the label of what is nearest to a name by any of its spellings. A name may be given in part.
func nearestLabel[T ~string](name string, names map[string]T, labels []string) string {
	name = folded(name)
	spellings := slices.Sorted(maps.Keys(names))
	near := nearest.First(spellings, 1, func(s string) int {
		return min(nearest.Distance(name, s), nearest.Distance(name, s[:min(len(s), len(name))])+1)
	})[0]
	return labels[slices.IndexFunc(labels, func(label string) bool { return names[folded(label)] == names[near] })]
}

// areaLabels are the areas as Partner Center prints them.
func areaLabels() []string {
	return []string{"Data & AI", "Infrastructure", "Digital & App Innovation"}
}

// itemLabels are the items as Partner Center prints them.
func itemLabels() (labels []string) {
	for _, i := range Items() {
		labels = append(labels, i.Name())
	}
	return labels
}

// points reads points, nil where they are not given.
func (f *portalFile) points(t text) *scoring.Hundredths {
	if t.value == "" {
		return nil
	}
	shown, _, _ := strings.Cut(strings.ReplaceAll(t.value, " of ", "/"), "/") // with the most there are, as Partner Center prints them
	n, err := parseNumber(shown)
	const micros = 10_000 // in a hundredth
	switch {
	case err != nil:
		f.problem(t.line, "points: %v", err)
	case n.Decimals > 2 || n.Value < 0 || n.Value > 100*100*micros:
		f.problem(t.line, "points: want a number from 0 to 100 with at most two decimals, got %q", shortened(t.value))
	default:
		points := scoring.Hundredths(n.Value / micros)
		return &points
	}
	return nil
}

// value reads what the points follow from, nil where it is not given.
func (f *portalFile) value(i Item, t text) *Number {
	if t.value == "" {
		return nil
	}
	n, err := parseNumber(t.value)
	if err != nil {
		f.problem(t.line, "value: %v", err)
		return nil
	}
	if _, ok := i.Metric(); !ok {
		f.problem(t.line, "value: %s has points only; leave it empty", wording.Label(i))
		return nil
	}
	return &n
}

// check refuses lines about metrics that the rules of the month do not measure.
func (portal Portal) check(p *published.Partner) error {
	var wrong []string
	for _, line := range portal {
		score := p.Score(line.Area)
		if score == nil || line.Item.of(*score).Points == nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s is not measured on %s by rulebook %s; remove the line",
				line.place, p.Rules.AreaName(line.Area), wording.Label(line.Item), p.Rules.ID))
		}
	}
	if len(wrong) > 0 {
		return fault.Errorf(fault.Usage, "%s", strings.Join(wrong, "\n"))
	}
	return nil
}

// columns are the names of what a line has, in the order of the file that `reconcile --init` writes.
func columns() []string { return []string{"area", "metric", "points", "value"} }

// columnNames returns the columns by the names that people give them.
func columnNames() map[string]string {
	names := map[string]string{"solution area": "area", "score": "points", "measure": "value"}
	for _, c := range columns() {
		names[c] = c
	}
	return names
}

// knownColumns lists the accepted names.
func knownColumns() string { return strings.Join(slices.Sorted(maps.Keys(columnNames())), ", ") }
