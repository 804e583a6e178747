package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnerscore/scoring"
)

// text writes lines as a person would compare them.
func (portal Portal) text() string {
	var all []string
	for _, l := range portal {
		text := fmt.Sprintf("%s %s", l.Area, l.Item)
		if l.Points != nil {
			text += " " + l.Points.String()
		}
		if l.Value != nil {
			text += " (" + l.Value.String() + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestReadPortal(t *testing.T) {
	for _, c := range []struct{ path, data, want string }{
		{"p.yaml", "- area: Data & AI\n  metric: Usage growth\n  points: 12/20\n  value: 12.90 %\n", "data_ai usage_growth 12 (12.90)"},
		{"p.yaml", "- {area: Solutions Partner for Data & AI (Azure), metric: Performance, points: 20 of 30, value: −3}\n- {area: digital_app_innovation, points: 69.99}\n",
			"data_ai net_customer_adds 20 (-3); digital_app_innovation total 69.99"},
		{"p.yaml", "- {area: Infrastructure, metric: Total, points: }\n- {area: Infrastructure, metric: skilling, points: 007}\n", "infrastructure skilling 7"},
		{"p.csv", "area,metric,points,value\nData & AI,Deployments,8,4\n# a note\n\"Digital & App Innovation\",\"Customer success\",18,\n",
			"data_ai deployments 8 (4); digital_app_innovation customer_success 18"},
		{"P.CSV", "\ufeffSolution area;Metric;Value\r\nInfrastructure;growth;12,9\r\n;;\r\n", "infrastructure usage_growth (12.9)"},
		{"p.tsv", "value\tarea\tmetric\n3\tinfrastructure\tadvanced certifications\n", "infrastructure advanced_certifications (3)"},
	} {
		portal, problems := ReadPortal(c.path, []byte(c.data))
		if got := portal.text(); got != c.want || len(problems) > 0 {
			t.Errorf("%s\n%s\n%s %q, want %s", c.path, c.data, got, problems, c.want)
		}
	}
}

func TestReadPortalReportsEverything(t *testing.T) {
	for _, c := range []struct{ path, data, want string }{
		{"p.yaml", "- area: Infra\n  metric: grwth\n  points: 1,2\n- {area: Infrastructure, metric: Total, points: 101, value: 3}\n- {area: Infrastructure, metric: Total, points: 1}\n" +
			"- {area: infrastructure, points: 2}\n- {metric: Total, points: 2}\n",
			`p.yaml:1: unknown area "Infra": the nearest of Data & AI, Infrastructure, Digital & App Innovation is Infrastructure|` +
				`p.yaml:2: unknown metric "grwth": the nearest of Total, Net customer adds, Intermediate certifications, Advanced certifications, Usage growth, ` +
				`Deployments, Skilling, Customer success is Usage growth|` +
				`p.yaml:3: points: want a number like 14, -3 or 12.9, without separators, got "1,2"|` +
				`p.yaml:4: points: want a number from 0 to 100 with at most two decimals, got "101"|` +
				`p.yaml:4: value: total has points only; leave it empty|` +
				`p.yaml:6: total of infrastructure stands on line 5 already|` +
				`p.yaml:7: say which area: there are Data & AI, Infrastructure, Digital & App Innovation`},
		{"p.yaml", "- {area: Infrastructure, pionts: 3}\n- {area: [a], points: {b: 1}}\n", "p.yaml:1: unknown key pionts; want area, metric, points, value|" +
			"p.yaml:2: want a text or a number|p.yaml:2: want a text or a number"},
		{"p.yaml", "area: Infrastructure\n", "p.yaml:1: want a list with an entry like - {area: Infrastructure, metric: Usage growth, points: 12}"},
		{"p.yaml", "- {area: a\n", "p.yaml:1: not valid YAML: did not find expected ',' or '}'"},
		{"p.yaml", "# nothing\n", "p.yaml: it has no numbers; write down the points that Partner Center shows, one line is enough"},
		{"p.yaml", "- {area: Infrastructure, points: 3}\n---\n- {area: Infrastructure, points: 3}\n", "p.yaml: want one YAML document"},
		{"p.csv", "area,metrik,points,points\nInfrastructure,Total,3,4\n", `p.csv:1: unknown column "metrik"; want area, measure, metric, points, score, solution area, value|` +
			"p.csv:1: the column points stands twice"},
		{"p.csv", "metric\nTotal\n", "p.csv:1: want the first line to name the columns: area, metric, and points or value"},
		{"p.csv", "area,points\nInfrastructure,3,4\nDigital & App Innovation,12.345\n", "p.csv:2: 3 fields, the header has 2 columns; put texts with the delimiter in quotes|" +
			`p.csv:3: points: want a number from 0 to 100 with at most two decimals, got "12.345"`},
		{"p.csv", "area,points\nInfrastructure,\"3\n", `p.csv:2: not CSV: extraneous or missing " in quoted-field`},
		{"p.csv", "", "p.csv: it has no numbers; write down the points that Partner Center shows, one line is enough"},
	} {
		_, problems := ReadPortal(c.path, []byte(c.data))
		if got := strings.Join(problems, "|"); got != c.want {
			t.Errorf("%s\n%s\n%s\nwant\n%s", c.path, c.data, strings.ReplaceAll(got, "|", "\n"), strings.ReplaceAll(c.want, "|", "\n"))
		}
	}
}

// TestBlankIsRead: the file to fill in has no problem but that it is empty, in every form, and takes a number in each of its lines.
func TestBlankIsRead(t *testing.T) {
	for _, path := range []string{"p.yaml", "p.csv", "p.tsv"} {
		blank := Blank(path)
		if _, problems := ReadPortal(path, []byte(blank)); len(problems) != 1 || !strings.Contains(problems[0], "it has no numbers") {
			t.Errorf("%s: %q", path, problems)
		}
		filled := strings.ReplaceAll(blank, "points:\n", "points: 4\n")
		if path != "p.yaml" {
			delimiter := string(blank[len("area")])
			filled = strings.ReplaceAll(blank, delimiter+delimiter+"\n", delimiter+"4"+delimiter+"\n")
		}
		if portal, problems := ReadPortal(path, []byte(filled)); len(problems) > 0 || len(portal) != 17 {
			t.Errorf("%s: %d lines, %q", path, len(portal), problems)
		}
	}
}

// TestFormsSayTheSame: any lines give the same portal as YAML and as CSV, whatever the delimiter.
func TestFormsSayTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yaml, comma, semicolon := "", "area,metric,points,value\n", "area;metric;points;value\n"
		seen := map[string]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			area, item := rapid.SampledFrom(areaLabels()).Draw(t, "area"), rapid.SampledFrom(Items()).Draw(t, "metric")
			if seen[area+string(item)] {
				continue
			}
			seen[area+string(item)] = true
			points := rapid.StringMatching(`[0-9]{1,2}(\.[0-9]{1,2})?`).Draw(t, "points")
			value := ""
			if _, ok := item.Metric(); ok {
				value = rapid.StringMatching(`-?[0-9]{1,4}(\.[0-9]{1,6})?`).Draw(t, "value")
			}
			yaml += fmt.Sprintf("- {area: %q, metric: %s, points: %s, value: %s}\n", area, item, points, value)
			comma += fmt.Sprintf("%q,%s,%s,%s\n", area, item.Name(), points, value)
			semicolon += fmt.Sprintf("%s;%s;%s;%s\n", area, item.Name(), strings.Replace(points, ".", ",", 1), strings.Replace(value, ".", ",", 1))
		}
		want, problems := ReadPortal("p.yaml", []byte(yaml))
		for path, data := range map[string]string{"a.csv": comma, "b.csv": semicolon} {
			portal, more := ReadPortal(path, []byte(data))
			if problems = slices.Concat(problems, more); portal.text() != want.text() || len(problems) > 0 {
				t.Fatalf("%s\n%s\n%q", portal.text(), want.text(), problems)
			}
		}
	})
}

// TestNumberShows: a value is shown by its own text with fewer decimals, rounded half away from zero, and by no other.
func TestNumberShows(t *testing.T) {
	for _, c := range []struct {
		text  string
		value scoring.Fixed6
		want  bool
	}{
		{"12.9", 12_870_000, true}, {"12.8", 12_870_000, false}, {"12.9", 12_850_000, true}, {"12.8", 12_849_999, true}, {"13", 12_500_000, true},
		{"-13", -12_500_000, true}, {"-12", -12_500_000, false}, {"0", -400_000, true}, {"12.870000", 12_870_000, true}, {"12.87", 12_874_999, true},
	} {
		n, err := parseNumber(c.text)
		if err != nil || n.shows(c.value) != c.want {
			t.Errorf("%s shows %d: %v, %v", c.text, c.value, !c.want, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		value := scoring.Fixed6(rapid.Int64Range(-1_000_000_000_000, 1_000_000_000_000).Draw(t, "value"))
		n, err := parseNumber(value.Decimal())
		if err != nil || !n.shows(value) || n.shows(value+1) || n.String() != value.Decimal() {
			t.Fatalf("%s is read as %s, %v", value.Decimal(), n, err)
		}
	})
}
