package scoring

import (
	"regexp"
	"slices"
	"strings"
)

// How a title is written before it is compared; the statement macros/titled does the same to the titles of exports.
var (
	titleMarks = regexp.MustCompile(`[®™]\x{FE0F}?`)
	titleOpens = regexp.MustCompile(` ?\( ?`)
	titleEnds  = regexp.MustCompile(` ?\) ?`)
	titleColon = regexp.MustCompile(` ?: ?`)
)

// Folded returns a label as it compares: without regard to case and white space.
func Folded(s string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(s), " ")))
}

// Titled returns a certification title as it compares: case folded, without ® and ™, and with the same blanks around
// colons and parentheses however they were written.
func Titled(text string) string {
	text = Folded(titleMarks.ReplaceAllString(text, " "))
	text = titleOpens.ReplaceAllString(text, " (")
	text = titleEnds.ReplaceAllString(text, ") ")
	text = titleColon.ReplaceAllString(text, ": ")
	return strings.Join(strings.Fields(text), " ")
}

// Labels returns every text that names a certification in an export, as Titled writes it: its codes, which name it only
// alone, and each of its titles with and without a prefix before it and a code in parentheses behind it.
func (h Holdings) Labels(c Certification) []string {
	var labels []string
	for _, code := range c.Codes {
		labels = append(labels, Titled(code))
	}
	for _, title := range append([]string{c.Title}, c.Aliases...) {
		labels = append(labels, h.Spellings(title, c.Codes)...)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// Spellings returns the ways to write one title of a certification with these codes, as Titled writes them. The rulebook may print any of them.
func (h Holdings) Spellings(title string, codes []string) []string {
	bare := h.bare(title, codes)
	var all []string
	for _, code := range append([]string{""}, codes...) {
		behind := ""
		if code != "" {
			behind = " (" + code + ")"
		}
		all = append(all, Titled(bare+behind))
		for _, prefix := range h.TitlePrefixes {
			all = append(all, Titled(prefix+" "+bare+behind), Titled(prefix+bare+behind))
		}
	}
	return all
}

// bare returns a title without a prefix before it and a code in parentheses behind it.
func (h Holdings) bare(title string, codes []string) string {
	bare := Titled(title)
	for _, prefix := range h.TitlePrefixes {
		if rest, ok := strings.CutPrefix(bare, Titled(prefix)+" "); ok {
			bare = rest
			break
		}
	}
	for _, code := range codes {
		if rest, ok := strings.CutSuffix(bare, Titled(" ("+code+")")); ok && rest != "" {
			return strings.TrimSpace(rest)
		}
	}
	return bare
}

// Labels returns all that names the certification, each as a whole text: title, aliases, codes.
func (c Certification) Labels() []string {
	labels := append([]string{c.Title}, c.Aliases...)
	return append(labels, c.Codes...)
}

// Certifications returns the certifications that any step asks for, each once, in the order of the lists.
func (r *Rulebook) Certifications() []Certification {
	var all []Certification
	for _, area := range r.Areas {
		for _, metric := range Metrics() {
			for _, c := range slices.Concat(area.skilling(metric).Steps()...) {
				if !slices.ContainsFunc(all, func(o Certification) bool { return o.ID == c.ID }) {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// CertificationLabels returns every text that names a certification that any step asks for, as Titled writes it, without
// repetition, in byte order.
func (r *Rulebook) CertificationLabels() []string {
	var all []string
	for _, c := range r.Certifications() {
		all = append(all, r.Holdings.Labels(c)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// AskedTitle is one title of a certification that a step asks for.
type AskedTitle struct {
	Title string   // as the rulebook prints the certification
	Bare  string   // this title of it as Titled writes it, without prefix and code
	Codes []string // of the certification
}

// AskedTitles returns the titles of the certifications that any step asks for, second spellings too, in the order of the
// lists.
func (r *Rulebook) AskedTitles() []AskedTitle {
	var all []AskedTitle
	for _, c := range r.Certifications() {
		for _, title := range append([]string{c.Title}, c.Aliases...) {
			all = append(all, AskedTitle{Title: c.Title, Bare: r.Holdings.bare(title, c.Codes), Codes: c.Codes})
		}
	}
	return all
}
