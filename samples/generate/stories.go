package main

const (
	smb        = "SMB"
	corporate  = "Corporate"
	enterprise = "Enterprise"

	// sharedCustomer buys from two partners at once; each of them counts it.
	sharedCustomer = "Northgate Orchards"
)

// stories are the partners of the samples. samples/README.md tells what each shows, month by month.
func stories() []story {
	return []story{
		alderpeak(), brightwater(), cobaltRidge(), dunmore(), emberfield(),
		fernhollow(), harbourline(), inkwell(), juniperHill(), larkspur(),
	}
}

// alderpeak qualifies everywhere. 2023-06: 8 × 15,000 + 2,000 = 122,000 of nine customers.
// 2024-06: 8 × 16,500 + 3 × 6,000 + 2,200 + 300 = 152,500 (+25 %) of thirteen, one of them by its May alone.
func alderpeak() story {
	return story{
		id: "1010000", name: "Alderpeak Cloud", locations: []string{"1010000", "1010001"},
		services: []string{
			"Virtual Machines", "Virtual Machines Licenses", "Storage", "Virtual Network", "Bandwidth", "Azure Monitor", "Backup",
			"SQL Database", "Azure App Service", "Key Vault", "Azure Kubernetes Service", "Azure Databricks", "Azure OpenAI", "Unknown",
		},
		attributed: []subscription{
			{70, []attribution{{"1010000", pal, 100}}},
			{30, []attribution{{"1010001", cspTier1, 100}, {"1010001", notCounted, 100}}},
		},
		groups: []group{
			{tenants: 8, segment: enterprise, spend: []step{{202205, 15_000_00}, {202401, 16_500_00}}},
			{tenants: 1, segment: corporate, spend: []step{{202205, 2_000_00}, {202312, 0}}},
			{tenants: 3, segment: corporate, spend: []step{{202402, 6_000_00}}},
			{tenants: 1, segment: corporate, spend: []step{{202402, 2_200_00}}},
			{tenants: 1, segment: smb, spend: []step{{202403, 1_200_00}, {202406, 300_00}}},
			{tenants: 1, segment: corporate, spend: []step{{202408, 3_050_00}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-203", "AI-102")},
			{letter: "B", holds: holds("AZ-305", "DP-203", "AZ-140", "PL-600")},
			{letter: "C", holds: holds("AZ-104", "DP-100", "AZ-700")},
			{letter: "D", holds: holds("AZ-104", "AI-102"), byMail: true},
			{letter: "E", holds: holds("AZ-120", "AZ-700")},
			{letter: "F", holds: holds("AZ-204", "AZ-400")},
			{letter: "G", holds: holds("AZ-801", "AZ-204")},
		},
	}
}

// brightwater has 68 points in Infrastructure and one architect too few until 2024-08-09. 2023-06: 4 × 2,000 + 1,100 +
// 900 = 10,000 of five customers. 2024-06: 3 × 1,000.00 and 999.99 more, 13,999.99 (+39.9999 %) of eight.
func brightwater() story {
	return story{
		id: "1020000", name: "Brightwater Integrators", locations: []string{"1020000"},
		services: []string{
			"Virtual Machines", "Storage", "Virtual Network", "VPN Gateway", "Backup", "Log Analytics", "SQL Database", "Automation",
		},
		attributed: once("1020000", dpor),
		groups: []group{
			{tenants: 4, names: []string{sharedCustomer}, segment: corporate, spend: []step{{202205, 2_000_00}}},
			{tenants: 1, segment: corporate, spend: []step{{202205, 1_100_00}}},
			// 1,500 a month, of which 600 are a trial: not eligible.
			{tenants: 1, segment: smb, spend: []step{{202205, 900_00}}, ineligible: []extra{{"Trial", 600_00}}},
			{tenants: 3, segment: corporate, spend: []step{{202402, 1_000_00}}, ineligible: []extra{{"Support", 29_00}}},
			{tenants: 1, segment: smb, spend: []step{{202310, 999_99}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-203")},
			{letter: "B", holds: holds("AZ-104", "AZ-700", "AZ-140")},
			{letter: "C", holds: append(holds("AZ-700", "AZ-140", "AZ-204", "DP-203"), holding{code: "AZ-305", kind: "Exam"})},
			{letter: "D", holds: append(holds("AZ-400"), holding{code: "AZ-305", completed: "2024-08-09"})},
			{letter: "E", holds: holds("AZ-400")},
			{letter: "F", holds: []holding{{code: "AZ-305", activation: "Inactive"}}},
		},
	}
}

// cobaltRidge shrinks. 2023-06: 8 × 11,000 + 12,000 = 100,000 of nine customers. 2024-06: 5 × 15,000 + 13,000 = 88,000
// (−12 %) of six; 2024-07: 75,000 (−25 %). Only Storage and Azure App Service are deployments: the two services of
// virtual machines are none, and Key Vault was paid back.
func cobaltRidge() story {
	return story{
		id: "1030000", name: "Cobalt Ridge Consulting", locations: []string{"1030000", "1030001", "1030002"},
		services:   []string{"Virtual Machines", "Virtual Machines Licenses", "Storage", "Azure App Service"},
		attributed: []subscription{{60, []attribution{{"1030001", cspTier2, 100}}}, {40, []attribution{{"1030002", cspTier2, 100}}}},
		groups: []group{
			{
				tenants: 1, segment: corporate, spend: []step{{202205, 11_000_00}, {202401, 15_000_00}},
				corrections: []correction{{202403, "Key Vault", 50_00}, {202404, "Key Vault", -50_00}},
			},
			{tenants: 4, segment: corporate, spend: []step{{202205, 11_000_00}, {202401, 15_000_00}}},
			{tenants: 1, segment: enterprise, spend: []step{{202205, 12_000_00}, {202401, 13_000_00}, {202407, 0}}},
			{tenants: 1, segment: corporate, spend: []step{{202205, 11_000_00}, {202311, 0}}},
			{tenants: 1, segment: corporate, spend: []step{{202205, 11_000_00}, {202401, 0}}},
			{tenants: 1, segment: corporate, spend: []step{{202205, 11_000_00}, {202403, 0}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-300")},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "DP-300")},
			{letter: "C", holds: holds("DP-420")},
		},
	}
}

// dunmore is new: its first customer came in 2023-09, three more in 2024-01, so that a base year is missing until the
// score of 2024-09. 2024-06: 4,000 + 16,000 = 20,000 of four customers.
func dunmore() story {
	return story{
		id: "1040000", name: "Dunmore Analytics", locations: []string{"1040000"},
		services: []string{
			"Storage", "Azure Data Factory", "Azure Data Factory v2", "Azure Databricks", "Microsoft Fabric", "Event Hubs", "Key Vault",
		},
		attributed: once("1040000", pal),
		groups: []group{
			{tenants: 1, segment: enterprise, spend: []step{{202309, 4_000_00}}},
			{tenants: 2, segment: enterprise, spend: []step{{202401, 6_000_00}}},
			{tenants: 1, segment: corporate, spend: []step{{202401, 4_000_00}}, ineligible: []extra{{"Internal", 250_00}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-203", "AZ-700", "AZ-140")},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "DP-203", "AZ-700")},
			{letter: "C", holds: holds("DP-203", "AZ-204", "AZ-400")},
			{letter: "D", holds: holds("DP-100", "AZ-204"), byMail: true},
			{letter: "E", holds: holds("AI-102", "PL-400")},
			{letter: "F", holds: holds("PL-300")},
		},
	}
}
