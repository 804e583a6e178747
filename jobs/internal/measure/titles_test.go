package measure_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// titledBySQL returns texts as the statements compare titles.
func titledBySQL(t *testing.T, texts []string) []string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	world.Must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, name := range []string{"squeezed", "folded", "titled"} {
		text, err := statements.Statement("macros/" + name)
		world.Must(t, err)
		_, err = db.Exec(text)
		world.Must(t, err)
	}
	query, err := db.Prepare("SELECT titled(?)")
	world.Must(t, err)
	defer query.Close()
	titled := make([]string, len(texts))
	for i, text := range texts {
		world.Must(t, query.QueryRow(text).Scan(&titled[i]))
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
	own, err := world.Options("", "", "").Library.Load("own.yaml", []byte("id: own\ntitle: Own\nextends: azure-2026-07\ncertifications:\n"+
		"  XX-1: {title: \"GitHub Certified: Foundations™ (gh-900)\", codes: [GH-900]}\n"+
		"areas: {infrastructure: {intermediate_certifications: {electives: {add: [XX-1]}}}}\n"))
	world.Must(t, err)
	w := world.New().Only()
	for person, title := range []string{
		"Microsoft Certified: Azure DevOps Engineer Expert", "devops engineer expert (az-400)", // digital, advanced
		"Data Analyst Associate®", "Microsoft Certified: Power BI™ Data Analyst Associate (PL-300)", // data
		"Microsoft Certified: Azure Network Engineer Associate ( az-700 )", "AZ-802", "GitHub® Certified: Windows Server Hybrid Administrator Associate(AZ-801)",
		"Microsoft® Certified: Azure Developer Associate", "Azure Developer™ Associate (az-204)", // digital
		"Microsoft Certified: Machine Learning Operations (MLOps) Engineer Associate", "GitHub Certified: Agentic AI Developer", "Foundations (GH-900)",
		"Azure Developer Associate (AZ-104)", "GH-900 Foundations", "Microsoft Certified: AZ-204", // none
	} {
		w.Hold(world.June, world.Holding{Global: "base", MCP: fmt.Sprint("p", person), Title: title})
	}
	exports := w.Write(t)
	for rules, want := range map[string][]string{
		"azure-2023-06": {"Azure Developer Associate 2", "Azure Network Engineer Associate 1", "DevOps Engineer Expert 2", "Power BI Data Analyst Associate 2",
			"Windows Server Hybrid Administrator Associate 2"},
		"own": {"Agentic AI Developer 1", "Azure Developer Associate 2", "Azure Network Engineer Associate 1", "DevOps Engineer Expert 2",
			"GitHub Certified: Foundations™ (gh-900) 1", "Machine Learning Operations Engineer Associate 1", "Power BI Data Analyst Associate 2",
			"Windows Server Hybrid Administrator Associate 2"},
	} {
		change := func(o *months.Options) { o.Rulebook = own }
		if rules != "own" {
			change = world.Rulebook(t, rules)
		}
		counted := map[string]int{}
		for _, row := range world.ScoreAlone(t, exports, change).Find(snapshot.Certifications, "counted", "true") {
			if row["person_id"] != inputs.PersonKey(nil).Pseudonym("m1") {
				counted[row["certification"]]++
			}
		}
		got := map[string]int{}
		for _, line := range want {
			var n int
			i := strings.LastIndexByte(line, ' ')
			_, err := fmt.Sscan(line[i:], &n)
			world.Must(t, err)
			got[line[:i]] = n
		}
		if diff := cmp.Diff(got, counted); diff != "" {
			t.Errorf("%s (-want +counted):\n%s", rules, diff)
		}
	}
}

// TestScoreWarnsOfNearTitles: with counts and titles, of known partners alone, and never with what may name somebody.
func TestScoreWarnsOfNearTitles(t *testing.T) {
	w := world.New().Only()
	w.Partners = []world.Location{{ID: "base", Global: "base"}}
	w.Hold(world.June, world.Planted()...)
	for i, title := range []string{
		"Microsoft Certified - Azure Developer Associate", "microsoft certified -  azure developer associate", "Azure Developer Associate – Renewal",
		"Azure Fundamentals", "Fabric Data Engineer Associate", "Plantfirst Plantlast", "Azure Developer Associate Plantfirst Plantlast",
		"lost.soul@plant.example.com Azure Developer Associate",
	} {
		w.Hold(world.June, world.Holding{Global: "base", Location: "base", MCP: fmt.Sprint("p", i), Title: title})
	}
	w.Hold(world.June, world.Holding{Location: "nowhere", MCP: "n", Title: "Azure Administrator"}, world.Holding{Location: "base", MCP: "e", Title: "Azure Administrator", Type: "Exam"})
	root := w.Write(t)
	log := world.ScoreAlone(t, root).Log
	world.NoPlants(t, "the log", []byte(log))
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
	if again := world.ScoreAlone(t, world.New().Only().Write(t)).Log; strings.Contains(again, "nearly") {
		t.Errorf("a warning about nothing: %s", again)
	}
	similar := map[string]string{}
	for _, l := range world.Inspect(t, root, world.June, world.June, world.NoHistory).Certifications[0].Titles.Labels {
		similar[l.Label] = l.Similar
	}
	if similar["Azure Developer Associate – Renewal"] != "Azure Developer Associate" || similar["Azure Fundamentals"] != "" || similar["Fabric Data Engineer Associate"] != "" {
		t.Errorf("inspect: %q", similar)
	}
}
