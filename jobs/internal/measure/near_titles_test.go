package measure

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// otherTitles are certifications of Microsoft and GitHub that no list asks for, as they are printed, and what else stands in such a column.
func otherTitles() []string {
	return []string{
		"Microsoft Certified: Azure Fundamentals", "Microsoft Certified: Azure AI Fundamentals", "Microsoft Certified: Azure Data Fundamentals",
		"Microsoft Certified: Power Platform Fundamentals", "Microsoft Certified: Dynamics 365 Fundamentals (CRM)",
		"Microsoft Certified: Dynamics 365 Fundamentals (ERP)", "Microsoft Certified: Security, Compliance, and Identity Fundamentals",
		"Microsoft 365 Certified: Fundamentals", "Microsoft Certified: Azure Security Engineer Associate",
		"Microsoft Certified: Azure Support Engineer for Connectivity Specialty", "Microsoft Certified: Security Operations Analyst Associate",
		"Microsoft Certified: Identity and Access Administrator Associate", "Microsoft Certified: Information Protection Administrator Associate",
		"Microsoft Certified: Information Protection and Compliance Administrator Associate",
		"Microsoft Certified: Information Security Administrator Associate", "Microsoft Certified: Cybersecurity Architect Expert",
		"Microsoft Certified: Azure Enterprise Data Analyst Associate", "Microsoft 365 Certified: Security Administrator Associate",
		"Microsoft 365 Certified: Endpoint Administrator Associate", "Microsoft 365 Certified: Modern Desktop Administrator Associate",
		"Microsoft 365 Certified: Teams Administrator Associate", "Microsoft 365 Certified: Messaging Administrator Associate",
		"Microsoft 365 Certified: Teams Support Engineer Specialty", "Microsoft 365 Certified: Collaboration Communications Systems Engineer Associate",
		"Microsoft 365 Certified: Developer Associate", "Microsoft 365 Certified: Enterprise Administrator Expert",
		"Microsoft 365 Certified: Administrator Expert", "Microsoft 365 Certified: Teams Application Developer Associate",
		"Microsoft Certified: Power Platform App Maker Associate", "Microsoft Certified: Power Platform Functional Consultant Associate",
		"Microsoft Certified: Power Automate RPA Developer Associate", "Microsoft Certified: Dynamics 365 Sales Functional Consultant Associate",
		"Microsoft Certified: Dynamics 365 Business Central Functional Consultant Associate",
		"Microsoft Certified: Dynamics 365 Business Central Developer Associate",
		"Microsoft Certified: Dynamics 365: Finance and Operations Apps Developer Associate",
		"Microsoft Certified: Dynamics 365: Finance and Operations Apps Solution Architect Expert",
		"Microsoft Certified: Dynamics 365 Customer Insights (Data) Specialty", "Microsoft Certified: Dynamics 365 Supply Chain Management Functional Consultant Expert",
		"Microsoft Certified: Dynamics 365 Customer Experience Analyst Associate", "Microsoft Certified: Agentic AI Business Solutions Architect",
		"Microsoft Certified: AI Business Professional", "Microsoft Certified: AI Transformation Leader", "GitHub Foundations", "GitHub Certified: Foundations",
		"MCSA: SQL 2016 Database Administration", "MCSA: Cloud Platform", "MCSE: Cloud Platform and Infrastructure", "MCSE: Data Management and Analytics",
		"MCSD: App Builder", "Microsoft Certified Trainer", "Microsoft Certified Professional", "Microsoft Certified Solutions Associate",
		"Microsoft Certified Educator", "Microsoft Office Specialist: Associate", "Microsoft Applied Skills: Accelerate app development by using GitHub Copilot",
		"Microsoft Applied Skills: Deploy and configure Azure Monitor", "AWS Certified Data Engineer - Associate",
		"AWS Certified Solutions Architect - Associate", "AWS Certified DevOps Engineer - Professional", "Azure AI Developer", "Power BI Report Author",
		"AZ-500", "SC-300", "MS-600", "AZ-900", "Plantfirst Plantlast", "Azure", "Associate", "Engineer", "9000123", "",
		"secret.person@plant.example.com Azure Developer Associate", "00000001-0000-4000-8000-000000000001",
	}
}

// TestOtherTitlesAreNotNear: no false alarm, by any rulebook, for what is another certification or no title at all.
func TestOtherTitlesAreNotNear(t *testing.T) {
	library := embedded(t)
	for _, rules := range library.List() {
		near := NewNearTitles(rules, library)
		for _, title := range otherTitles() {
			if found, ok := near.Of(title); ok {
				t.Errorf("%s: %q is nearly %q", rules.ID, title, found.Title)
			}
		}
		for _, other := range library.List() { // what another rulebook knows is no spelling of this one's
			for _, asked := range other.AskedTitles() {
				for _, title := range []string{asked.Title, "Microsoft Certified: " + asked.Title, asked.Bare + " (" + asked.Codes[0] + ")", asked.Codes[0]} {
					if found, ok := near.Of(title); ok {
						t.Errorf("%s: %q of %s is nearly %q", rules.ID, title, other.ID, found.Title)
					}
				}
			}
		}
	}
}

