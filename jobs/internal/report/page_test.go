package report

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"partnerscore/jobs/internal/answers"
)

// elements calls do for every element of a page.
func elements(tb testing.TB, page string, do func(n *html.Node)) {
	tb.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		tb.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			do(n)
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what an element says.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Every tag that is opened is closed in its place: the parser would mend it, and so hide it.
func TestPageIsBalanced(t *testing.T) {
	void := []string{"meta", "link", "br"}
	for name, page := range pages(t) {
		z, open := html.NewTokenizer(strings.NewReader(page)), []string{}
		for z.Next() != html.ErrorToken {
			token := z.Token()
			switch {
			case token.Type == html.StartTagToken && !slices.Contains(void, token.Data):
				open = append(open, token.Data)
			case token.Type == html.EndTagToken && (len(open) == 0 || open[len(open)-1] != token.Data):
				t.Fatalf("%s: </%s> closes %v", name, token.Data, open)
			case token.Type == html.EndTagToken:
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s: still open: %v", name, open)
		}
	}
}

// A page asks for nothing, runs nothing, and its links lead somewhere on it.
func TestPageIsSelfContained(t *testing.T) {
	for name, page := range pages(t) {
		ids := map[string]int{}
		elements(t, page, func(n *html.Node) {
			if id := attribute(n, "id"); id != "" {
				ids[id]++
			}
		})
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: the id %s stands %d times", name, id, n)
			}
		}
		elements(t, page, func(n *html.Node) {
			if slices.Contains([]string{"script", "iframe", "object", "embed", "img", "form", "base", "video", "audio", "use", "image"}, n.Data) {
				t.Errorf("%s: has <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "srcset":
					t.Errorf("%s: <%s %s>", name, n.Data, a.Key)
				case a.Key == "href" && n.Data == "link" && a.Val == "data:,":
				case a.Key == "href" && (!strings.HasPrefix(a.Val, "#") || ids[a.Val[1:]] != 1):
					t.Errorf("%s: a link leads to %q", name, a.Val)
				case (a.Key == "aria-labelledby" || a.Key == "aria-describedby") && ids[a.Val] != 1:
					t.Errorf("%s: %s names %q", name, a.Key, a.Val)
				}
			}
			if n.Data == "style" && (strings.Contains(text(n), "url(") || strings.Contains(text(n), "@import")) {
				t.Errorf("%s: the style asks for something", name)
			}
		})
	}
}

// Headings go down one level at a time, from one first.
func TestHeadings(t *testing.T) {
	for name, page := range pages(t) {
		last, first := 0, 0
		elements(t, page, func(n *html.Node) {
			if len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
				return
			}
			level := int(n.Data[1] - '0')
			if level > last+1 {
				t.Errorf("%s: %q is at level %d after level %d", name, text(n), level, last)
			}
			if level == 1 {
				first++
			}
			if text(n) == "" {
				t.Errorf("%s: an empty heading", name)
			}
			last = level
		})
		if first != 1 {
			t.Errorf("%s: %d headings of the first level", name, first)
		}
	}
}

// Every chart has a label, and a table that says the same below it.
func TestCharts(t *testing.T) {
	for name, page := range pages(t) {
		charts := 0
		elements(t, page, func(n *html.Node) {
			if n.Data != "svg" {
				return
			}
			charts++
			label := attribute(n, "aria-label")
			if attribute(n, "role") != "img" || !strings.Contains(label, "chart of ") || strings.Contains(label, "last  ") {
				t.Errorf("%s: a chart has the role %q and the label %q", name, attribute(n, "role"), label)
			}
			section := n
			for section.Data != "section" {
				section = section.Parent
			}
			if !strings.Contains(label, "table below") || len(find(section, "table")) == 0 {
				t.Errorf("%s: no table beside the chart %q", name, label)
			}
			for _, path := range find(n, "path") {
				if d := attribute(path, "d"); strings.Contains(d, "NaN") || strings.Contains(d, "Inf") {
					t.Errorf("%s: the chart %q draws %s", name, label, d)
				}
			}
		})
		if charts == 0 {
			t.Errorf("%s: no chart", name)
		}
	}
}

