package pipeline

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// shownUnknown is how many unknown labels of a kind a warning names.
const shownUnknown = 5

// keptSegments is how many segments of a month are kept: there are a dozen, unless another column stands in their place.
const keptSegments = 100

// addKnownLabels lists the labels of associations and offers that the rulebook names, whether or not they count.
func addKnownLabels(rules *scoring.Rulebook, add add) error {
	of := func(kind string, labels []string) error {
		return each(labels, func(label string) error { return add(kind, label) })
	}
	for _, a := range rules.Associations {
		if err := of(associationLabels, a.Labels); err != nil {
			return err
		}
	}
	for _, o := range rules.Offers {
		if err := of(offerLabels, o.Labels); err != nil {
			return err
		}
	}
	if err := of(associationLabels, rules.IneligibleAssociations); err != nil {
		return err
	}
	return of(offerLabels, append([]string{noOffer}, rules.EligibleOffers...))
}

// readUnknownLabels notes the labels of a month's usage, which is visible, that the rulebook does not know.
func (r *run) readUnknownLabels(ctx context.Context, f *snapshot.Facts) error {
	return r.db.Query(ctx, "facts/unknown_label", func(rows *sql.Rows) error {
		var u snapshot.UnknownLabels
		var label string
		var amount duckdb.Decimal
		if err := rows.Scan(&u.Kind, &label, &u.Rows, &amount); err != nil {
			return err
		}
		if u.Kind == segmentLabels {
			u.ACRUSD, u.Labels = scoring.USD(micros(amount)), []string{shownLabel(label)}
			f.Segments = append(f.Segments, u)
			return nil
		}
		if n := len(f.Unknown); n == 0 || f.Unknown[n-1].Kind != u.Kind {
			u.ACRUSD = scoring.USD(micros(amount))
			f.Unknown = append(f.Unknown, u)
		}
		last := &f.Unknown[len(f.Unknown)-1]
		last.Labels = append(last.Labels, shownLabel(label))
		return nil
	}, int32(shownUnknown), int32(keptSegments))
}

// warnOfUnknownLabels tells of labels that the rulebook does not know where more rows of a month carry them than may be bad data: an export in
// another language leaves everything out, or counts trials, without a word.
func (r *run) warnOfUnknownLabels() {
	for _, kind := range []string{associationLabels, offerLabels, segmentLabels} {
		sum, months := r.unknownLabels(kind)
		if len(months) == 0 {
			continue
		}
		attributes := []any{"rows", sum.Rows, "acr_usd", sum.ACRUSD.String(), "months", scoring.MonthRanges(months), "labels", strings.Join(sum.Labels, ", ")}
		switch kind {
		case associationLabels:
			r.log.Warn("usage has associations that the rulebook does not know; it is left out", attributes...)
		case offerLabels:
			r.log.Warn("usage has offers that the rulebook does not know; it counts", attributes...)
		default:
			r.log.Warn("usage has customer segments that the rulebook does not know; whether these customers are SMB is open", attributes...)
		}
	}
}

// unknownLabels adds up the unknown labels of a kind over the months in which too many rows carry them, and names those of the latest month first.
func (r *run) unknownLabels(kind string) (sum snapshot.UnknownLabels, months []scoring.Month) {
	for _, f := range slices.Backward(r.facts) {
		for _, u := range append(f.Unknown[:len(f.Unknown):len(f.Unknown)], r.unknownSegments(f)...) {
			if u.Kind != kind || float64(u.Rows) <= r.opt.MaxRejected*float64(f.Rows) {
				continue
			}
			months = append(months, f.Month)
			sum.Rows += u.Rows
			sum.ACRUSD += u.ACRUSD
			sum.Labels = append(sum.Labels, slices.DeleteFunc(slices.Clone(u.Labels), func(l string) bool { return slices.Contains(sum.Labels, l) })...)
		}
	}
	slices.Reverse(months)
	sum.Labels = sum.Labels[:min(len(sum.Labels), shownUnknown)]
	return sum, months
}

// unknownSegments adds up the segments of a month of which the rulebook's tracks do not know what they mean; nothing where it has one track.
func (r *run) unknownSegments(f *snapshot.Facts) []snapshot.UnknownLabels {
	if r.in.rules.Selection() == nil {
		return nil
	}
	sum, segments := snapshot.UnknownLabels{Kind: segmentLabels}, r.in.rules.Segments()
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
	sum.Labels = sum.Labels[:min(len(sum.Labels), shownUnknown)]
	return []snapshot.UnknownLabels{sum}
}
