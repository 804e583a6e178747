package main

import (
	"fmt"
	"maps"
	"strings"
)

// verdicts are the hand-made results of all partners for a month, by partner.
func verdicts(yyyymm int) map[string]verdict {
	all := firstVerdicts()
	maps.Copy(all, otherVerdicts())
	if yyyymm >= 202407 {
		changeIn2407(all)
	}
	if yyyymm >= 202408 {
		changeIn2408(all)
	}
	return all
}

// firstVerdicts are those of 2024-06 for the first five partners.
func firstVerdicts() map[string]verdict {
	return map[string]verdict{
		// Alderpeak: A B C D hold a data list certification; C E G, B E, F G, B F the others.
		"1010000": {
			customers: 13, before: 9, acr: "152500.000000", acrBefore: "122000.000000", growth: "25.000000", growthStatus: "scored",
			services: 11, points: [3]int{30, 20, 10},
			data: skills{people: 4, points: 16}, infra: skills{3, 12, 2, 8}, digital: skills{2, 8, 2, 8},
		},
		// Brightwater: only A is an architect, so every metric behind that gate is worth nothing.
		"1020000": {
			customers: 8, before: 5, acr: "13999.990000", acrBefore: "10000.000000", growth: "39.999900", growthStatus: "scored",
			services: 7, points: [3]int{30, 20, 10},
			data: skills{people: 2, points: -1}, infra: skills{2, 8, 2, -1}, digital: skills{1, 4, 2, -1},
		},
		// Cobalt Ridge: the gates are met, nobody is on the lists of the other areas.
		"1030000": {
			customers: 6, before: 9, acr: "88000.000000", acrBefore: "100000.000000", growth: "-12.000000", growthStatus: "scored",
			services: 2, points: [3]int{0, 0, 4}, data: skills{people: 3, points: 12},
		},
		"1040000": {
			customers: 4, acr: "20000.000000", acrBefore: "0.000000", growth: null, growthStatus: "no_baseline",
			services: 7, points: [3]int{30, 0, 10},
			data: skills{people: 6, points: 24}, infra: skills{2, 8, 1, 4}, digital: skills{3, 12, 1, 4},
		},
		// Emberfield: eleven people are worth 44 points, six are worth 24; the caps are 40 and 20.
		"1050000": {
			customers: 14, before: 12, acr: "22000.000000", acrBefore: "20000.000000", growth: "10.000000", growthStatus: "scored",
			services: 10, points: [3]int{20, 10, 10},
			data: skills{people: 11, points: 40}, infra: skills{6, 20, 6, 20}, digital: skills{2, 8, 1, 4},
		},
	}
}

// otherVerdicts are those of 2024-06 for the other five.
func otherVerdicts() map[string]verdict {
	return map[string]verdict{
		// Fernhollow: one person at each gate, two are needed.
		"1060000": {
			customers: 3, before: 2, acr: "8000.000000", acrBefore: "5000.000000", growth: "60.000000", growthStatus: "scored",
			services: 5, points: [3]int{10, 20, 10},
			data: skills{people: 2, points: -1}, infra: skills{1, -1, 0, -1}, digital: skills{0, -1, 0, -1},
		},
		// Harbourline: A B D; A B and C; C and E F.
		"1070000": {
			customers: 9, before: 6, acr: "22500.000000", acrBefore: "18000.000000", growth: "25.000000", growthStatus: "scored",
			services: 6, points: [3]int{30, 20, 10},
			data: skills{people: 3, points: 12}, infra: skills{2, 8, 1, 4}, digital: skills{1, 4, 2, 8},
		},
		"1080000": {
			acr: "0.000000", acrBefore: "0.000000", growth: null, growthStatus: "no_baseline", data: skills{people: 2, points: 8},
		},
		// The nameless location: no certified people at all, twelve months of 580 (640 to 2024-08) US dollars.
		"1090000": {
			acr: "60.000000", acrBefore: "40.000000", growth: "50.000000", growthStatus: "below_acr_gate",
			services: 2, points: [3]int{0, 0, 4},
			data: skills{points: -1}, infra: skills{0, -1, 0, -1}, digital: skills{0, -1, 0, -1},
		},
		// Larkspur: 72 points with growth worth nothing; 0.9 of a point would make it a partner.
		"1100000": {
			customers: 8, before: 5, acr: "100900.000000", acrBefore: "100000.000000", growth: "0.900000", growthStatus: "scored",
			services: 5, points: [3]int{30, 0, 10},
			data: skills{people: 8, points: 32}, infra: skills{2, 8, 2, 8}, digital: skills{1, 4, 2, 8}, roundingSensitive: "data_ai",
		},
	}
}

