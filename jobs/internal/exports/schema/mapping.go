package schema

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"partnerscore/jobs/internal/exports/defect"
)

// Mapper maps the columns of files of one table.
type Mapper struct {
	table Table
	specs []spec
	// canonicalOf goes from folded alias to canonical name.
	canonicalOf map[string]string
	opt         Options
}

// NewMapper returns the mapper of a table.
func NewMapper(t Table, opt Options) Mapper {
	m := Mapper{table: t, specs: specsOf(t, opt.Profile), canonicalOf: map[string]string{}, opt: opt}
	for _, s := range m.specs {
		for _, name := range append(m.namesOf(s), s.canonical) {
			m.canonicalOf[Fold(name)] = s.canonical
		}
	}
	return m
}

// Header has the columns of a file, and what decides how they are read.
type Header struct {
	Columns []Column
	// Text is set where the names are the first line of a text file, which may be a row of data.
	Text bool
	// Many is set for usage of many months: only its month column says the month of a row.
	Many bool
}

// Mapping is the result for one file.
type Mapping struct {
	// Columns has the column of each canonical name that the file has.
	Columns map[string]Column
	// Defects are the columns that are missing, ambiguous or of a wrong type.
	Defects []*defect.Error
	// failed are the canonical names with a defect.
	failed map[string]bool
}

// Map maps canonical names to the columns of a file. An export of usage or certifications that has only a PGA column uses it as the location as
// well.
func (m Mapper) Map(h Header) Mapping {
	a := assignment{Mapper: m, header: h, mapping: Mapping{Columns: map[string]Column{}, failed: map[string]bool{}}, taken: map[int]bool{}}
	a.advice = advice{mapper: m, header: h}
	a.pick()
	a.recognise()
	global, hasGlobal := a.mapping.Columns["partner_global_id"]
	if _, ok := a.mapping.Columns["partner_location_id"]; !ok && hasGlobal && m.table != Partners && !a.mapping.failed["partner_location_id"] {
		a.mapping.Columns["partner_location_id"] = global
	}
	a.requireAll()
	a.checkTypes()
	slices.SortStableFunc(a.mapping.Defects, func(a, b *defect.Error) int { return defect.ByRank(a.Explains, b.Explains) })
	return a.mapping
}

// namesOf returns the names of a column, those of the config last.
func (m Mapper) namesOf(s spec) []string {
	return append(slices.Clone(s.names), m.opt.Aliases[m.table][s.canonical]...)
}

// picks returns the names that the config gives for a column, instead of the usual ones.
func (m Mapper) picks(canonical string) []string { return m.opt.Columns[m.table][canonical] }

// canonicalName returns the canonical name that a column of a file is known by.
func (m Mapper) canonicalName(name string) (canonical string, ok bool) {
	canonical, ok = m.canonicalOf[Fold(name)]
	if !ok {
		return "", false
	}
	for _, s := range m.specs {
		if s.canonical == canonical && s.lookalike(name) != "" && !slices.Contains(m.opt.Aliases[m.table][canonical], name) {
			return "", false
		}
	}
	return canonical, true
}

// anonymous reports whether the header of a text file may be a row of data, whose values (names of people among them) must not be shown.
func (m Mapper) anonymous(h Header) bool {
	return h.Text && !slices.ContainsFunc(h.Columns, func(c Column) bool {
		_, known := m.canonicalName(c.Name)
		return known
	})
}

// configKey is the place of a column in the config.
func (m Mapper) configKey(canonical string) string {
	return "columns." + string(m.table) + "." + canonical
}

// lookalike says what a name is that looks like the column and is something else, "" for other names. The canonical name with its separators
// is the column's, even where it differs from a lookalike in them alone.
func (s spec) lookalike(name string) string {
	separated := strings.NewReplacer("-", "_", ".", "_", "\ufeff", "").Replace(strings.TrimSpace(name))
	if strings.EqualFold(separated, s.canonical) {
		return ""
	}
	for other, why := range s.lookalikes {
		if Fold(other) == Fold(name) {
			return why
		}
	}
	return ""
}

