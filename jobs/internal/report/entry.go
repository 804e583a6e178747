package report

import (
	"html/template"
	"strings"

	"partnerscore/jobs/internal/written/advice"
	"partnerscore/scoring"
)

// Entry is a partner of a page: a line of the index, and its section.
type Entry struct {
	ID, Name string
	scores   []entryScore
	losses   []advice.LossInShort
	section  template.HTML // empty: it stands in a page of its own
	// provisional says why its scores are; a month may be provisional because of other partners alone.
	provisional []string
}

type entryScore struct {
	area, total, lacks string
	missing            scoring.Hundredths
	qualifies          bool
	change             *scoring.Hundredths // since the month before; nil: not known
}

func (s Subject) entry() Entry {
	e := Entry{ID: s.ID, Name: s.PartnerName.Name, provisional: s.Provisional(), losses: advice.Losses(s.Words, s.Partner, s.Next)}
	for _, score := range s.Scores {
		one := entryScore{area: s.area(score.Area), total: s.Number(score.Total.String()), lacks: s.Lacking(score.PointsToDesignation, score.Blocking),
			missing: score.PointsToDesignation, qualifies: score.Qualifies}
		for _, past := range s.Trend {
			if past.Month == s.ScoreMonth-1 && past.Area == score.Area {
				change := score.Total - past.Total
				one.change = &change
			}
		}
		e.scores = append(e.scores, one)
	}
	return e
}

// Line returns the entry without its section, for an index of pages.
func (e Entry) Line() Entry {
	e.section = ""
	return e
}

// File returns the name of the file for a page of the partner alone.
func (e Entry) File() string { return Slug(e.ID) + ".html" }

// IsFile reports whether a file has a name as File gives them.
func IsFile(name string) bool {
	return strings.HasSuffix(name, ".html") && (strings.HasPrefix(name, "p-") || strings.HasPrefix(name, "h-"))
}

// IndexFile is the name of the file for the index of pages.
const IndexFile = "index.html"
