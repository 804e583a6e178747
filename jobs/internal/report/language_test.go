package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"
	"golang.org/x/net/html"

	"partnerscore/jobs/internal/wording"
)

// marked are the words of a language that is English between brackets: what a page says outside of them has not gone through the catalogue.
func marked(tb testing.TB) wording.Words {
	tb.Helper()
	french := gotext.NewPo()
	french.ParseFile("../wording/fr.po")
	var b strings.Builder
	b.WriteString("msgid \"\"\nmsgstr \"\"\n\"Language: en\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n")
	for id, translation := range french.GetDomain().GetTranslations() {
		between := func(text string) string { return strconv.Quote("[[" + text + "]]") }
		switch {
		case id == "" || id == "2006-01-02":
		case translation.PluralID == "":
			fmt.Fprintf(&b, "msgid %q\nmsgstr %s\n\n", id, between(id))
		default:
			fmt.Fprintf(&b, "msgid %q\nmsgid_plural %q\nmsgstr[0] %s\nmsgstr[1] %s\n\n", id, translation.PluralID, between(id), between(translation.PluralID))
		}
	}
	return wording.Translated([]byte(b.String()))
}

// outside returns what stands outside of the outermost brackets.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "[["):
			depth++
			i++
		case strings.HasPrefix(text[i:], "]]"):
			depth--
			i++
		case depth == 0:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// Everything that a page says to people stands in the catalogue; only what the data are called does not.
func TestPagesSpeakThroughTheCatalogue(t *testing.T) {
	words := marked(t)
	letters := regexp.MustCompile(`\p{L}{2,}`)
	all := subjects(t)
	for i := range all {
		data, err := json.Marshal([]any{all[i].Partner, all[i].Explanation, all[i].Path, all[i].Outlook, all[i].Next, all[i].Month.Manifest, all[i].Rules})
		if err != nil {
			t.Fatal(err)
		}
		known := func(text string) bool {
			return strings.Contains(string(data), strings.TrimSuffix(strconv.Quote(text), `"`)[1:])
		}
		check := func(text string) {
			text = strings.ReplaceAll(text, "\u200b", "")
			for part := range strings.FieldsFuncSeq(outside(text), func(r rune) bool { return strings.ContainsRune(",;()/→·", r) }) {
				part = strings.Trim(part, " .:+-–\u00a0\u202f0123456789")
				if letters.MatchString(part) && !known(part) && part != "USD" && part != "sha" && part != "UTC" {
					t.Errorf("partner %s: %q is said outside of the catalogue, in %q", all[i].ID, part, text)
				}
			}
		}
		own := all[i]
		elements(t, pageIn(t, words, Page{Index: true, Names: true}, own), func(n *html.Node) {
			for _, name := range []string{"aria-label", "data-label", "title", "alt"} {
				check(attribute(n, name))
			}
			for c := range n.ChildNodes() {
				if c.Type == html.TextNode && n.Data != "style" {
					check(c.Data)
				}
			}
		})
		if t.Failed() {
			return
		}
	}
}

// A French page is marked as such and writes numbers, months and plurals as the French do.
func TestFrenchPage(t *testing.T) {
	words, err := wording.ParseLanguage("fr")
	if err != nil {
		t.Fatal(err)
	}
	all := subjects(t)
	got := pageIn(t, words, Page{Index: true}, all...)
	for _, want := range []string{`<html lang="fr">`, "juin 2024", "Scores de capacité", "13\u202f999,99", "Certifications détenues au 30/06/2024", "10 partenaires", "Données &amp; IA"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