// knows reports whether a name is one of the column's.
func (s spec) knows(name string) bool {
	return slices.ContainsFunc(append(slices.Clip(s.names), s.canonical), func(known string) bool { return Fold(known) == Fold(name) })
}

// preference lists the usual names of a column, the preferred one first: the canonical name, unless a report has a column of that name.
func (s spec) preference() []string {
	if slices.ContainsFunc(s.names, func(name string) bool { return Fold(name) == Fold(s.canonical) }) {
		return s.names
	}
	return append([]string{s.canonical}, s.names...)
}

// Fold makes names comparable: case, white space, `_`, `-`, `.` and byte order marks do not matter.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' || r == '.' || r == '\ufeff' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// assignment is the state of mapping one file.
type assignment struct {
	Mapper
	header  Header
	advice  advice
	mapping Mapping
	// taken are the columns that the config picked.
	taken map[int]bool
}

// pick follows the config: the first listed name that the file has is the column. A name that fits exactly goes before one that fits folded.
func (a *assignment) pick() {
	for _, s := range a.specs {
		wanted := a.picks(s.canonical)
		if len(wanted) == 0 {
			continue
		}
		hits := a.header.named(wanted)
		switch len(hits) {
		case 0:
			a.fail(a.advice.about(s.canonical, wanted), "the config takes it from %s, which the file does not have", []string{s.canonical}, quoteAll(wanted, " or "))
		case 1:
			a.mapping.Columns[s.canonical] = hits[0]
			a.taken[hits[0].Index] = true
		default:
			a.fail(hint{text: "rename one in the export"}, "the config takes it from %s, which the file has %d times: %s", []string{s.canonical},
				quoteAll(wanted, " or "), len(hits), columnNames(hits, " and "))
		}
	}
}

// named finds the columns that the first fitting name means. The engine cannot tell names that differ in case alone, so both are returned.
func (h Header) named(wanted []string) []Column {
	for _, name := range wanted {
		exact := h.filter(func(c Column) bool { return strings.EqualFold(c.Name, name) })
		if len(exact) > 0 {
			return inFile(exact)
		}
		if folded := h.filter(func(c Column) bool { return Fold(c.Name) == Fold(name) }); len(folded) > 0 {
			return inFile(folded)
		}
	}
	return nil
}

func (h Header) filter(keep func(Column) bool) []Column {
	return slices.DeleteFunc(slices.Clone(h.Columns), func(c Column) bool { return !keep(c) })
}

// inFile prefers columns in the file to partition columns of the same meaning, which say less: a month where rows have their day.
func inFile(columns []Column) []Column {
	kept := slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return c.Partition })
	if len(kept) == 0 {
		return columns
	}
	return kept
}

// recognise maps by alias what the config leaves open.
func (a *assignment) recognise() {
	candidates := map[string][]Column{}
	for _, c := range a.header.Columns {
		if canonical, ok := a.canonicalName(c.Name); ok && !a.taken[c.Index] {
			candidates[canonical] = append(candidates[canonical], c)
		}
	}
	for _, s := range a.specs {
		hits := inFile(candidates[s.canonical])
		if len(a.picks(s.canonical)) > 0 || len(hits) == 0 {
			continue
		}
		hits = a.preferred(s, hits)
		if len(hits) > 1 {
			a.fail(hint{text: a.pickHint(s.canonical, hits)}, "%d columns stand for it: %s", []string{s.canonical}, len(hits), columnNames(hits, " and "))
			continue
		}
		a.mapping.Columns[s.canonical] = hits[0]
	}
}

// preferred keeps the hits for the first of the usual names that has any, and those for names that the config adds: whoever adds one knows of a
// column that is not among the usual ones, and must say which is meant where a file has both.
func (m Mapper) preferred(s spec, hits []Column) []Column {
	added := m.opt.Aliases[m.table][s.canonical]
	named := func(names []string) (kept []Column) {
		for _, c := range hits {
			if slices.ContainsFunc(names, func(name string) bool { return Fold(c.Name) == Fold(name) }) {
				kept = append(kept, c)
			}
		}
		return kept
	}
	for _, name := range s.preference() {
		if found := named([]string{name}); len(found) > 0 {
			return append(found, slices.DeleteFunc(named(added), func(c Column) bool { return Fold(c.Name) == Fold(name) })...)
		}
	}
	return hits
}

