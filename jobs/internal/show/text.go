package show

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Printable makes a text from the exports safe to print: what a terminal could take for a command becomes a question mark. Blanks that do not
// break a line stay.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' {
			return '?'
		}
		return r
	}, s)
}

// Wrapped breaks a text into lines of at most width characters where words allow it; not at blanks that hold words together.
func Wrapped(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' }) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return append(lines, line)
}

// Indented wraps a sentence below a line of a table.
func Indented(sentence string, indent, width int) (text string) {
	for _, line := range Wrapped(Printable(sentence), max(width-indent, 20)) {
		text += fmt.Sprintf("%*s%s\n", indent, "", line)
	}
	return text
}

// ClockTime writes a time like a clock, 1:42 or 1:02:03.
func ClockTime(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// Duration writes how long something took.
func Duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return ClockTime(d)
}

// Bytes writes a number of bytes.
func Bytes(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	size, i := float64(n)/unit, 0
	for ; size >= 999.95 && i < 4; i++ {
		size /= unit
	}
	return fmt.Sprintf("%.1f %cB", size, "kMGTP"[i])
}

// ShellWord quotes a text for a shell where that is needed, on one line whatever the text holds.
func ShellWord(text string) string {
	switch {
	case plainWord.MatchString(text):
		return text
	case text == Printable(text):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for _, c := range []byte(text) {
		if plainWord.Match([]byte{c}) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return "$'" + b.String() + "'"
}

// plainWord is what no shell takes for more than a word.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,-]+$`)
