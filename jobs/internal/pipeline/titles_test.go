package pipeline

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// titledBySQL returns texts as the statements compare titles.
func titledBySQL(t *testing.T, texts []string) []string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, name := range []string{"squeezed", "folded", "titled"} {
		text, err := statements.Statement("macros/" + name)
		must(t, err)
		_, err = db.Exec(text)
		must(t, err)
	}
	titled := make([]string, len(texts))
	for i, text := range texts {
		must(t, db.QueryRow("SELECT titled(?)", text).Scan(&titled[i]))
	}
	return titled
}

// TestTitledAgrees: titles compare in the same form in the statements and in the rulebooks.
func TestTitledAgrees(t *testing.T) {
	part := rapid.SampledFrom([]string{"Azure", "®", "™", "™\uFE0F", "(", ")", ":", " ", "\u00a0", "\u2003", "\t", "  ", "MICROSOFT", "certified", "É", "ß",
		"-", "–", "az-104", ".", "'", `\`, "[®]"})
	generator := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "parts"), "") })
	texts := []string{"", "®", "( ( x ) )", " : ", "Microsoft® Certified: Azure™ Developer Associate ( AZ-204 )"}
	for i := range 2000 {
		texts = append(texts, generator.Example(i))
	}
	for i, got := range titledBySQL(t, texts) {
		if want := scoring.Titled(texts[i]); got != want {
			t.Errorf("%q is %q in the statements, %q in the rulebooks", texts[i], got, want)
		}
	}
}

// TestTitlesOfExports: what people reported is counted under the title of the rulebook, by built-in rules and by a partner's own.
func TestTitlesOfExports(t *testing.T) {
	own, err := options("", "", "").Library.Load("own.yaml", []byte("id: own\ntitle: Own\nextends: azure-2026-07\ncertifications:\n"+
		"  XX-1: {title: \"GitHub Certified: Foundations™ (gh-900)\", codes: [GH-900]}\n"+
		"areas: {infrastructure: {intermediate_certifications: {electives: {add: [XX-1]}}}}\n"))
	must(t, err)
	w := newWorld()
	for person, title := range []string{
		"Microsoft Certified: Azure DevOps Engineer Expert", "devops engineer expert (az-400)", // digital, advanced
		"Data Analyst Associate®", "Microsoft Certified: Power BI™ Data Analyst Associate (PL-300)", // data
		"Microsoft Certified: Azure Network Engineer Associate ( az-700 )", "AZ-802", "GitHub® Certified: Windows Server Hybrid Administrator Associate(AZ-801)",
		"Microsoft® Certified: Azure Developer Associate", "Azure Developer™ Associate (az-204)", // digital
		"Microsoft Certified: Machine Learning Operations (MLOps) Engineer Associate", "GitHub Certified: Agentic AI Developer", "Foundations (GH-900)",
		"Azure Developer Associate (AZ-104)", "GH-900 Foundations", "Microsoft Certified: AZ-204", // none
	} {
		w.hold(june, holding{global: "base", mcp: fmt.Sprint("p", person), title: title})
	}
	exports := w.write(t)
	for rules, want := range map[string][]string{
		"azure-2023-06": {"Azure Developer Associate 2", "Azure Network Engineer Associate 1", "DevOps Engineer Expert 2", "Power BI Data Analyst Associate 2",
			"Windows Server Hybrid Administrator Associate 2"},
		"own": {"Agentic AI Developer 1", "Azure Developer Associate 2", "Azure Network Engineer Associate 1", "DevOps Engineer Expert 2",
			"GitHub Certified: Foundations™ (gh-900) 1", "Machine Learning Operations Engineer Associate 1", "Power BI Data Analyst Associate 2",
			"Windows Server Hybrid Administrator Associate 2"},
	} {
		change := func(o *Options) { o.Rulebook = own }
		if rules != "own" {
			change = scoredBy(t, rules)
		}
		counted := map[string]int{}
		for _, row := range score(t, exports, change).find(snapshot.Certifications, "counted", "true") {
			if row["person_id"] != pseudonym(nil, "m1") {
				counted[row["certification"]]++
			}
		}
		got := map[string]int{}
		for _, line := range want {
			var n int
			i := strings.LastIndexByte(line, ' ')
			_, err := fmt.Sscan(line[i:], &n)
			must(t, err)
			got[line[:i]] = n
		}
		if diff := cmp.Diff(got, counted); diff != "" {
			t.Errorf("%s (-want +counted):\n%s", rules, diff)
		}
	}
}

// TestScoreWarnsOfNearTitles: with counts and titles, of known partners alone, and never with what may name somebody.
func TestScoreWarnsOfNearTitles(t *testing.T) {
	w := newWorld()
	w.partners = []location{{id: "base", global: "base"}}
	w.hold(june, planted()...)
	for i, title := range []string{
		"Microsoft Certified - Azure Developer Associate", "microsoft certified -  azure developer associate", "Azure Developer Associate – Renewal",
		"Azure Fundamentals", "Fabric Data Engineer Associate", "Plantfirst Plantlast", "Azure Developer Associate Plantfirst Plantlast",
		"lost.soul@plant.example.com Azure Developer Associate",
	} {
		w.hold(june, holding{global: "base", location: "base", mcp: fmt.Sprint("p", i), title: title})
	}
	w.hold(june, holding{location: "nowhere", mcp: "n", title: "Azure Administrator"}, holding{location: "base", mcp: "e", title: "Azure Administrator", typ: "Exam"})
	root := w.write(t)
	log := score(t, root).log
	noPlants(t, "the log", []byte(log))
	for _, want := range []string{"rulebook=azure-2023-06 titles=3 rows=4 ", "Microsoft Certified - Azure Developer Associate (nearly Azure Developer Associate, rows: 2); ",
		"Azure Developer Associate – Renewal (nearly Azure Developer Associate, rows: 1)", "(a title of 46 characters) (nearly Azure Developer Associate, rows: 1)"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
	for _, not := range []string{"Fundamentals", "Fabric", "Azure Administrator (nearly"} {
		if strings.Contains(log, not) {
			t.Errorf("the log says %q:\n%s", not, log)
		}
	}
	if again := score(t, newWorld().write(t)).log; strings.Contains(again, "nearly") {
		t.Errorf("a warning about nothing: %s", again)
	}
	similar := map[string]string{}
	for _, l := range inspect(t, root, june, june).Certifications[0].Titles.Labels {
		similar[l.Label] = l.Similar
	}
	if similar["Azure Developer Associate – Renewal"] != "Azure Developer Associate" || similar["Azure Fundamentals"] != "" || similar["Fabric Data Engineer Associate"] != "" {
		t.Errorf("inspect: %q", similar)
	}
}
