package world

import (
	"errors"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// Failure is a change to good exports and what a run must say of it.
type Failure struct {
	Name   string
	Month  scoring.Month
	Change func(w *World)
	Option func(o *months.Options)
	Says   []string // in the message
	Fault  any      // what kind of error
}

// MissingInputs end a run before it reads anything.
func MissingInputs() []Failure {
	return []Failure{
		{Name: "months missing", Change: func(w *World) { delete(w.Usage, June.Add(-13)); delete(w.Usage, June.Add(-4)) },
			Says: []string{"2023-05", "2024-02", "azure_usage", "--allow-missing history"}, Fault: &exports.MissingError{}},
		{Name: "score month missing", Month: June.Add(1), Says: []string{"2024-07", "latest month there is 2024-06"}, Fault: &exports.MissingError{}},
		{Name: "score month missing and history allowed", Month: June.Add(1), Option: func(o *months.Options) { o.AllowMissingHistory = true }, Says: []string{"2024-07"}, Fault: &exports.MissingError{}},
		{Name: "certifications missing", Change: func(w *World) { w.Certifications = nil }, Says: []string{"certifications", "2024-06", "--allow-missing certifications"}, Fault: &exports.MissingError{}},
		{Name: "certifications missing, history allowed", Change: func(w *World) { w.Certifications = nil }, Option: func(o *months.Options) { o.AllowMissingHistory = true },
			Says: []string{"certifications"}, Fault: &exports.MissingError{}},
	}
}

// BadRows are values that break the contract.
func BadRows() []Failure {
	return []Failure{
		{Name: "amounts", Change: func(w *World) {
			w.Add(June.Add(-2), Usage{Location: "base", Amount: "1,000"}, Usage{Location: "base", Amount: "EUR 5"})
		},
			Says:  []string{"azure_usage/month=2024-04/part-0.csv", "month 2024-04", "column ACR_USD", `value "1,000"`, `value "EUR 5"`, "bad_amount", "--max-rejected", "2 of the month's 3 rows"},
			Fault: &exports.ContractError{}},
		{Name: "several reasons in two files of Parquet", Change: func(w *World) {
			w.Parquet = true
			w.Add(June, Usage{Location: "base", Amount: "1", Tenant: "00000000-0000-0000-0000-000000000000", File: 1}, Usage{Location: "base", Amount: "1", File: 1},
				Usage{Location: "nobody", Amount: "1", File: 1}, Usage{Location: "base", Amount: "1", Month: "2024-05"})
		}, Says: []string{"part-0.parquet", "part-1.parquet", "CustomerTenantId, row 1", "MPNId, row 3", `value like "xxxxxx"`, "wrong_month", `"2024-05"`}, Fault: &exports.ContractError{}},
		{Name: "months of no known form", Change: func(w *World) { w.Add(June, Usage{Location: "base", Amount: "1", Month: "2024/06"}) },
			Says: []string{"bad_month", "understood as 2024-06, 202406, or a day"}, Fault: &exports.ContractError{}},
		{Name: "one row too many", Change: func(w *World) { Fill(w, June, 199, "1"); Fill(w, June, 3, "x") },
			Option: func(o *months.Options) { o.MaxRejected = 2.0 / 206 }, Says: []string{"3 of the month's 206 rows", "0.97"}, Fault: &exports.ContractError{}},
		{Name: "nothing allowed", Change: func(w *World) { Fill(w, June, 9999, "1"); Fill(w, June, 1, "?") },
			Option: func(o *months.Options) { o.MaxRejected = 0 }, Says: []string{"1 of the month's", `"?"`}, Fault: &exports.ContractError{}},
		{Name: "two accounts of a location", Change: func(w *World) { w.Partners = append(w.Partners, Location{ID: "base", Global: "other"}) },
			Says: []string{"partners/part-0.csv", "belongs to two global accounts"}, Fault: &exports.ContractError{}},
		{Name: "completion that is no date", Change: func(w *World) {
			w.Hold(June, Holding{Global: "base", MCP: "m9", Title: "AZ-104", Completed: "2024-13-01"})
		},
			Says: []string{"certifications/month=2024-06/part-0.csv", "TrainingCompletionDate", `"2024-13-01"`, "no date"}, Fault: &exports.ContractError{}},
		{Name: "expiry that is no date", Change: func(w *World) {
			w.Hold(June, Holding{Global: "base", MCP: "m9", Title: "AZ-104", Expires: "2024-02-30"})
		},
			Says: []string{"ExpirationDate", `"2024-02-30"`}, Fault: &exports.ContractError{}},
	}
}

// BigSums are sums of a trillion US dollars, which no published column can hold, each in another place.
func BigSums() []Failure {
	return []Failure{
		{Name: "sum of a tenant and service", Change: func(w *World) { Fill(w, June, 2, "999999999999.99") }, Says: []string{"2024-06", "trillion", "base"}, Fault: &exports.ContractError{}},
		{Name: "sum of months", Change: func(w *World) { Fill(w, June, 1, "999999999999"); Fill(w, June.Add(-1), 1, "999999999999") }, Says: []string{"trillion", "base"}, Fault: &exports.ContractError{}},
		{Name: "negative sum of a partner", Change: func(w *World) {
			for i := range 3 {
				w.Add(June, Usage{Location: "base", Tenant: Tenant(fmt.Sprint("t", i)), Amount: "-400000000000"})
			}
		}, Says: []string{"trillion", "base"}, Fault: &exports.ContractError{}},
		{Name: "sum of a service", Change: func(w *World) { // the tenants and the partner come to nothing
			for i := range 2 {
				for service, amount := range map[string]string{"Backup": "600000000000", "Automation": "-600000000000"} {
					w.Add(June, Usage{Location: "base", Tenant: Tenant(fmt.Sprint("t", i)), Service: service, Amount: amount})
				}
			}
		}, Says: []string{"trillion"}, Fault: &exports.ContractError{}},
		{Name: "sum of a customer's month", Change: func(w *World) {
			for service := range 2 {
				w.Add(June, Usage{Location: "base", Service: fmt.Sprint("S", service), Amount: "600000000000"}, Usage{Location: "base", Service: fmt.Sprint("S", service), Tenant: Tenant("x"), Amount: "-600000000000"})
				w.Add(June.Add(-2), Usage{Location: "base", Service: fmt.Sprint("S", service), Amount: "-600000000000"}, Usage{Location: "base", Service: fmt.Sprint("S", service), Tenant: Tenant("x"), Amount: "600000000000"})
			}
		}, Says: []string{"trillion"}, Fault: &exports.ContractError{}},
		{Name: "sum of what does not count", Change: func(w *World) {
			for range 2 {
				w.Add(June, Usage{Location: "base", Offer: "Trial", Amount: "999999999999"})
			}
		}, Says: []string{"trillion"}, Fault: &exports.ContractError{}},
	}
}

// Fill adds rows with that amount for one tenant and service.
func Fill(w *World, m scoring.Month, n int, amount string) {
	for i := range n {
		w.Add(m, Usage{Location: "base", Subscription: fmt.Sprint(i), Amount: amount})
	}
}

// SameKind reports whether an error is of the same type as another value.
func SameKind(err error, kind any) bool {
	var missing *exports.MissingError
	var contract *exports.ContractError
	switch kind.(type) {
	case *exports.MissingError:
		return errors.As(err, &missing)
	default:
		return errors.As(err, &contract)
	}
}
