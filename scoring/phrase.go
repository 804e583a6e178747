package scoring

import "fmt"

// Phrase is words about numbers and names that another language can say, too: an English format, and what it is about. The zero value says nothing.
type Phrase struct {
	Format string // with a verb for each argument in turn; a catalogue of another language knows it
	Many   string // the format for any number but one; empty: there is no number that decides
	N      int64  // the number that decides
	Args   []any  // phrases, numbers and names
}

// Say returns a phrase.
func Say(format string, args ...any) Phrase { return Phrase{Format: format, Args: args} }

// Plural returns a phrase whose words a number decides.
func Plural(n int64, one, many string, args ...any) Phrase {
	return Phrase{Format: one, Many: many, N: n, Args: args}
}

// Counted returns a phrase whose first argument is the number that decides its words: 1 person, 2,000 people.
func Counted(n int64, one, many string, args ...any) Phrase {
	return Plural(n, one, many, append([]any{Whole(n)}, args...)...)
}

// Joined puts phrases together with a mark between them.
func Joined(phrases []Phrase, mark Phrase) (all Phrase) {
	for i, p := range phrases {
		if i == 0 {
			all = p
		} else {
			all = Say("%s%s%s", all, mark, p)
		}
	}
	return all
}

// String says the phrase in English.
func (p Phrase) String() string {
	format := p.Format
	if p.Many != "" && p.N != 1 {
		format = p.Many
	}
	return fmt.Sprintf(format, p.Args...)
}

// MarshalText says the phrase in English: data have no other language.
func (p Phrase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Whole is a count that is written with thousands separators.
type Whole int64

// String is part of fmt.Stringer.
func (n Whole) String() string { return Grouped(int64(n)) }

// Numeral is a number that is written with a decimal point.
type Numeral string
