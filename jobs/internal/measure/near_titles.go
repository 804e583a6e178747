package measure

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/nearest"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// NearTitles finds titles that name no certification and are nearly one that a rulebook asks for: whoever holds it counts for nothing.
type NearTitles struct {
	asked []askedTitle
	known map[string]bool // what names a certification in any rulebook at hand; it is nearly none
	usual map[string]bool // words that name nobody
}

// Bounds of the warning about titles.
const (
	comparedTitles  = 10_000 // the most frequent ones; there are a few hundred certifications
	shownNearTitles = 20
)

// warnOfNearTitles warns of titles that count for nothing and are nearly titles that do.
func (h *Holdings) warnOfNearTitles(ctx context.Context, folder string) error {
	near := NewNearTitles(h.Rules, h.settings.Library)
	var titles []string
	var found, rows int64
	err := h.DB.Query(ctx, "holdings/unknown_title", func(result *sql.Rows) error {
		var title string
		var n int64
		if err := result.Scan(&title, &n); err != nil {
			return err
		}
		if match, ok := near.Of(title); ok {
			rows += n
			if found++; found <= shownNearTitles {
				titles = append(titles, fmt.Sprintf("%s (nearly %s, rows: %d)", match.Shown, match.Title, n))
			}
		}
		return nil
	}, int32(comparedTitles))
	if err != nil || found == 0 {
		return err
	}
	if more := found - int64(len(titles)); more > 0 {
		titles = append(titles, fmt.Sprintf("and %d more", more))
	}
	h.Log.Warn("certification titles that are nearly titles of the rulebook count for nothing; if they mean the same certifications, add them as "+
		"aliases to a rulebook of your own", "folder", folder, "rulebook", h.Rules.ID, "titles", found, "rows", rows,
		"examples", strings.Join(titles, "; "))
	return nil
}

// askedTitle is a title of a list with its words.
type askedTitle struct {
	scoring.AskedTitle
	words []string
	codes [][]string // the words of each code
}

// NearTitle is what a title is nearly, and how it may be shown.
type NearTitle struct {
	Title string // of the rulebook
	Shown string // the title as a log may have it
}

// NewNearTitles knows what the rules ask for, and what others know.
func NewNearTitles(rules *scoring.Rulebook, library *rulebook.Library) *NearTitles {
	n := &NearTitles{known: map[string]bool{}, usual: map[string]bool{}}
	for _, t := range rules.AskedTitles() {
		asked := askedTitle{AskedTitle: t, words: ingest.Words(t.Bare)}
		for _, code := range t.Codes {
			asked.codes = append(asked.codes, ingest.Words(code))
		}
		n.asked = append(n.asked, asked)
	}
	for _, label := range append(library.CertificationLabels(), rules.CertificationLabels()...) {
		n.known[label] = true
		n.addUsual(label)
	}
	n.addUsual("microsoft github certified certification certificate exam course renewal renewed retired legacy beta new old level and for of the")
	return n
}

func (n *NearTitles) addUsual(text string) {
	for _, word := range ingest.Words(text) {
		n.usual[word] = true
	}
}

// longestTitle is how long a title may be, in characters; the longest of a list has half of it.
const longestTitle = 120

// Of returns what a title is nearly; false for one that is known, that is another certification, or that may be anything.
func (n *NearTitles) Of(text string) (NearTitle, bool) {
	label := scoring.Titled(text)
	if n.known[label] || ingest.ShownLabel(text) != text || len([]rune(text)) > longestTitle {
		return NearTitle{}, false
	}
	have := ingest.Words(label)
	best, least := NearTitle{}, -1
	for _, asked := range n.asked {
		if d, ok := asked.nearly(label, have); ok && (least < 0 || d < least) {
			best.Title, least = asked.Title, d
			best.Shown = n.shown(text, have, asked)
		}
	}
	return best, least >= 0
}

