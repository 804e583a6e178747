package exports

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// mapper maps the columns of files of one table.
type mapper struct {
	table   Table
	profile Profile
	specs   []column
	// canonicalOf goes from folded alias to canonical name.
	canonicalOf map[string]string
	opt         Options
}

func newMapper(t Table, opt Options) mapper {
	m := mapper{table: t, profile: opt.Profile, specs: columnsOf(t, opt.Profile), canonicalOf: map[string]string{}, opt: opt}
	for _, s := range m.specs {
		for _, name := range append(m.namesOf(s), s.canonical) {
			m.canonicalOf[fold(name)] = s.canonical
		}
	}
	return m
}

// namesOf are the names of a column, those of the config last.
func (m mapper) namesOf(s column) []string {
	return append(slices.Clone(s.names), m.opt.Aliases[m.table][s.canonical]...)
}

// picks are the names that the config gives for a column, instead of the usual ones.
func (m mapper) picks(canonical string) []string { return m.opt.Columns[m.table][canonical] }

// standsFor returns the canonical name that a column of a file is known by.
func (m mapper) standsFor(name string) (canonical string, ok bool) {
	canonical, ok = m.canonicalOf[fold(name)]
	if !ok {
		return "", false
	}
	for _, s := range m.specs {
		if s.canonical == canonical && s.isNot(name) != "" && !slices.Contains(m.opt.Aliases[m.table][canonical], name) {
			return "", false
		}
	}
	return canonical, true
}

// isNot says why a name is not that of the column although it looks like it; empty: it is not known to be something else. The canonical name
// with its separators is the column's even where it differs from such a name in them alone.
func (s column) isNot(name string) string {
	separated := strings.NewReplacer("-", "_", ".", "_", "\ufeff", "").Replace(strings.TrimSpace(name))
	if strings.EqualFold(separated, s.canonical) {
		return ""
	}
	for other, why := range s.never {
		if fold(other) == fold(name) {
			return why
		}
	}
	return ""
}

// fold makes names comparable: case, white space, `_`, `-`, `.` and byte order marks do not matter.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' || r == '.' || r == '\ufeff' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// assign maps canonical names to the file's columns and reports everything that is missing, ambiguous or of a
// wrong type. An export of usage or certifications that has only a PGA column uses it as the location as well.
func (m mapper) assign(f File, columns []Column) (map[string]Column, []Problem) {
	a := assignment{mapper: m, file: f, columns: columns, mapping: map[string]Column{}, failed: map[string]bool{}, taken: map[int]bool{}}
	a.pick()
	a.recognise()
	global, hasGlobal := a.mapping["partner_global_id"]
	if _, ok := a.mapping["partner_location_id"]; !ok && hasGlobal && m.table != Partners && !a.failed["partner_location_id"] {
		a.mapping["partner_location_id"] = global
	}
	a.requireAll()
	a.checkTypes()
	return a.mapping, profileFirst(a.problems)
}

// hintProfile begins the advice to name a profile.
const hintProfile = "it looks like an export of Azure Cost Management"

// profileFirst puts problems that a profile would solve before all others, which mean nothing once it is named.
func profileFirst(problems []Problem) []Problem {
	rank := func(p Problem) int {
		if strings.HasPrefix(p.Hint, hintProfile) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return rank(a) - rank(b) })
	return problems
}

// assignment is the state of mapping one file.
type assignment struct {
	mapper
	file    File
	columns []Column
	mapping map[string]Column
	// failed are canonical names with a problem already reported; taken are columns that the config picked.
	failed   map[string]bool
	taken    map[int]bool
	problems []Problem
	// listed is set once a message has listed the file's columns; later ones name the closest only.
	listed bool
}

// pick follows the config: the first listed name that the file has is the column. A name that fits exactly
// goes before one that fits folded.
func (a *assignment) pick() {
	for _, s := range a.specs {
		wanted := a.picks(s.canonical)
		if len(wanted) == 0 {
			continue
		}
		hits := a.named(wanted)
		switch len(hits) {
		case 0:
			a.fail(s.canonical, a.hintList(s.canonical, wanted), "the config takes it from %s, which the file does not have",
				quoteAll(wanted, " or "))
		case 1:
			a.mapping[s.canonical] = hits[0]
			a.taken[hits[0].Index] = true
		default:
			a.fail(s.canonical, "rename one in the export", "the config takes it from %s, which the file has %d times: %s",
				quoteAll(wanted, " or "), len(hits), columnNames(hits, " and "))
		}
	}
}

