package report

import (
	"slices"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/written"
)

// outlookView is what is known of the months to come.
type outlookView struct {
	Unknown string // why it is not known; empty: it is
	Until   string
	Areas   []string
	Months  []outlookRow
	Missing string // which months are not known to compare with; empty: none
	Needed  block  // what customers and growth take
	Changes block  // what changes by itself
}

// outlookRow is a month to come if nothing changes.
type outlookRow struct {
	Month, Rules string // Rules is empty while they stay the same
	Cells        []indexCell
}

func (s Subject) outlook() outlookView {
	v := outlookView{Unknown: s.NoOutlook}
	if s.Outlook == nil {
		return v
	}
	v.Areas = s.areas()
	v.Until = s.Words.Month(s.Outlook.Months[len(s.Outlook.Months)-1].Month)
	for _, m := range s.Outlook.Months {
		row := outlookRow{Month: s.ShortMonth(m.Month)}
		if m.Rulebook != s.Outlook.Rulebook {
			row.Rules = m.Rulebook
		}
		for _, a := range m.Areas {
			total := s.Number(a.Total.String())
			if !m.Known() {
				total = s.Say("at least %s", total)
			}
			row.Cells = append(row.Cells, indexCell{Total: total, Qualifies: a.Qualifies})
		}
		v.Months = append(v.Months, row)
	}
	if slices.ContainsFunc(s.Outlook.Months, func(m answers.OutlookMonth) bool { return !m.Known() }) {
		v.Missing = s.MissingUsage(s.ShortMonths(s.Outlook.MissingUsage))
	}
	today, needed, changes := written.Ahead(s.Words, s.Outlook, s.who)
	needed.Lead = today.Lead
	needed.Table.Caption = s.Say("Eligible customers and ACR, in US dollars, that points take, compared with the year before")
	v.Needed = newBlock(s.Words, needed)
	v.Changes = newBlock(s.Words, changes)
	v.Changes.Items, v.Changes.More = cut(s.Words, v.Changes.Items, 2*shownRows)
	return v
}
