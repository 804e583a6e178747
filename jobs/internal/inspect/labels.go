package inspect

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/scoring"
)

// ShownLabels is how many labels of a kind are listed.
const ShownLabels = 100

// readLabels lists the labels of a month of usage: associations, offers, services, and customer segments where there are any or rules ask
// for them.
func readLabels(ctx context.Context, engine *duckdb.Engine, m scoring.Month, files []exports.File) ([]LabelKind, error) {
	if err := engine.View(ctx, m, files); err != nil {
		return nil, engine.ExplainUsage(ctx, err, files)
	}
	if err := engine.DB.Exec(ctx, "inspect/label_value"); err != nil {
		return nil, engine.ExplainUsage(ctx, err, files)
	}
	var kinds []LabelKind
	for _, kind := range []string{ingest.AssociationLabels, ingest.OfferLabels, ingest.ServiceLabels, ingest.SegmentLabels} {
		kinds = append(kinds, LabelKind{Kind: kind, Labels: []Label{}})
	}
	of := func(kind string) *LabelKind {
		return &kinds[slices.IndexFunc(kinds, func(k LabelKind) bool { return k.Kind == kind })]
	}
	err := engine.DB.Query(ctx, "inspect/label_kind", func(rows *sql.Rows) error {
		var kind string
		var values int64
		if err := rows.Scan(&kind, &values); err != nil {
			return err
		}
		of(kind).More = values
		return nil
	})
	if err != nil {
		return nil, err
	}
	segments := engine.Rules.Segments()
	err = engine.DB.Query(ctx, "inspect/label", func(rows *sql.Rows) error {
		var l usageLabel
		var labels int64
		if err := rows.Scan(&l.kind, &l.spelling, &l.rows, &l.priority, &l.offerClass, &l.excludedService, &l.noService, &labels); err != nil {
			return err
		}
		k := of(l.kind)
		if l.kind == ingest.SegmentLabels {
			k.Labels = append(k.Labels, l.sized(engine.Rules, segments))
		} else {
			k.Labels = append(k.Labels, l.described(engine.Rules))
		}
		k.More = labels - int64(len(k.Labels))
		return nil
	}, int64(ingest.MaxLabels), int64(ShownLabels))
	if k := of(ingest.SegmentLabels); engine.Rules.Selection() == nil && (len(k.Labels) == 0 || k.Labels[0].Label == "") && k.More+int64(len(k.Labels)) <= 1 {
		kinds = slices.DeleteFunc(kinds, func(k LabelKind) bool { return k.Kind == ingest.SegmentLabels })
	}
	return kinds, err
}

// usageLabel is a label of usage as the rules' tables know it.
type usageLabel struct {
	kind, spelling             string
	rows                       int64
	priority                   sql.NullInt64
	offerClass                 sql.NullString
	excludedService, noService bool
}

// described says what the rulebook takes a label for.
func (l usageLabel) described(rules *scoring.Rulebook) Label {
	label := Label{Label: ingest.ShownLabel(l.spelling), Rows: l.rows, Known: true}
	switch {
	case l.priority.Valid:
		label.Meaning = rules.Associations[l.priority.Int64-1].Name
	case l.offerClass.Valid:
		label.Meaning = "excluded as " + strings.ReplaceAll(l.offerClass.String, "_", " ")
	case l.excludedService:
		label.Meaning = "counts, but is no deployment"
	case l.noService:
		label.Meaning = "counts, but names no service"
	case l.spelling == "" && (l.kind == ingest.AssociationLabels || rules.MissingOffer == scoring.RejectMissingOffer):
		label.Meaning = "missing, rejected"
	case l.kind == ingest.AssociationLabels && names(rules.IneligibleAssociations, l.spelling):
		label.Meaning = "not eligible"
	case l.kind == ingest.OfferLabels && names(append([]string{ingest.NoOffer}, rules.EligibleOffers...), l.spelling):
		label.Meaning = "counts"
	case l.kind == ingest.AssociationLabels:
		label.Meaning, label.Known, label.Similar = "unknown, not eligible", false, similarAssociation(l.spelling, rules)
	case l.kind == ingest.OfferLabels:
		label.Meaning, label.Known, label.Similar = "unknown, counts", false, similarOffer(l.spelling, rules)
	default:
		label.Meaning, label.Known = "counts", false
	}
	return label
}

// names reports whether one of the labels is the given one, whose white space is squeezed.
func names(labels []string, spelling string) bool {
	return slices.ContainsFunc(labels, func(label string) bool { return strings.EqualFold(label, spelling) })
}

// sized says what size of customers the rulebook reads in a segment.
func (l usageLabel) sized(rules *scoring.Rulebook, segments scoring.Segments) Label {
	label := Label{Label: ingest.ShownLabel(l.spelling), Rows: l.rows, Known: true}
	switch size := segments.Size(l.spelling); {
	case rules.Selection() == nil:
		label.Meaning = "not used, the rulebook has one track"
	case size == scoring.SegmentSMB:
		label.Meaning = "SMB"
	case size == scoring.SegmentOther:
		label.Meaning = "not SMB"
	case l.spelling == "":
		label.Meaning = "missing, the size of its customers is unknown"
	default:
		label.Meaning, label.Known = "the size of its customers is unknown", false
		label.Similar = similarSegment(l.spelling, rules.Selection())
	}
	return label
}

// similarSegment returns the segment that a label would be, were it not for punctuation.
func similarSegment(label string, s *scoring.Selection) string {
	joined := func(text string) string {
		return strings.Join(ingest.Words(strings.ReplaceAll(text, "&", " and ")), "")
	}
	for _, known := range slices.Concat(s.Segments, s.OtherSegments) {
		if joined(known) == joined(label) {
			return known
		}
	}
	return ""
}

// similarAssociation returns the eligible association that a label would be, were it not for punctuation.
func similarAssociation(label string, rules *scoring.Rulebook) string {
	for _, a := range rules.Associations {
		for _, known := range a.Labels {
			if strings.Join(ingest.Words(known), "") == strings.Join(ingest.Words(label), "") {
				return a.Name
			}
		}
	}
	return ""
}

// similarOffer returns the class of excluded offers whose words a label contains: "Free Trial" is not one of its labels, but looks like a trial.
func similarOffer(label string, rules *scoring.Rulebook) string {
	have := ingest.Words(label)
	for _, o := range rules.Offers {
		for _, known := range append(o.Labels[:len(o.Labels):len(o.Labels)], o.OfferIDs...) {
			if containsAll(have, ingest.Words(known)) {
				return strings.ReplaceAll(o.ID, "_", " ")
			}
		}
	}
	return ""
}

func containsAll(have, want []string) bool {
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return len(want) > 0
}
