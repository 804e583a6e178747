package textfile

import (
	"bytes"

	"partnerscore/jobs/internal/exports/defect"
)

// lineEnds looks for line ends of two kinds, Windows' and Unix', which the engine does not read in one file. Those inside quotes are data. It
// assumes that quotes are closed, so its result is right for valid text only.
type lineEnds struct {
	// windows is set where the first line ends as on Windows; known: there was a first line.
	windows, known bool
	// line counts the line ends, also those inside quotes.
	line int64
	// odd is the first line whose end differs from that of the first one, 0 for none.
	odd int64
	// inside is set where there are line ends inside quotes.
	inside bool
	quoted bool
	last   byte
}

// see takes the next bytes.
func (l *lineEnds) see(text []byte) {
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		piece := text
		if end >= 0 {
			piece = text[:end]
		}
		if bytes.Count(piece, []byte{'"'})%2 == 1 {
			l.quoted = !l.quoted
		}
		if len(piece) > 0 {
			l.last = piece[len(piece)-1]
		}
		if end < 0 {
			return
		}
		l.end()
		text = text[end+1:]
	}
}

func (l *lineEnds) end() {
	l.line++
	windows := l.last == '\r'
	l.last = '\n'
	switch {
	case l.quoted:
		l.inside = true
	case l.odd > 0:
	case !l.known:
		l.known, l.windows = true, windows
	case windows != l.windows:
		l.odd = l.line
	}
}

// fault names the first line that ends in the other way; nil where all lines end alike.
func (l *lineEnds) fault() error {
	if l.odd == 0 {
		return nil
	}
	how, before := "Windows", "Unix"
	if l.windows {
		how, before = before, how
	}
	return &defect.Error{Line: l.odd, Message: "the line ends as on " + how + ", those before it as on " + before,
		Hint: "end all lines alike; were several files put into one?"}
}
