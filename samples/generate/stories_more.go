package main

// emberfield is a distributor: twelve locations, nearly all consumption attributed twice. 2023-06: 10 × 1,200 + 8 × 700
// + 2 × (600 + 600) = 20,000 of twelve customers; the eight of 700 would reach 1,400 if both attributions counted.
// 2024-06: 2 × 1,000 more, 22,000 (+10 %) of fourteen.
func emberfield() story {
	return story{
		id: "1050000", name: "Emberfield Distribution",
		locations: []string{
			"1050000", "1050001", "1050002", "1050003", "1050004", "1050005",
			"1050006", "1050007", "1050008", "1050009", "1050010", "1050011",
		},
		services: []string{
			"Virtual Machines", "Virtual Machines Licenses", "Storage", "Virtual Network", "Bandwidth", "Azure Monitor",
			"Log Analytics", "Backup", "SQL Database", "Microsoft Defender for Cloud", "VPN Gateway", "Windows Virtual Desktop",
		},
		groups: []group{
			{
				tenants: 5, names: []string{sharedCustomer}, segment: corporate, spend: []step{{202205, 1_200_00}},
				attributed: twice(attribution{"1050001", pal, 100}, attribution{"1050002", cspTier2, 100}),
			},
			{
				tenants: 5, segment: corporate, spend: []step{{202205, 1_200_00}},
				attributed: twice(attribution{"1050003", dpor, 100}, attribution{"1050004", cspTier1, 100}),
			},
			{
				tenants: 8, segment: smb, spend: []step{{202205, 700_00}},
				attributed: twice(attribution{"1050005", cspTier2, 100}, attribution{"1050006", pal, 100}),
			},
			{
				tenants: 2, segment: smb, spend: []step{{202205, 1_200_00}},
				attributed: []subscription{
					{50, []attribution{{"1050007", cspTier1, 100}}}, {50, []attribution{{"1050008", dpor, 100}}},
				},
			},
			{
				// The larger attribution counts, although CSP Tier 1 goes before CSP Tier 2 when they are equal.
				tenants: 2, segment: corporate, spend: []step{{202312, 1_000_00}},
				attributed: []subscription{{100, []attribution{
					{"1050009", cspTier1, 90}, {"1050010", cspTier2, 100}, {"1050011", notCounted, 100},
				}}},
			},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-203", "AZ-700", "AZ-140")},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "DP-100", "AZ-700", "AZ-140")},
			{letter: "C", holds: holds("DP-300", "AZ-700", "AZ-120")},
			{letter: "D", holds: holds("DP-420", "AZ-801", "AZ-120")},
			{letter: "E", holds: holds("PL-300", "AZ-801", "AZ-140"), byMail: true},
			{letter: "F", holds: holds("MB-260", "AZ-801", "AZ-700", "AZ-140")},
			{letter: "G", holds: holds("AI-102", "AZ-204")},
			{letter: "H", holds: holds("DP-203", "PL-400")},
			{letter: "I", holds: holds("DP-203", "AZ-400")},
			{letter: "J", holds: holds("DP-100")},
			{letter: "K", holds: holds("AI-102")},
		},
	}
}

// twice attributes everything two times.
func twice(first, second attribution) []subscription {
	return []subscription{{100, []attribution{first, second}}}
}