func render(tb testing.TB, n *html.Node) string {
	tb.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func find(n *html.Node, tag string) (all []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			all = append(all, d)
		}
	}
	return all
}

// Every table has a caption, heads with a scope, and as many cells in each row as in its head.
func TestTables(t *testing.T) {
	for name, page := range pages(t) {
		elements(t, page, func(n *html.Node) {
			if n.Data != "table" {
				return
			}
			caption := find(n, "caption")
			if len(caption) != 1 || text(caption[0]) == "" {
				t.Fatalf("%s: a table has no caption:\n%s", name, render(t, n))
			}
			columns := 0
			for i, row := range find(n, "tr") {
				heads, cells := find(row, "th"), find(row, "td")
				want := "row"
				if i == 0 {
					want, columns = "col", len(heads)
				}
				for _, head := range heads {
					if attribute(head, "scope") != want || text(head) == "" {
						t.Errorf("%s: %q has a head %q of scope %q", name, text(caption[0]), text(head), attribute(head, "scope"))
					}
				}
				if i > 0 && len(heads) != 1 || len(heads)+len(cells) != columns {
					t.Errorf("%s: %q has %d heads and %d cells in row %d, %d columns", name, text(caption[0]), len(heads), len(cells), i, columns)
				}
			}
		})
	}
}

// On a narrow screen tables with a column an area or a month have no head: they stack, and each number says what it is of.
func TestStackedTables(t *testing.T) {
	stacked := map[string]int{}
	for name, page := range pages(t) {
		elements(t, page, func(n *html.Node) {
			if n.Data != "table" || !slices.Contains(strings.Fields(attribute(n, "class")), "stack") {
				return
			}
			rows := find(n, "tr")
			caption, heads := text(find(n, "caption")[0]), find(rows[0], "th")
			stacked[caption]++
			for _, row := range rows[1:] {
				for i, cell := range find(row, "td") {
					if label := attribute(cell, "data-label"); strings.HasPrefix(attribute(cell, "class"), "n") && label != text(heads[i+1]) {
						t.Errorf("%s: %q has a cell of %q with the label %q", name, caption, text(heads[i+1]), label)
					}
				}
			}
		})
	}
	for _, caption := range []string{"Total points by area, with the change since the month before; scores that qualify are marked", "Total points by area and month; months that qualified are marked"} {
		if stacked[caption] == 0 {
			t.Errorf("no table %q that stacks", caption)
		}
	}
}

// Nothing that formats wrongly is seen, and no pseudonym is taken for a name: people have no other one.
func TestNoBrokenText(t *testing.T) {
	for name, page := range pages(t) {
		for _, broken := range []string{"%!", "<nil>", "&lt;nil", "NaN", "ZgotmplZ", "Givenname", "Familyname", "@"} {
			for line := range strings.Lines(page) {
				if strings.Contains(line, broken) && !strings.Contains(line, "@media") && !strings.Contains(line, "@page") {
					t.Errorf("%s has %q: %.200s", name, broken, line)
				}
			}
		}
	}
}

// The same values give the same bytes.
func TestSameBytes(t *testing.T) {
	all := subjects(t)
	first, second := page(t, Page{Index: true}, all...), page(t, Page{Index: true}, all...)
	if first != second {
		t.Error("two pages of the same values differ")
	}
}

// Names from exports are text wherever they stand.
func TestHostileNames(t *testing.T) {
	const hostile = `</script></style></title><img src=x onerror=alert(1)>"'&{{.}}` + "\u202e\x00"
	s := subjects(t)[1]
	p := *s.Partner
	p.PartnerName.Name, p.ID = hostile, hostile
	p.Customers = slices.Clone(p.Customers)
	for i := range p.Customers {
		p.Customers[i].Name, p.Customers[i].Tenant = hostile, hostile
	}
	p.Services = slices.Clone(p.Services)
	for i := range p.Services {
		p.Services[i].Name = hostile
	}
	p.Holdings = slices.Clone(p.Holdings)
	for i := range p.Holdings {
		p.Holdings[i].Certification = hostile
	}
	s.Partner = &p
	s.Explanation = hostileExplanation(*s.Explanation, hostile)
	for name, page := range map[string]string{"one": page(t, Page{}, s), "all": page(t, Page{Index: true}, s, subjects(t)[0])} {
		seen := 0
		elements(t, page, func(n *html.Node) {
			if n.Data == "img" || n.Data == "script" || attribute(n, "onerror") != "" {
				t.Errorf("%s: a name became <%s>", name, n.Data)
			}
			if n.Data == "th" && strings.Contains(strings.ReplaceAll(text(n), "\u200b", ""), `<img src=x onerror=alert(1)>"'&{{.}}`) {
				seen++
			}
		})
		if seen < 10 {
			t.Errorf("%s: the names stand in %d rows", name, seen)
		}
	}
}