// changeIn2407 says what is different from 2024-06 on.
func changeIn2407(all map[string]verdict) {
	v := all["1010000"] // the customer whose May was large enough is no longer eligible
	v.customers = 12
	all["1010000"] = v

	v = all["1030000"] // one more customer left; its June still makes it eligible
	v.acr, v.growth = "75000.000000", "-25.000000"
	all["1030000"] = v

	v = all["1070000"] // D's certificate ran out
	v.data = skills{people: 2, points: 8}
	all["1070000"] = v

	v = all["1080000"] // A is a DevOps engineer since 2024-07-03
	v.digital.advancedPeople, v.digital.advancedPoints = 1, 4
	all["1080000"] = v

	v = all["1100000"] // a whole percent
	v.acr, v.growth, v.points[1], v.roundingSensitive = "101000.000000", "1.000000", 1, ""
	all["1100000"] = v
}

// changeIn2408 says what is different from 2024-07 on.
func changeIn2408(all map[string]verdict) {
	v := all["1010000"] // a new customer
	v.customers, v.acr, v.growth = 13, "155550.000000", "27.500000"
	all["1010000"] = v

	v = all["1020000"] // D is the second architect
	v.data.points, v.infra.advancedPoints, v.digital.advancedPoints = 8, 8, 8
	all["1020000"] = v

	v = all["1030000"] // the customer that left is gone for good
	v.customers = 5
	all["1030000"] = v

	v = all["1070000"] // AZ-600 and AZ-220 no longer count
	v.infra.people, v.infra.points, v.digital.advancedPeople, v.digital.advancedPoints = 0, 0, 0, 0
	all["1070000"] = v
}

// metricOrder is the order of the metrics in the rules, in which blocking metrics are listed.
var metricOrder = []string{"net_customer_adds", "intermediate_certifications", "advanced_certifications", "usage_growth", "deployments"}

// entry is one metric of one partner and area; points below zero mean that it does not apply.
type entry struct {
	current, baseline, measure, status string
	points, limit                      int
}

// entries are the five metrics of an area, by name.
func (v verdict) entries(area string) map[string]entry {
	s := map[string]skills{"data_ai": v.data, "infrastructure": v.infra, "digital_app_innovation": v.digital}[area]
	limit := 20
	advanced := skill(s.advancedPeople, s.advancedPoints, 20)
	if area == "data_ai" {
		limit, advanced = 40, entry{null, null, null, "not_applicable", -1, 0}
	}
	return map[string]entry{
		"net_customer_adds": {
			count(v.customers), count(v.before), count(v.customers - v.before), "scored", v.points[0], 30,
		},
		"intermediate_certifications": skill(s.people, s.points, limit),
		"advanced_certifications":     advanced,
		"usage_growth":                {v.acr, v.acrBefore, v.growth, v.growthStatus, v.points[1], 20},
		"deployments":                 {null, null, count(v.services), "scored", v.points[2], 10},
	}
}

func skill(people, points, limit int) entry {
	if points < 0 {
		return entry{null, null, count(people), "gate_unmet", 0, limit}
	}
	return entry{null, null, count(people), "scored", points, limit}
}

func count(n int) string { return fmt.Sprintf("%d.000000", n) }

func pointsText(n int) string {
	if n < 0 {
		return null
	}
	return fmt.Sprintf("%d.00", n)
}

func metricRows(yyyymm int) [][]string {
	rows := [][]string{strings.Split("score_month partner_id solution_area metric applicable current_value baseline_value "+
		"measure points max_points status", " ")}
	for id, v := range verdicts(yyyymm) {
		for _, area := range areas {
			for metric, e := range v.entries(area) {
				limit := pointsText(e.limit)
				if e.points < 0 {
					limit = null
				}
				rows = append(rows, []string{
					monthOf(yyyymm).String() + "-01", id, area, metric, fmt.Sprint(e.points >= 0), e.current, e.baseline,
					e.measure, pointsText(e.points), limit, e.status,
				})
			}
		}
	}
	return rows
}

func scoreRows(yyyymm int) [][]string {
	rows := [][]string{strings.Split("score_month partner_id partner_name solution_area track total_points "+
		"net_customer_adds_points intermediate_certifications_points advanced_certifications_points usage_growth_points "+
		"deployments_points qualifies points_to_designation blocking_metrics rounding_sensitive provisional rulebook", " ")}
	for id, v := range verdicts(yyyymm) {
		name := storyByID(id).name
		if name == "" {
			name = null
		}
		for _, area := range areas {
			total, points, blocking := 0, []string{}, []string{}
			for _, metric := range metricOrder {
				e := v.entries(area)[metric]
				points = append(points, pointsText(e.points))
				total += max(0, e.points)
				if e.points == 0 {
					blocking = append(blocking, metric)
				}
			}
			row := []string{monthOf(yyyymm).String() + "-01", id, name, area, "enterprise", pointsText(total)}
			row = append(row, points...)
			rows = append(rows, append(row,
				fmt.Sprint(total >= 70 && len(blocking) == 0), pointsText(max(0, 70-total)), strings.Join(blocking, ","),
				fmt.Sprint(v.roundingSensitive == area), "false", "azure-2023-06"))
		}
	}
	return rows
}
