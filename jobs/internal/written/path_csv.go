package written

import (
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/scoring"
)

// PathKeys are the columns of the CSV of ways to the designation.
func PathKeys() document.Keys {
	return document.Keys{
		{"score_month partner_id solution_area", "that the ways start from"},
		{"kind", "way: an action of a way; cushion: what a partner that qualifies can lose; obstacle: why there is no way; person, customer, service: who and what is nearest"},
		{"rank", "of the way, the cheapest first, or of the candidate, the nearest first"},
		{"cost total_points", "of the whole way; of a cushion and an obstacle the points as they are"},
		{"action", "customers, acr_usd, services or people"},
		{"metric step", "of people"},
		{"id name", "of the candidate: tenant and name, person and certification, service"},
		{"amount", "how many of the action, or how much in USD; of a customer what it lacks in USD, of a service the customers of other partners"},
		{"reason", "of an obstacle, in words; why a person's certification does not count; leaves_track where the ACR of a way leads beyond the track"},
	}
}

// pathRecords has a line for each action of each way, each part of a cushion, each obstacle and each candidate.
func pathRecords(x *answers.Path) document.Records {
	var rows [][]string
	add := func(area scoring.Area, kind, rank, cost, total, action, metric, step, id, name, amount, reason string) {
		rows = append(rows, []string{x.ScoreMonth.String(), x.ID, string(area), kind, rank, cost, total, action, metric, step, id, name, amount, reason})
	}
	for _, a := range x.Areas {
		actions := func(kind, rank, cost, total, reason string, customers int64, acr scoring.USD, services int64, people []scoring.StepPeople, always bool) {
			one := func(action, metric, step string, n int64, amount string) {
				if n != 0 || always {
					add(a.Area, kind, rank, cost, total, action, metric, step, "", "", amount, reason)
				}
			}
			one("customers", "", "", customers, strconv.FormatInt(customers, 10))
			one("acr_usd", "", "", int64(acr), acr.Decimal())
			one("services", "", "", services, strconv.FormatInt(services, 10))
			for _, s := range people {
				one("people", string(s.Metric), strconv.Itoa(s.Step), s.People, strconv.FormatInt(s.People, 10))
			}
		}
		for i, w := range a.Ways {
			beyond := map[bool]string{true: "leaves_track"}[w.LeavesTrack]
			actions("way", strconv.Itoa(i+1), w.Cost.Decimal(), w.Total.Decimal(), beyond, w.Customers, w.ACR, w.Services, w.People, false)
		}
		if c := a.Margin; c != nil {
			actions("cushion", "", "", a.Total.Decimal(), "", c.Customers, c.ACR, c.Services, c.People, true)
		}
		for _, obstacle := range a.Obstacles {
			add(a.Area, "obstacle", "", "", a.Total.Decimal(), "", "", "", "", "", "", obstacle.String())
		}
		for _, step := range a.People {
			for i, n := range step.People {
				add(a.Area, "person", strconv.Itoa(i+1), "", "", "", string(step.Metric), strconv.Itoa(step.Step), n.Person, n.Certification, "", string(n.Reason))
			}
		}
	}
	for i, c := range x.Customers {
		add("", "customer", strconv.Itoa(i+1), "", "", "", "", "", c.Tenant, c.Name, c.Shortfall.Decimal(), "")
	}
	for i, s := range x.Services {
		add("", "service", strconv.Itoa(i+1), "", "", "", "", "", "", s.Service, strconv.FormatInt(s.Customers, 10), "")
	}
	return document.Records{Keys: PathKeys(), Rows: rows}
}