// hostileExplanation is an explanation in which all that exports name is hostile.
func hostileExplanation(e answers.Explanation, hostile string) *answers.Explanation {
	e.Customers = slices.Clone(e.Customers)
	for i := range e.Customers {
		e.Customers[i].Name, e.Customers[i].Tenant = hostile, hostile
	}
	e.Services = slices.Clone(e.Services)
	for i := range e.Services {
		e.Services[i].Name = hostile
	}
	return &e
}

// Every id has a file of its own, whatever is in it and whatever the file system thinks of case.
func TestSlug(t *testing.T) {
	ids := []string{"1020000", "a", "A", "a/b", "../a", "", " ", "a_2fb", ".", "é", "e\u0301", strings.Repeat("x", 300), strings.Repeat("x", 301), strings.Repeat("/", 60)}
	seen := map[string]string{}
	for _, id := range ids {
		slug := Slug(id)
		if other, ok := seen[strings.ToLower(slug)]; ok {
			t.Errorf("%q and %q are both %s", id, other, slug)
		}
		seen[strings.ToLower(slug)] = id
		if len(slug) > 110 || strings.ContainsAny(slug, "/.%\\ #") {
			t.Errorf("%q is %s", id, slug)
		}
	}
}

// A page says what the samples are there to show.
func TestStories(t *testing.T) {
	all := map[string]string{}
	for id, page := range pages(t) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		all[id] = text(root)
	}
	for id, wants := range map[string][]string{
		"1020000": {
			"Qualifies in none of 3 areas. Nearest is Infrastructure: 2 points short, and 0 points in advanced certifications, which blocks the designation.",
			"What changes by itself Nothing: no designation is won or lost until December 2024 if customers, consumption and people stay as they are.",
			"1. Renew Azure Solutions Architect Expert (AZ-305) of ", ", which is inactive. Wins Infrastructure and Digital & App Innovation.",
			"+8 60 → 68 +8 68 → 76 qualifies +8 64 → 72 qualifies 31 July 2024",
			"as Azure Database Administrator Associate (DP-300) or another certification of its list. Wins Data & AI.",
			"68 of 100 2 short of 70 Unchanged since May 2024.", "Advanced certifications: 0 of 20 points: required certification 1, Azure Solutions Architect Expert, has 1 of the 2 people it needs",
			"Amberfield Logistics 999.99 0.01 0, in reserve",
		},
		"1070000": {
			"Qualifies in every area", "Data & AI is lost in July 2024: intermediate certifications 12 → 8 points. Action 1 prevents it.",
			"are lost again in October 2024: net customer adds 30 → 0 points, usage growth 20 → 0 points. Actions 4 to 9 prevent it.",
			"Keeps Data & AI in July 2024. Certain: the exports show when certifications end. +4 68 → 72 qualifies 72 72 15 July 2024",
			"2024-07-31 Azure Stack Hub Operator Associate leaves the list", "You may enrol until November 2024.",
		},
		"1030000": {"Customers lost: 3", "Growth -12 %"},
		"1090000": {"Partner 1090000", "580.00 USD and must be 1,000.00 or more to count"},
		"1100000": {"The answer depends on how usage growth is rounded."},
		"all": {"10 partners", "qualify in", "All partners", "At risk Designations that are lost if nothing changes, the first one first",
			"Harbourline Systems Data & AI July 2024 intermediate certifications 12 → 8 points"},
	} {
		for _, want := range wants {
			if !strings.Contains(all[id], want) {
				t.Errorf("%s does not say %q", id, want)
			}
		}
	}
}