// pickHint proposes the first of several columns. The config cannot tell apart what differs in case alone.
func (a *assignment) pickHint(canonical string, hits []Column) string {
	if len(a.header.named([]string{hits[0].Name})) > 1 {
		return "rename one in the export"
	}
	return fmt.Sprintf("pick one in the config: %s: %s", a.configKey(canonical), defect.Quote(hits[0].Name))
}

func (a *assignment) requireAll() {
	for _, s := range a.specs {
		required := s.required || s.canonical == "month" && a.header.Many // nothing else says the month of a row
		if _, ok := a.mapping.Columns[s.canonical]; required && !ok {
			a.missing(choice{canonical: []string{s.canonical}})
		}
	}
	for _, c := range choicesOf(a.table, a.opt.Profile) {
		found := slices.ContainsFunc(c.canonical, func(name string) bool {
			_, ok := a.mapping.Columns[name]
			return ok
		})
		if !found && (c.waived == nil || !c.waived(a.opt)) {
			a.missing(c)
		}
	}
}

// missing reports a column, or a choice of columns, that the file lacks, unless one of them has a defect already.
func (a *assignment) missing(c choice) {
	if slices.ContainsFunc(c.canonical, func(name string) bool { return a.mapping.failed[name] }) {
		return
	}
	if column, other := a.givenAway(c.canonical); other != "" {
		a.fail(hint{text: "name another column in the config under " + a.configKey(other)}, "missing column; the config takes %s, which stands for it, for %s",
			c.canonical, ShownName(column), other)
		return
	}
	var recognised []string
	for _, s := range a.specs {
		if slices.Contains(c.canonical, s.canonical) {
			recognised = append(recognised, a.namesOf(s)...)
		}
	}
	advice := a.advice.about(c.canonical[0], append(recognised, c.canonical...))
	if c.hint != "" && advice.text != "" && len(a.header.Columns) > 0 && a.advice.profile() == PartnerCenter {
		advice.text += "; " + c.hint
	}
	a.fail(advice, "missing column; recognised are %s", c.canonical, strings.Join(recognised, ", "))
}

// givenAway returns a column that would stand for one of the canonical names if the config had not picked it for another one.
func (a *assignment) givenAway(canonical []string) (column, other string) {
	for _, s := range a.specs {
		c, ok := a.mapping.Columns[s.canonical]
		known, _ := a.canonicalName(c.Name)
		if ok && a.taken[c.Index] && !slices.Contains(canonical, s.canonical) && slices.Contains(canonical, known) {
			return c.Name, s.canonical
		}
	}
	return "", ""
}

func (a *assignment) checkTypes() {
	_, hasGlobal := a.mapping.Columns["partner_global_id"]
	for _, s := range a.specs {
		c, ok := a.mapping.Columns[s.canonical]
		if !ok {
			continue
		}
		if s.canonical == "partner_location_id" && hasGlobal && c.Index == a.mapping.Columns["partner_global_id"].Index {
			continue // reported once, for the global id
		}
		if want := s.means.Mismatch(c); want != "" {
			a.mapping.Defects = append(a.mapping.Defects, &defect.Error{Column: c.Name, Hint: "export it as " + want,
				Message: fmt.Sprintf("stands for %s and is of type %s", s.canonical, c.Type())})
		}
	}
}

// fail reports a defect of canonical columns: of one, or of all that are a choice.
func (a *assignment) fail(h hint, format string, canonical []string, args ...any) {
	for _, name := range canonical {
		a.mapping.failed[name] = true
	}
	a.mapping.Defects = append(a.mapping.Defects, &defect.Error{Column: strings.Join(canonical, " or "), Message: fmt.Sprintf(format, args...),
		Hint: h.text, Explains: h.explains})
}