// shown is a title as a log may have it: several words that no title has may be somebody's name.
func (n *NearTitles) shown(text string, have []string, asked askedTitle) string {
	unusual := 0
	for _, word := range have {
		if !n.usual[word] && strings.Trim(word, "0123456789") != "" && !slices.ContainsFunc(asked.words, func(w string) bool { return typo(w, word) }) {
			unusual++
		}
	}
	if unusual < 2 {
		return text
	}
	return fmt.Sprintf("(a title of %d characters)", len([]rune(text)))
}

// What a title may have more than the one of the list.
const (
	maxWordsBehind = 3
	maxEdits       = 2  // of the whole text
	shortestEdited = 12 // titles of fewer bytes are compared by their words alone
	comparedBytes  = 64 // all that nearest.Distance looks at
)

// nearly reports whether a title is nearly this one, and how much differs: words lost and added, or, as 1, what a typing error changes.
func (a askedTitle) nearly(label string, have []string) (differs int, ok bool) {
	own := withoutPrefix(have)
	added, lost := differing(own, a.words), differing(a.words, own)
	differs = len(added) + len(lost)
	at := runOf(own, a.words)
	switch {
	case differs == 0: // punctuation, another prefix, another order
		return 0, true
	case len(lost) == 0 && len(added) == 1, len(added) == 0 && len(lost) == 1 && len(own) > 1:
		return 1, true
	case at >= 0 && len(own)-at-len(a.words) <= maxWordsBehind && (at <= 1 || strings.HasSuffix(beforeTitle(label, a.words[0]), ":")):
		return differs, true
	case mistyped(own, a.words):
		return 1, true
	}
	if joined, want := strings.Join(own, ""), strings.Join(a.words, ""); len(want) >= shortestEdited && len(want) <= comparedBytes &&
		max(len(joined)-len(want), len(want)-len(joined)) <= maxEdits && len(joined) <= comparedBytes && nearest.Distance(joined, want) <= maxEdits {
		return 1, true
	}
	for _, code := range a.codes {
		if runOf(have, code) >= 0 || slices.Contains(have, strings.Join(code, "")) {
			return differs, true
		}
	}
	return 0, false
}

// beforeTitle is what of a label stands before the first word of a title, without a blank or dash at its end that separates them.
func beforeTitle(label, first string) string {
	before, _, _ := strings.Cut(label, first)
	before = strings.TrimSpace(before)
	for _, dash := range []string{"-", "–", "—", "|", "/"} {
		if rest, ok := strings.CutSuffix(before, dash); ok {
			return strings.TrimSpace(rest) + ":"
		}
	}
	return before
}

// withoutPrefix drops the words that begin a title of the programme in whatever spelling: "Microsoft Certified -", "MS Certification".
func withoutPrefix(all []string) []string {
	for i, word := range all {
		switch word {
		case "microsoft", "ms", "msft", "github":
		case "certified", "certification", "certificate":
			return all[i+1:]
		default:
			return all
		}
	}
	return all
}

// differing returns the words that a list has more often than the other one.
func differing(list, other []string) (more []string) {
	left := slices.Clone(other)
	for _, word := range list {
		if i := slices.Index(left, word); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			more = append(more, word)
		}
	}
	return more
}

// runOf returns where a list has the words one behind the other, or -1.
func runOf(list, wanted []string) int {
	for i := 0; i+len(wanted) <= len(list) && len(wanted) > 0; i++ {
		if slices.Equal(list[i:i+len(wanted)], wanted) {
			return i
		}
	}
	return -1
}

// mistyped reports whether two titles have the same words in their order, but for one or two that are nearly the same.
func mistyped(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	differ := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if differ++; !typo(a[i], b[i]) && !levels(a[i], b[i]) {
			return false
		}
	}
	return differ <= 2
}

// typo reports whether two words are nearly the same: solution and solutions, network and networking.
func typo(a, b string) bool {
	long := max(len(a), len(b))
	if long < 4 {
		return a == b
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return nearest.Distance(a, b) <= min(maxEdits, long/4) || same >= 4 && 3*same >= 2*long
}

// levels reports whether both words are levels of certifications, of which a title has one.
func levels(a, b string) bool {
	level := []string{"associate", "expert", "specialty"}
	return slices.Contains(level, a) && slices.Contains(level, b)
}
