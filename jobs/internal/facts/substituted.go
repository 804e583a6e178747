package facts

import (
	"log/slog"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Substituted lists the usage months with rows whose charged cost counts in place of their list cost, oldest first.
func (s *Set) Substituted() (list []snapshot.Substituted) {
	for _, f := range s.Months {
		if f.Substituted != nil {
			list = append(list, *f.Substituted)
		}
	}
	return list
}

// warnOfSubstituted says once a score that charged cost counts.
func (s *Set) warnOfSubstituted(log *slog.Logger) {
	list := s.Substituted()
	if len(list) == 0 {
		return
	}
	var rows int64
	var amount scoring.USD
	for _, month := range list {
		rows, amount = rows+month.Rows, amount+month.ACRUSD
	}
	text, err := amount.MarshalJSON()
	if err != nil {
		return
	}
	log.Warn("rows of cost have no list cost though a cost was charged, as under a reservation: the effective cost counts", "rows", rows,
		"acr_usd", string(text), "first_month", list[0].Month.String(), "last_month", list[len(list)-1].Month.String())
}