// fernhollow has small customers: nine of ten are SMB. 2023-06: 500 + 600 + 750 + 900 + 1,000 + 1,250 = 5,000, two of
// at least 1,000. 2024-06: 700, 800, 499.99 and 1,000.01 more, 8,000 (+60 %), three of at least 1,000. Under azure-2026-05
// the bar is 500: nine against six.
func fernhollow() story {
	return story{
		id: "1060000", name: "Fernhollow IT", locations: []string{"1060000"},
		services:   []string{"Virtual Machines", "Storage", "Backup", "Windows Virtual Desktop", "Azure DNS", "Key Vault"},
		attributed: once("1060000", cspTier2),
		groups: []group{
			{tenants: 1, segment: smb, spend: []step{{202205, 500_00}}},
			{tenants: 1, segment: smb, spend: []step{{202205, 600_00}}, ineligible: []extra{{"Benefit Programs", 150_00}}},
			{tenants: 1, segment: smb, spend: []step{{202311, 700_00}}},
			{tenants: 1, segment: smb, spend: []step{{202205, 750_00}}},
			{tenants: 1, segment: smb, spend: []step{{202311, 800_00}}},
			{tenants: 1, segment: smb, spend: []step{{202205, 900_00}}},
			{tenants: 1, segment: smb, spend: []step{{202205, 1_000_00}}},
			{tenants: 1, segment: smb, spend: []step{{202205, 1_250_00}}},
			{tenants: 1, segment: smb, spend: []step{{202401, 499_99}}},
			{tenants: 1, segment: enterprise, spend: []step{{202401, 1_000_01}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-104", "DP-300")},
			{letter: "B", holds: holds("AZ-305", "DP-100")},
			{letter: "C", holds: holds("AZ-700")},
		},
	}
}

// harbourline stands on two retired certifications: AZ-600 and AZ-220 count for the last time on 2024-07-31. D's
// certificate ran out on 2024-07-15. 2023-06: 6 × 3,000 = 18,000; 2024-06: 3 × 1,500 more, 22,500 (+25 %).
func harbourline() story {
	return story{
		id: "1070000", name: "Harbourline Systems", locations: []string{"1070000", "1070001"},
		services: []string{
			"Virtual Machines", "Virtual Machine Scale Sets", "Storage", "Azure VMware Solution", "ExpressRoute", "IoT Hub", "Azure Monitor",
		},
		attributed: []subscription{
			{50, []attribution{{"1070000", pal, 100}, {"1070001", cspTier1, 100}}},
			{50, []attribution{{"1070001", cspTier1, 100}}},
		},
		groups: []group{
			{tenants: 6, segment: enterprise, spend: []step{{202205, 3_000_00}}},
			{tenants: 3, segment: corporate, spend: []step{{202310, 1_500_00}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "AZ-600", "DP-300")},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "AZ-600", "DP-100")},
			{letter: "C", holds: holds("AZ-140", "AZ-204")},
			{letter: "D", holds: []holding{{code: "DP-203", completed: "2022-07-16", expires: "2024-07-15"}}},
			{letter: "E", holds: holds("AZ-220")},
			{letter: "F", holds: holds("AZ-220")},
		},
	}
}

// inkwell has certified people and no customers. A passed AZ-400 on 2024-07-03, in time for the export of 2024-06, but
// not for its score.
func inkwell() story {
	return story{
		id: "1080000", name: "Inkwell Learning", locations: []string{"1080000"},
		people: []person{
			{letter: "A", holds: append(holds("AZ-305", "AZ-104", "DP-203"), holding{code: "AZ-400", completed: "2024-07-03"})},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "PL-300"), byMail: true},
		},
	}
}

// juniperHill is a location without a global account and without a name, with one small customer: 40 a month, 60 since
// 2024-02 (+50 %), but only 7 × 40 + 5 × 60 = 580 in the twelve months to 2024-06.
func juniperHill() story {
	return story{
		id: "1090000", locations: []string{"1090000"}, services: []string{"Storage", "Key Vault"},
		attributed: once("1090000", dpor),
		groups:     []group{{tenants: 1, nameless: true, segment: smb, spend: []step{{202205, 40_00}, {202402, 60_00}}}},
	}
}

// larkspur grows by a hair less than one percent: 2023-06: 5 × 20,000 = 100,000; 2024-06: 5 × 19,580 + 3 × 1,000 = 100,900
// (+0.9 %: no point, and no designation); 2024-07: 5 × 19,600 + 3 × 1,000 = 101,000 (+1 %: one point).
func larkspur() story {
	return story{
		id: "1100000", name: "Larkspur Data", locations: []string{"1100000"},
		services:   []string{"Virtual Machines", "Storage", "Cosmos DB", "Azure Synapse Analytics", "Power BI Embedded", "Azure OpenAI"},
		attributed: once("1100000", cspTier1),
		groups: []group{
			{tenants: 5, segment: enterprise, spend: []step{{202205, 20_000_00}, {202401, 19_580_00}, {202407, 19_600_00}}},
			{tenants: 3, segment: corporate, spend: []step{{202401, 1_000_00}}},
		},
		people: []person{
			{letter: "A", holds: holds("AZ-305", "AZ-104", "DP-203", "AZ-700")},
			{letter: "B", holds: holds("AZ-305", "AZ-104", "DP-203", "AZ-700")},
			{letter: "C", holds: holds("DP-203", "AZ-140")},
			{letter: "D", holds: holds("DP-100", "AZ-140")},
			{letter: "E", holds: holds("DP-100", "AZ-204", "AZ-400")},
			{letter: "F", holds: holds("AI-102", "AZ-400")},
			{letter: "G", holds: holds("PL-300")},
			{letter: "H", holds: holds("DP-420")},
		},
	}
}
