package exports

import "bytes"

// lineEnds looks through text for line ends of two kinds, Windows' and Unix', which the engine does not read in one file. Those inside quotes
// are data. It takes quotes to be whole, so what it says means something of valid text alone.
type lineEnds struct {
	// windows tells how the first line ends; known: there was one.
	windows, known bool
	// line counts the line ends, also those inside quotes.
	line int64
	// odd is the first line that ends otherwise than the first one, 0 for none.
	odd int64
	// inside tells of line ends inside quotes.
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

// fault says where lines begin to end otherwise; nil where they do not.
func (l *lineEnds) fault() error {
	if l.odd == 0 {
		return nil
	}
	how, before := "Windows", "Unix"
	if l.windows {
		how, before = before, how
	}
	return &lineDefect{line: l.odd, defect: defect{"the line ends as on " + how + ", those before it as on " + before,
		"end all lines alike; were several files put into one?"}}
}
