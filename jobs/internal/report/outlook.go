package report

import (
	"slices"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// outlookView is what is known of the months to come.
type outlookView struct {
	Unknown            string // why it is not known; empty: it is
	Until              string
	DesignationChanges []string
	Areas              []string
	Months             []outlookRow
	Customers          []thresholdRow
	Heads              []string // points of the steps of customers
	ACR                []thresholdRow
	ACRHeads           []string
	Missing            string // which months are not known to compare with; empty: none
	ACRGate            string // which months do not reach the gate of growth; empty: none
	Before             string // how many of today's customers are eligible by the month before only; empty: none
	Growth             string // in which months growth has nothing to be measured against; empty: in none
	Changes            block  // what changes by itself
	Gates              block
}

// outlookRow is a month to come if nothing changes.
type outlookRow struct {
	Month, Rules string // Rules is empty while they stay the same
	Cells        []indexCell
}

// thresholdRow is what the points of a metric take in a month.
type thresholdRow struct {
	Month, Baseline, Today string
	Steps                  []threshold
}

type threshold struct{ Value, More string }

func (s Subject) outlook() outlookView {
	v := outlookView{Unknown: s.NoOutlook}
	if s.Outlook == nil {
		return v
	}
	v.Until = wording.Month(s.Outlook.Months[len(s.Outlook.Months)-1].Month)
	for _, t := range s.Outlook.DesignationChanges {
		v.DesignationChanges = append(v.DesignationChanges, wording.DesignationChange(s.Rules.AreaName(t.Area), t.Won, wording.Month(t.Month))+".")
	}
	for _, now := range s.Outlook.Now {
		v.Areas = append(v.Areas, now.Name)
	}
	for _, m := range s.Outlook.Months {
		row := outlookRow{Month: wording.ShortMonth(m.Month)}
		if m.Rulebook != s.Outlook.Rulebook {
			row.Rules = m.Rulebook
		}
		for _, a := range m.Areas {
			total := a.Total.String()
			if !m.Known() {
				total = "at least " + total
			}
			row.Cells = append(row.Cells, indexCell{total, a.Qualifies})
		}
		v.Months = append(v.Months, row)
		v.thresholds(m)
	}
	fill(v.Customers, len(v.Heads))
	fill(v.ACR, len(v.ACRHeads))
	v.premises(s.Outlook)
	ahead := written.AheadOf(s.Outlook)
	v.Growth, v.Changes, v.Gates = ahead.Growth, newBlock(ahead.Changes, ""), newBlock(ahead.Gates, "Required certifications and the people who hold them")
	v.Changes.Items, v.Changes.More = cut(v.Changes.Items, 2*shownRows)
	return v
}

// fill gives rows whose baseline is not known a dash for each step.
func fill(rows []thresholdRow, steps int) {
	for i := range rows {
		for rows[i].Baseline == wording.NotKnown && len(rows[i].Steps) < steps {
			rows[i].Steps = append(rows[i].Steps, threshold{Value: "–"})
		}
	}
}

// premises states the assumptions of the thresholds that are not about the months a year before.
func (v *outlookView) premises(o *answers.Outlook) {
	first := o.Months[0]
	v.Before = wording.ByMonthBefore(first.ByMonthBefore, first.Customers, wording.Month(o.ScoreMonth.Add(-1)))
	if slices.ContainsFunc(o.Months, func(m answers.OutlookMonth) bool { return !m.Known() }) {
		v.Missing = wording.MissingUsage(wording.ShortMonths(o.MissingUsage))
	}
	v.ACRGate = o.BelowACRGate(wording.Month)
}

// thresholds adds what customers and growth take in a month: of many steps the first and the last.
func (v *outlookView) thresholds(m answers.OutlookMonth) {
	customers := thresholdRow{Month: wording.ShortMonth(m.Month), Baseline: wording.Known(m.BaselineCustomers, scoring.Grouped), Today: scoring.Grouped(m.Customers)}
	if len(m.CustomerSteps) > 0 {
		v.Heads = nil
	}
	for i, step := range m.CustomerSteps {
		if len(m.CustomerSteps) <= 3 || i == 0 || i == len(m.CustomerSteps)-1 {
			v.Heads = append(v.Heads, points(step.Points))
			customers.Steps = append(customers.Steps, threshold{scoring.Grouped(step.Customers), missing(step.More > 0, scoring.Grouped(step.More))})
		}
	}
	v.Customers = append(v.Customers, customers)
	acr := thresholdRow{Month: wording.ShortMonth(m.Month), Baseline: wording.Known(m.BaselineACR, wording.Cents[scoring.USD]), Today: wording.Cents(m.ACR)}
	for i, step := range m.ACRSteps {
		if i == 0 || i == len(m.ACRSteps)-1 {
			acr.Steps = append(acr.Steps, threshold{wording.Cents(wording.UpToCents(step.ACR)), missing(step.More > 0, wording.Cents(wording.UpToCents(step.More)))})
		}
		if i == len(m.ACRSteps)-1 {
			v.ACRHeads = []string{points(m.ACRSteps[0].Points), points(step.Points)}
		}
	}
	v.ACR = append(v.ACR, acr)
}

func points(n int64) string { return "For " + wording.Count(n, "point") }

// missing writes how much more something takes.
func missing(some bool, more string) string {
	if !some {
		return "reached"
	}
	return more + " more"
}

// skillingMetrics are those that people earn.
func skillingMetrics() []scoring.Metric {
	return []scoring.Metric{scoring.IntermediateCertifications, scoring.AdvancedCertifications}
}
