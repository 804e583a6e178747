package rulebook

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

func TestEmbedded(t *testing.T) {
	l := library(t)
	var have []string
	for _, r := range l.List() {
		from := "offered"
		if r.From != nil {
			from = r.From.Format(time.DateOnly)
		}
		have = append(have, r.ID+" "+from)
	}
	want := []string{
		"azure-2022-10 2022-10-03", "azure-2023-06 2023-06-13", "azure-2026-07 2026-07-01", "azure-2026-05 offered",
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	for _, r := range l.List() {
		checkRoundTrip(t, l, r)
	}
}

func TestGet(t *testing.T) {
	l := library(t)
	if r, err := l.Get("azure-2026-05"); err != nil || r.ID != "azure-2026-05" {
		t.Errorf("%v, %v", r, err)
	}
	_, err := l.Get("azure-2024-01")
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "azure-2022-10, azure-2023-06, ") {
		t.Errorf("error %v, want one that names the known rulebooks", err)
	}
}

func TestInForce(t *testing.T) {
	l := library(t)
	for month, want := range map[string]string{
		"2022-10": "azure-2022-10", "2023-05": "azure-2022-10", "2023-06": "azure-2023-06", "2024-06": "azure-2023-06",
		"2026-05": "azure-2023-06", "2026-06": "azure-2023-06", "2026-07": "azure-2026-07", "2031-01": "azure-2026-07",
	} {
		m, err := scoring.ParseMonth(month)
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.InForce(m)
		if err != nil || r.ID != want {
			t.Errorf("%s: %v, %v, want %s", month, r, err, want)
		}
	}
	m, err := scoring.ParseMonth("2022-09")
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.InForce(m)
	var early *NotInForceError
	want := "no rulebook is in force in 2022-09: the first one, azure-2022-10, starts on 2022-10-03"
	if !errors.As(err, &early) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := (&Library{}).InForce(m); err == nil {
		t.Error("an empty library has a rulebook in force")
	}
}