// named finds the columns that the first fitting name means. Names that differ in case alone are not told
// apart by the engine, so both are returned.
func (a *assignment) named(wanted []string) []Column {
	for _, name := range wanted {
		exact := a.filter(func(c Column) bool { return strings.EqualFold(c.Name, name) })
		if len(exact) > 0 {
			return inFile(exact)
		}
		if folded := a.filter(func(c Column) bool { return fold(c.Name) == fold(name) }); len(folded) > 0 {
			return inFile(folded)
		}
	}
	return nil
}

func (a *assignment) filter(keep func(Column) bool) []Column {
	var kept []Column
	for _, c := range a.columns {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

// recognise maps by alias what the config leaves open.
func (a *assignment) recognise() {
	candidates := map[string][]Column{}
	for _, c := range a.columns {
		if canonical, ok := a.standsFor(c.Name); ok && !a.taken[c.Index] {
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
			a.fail(s.canonical, a.pickHint(s.canonical, hits), "%d columns stand for it: %s", len(hits), columnNames(hits, " and "))
			continue
		}
		a.mapping[s.canonical] = hits[0]
	}
}

// preferred keeps the hits for the first of the usual names that has any, and those for names that the config adds: whoever adds one
// knows of a column that is not among the usual ones, and must say which is meant where a file has both.
func (a *assignment) preferred(s column, hits []Column) []Column {
	added := a.opt.Aliases[a.table][s.canonical]
	named := func(names []string) (kept []Column) {
		for _, c := range hits {
			if slices.ContainsFunc(names, func(name string) bool { return fold(c.Name) == fold(name) }) {
				kept = append(kept, c)
			}
		}
		return kept
	}
	for _, name := range s.preference() {
		if found := named([]string{name}); len(found) > 0 {
			return append(found, slices.DeleteFunc(named(added), func(c Column) bool { return fold(c.Name) == fold(name) })...)
		}
	}
	return hits
}

// preference lists the usual names of a column, the one that is taken first in front: the canonical name, unless a report has a column that is
// called like it.
func (s column) preference() []string {
	if slices.ContainsFunc(s.names, func(name string) bool { return fold(name) == fold(s.canonical) }) {
		return s.names
	}
	return append([]string{s.canonical}, s.names...)
}

// pickHint proposes the first of several columns. The config cannot tell apart what differs in case alone.
func (a *assignment) pickHint(canonical string, hits []Column) string {
	if len(a.named([]string{hits[0].Name})) > 1 {
		return "rename one in the export"
	}
	return fmt.Sprintf("pick one in the config: %s: %s", a.configKey(canonical), displayName(hits[0].Name))
}

func (a *assignment) requireAll() {
	for _, s := range a.specs {
		required := s.required || s.canonical == "month" && a.file.Many // nothing else says the month of a row
		if _, ok := a.mapping[s.canonical]; required && !ok {
			a.missing(choice{canonical: []string{s.canonical}})
		}
	}
	for _, c := range choicesOf(a.table, a.profile) {
		found := slices.ContainsFunc(c.canonical, func(name string) bool {
			_, ok := a.mapping[name]
			return ok
		})
		if !found && (c.waived == nil || !c.waived(a.opt)) {
			a.missing(c)
		}
	}
}

// orColumn stands between the columns of a choice in the column of a Problem.
const orColumn = " or "

// missing reports a column, or a choice of columns, that the file lacks, unless one has its own problem already.
func (a *assignment) missing(c choice) {
	canonical := c.canonical
	if slices.ContainsFunc(canonical, func(name string) bool { return a.failed[name] }) {
		return
	}
	var recognised []string
	for _, s := range a.specs {
		if slices.Contains(canonical, s.canonical) {
			recognised = append(recognised, a.namesOf(s)...)
		}
	}
	for _, name := range canonical {
		a.failed[name] = true
	}
	name := strings.Join(canonical, orColumn)
	if column, other := a.givenAway(canonical); other != "" {
		a.problems = append(a.problems, problemf(a.file, name, "name another column in the config under "+a.configKey(other),
			"missing column; the config takes %s, which stands for it, for %s", shownName(column), other))
		return
	}
	hint := a.hintList(canonical[0], append(recognised, canonical...))
	if c.hint != "" && hint != "" && len(a.columns) > 0 && a.looksLike() == PartnerCenter {
		hint += "; " + c.hint
	}
	a.problems = append(a.problems, problemf(a.file, name, hint,
		"missing column; recognised are %s", strings.Join(recognised, ", ")))
}

// givenAway returns a column that would stand for one of the canonical names, had the config not picked it for another one.
func (a *assignment) givenAway(canonical []string) (column, other string) {
	for _, s := range a.specs {
		c, ok := a.mapping[s.canonical]
		known, _ := a.standsFor(c.Name)
		if ok && a.taken[c.Index] && !slices.Contains(canonical, s.canonical) && slices.Contains(canonical, known) {
			return c.Name, s.canonical
		}
	}
	return "", ""
}

// hintList advises by the columns that are there, those spelt most like the wanted names first. Only the first
// message about a file lists them all.
func (a *assignment) hintList(canonical string, wanted []string) string {
	first := !a.listed
	a.listed = true
	key := "or name the right one in the config under " + a.configKey(canonical)
	switch {
	case len(a.columns) == 0:
		return "the file has no columns at all"
	case a.looksLike() != PartnerCenter && !first:
		return "" // said once
	case a.looksLike() != PartnerCenter:
		return fmt.Sprintf(hintProfile+": if it is, write profile: %s into the config", a.looksLike())
	case a.anonymous() && !first:
		return ""
	case a.anonymous():
		return fmt.Sprintf("none of its %d columns is known: is the header row missing? add it, %s", len(a.columns), key)
	case !first:
		return fmt.Sprintf("the closest in the file are %s; rename it there, %s", listNearest(a.proposable(), wanted, 3), key)
	}
	more := ""
	if n := len(a.columns) - shownColumns; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("the file has %s%s; rename it there, %s", listNearest(a.proposable(), wanted, shownColumns), more, key)
}

// proposable are the columns of the file less those that are known to be something else than what they look like.
func (a *assignment) proposable() []Column {
	return a.filter(func(c Column) bool {
		return !slices.ContainsFunc(a.specs, func(s column) bool { return s.isNot(c.Name) != "" })
	})
}

// looksLike returns the profile whose required columns a file has that lacks those of Partner Center, else PartnerCenter.
func (a *assignment) looksLike() Profile {
	if a.table != Usage || a.profile != PartnerCenter {
		return PartnerCenter
	}
	for _, p := range Profiles() {
		if _, problems := newMapper(Usage, Options{Profile: p}).assign(a.file, a.columns); len(problems) == 0 {
			return p
		}
	}
	return PartnerCenter
}

// anonymous tells whether the header of a text file may be a row of data, whose values (people among them) must
// not be shown.
func (a *assignment) anonymous() bool { return a.mapper.anonymous(a.file, a.columns) }

func (m mapper) anonymous(f File, columns []Column) bool {
	if f.Format == Parquet {
		return false
	}
	return !slices.ContainsFunc(columns, func(c Column) bool {
		_, known := m.standsFor(c.Name)
		return known
	})
}

func (a *assignment) checkTypes() {
	for _, s := range a.specs {
		c, ok := a.mapping[s.canonical]
		if !ok {
			continue
		}
		if s.canonical == "partner_location_id" && c.Index == a.mapping["partner_global_id"].Index && a.hasOwn("partner_global_id") {
			continue // reported once, for the global id
		}
		if want := s.accept.refuse(c); want != "" {
			a.problems = append(a.problems, problemf(a.file, c.Name, "export it as "+want,
				"stands for %s and is of type %s", s.canonical, c.Type()))
		}
	}
}

func (a *assignment) hasOwn(canonical string) bool {
	_, ok := a.mapping[canonical]
	return ok
}

func (a *assignment) fail(canonical, hint, format string, args ...any) {
	a.failed[canonical] = true
	a.problems = append(a.problems, problemf(a.file, canonical, hint, format, args...))
}

func (m mapper) configKey(canonical string) string {
	return "columns." + string(m.table) + "." + canonical
}