// TestNearTitles has what people reported, and how each is shown.
func TestNearTitles(t *testing.T) {
	library := embedded(t)
	rules, err := library.Get("azure-2026-07")
	if err != nil {
		t.Fatal(err)
	}
	near := NewNearTitles(rules, library)
	for title, want := range map[string]string{
		"Microsoft Certified - Azure Developer Associate":             "Azure Developer Associate",
		"Microsoft Certified: Azure Developer Associate – Renewal":    "Azure Developer Associate",
		"MS Certified: Azure Administrator Associate":                 "Azure Administrator Associate",
		"Certified: Azure Administrator Associate":                    "Azure Administrator Associate",
		"Microsoft 365 Certified: Azure Administrator Associate":      "Azure Administrator Associate",
		"Microsoft Azure Administrator Associate":                     "Azure Administrator Associate",
		"Azure Administrator":                                         "Azure Administrator Associate",
		"Administrator Associate":                                     "Azure Administrator Associate",
		"Azure Senior Administrator Associate":                        "Azure Administrator Associate",
		"Fabric Analytics Engineer":                                   "Fabric Analytics Engineer Associate",
		"Azure Solution Architect Expert":                             "Azure Solutions Architect Expert",
		"Azure Networking Engineer Associate":                         "Azure Network Engineer Associate",
		"Azure AI App and Agent Developer Associate":                  "Azure AI Apps and Agents Developer Associate",
		"Azure Virtual Desktop Associate":                             "Azure Virtual Desktop Specialty",
		"AzureDeveloper Associate":                                    "Azure Developer Associate",
		"Azure Develoepr Associate":                                   "Azure Developer Associate",
		"GitHub Administrator":                                        "GitHub Administration",
		"AI Developer":                                                "Agentic AI Developer",
		"Azure Administrator Associate (AZ-900)":                      "Azure Administrator Associate",
		"Azure Administrator Associate, AZ-104":                       "Azure Administrator Associate",
		"Microsoft Certified: AZ-104":                                 "Azure Administrator Associate",
		"AZ 104":                                                      "Azure Administrator Associate",
		"az104":                                                       "Azure Administrator Associate",
		"Exam AZ-204: Developing Solutions for Microsoft Azure":       "Azure Developer Associate",
		"Machine Learning Operations MLOps Engineer":                  "Machine Learning Operations Engineer Associate",
		"DevOps Engineer Expert (Azure)":                              "DevOps Engineer Expert",
		"Windows Server Hybrid Administrator Associate AZ-800/AZ-801": "Windows Server Hybrid Administrator Associate",
	} {
		if found, ok := near.Of(title); !ok || found.Title != want || found.Shown != title {
			t.Errorf("%q is nearly %q, shown %q, want %q", title, found.Title, found.Shown, want)
		}
	}
	if found, ok := near.Of("Azure Developer Associate - Plantfirst Plantlast"); !ok || strings.Contains(found.Shown, "Plant") {
		t.Errorf("shown: %q", found.Shown)
	}
}

// TestNearTitlesOfAnyList: a title that lost or gained a word, or has another prefix, is nearly that title, unless it is one itself.
func TestNearTitlesOfAnyList(t *testing.T) {
	library := embedded(t)
	for _, rules := range library.List() {
		near := NewNearTitles(rules, library)
		rapid.Check(t, func(t *rapid.T) {
			asked := rapid.SampledFrom(rules.AskedTitles()).Draw(t, "title")
			parts := strings.Fields(asked.Bare)
			i := rapid.IntRange(0, len(parts)-1).Draw(t, "where")
			if rapid.Bool().Draw(t, "lost") && len(parts) > 2 {
				parts = append(parts[:i:i], parts[i+1:]...)
			} else {
				parts = append(parts[:i:i], append([]string{rapid.StringMatching(`[a-z]{3,9}`).Draw(t, "word")}, parts[i:]...)...)
			}
			text := rapid.SampledFrom([]string{"", "Microsoft Certified: ", "Microsoft Certified - ", "MS Certified: "}).Draw(t, "prefix") + strings.Join(parts, " ")
			if _, ok := near.Of(text); !ok && !near.known[scoring.Titled(text)] {
				t.Fatalf("%s: %q is not nearly %q", rules.ID, text, asked.Bare)
			}
		})
	}
}

// FuzzNearTitles: whatever stands in the column of titles, what is shown names an address or an id of nobody.
func FuzzNearTitles(f *testing.F) {
	for _, seed := range append(otherTitles(), "Azure Developer Associate\x00", "\xff\xfe", strings.Repeat("azure ", 10_000)) {
		f.Add(seed)
	}
	library := embedded(f)
	rules, err := library.Get("azure-2026-07")
	if err != nil {
		f.Fatal(err)
	}
	near := NewNearTitles(rules, library)
	f.Fuzz(func(t *testing.T, text string) {
		found, ok := near.Of(text)
		if ok && (found.Title == "" || strings.Contains(found.Shown, "@") || !strings.ContainsFunc(found.Shown, unicode.IsLetter)) {
			t.Errorf("%q is nearly %+v", text, found)
		}
	})
}

func embedded(tb testing.TB) *rulebook.Library {
	tb.Helper()
	library, err := rulebook.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return library
}
