package scoring

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// writtenTitles draws a certification of a rulebook and one of the many ways in which an export may write it.
func writtenTitles(t *rapid.T, r *Rulebook) (Certification, string) {
	c := rapid.SampledFrom(r.Certifications()).Draw(t, "certification")
	text := rapid.SampledFrom(append([]string{c.Title}, c.Aliases...)).Draw(t, "title")
	text = r.Holdings.bare(text, c.Codes)
	if rapid.Bool().Draw(t, "code") {
		text += rapid.SampledFrom([]string{" (", "(", " ( "}).Draw(t, "open") + rapid.SampledFrom(c.Codes).Draw(t, "which") +
			rapid.SampledFrom([]string{")", " )", " ) "}).Draw(t, "close")
	}
	if rapid.Bool().Draw(t, "prefix") {
		prefix := rapid.SampledFrom(r.Holdings.TitlePrefixes).Draw(t, "which prefix")
		text = prefix + rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "blank") + text
	}
	words := strings.Split(text, " ")
	for i := range words {
		words[i] += rapid.SampledFrom([]string{"", "", "®", "™", " ®", "®\uFE0F"}).Draw(t, "mark")
	}
	text = strings.Join(words, rapid.SampledFrom([]string{" ", "  ", "\u00a0"}).Draw(t, "white space"))
	return c, rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower, strings.Clone}).Draw(t, "case")(text)
}

// ownTitles is a partner's rulebook that prints titles in its own way and has a prefix of its own.
const ownTitles = `id: own
title: Own
extends: azure-2026-07
holdings: {title_prefixes: {add: ["Contoso Academy -"]}}
certifications:
  XX-1: {title: "GitHub® Certified: Foundations (gh-900)", codes: [GH-900, XX-1], aliases: ["Contoso Academy - Git™"]}
areas: {data_ai: {intermediate_certifications: {electives: {add: [XX-1]}}}}
`

// TestTitlesCombineFreely: prefix, code in parentheses, marks, blanks, case and second spellings, in any rulebook.
func TestTitlesCombineFreely(t *testing.T) {
	own, err := Load(ownTitles)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range append(slices.Clone(BuiltIn), own) {
		rapid.Check(t, func(t *rapid.T) {
			c, text := writtenTitles(t, r)
			for _, o := range r.Certifications() {
				if names := slices.Contains(r.Holdings.Labels(o), Titled(text)); names != (o.ID == c.ID) {
					t.Fatalf("%s: %q names %s: %v, it is %s", r.ID, text, o.ID, names, c.ID)
				}
			}
		})
	}
}

// TestTitlesByName has the ways to write a title that people reported, and look-alikes that are not titles.
func TestTitlesByName(t *testing.T) {
	own, err := Load(ownTitles)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Microsoft Certified: Fabric Analytics Engineer Associate":                    "DP-600",
		"Microsoft Certified: Machine Learning Operations (MLOps) Engineer Associate": "AI-300",
		"Machine Learning Operations (MLOps™) Engineer Associate (AI-300)":            "AI-300",
		"GitHub Certified: Agentic AI Developer":                                      "GH-600",
		"GITHUB® CERTIFIED: agentic ai developer ( gh-600 )":                          "GH-600",
		"Azure DevOps Engineer Expert":                                                "AZ-400",
		"Microsoft Certified: Data Analyst Associate(pl-300)":                         "PL-300",
		"Microsoft® Certified: Azure Developer Associate":                             "AZ-204",
		"Microsoft Certified®: Azure® Developer™ Associate®":                          "AZ-204",
		"AZ-802": "AZ-800",
		"Microsoft Certified: Windows Server Hybrid Administrator Associate (AZ-801)": "AZ-800",
		"Windows Server Hybrid Administrator Associate (az-802)":                      "AZ-800",
		"Foundations":                                                 "XX-1",
		"Microsoft Certified: Foundations":                            "XX-1",
		"contoso academy - git (XX-1)":                                "XX-1",
		"Contoso Academy -Git":                                        "XX-1",
		"Microsoft Certified: AZ-104":                                 "", // a code only alone
		"(AZ-104)":                                                    "",
		"Azure Administrator Associate (AZ-204)":                      "", // the code of another one
		"Azure Administrator Associate AZ-104":                        "",
		"Microsoft Certified - Azure Developer Associate":             "",
		"Microsoft Certified: GitHub Certified: Agentic AI Developer": "",
		"Azure Developer Associate – Renewal":                         "",
		"Fabric Analytics Engineer":                                   "",
		"Azure Security Engineer Associate":                           "",
		"Microsoft Certified:":                                        "",
		"®":                                                           "",
	} {
		have := ""
		for _, c := range own.Certifications() {
			if slices.Contains(own.Holdings.Labels(c), Titled(text)) {
				have += c.ID
			}
		}
		if have != want {
			t.Errorf("%q names %q, want %q", text, have, want)
		}
	}
}

// TestTitlesOf2026 are as Microsoft prints them.
func TestTitlesOf2026(t *testing.T) {
	want := map[string]string{
		"DP-600": "Fabric Analytics Engineer Associate", "DP-700": "Fabric Data Engineer Associate", "DP-800": "SQL AI Developer Associate",
		"AI-103": "Azure AI Apps and Agents Developer Associate", "AI-300": "Machine Learning Operations Engineer Associate",
		"DP-750": "Azure Databricks Data Engineer Associate", "AI-200": "Azure AI Cloud Developer Associate", "GH-600": "Agentic AI Developer",
		"GH-100": "GitHub Administration", "GH-200": "GitHub Actions", "GH-300": "GitHub Copilot", "GH-500": "GitHub Advanced Security",
	}
	for _, c := range embedded(t, "azure-2026-07").Certifications() {
		if title, ok := want[c.ID]; ok && title != c.Title {
			t.Errorf("%s is %q, want %q", c.ID, c.Title, title)
		}
		delete(want, c.ID)
	}
	if len(want) > 0 {
		t.Errorf("on no list: %v", want)
	}
}

// FuzzTitled: what is written as it compares stays as it is.
func FuzzTitled(f *testing.F) {
	for _, seed := range []string{"", "® ( : ) ™", "A®(b):c", "((x) )", "Microsoft® Certified: X (AZ-1)", "\u00a0:\u2003(", "İ ß ſ", "\xff("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if once := Titled(text); Titled(once) != once || Folded(once) != once {
			t.Errorf("%q becomes %q, that becomes %q", text, once, Titled(once))
		}
	})
}
