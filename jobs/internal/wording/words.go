package wording

import (
	_ "embed" // the catalogues
	"fmt"
	"strings"

	"github.com/leonelquinteros/gotext"

	"partnerscore/scoring"
)

//go:embed fr.po
var french []byte

// Words writes for people in one language: numbers by Figures, months by Calendar, sentences by Speech, and here what several answers say. The zero
// value writes English.
type Words struct{ Figures }

// Speech says sentences in one language. They stand in the code in English; a catalogue has those of another language by the English ones.
type Speech struct {
	*language // nil: English
}

// language is what makes sentences and numbers those of another language.
type language struct {
	catalogue       *gotext.Po
	numbers, blanks *strings.Replacer
}

// Languages are what ParseLanguage takes.
func Languages() []string { return []string{"en", "fr"} }

// ParseLanguage returns the words of a language: en or fr.
func ParseLanguage(name string) (Words, error) {
	switch name {
	case "en":
		return Words{}, nil
	case "fr":
		return Translated(french), nil
	default:
		return Words{}, fmt.Errorf("must be en or fr, not %q", name)
	}
}

// Translated returns the words of a catalogue, a PO file of gettext.
func Translated(catalogue []byte) Words {
	po := gotext.NewPo()
	po.Parse(catalogue)
	return Words{Figures{Calendar{Speech{&language{po, strings.NewReplacer(",", narrow, ".", ","), unbroken()}}}}}
}

// Language is the tag of the language: en, fr.
func (w Speech) Language() string {
	if w.language == nil {
		return "en"
	}
	return w.catalogue.GetDomain().Language
}

// Say writes a sentence. Amounts, points and counts among the arguments are written as the language writes numbers.
func (w Speech) Say(sentence string, args ...any) string {
	return w.Phrase(scoring.Say(sentence, args...))
}

// Counted writes a sentence whose first argument is a number, which decides between one and many: 1 row, 1,234 rows.
func (w Speech) Counted(n int64, one, many string, args ...any) string {
	return w.Phrase(scoring.Counted(n, one, many, args...))
}

// Phrase writes what another package says.
func (w Speech) Phrase(p scoring.Phrase) string {
	if w.language == nil || p.Format == "" { // a catalogue has its own header by the empty sentence
		return p.String()
	}
	args := make([]any, len(p.Args))
	for i, arg := range p.Args {
		args[i] = w.argument(arg)
	}
	if p.Many != "" {
		return w.blanks.Replace(w.catalogue.GetN(p.Format, p.Many, int(p.N), args...))
	}
	return w.blanks.Replace(w.catalogue.Get(p.Format, args...))
}

// Published writes what the tables say in English, in another language by its phrase.
func (w Speech) Published(english string, p scoring.Phrase) string {
	if w.language == nil {
		return english
	}
	return w.Phrase(p)
}

// argument writes numbers as the language does, and phrases in it.
func (w Speech) argument(arg any) any {
	switch arg := arg.(type) {
	case scoring.Phrase:
		return w.Phrase(arg)
	case scoring.USD, scoring.Points, scoring.Hundredths, scoring.Whole:
		return w.Number(fmt.Sprint(arg))
	case scoring.Numeral:
		return w.Number(string(arg))
	case interface{ Format(layout string) string }:
		return arg.Format(w.layout())
	}
	return arg
}

// layout is how days are written among figures: 2024-06-30.
func (w Speech) layout() string { return w.Say("2006-01-02") }

// Term writes a word of the data for people, like the name of a solution area; one that the language does not know stays as it is.
func (w Speech) Term(word string) string {
	if w.language == nil || !w.catalogue.IsTranslated(word) {
		return word
	}
	return w.blanks.Replace(w.catalogue.Get(word, []any{}...))
}

// Number writes a number that is written in English, 1,234.50, as the language does.
func (w Speech) Number(english string) string {
	if w.language == nil {
		return english
	}
	return w.numbers.Replace(english)
}

// Spaces that do not break a line.
const (
	narrow = "\u202f"
	wide   = "\u00a0"
)

// unbroken keeps the blanks of a French text from breaking before a mark, and within an amount. The catalogue has blanks that everybody can type.
func unbroken() *strings.Replacer {
	return strings.NewReplacer(" :", wide+":", " ;", narrow+";", " ?", narrow+"?", " !", narrow+"!", " %", narrow+"%", "« ", "«"+wide, " »", wide+"»", " USD", wide+"USD")
}

// List joins words: a, b and c.
func (w Speech) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return w.Say("%s and %s", strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
}

// Parts joins parts of a sentence that have commas themselves.
func (w Speech) Parts(parts []string) string { return strings.Join(parts, w.Say("; ")) }

// AndMore says how many are left out of a list; empty: none.
func (w Speech) AndMore(n int64) string {
	if n == 0 {
		return ""
	}
	return w.Say("and %s more", scoring.Whole(n))
}

// NotKnown is what cannot be known because usage was missing.
func (w Speech) NotKnown() string { return w.Say("not known") }
