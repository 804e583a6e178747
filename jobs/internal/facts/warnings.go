package facts

import (
	"log/slog"
	"slices"
	"strings"

	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// ShownUnknown is how many unknown labels of a kind a warning names.
const ShownUnknown = 5

// warnOfUnknownLabels warns about labels that the rulebook does not know where more rows of a month carry them than may be bad data: an export in
// another language would leave everything out, or count trials, without a warning.
func (s *Set) warnOfUnknownLabels(rules *scoring.Rulebook, opt Options) {
	for _, kind := range []string{ingest.AssociationLabels, ingest.OfferLabels, ingest.SegmentLabels} {
		sum, months := s.unknownLabels(kind, rules, opt.MaxRejected)
		if len(months) == 0 {
			continue
		}
		attributes := []any{"rows", sum.Rows, "acr_usd", sum.ACRUSD.String(), "months", scoring.MonthRanges(months), "labels", strings.Join(sum.Labels, ", ")}
		switch kind {
		case ingest.AssociationLabels:
			opt.Log.Warn("usage has associations that the rulebook does not know: their rows are left out",
				append(attributes, "hint", "add the labels to usage.associations or usage.ineligible_associations")...)
		case ingest.OfferLabels:
			opt.Log.Warn("usage has offers that the rulebook does not know: their rows count",
				append(attributes, "hint", "add the labels to usage.eligible_offers or usage.ineligible_offers")...)
		default:
			opt.Log.Warn("usage has customer segments that the rulebook does not know: whether these customers are SMB is open",
				append(attributes, "hint", "add the labels to the segments of a track")...)
		}
	}
}

// unknownLabels adds up the unknown labels of a kind over the months in which too many rows carry them, and names those of the latest month first.
func (s *Set) unknownLabels(kind string, rules *scoring.Rulebook, maxRejected float64) (sum snapshot.UnknownLabels, months []scoring.Month) {
	for _, f := range slices.Backward(s.Months) {
		for _, u := range append(f.Unknown[:len(f.Unknown):len(f.Unknown)], unknownSegments(f, rules)...) {
			if u.Kind != kind || float64(u.Rows) <= maxRejected*float64(f.Rows) {
				continue
			}
			months = append(months, f.Month)
			sum.Rows += u.Rows
			sum.ACRUSD += u.ACRUSD
			sum.Labels = append(sum.Labels, slices.DeleteFunc(slices.Clone(u.Labels), func(l string) bool { return slices.Contains(sum.Labels, l) })...)
		}
	}
	slices.Reverse(months)
	sum.Labels = sum.Labels[:min(len(sum.Labels), ShownUnknown)]
	return sum, months
}

// unknownSegments adds up the segments of a month of which the rulebook's tracks do not know what they mean; nothing where it has one track.
func unknownSegments(f *snapshot.Facts, rules *scoring.Rulebook) []snapshot.UnknownLabels {
	if rules.Selection() == nil {
		return nil
	}
	sum, segments := snapshot.UnknownLabels{Kind: ingest.SegmentLabels}, rules.Segments()
	for _, u := range f.Segments {
		if segments.Size(u.Labels[0]) == scoring.SegmentOpen {
			sum.Rows += u.Rows
			sum.ACRUSD += u.ACRUSD
			sum.Labels = append(sum.Labels, u.Labels...)
		}
	}
	if sum.Rows == 0 {
		return nil
	}
	sum.Labels = sum.Labels[:min(len(sum.Labels), ShownUnknown)]
	return []snapshot.UnknownLabels{sum}
}

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