// TestListsOfTheProgramme has the lists as the programme page prints them.
func TestListsOfTheProgramme(t *testing.T) {
	const (
		all2023     = "AZ-305, AZ-104 | DP-300, AI-102, DP-100, DP-203, PL-300, MB-260, DP-420"
		infra2023   = "AZ-104 | AZ-700, AZ-600 until 2024-07-31, AZ-800"
		infraAdv    = "AZ-305 | AZ-140, AZ-120"
		digital2023 = "AZ-104 | AZ-204, PL-400"
		digAdv2023  = "AZ-305 | AZ-220 until 2024-07-31, AZ-400, PL-600"
		digAdv2026  = "AZ-305 | AZ-400, PL-600, GH-200, GH-100, GH-500, GH-300"
	)
	for id, want := range map[string][]string{
		"azure-2022-10": {all2023, infra2023, infraAdv, digital2023, digAdv2023},
		"azure-2023-06": {all2023, infra2023, infraAdv, digital2023, digAdv2023},
		"azure-2026-05": {
			"AZ-104, AZ-305 | DP-300, AI-102, DP-100, PL-300, DP-420, DP-600, DP-700",
			"AZ-104 | AZ-700, AZ-800", infraAdv, digital2023, digAdv2026,
		},
		"azure-2026-07": {
			"AZ-104, AZ-305 | DP-300, AI-102 until 2027-06-30, DP-100 until 2027-06-01, PL-300, DP-420, DP-600, DP-700, DP-800, AI-103, AI-300, DP-750",
			"AZ-104 | AZ-700, AZ-800", infraAdv,
			"AZ-104 | AZ-204 until 2027-07-31, PL-400, AI-200, GH-600", digAdv2026,
		},
	} {
		var have []string
		for _, area := range embedded(t, id).Areas {
			for _, s := range []*scoring.Skilling{area.Intermediate, area.Advanced} {
				if s != nil {
					have = append(have, printed(s.Gates)+" | "+printed(s.Electives))
				}
			}
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}

func printed(list []scoring.Certification) string {
	var all []string
	for _, c := range list {
		text := c.ID
		if c.Until != nil {
			text += " until " + c.Until.Format(time.DateOnly)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// TestPointsOfTheProgramme has the table of points and caps, which no rulebook so far changes.
func TestPointsOfTheProgramme(t *testing.T) {
	for _, r := range library(t).List() {
		have := map[string]int64{
			"needed": r.DesignationPoints, "months": r.QualificationMonths,
			"per customer": r.PointsPerCustomer, "customers": r.MaxNetCustomerAdds,
			"per percent": r.PointsPerPercent, "growth": r.MaxUsageGrowth,
			"per service": r.PointsPerService, "services": r.MaxDeployments, "per person": r.PointsPerPerson,
			"data_ai":  r.Skilling(scoring.DataAI, scoring.IntermediateCertifications).Max,
			"infra":    r.Skilling(scoring.Infrastructure, scoring.IntermediateCertifications).Max,
			"infra+":   r.Skilling(scoring.Infrastructure, scoring.AdvancedCertifications).Max,
			"digital":  r.Skilling(scoring.DigitalAppInnovation, scoring.IntermediateCertifications).Max,
			"digital+": r.Skilling(scoring.DigitalAppInnovation, scoring.AdvancedCertifications).Max,
		}
		want := map[string]int64{
			"needed": 70, "months": 6, "per customer": 10, "customers": 30, "per percent": 1, "growth": 20, "per service": 2,
			"services": 10, "per person": 4, "data_ai": 40, "infra": 20, "infra+": 20, "digital": 20, "digital+": 20,
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: %s", r.ID, diff)
		}
		if r.ACRGateUSD != 1000*dollar || r.GrowthRounding != scoring.RoundFloor || r.Tracks[0].EligibleCustomerUSD != 1000*dollar {
			t.Errorf("%s: gate %s, rounding %s, threshold %s", r.ID, r.ACRGateUSD, r.GrowthRounding, r.Tracks[0].EligibleCustomerUSD)
		}
		if r.Skilling(scoring.DataAI, scoring.AdvancedCertifications) != nil {
			t.Errorf("%s measures data_ai on advanced certifications", r.ID)
		}
	}
}

// TestLabels has every label that the programme's exports are known to use.
func TestLabels(t *testing.T) {
	for _, r := range library(t).List() {
		var have []string
		for _, a := range r.Associations {
			have = append(have, a.ID+": "+strings.Join(a.Labels, ", "))
		}
		for _, o := range r.Offers {
			have = append(have, o.ID+": "+strings.Join(o.Labels, ", "), strings.Join(o.OfferIDs, ", "))
		}
		want := []string{
			"pal: PAL, Partner Admin Link, Partner Admin Link (PAL)",
			"dpor: DPOR, Digital Partner of Record, Partner of record",
			"csp_tier_1: CSP Tier 1, CSP Tier1, Cloud Solution Provider (CSP) Tier 1",
			"csp_tier_2: CSP Tier 2, CSP Tier2, Cloud Solution Provider (CSP) Tier 2",
			"benefit_program: Benefit Program, Benefit Programs, Benefit Program(s), Benefits Program, Benefits Programs, " +
				"Benefits Program(s), Benefit(s) Program, Benefit(s) Programs, Benefit(s) Program(s)",
			"MS-AZR-0025P, MS-AZR-0029P, MS-AZR-0036P, MS-AZR-0059P, MS-AZR-0060P, MS-AZR-0062P, MS-AZR-0063P, MS-AZR-0144P, MS-AZR-0170P",
			"internal: Internal", "MS-AZR-0015P",
			"support: Support", "MS-AZR-0041P, MS-AZR-0042P, MS-AZR-0043P",
			"trial: Trial", "MS-AZR-0044P, MS-AZR-0120P, MS-AZR-0121P, MS-AZR-0122P, MS-AZR-0123P, MS-AZR-0124P, MS-AZR-0125P, " +
				"MS-AZR-0126P, MS-AZR-0127P, MS-AZR-0128P, MS-AZR-0129P, MS-AZR-0130P",
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: %s", r.ID, diff)
		}
		services := []string{"Virtual Machines", "Virtual Machines Licenses", "Virtual Machine Licenses"}
		if !slices.Equal(r.ExcludedServices, services) || r.UnknownService != "Unknown" {
			t.Errorf("%s: services %q, %q", r.ID, r.ExcludedServices, r.UnknownService)
		}
	}
}

func TestStepCertifications(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	steps := r.StepCertifications(scoring.Enterprise)
	i := slices.IndexFunc(steps, func(c scoring.StepCertification) bool {
		return c.Title == "Windows Server Hybrid Administrator Associate"
	})
	want := scoring.StepCertification{
		StepKey: scoring.StepKey{Area: scoring.Infrastructure, Metric: scoring.IntermediateCertifications, Step: 2},
		Title:   "Windows Server Hybrid Administrator Associate",
		Labels:  []string{"Windows Server Hybrid Administrator Associate", "AZ-800", "AZ-801", "AZ-802"},
	}
	if i < 0 {
		t.Fatalf("no step asks for %s", want.Title)
	}
	if diff := cmp.Diff(want, steps[i]); diff != "" {
		t.Error(diff)
	}
	gate := steps[1]
	if !gate.Gate || gate.Step != 2 || gate.Title != "Azure Administrator Associate" || gate.Area != scoring.DataAI {
		t.Errorf("the second gate of data_ai is %+v", gate)
	}
	if len(steps) != 9+4+3+3+4 {
		t.Errorf("%d certifications on steps", len(steps))
	}
	if r.StepCertifications(scoring.SMB) != nil {
		t.Error("a rulebook without an SMB track has steps on it")
	}
	may := embedded(t, "azure-2026-05")
	if len(may.StepCertifications(scoring.SMB)) != len(may.StepCertifications(scoring.Enterprise)) {
		t.Error("the tracks differ in their lists")
	}
}

// dollar is one US dollar.
const dollar scoring.USD = 1_000_000

func size(acr scoring.USD, customers, smb int64) scoring.PartnerSize {
	return scoring.PartnerSize{ACRTTM: acr, Customers: customers, SMBCustomers: smb}
}

func TestTracks(t *testing.T) {
	const million = 1_000_000 * dollar
	for _, c := range []struct {
		book string
		size scoring.PartnerSize
		want string
	}{
		{"azure-2023-06", size(0, 10, 10), scoring.Enterprise},
		{"azure-2026-05", size(million-1, 100, 81), scoring.SMB},
		{"azure-2026-05", size(million-1, 100, 80), scoring.Enterprise},
		{"azure-2026-05", size(million, 100, 100), scoring.Enterprise},
		{"azure-2026-05", size(-million, 1, 1), scoring.SMB},
		{"azure-2026-05", size(0, 0, 0), scoring.Enterprise},
		{"azure-2026-07", size(million*1000, 100, 80), scoring.SMB},
		{"azure-2026-07", size(0, 101, 80), scoring.Enterprise},
		{"azure-2026-07", size(0, 5, 4), scoring.SMB},
		{"azure-2026-07", size(0, 0, 0), scoring.Enterprise},
	} {
		if have := embedded(t, c.book).Track(c.size).ID; have != c.want {
			t.Errorf("%s, %+v: track %s, want %s", c.book, c.size, have, c.want)
		}
	}
	smb := embedded(t, "azure-2026-07").Tracks[1]
	if smb.EligibleCustomerUSD != 500*dollar || smb.GatePeople != 1 || smb.GatePoints != 4 {
		t.Errorf("the scoring.SMB track is %+v", smb)
	}
	for id, want := range map[string]string{"azure-2023-06": scoring.CustomersTTM, "azure-2026-05": scoring.CustomersTTM, "azure-2026-07": scoring.CustomersMonth} {
		if have := embedded(t, id).CustomersWindow(); have != want {
			t.Errorf("%s counts customers of the %s, want %s", id, have, want)
		}
	}
	if s := embedded(t, "azure-2023-06").Selection(); s != nil {
		t.Errorf("a rulebook with one track selects by %+v", s)
	}
}

func TestEqualRulesHaveEqualHashes(t *testing.T) {
	launch, june, may := embedded(t, "azure-2022-10"), embedded(t, "azure-2023-06"), embedded(t, "azure-2026-05")
	if launch.SHA256 != june.SHA256 || june.SHA256 == may.SHA256 {
		t.Error("hashes do not follow the rules")
	}
	if june.EligibilitySHA256 != may.EligibilitySHA256 {
		t.Error("the rules of 2026 would rebuild the facts")
	}
	want := []Difference{{"from", "2022-10-03", "2023-06-13"}}
	if diff := cmp.Diff(want, Diff(launch, june)); diff != "" {
		t.Error(diff)
	}
}

func TestDiff(t *testing.T) {
	have := Diff(embedded(t, "azure-2026-05"), embedded(t, "azure-2026-07"))
	want := []Difference{
		{"areas.data_ai.intermediate_certifications.electives", "", "AI-103; AI-300; DP-750; DP-800"},
		{"areas.digital_app_innovation.intermediate_certifications.electives", "", "AI-200; GH-600"},
		{"certifications.AI-102.until", "", "2027-06-30"},
		{"certifications.AI-103.title", "", "Azure AI Apps and Agents Developer Associate"},
		{"certifications.AI-200.title", "", "Azure AI Cloud Developer Associate"},
		{"certifications.AI-300.aliases", "", "Machine Learning Operations (MLOps) Engineer Associate"},
		{"certifications.AI-300.title", "", "Machine Learning Operations Engineer Associate"},
		{"certifications.AZ-204.until", "", "2027-07-31"},
		{"certifications.DP-100.until", "", "2027-06-01"},
		{"certifications.DP-750.title", "", "Azure Databricks Data Engineer Associate"},
		{"certifications.DP-800.title", "", "SQL AI Developer Associate"},
		{"certifications.GH-600.title", "", "Agentic AI Developer"},
		{"from", "", "2026-07-01"},
		{"tracks.smb.when.acr_ttm_below_usd", "1000000", ""},
		{"tracks.smb.when.customers", "ttm", "month"},
		{"tracks.smb.when.smb_share", "above", "at_least"},
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	gates := Diff(embedded(t, "azure-2023-06"), embedded(t, "azure-2026-05"))
	if !slices.Contains(gates, Difference{"areas.data_ai.intermediate_certifications.gates", "AZ-305; AZ-104", "AZ-104; AZ-305"}) {
		t.Errorf("the order of gates is no difference: %v", gates)
	}
}

// TestBadLibraries has what can be wrong with rulebooks that extend each other.
func TestBadLibraries(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a circle": {
			map[string]string{
				"a.yaml": "id: a\ntitle: A\nextends: b\n", "b.yaml": "id: b\ntitle: B\nextends: a\n",
			},
			"rulebooks/a.yaml:3: extends: rulebooks extend each other in a circle: a extends b\n" +
				"rulebooks/b.yaml:3: extends: rulebooks extend each other in a circle: b extends a",
		},
		"an unknown parent": {
			map[string]string{"a.yaml": "id: a\nextends: z\n"}, `rulebooks/a.yaml:2: extends: unknown rulebook "z"`,
		},
		"not a rulebook": {map[string]string{"a.yaml": "[]"}, "rulebooks/a.yaml:1: want a mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			for file, text := range c.files {
				files[file] = &fstest.MapFile{Data: []byte(text)}
			}
			_, err := loadAll(files)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
	t.Run("two of one name", func(t *testing.T) {
		text, err := Encode(embedded(t, "azure-2023-06"))
		if err != nil {
			t.Fatal(err)
		}
		file := &fstest.MapFile{Data: text}
		_, err = loadAll(fstest.MapFS{"a.yaml": file, "b.yaml": file})
		if err == nil || !strings.Contains(err.Error(), "another rulebook is called azure-2023-06") {
			t.Errorf("error %v, want one about the name", err)
		}
	})
}
