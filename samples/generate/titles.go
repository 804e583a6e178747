package main

// titles are the certifications that the rulebooks ask for, by the code of their exam.
func titles() map[string]string {
	return map[string]string{
		"AZ-104": "Azure Administrator Associate",
		"AZ-305": "Azure Solutions Architect Expert",
		"AZ-120": "Azure for SAP Workloads Specialty",
		"AZ-140": "Azure Virtual Desktop Specialty",
		"AZ-204": "Azure Developer Associate",
		"AZ-220": "Azure IoT Developer Specialty",
		"AZ-400": "DevOps Engineer Expert",
		"AZ-600": "Azure Stack Hub Operator Associate",
		"AZ-700": "Azure Network Engineer Associate",
		"AZ-801": "Windows Server Hybrid Administrator Associate",
		"AI-102": "Azure AI Engineer Associate",
		"DP-100": "Azure Data Scientist Associate",
		"DP-203": "Azure Data Engineer Associate",
		"DP-300": "Azure Database Administrator Associate",
		"DP-420": "Azure Cosmos DB Developer Specialty",
		"MB-260": "Customer Data Platform Specialty",
		"PL-300": "Power BI Data Analyst Associate",
		"PL-400": "Power Platform Developer Associate",
		"PL-600": "Power Platform Solution Architect Expert",
	}
}

// spelledTitle is a certification as exports name it: with or without the prefix, now and then by its code.
func spelledTitle(code string, h uint64) string {
	switch h % 8 {
	case 0:
		return code
	case 1, 2:
		return titles()[code]
	default:
		return "Microsoft Certified: " + titles()[code]
	}
}
