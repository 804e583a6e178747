package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"partnerscore/scoring"
)

const (
	// maxLabels is how many different values a column of labels may have: one of more holds ids or names, and these are not shown.
	maxLabels = 1000
	// shownLabels is how many labels of a kind are listed.
	shownLabels = 100
)

// The kinds of labels of usage.
const (
	associationLabels = "association"
	offerLabels       = "offer"
	serviceLabels     = "service"
	segmentLabels     = "segment"
)

// readLabels lists the labels of a month of usage: associations, offers, services, and customer segments where there are any or rules ask
// for them.
func (r *run) readLabels(ctx context.Context, m scoring.Month) ([]LabelKind, error) {
	files := r.in.usage[m]
	if err := r.viewUsage(ctx, m, files); err != nil {
		return nil, r.explainEngine(ctx, err, r.sourceParts, files)
	}
	if err := r.db.Exec(ctx, "inspect/label_value"); err != nil {
		return nil, r.explainEngine(ctx, err, r.sourceParts, files)
	}
	var kinds []LabelKind
	for _, kind := range []string{associationLabels, offerLabels, serviceLabels, segmentLabels} {
		kinds = append(kinds, LabelKind{Kind: kind, Labels: []Label{}})
	}
	of := func(kind string) *LabelKind {
		return &kinds[slices.IndexFunc(kinds, func(k LabelKind) bool { return k.Kind == kind })]
	}
	err := r.db.Query(ctx, "inspect/label_kind", func(rows *sql.Rows) error {
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
	segments := r.in.rules.Segments()
	err = r.db.Query(ctx, "inspect/label", func(rows *sql.Rows) error {
		var l usageLabel
		var labels int64
		if err := rows.Scan(&l.kind, &l.spelling, &l.rows, &l.priority, &l.offerClass, &l.excludedService, &l.noService, &labels); err != nil {
			return err
		}
		k := of(l.kind)
		if l.kind == segmentLabels {
			k.Labels = append(k.Labels, l.sized(r.in.rules, segments))
		} else {
			k.Labels = append(k.Labels, l.judged(r.in.rules))
		}
		k.More = labels - int64(len(k.Labels))
		return nil
	}, int64(maxLabels), int64(shownLabels))
	if k := of(segmentLabels); r.in.rules.Selection() == nil && (len(k.Labels) == 0 || k.Labels[0].Label == "") && k.More+int64(len(k.Labels)) <= 1 {
		kinds = slices.DeleteFunc(kinds, func(k LabelKind) bool { return k.Kind == segmentLabels })
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

// judged says what the rulebook takes a label for.
func (l usageLabel) judged(rules *scoring.Rulebook) Label {
	label := Label{Label: shownLabel(l.spelling), Rows: l.rows, Known: true}
	switch {
	case l.priority.Valid:
		label.Meaning = rules.Associations[l.priority.Int64-1].Name
	case l.offerClass.Valid:
		label.Meaning = "excluded as " + strings.ReplaceAll(l.offerClass.String, "_", " ")
	case l.excludedService:
		label.Meaning = "counts, but is no deployment"
	case l.noService:
		label.Meaning = "counts, but names no service"
	case l.spelling == "" && (l.kind == associationLabels || rules.MissingOffer == scoring.RejectMissingOffer):
		label.Meaning = "missing, rejected"
	case l.kind == associationLabels && names(rules.IneligibleAssociations, l.spelling):
		label.Meaning = "not eligible"
	case l.kind == offerLabels && names(append([]string{noOffer}, rules.EligibleOffers...), l.spelling):
		label.Meaning = "counts"
	case l.kind == associationLabels:
		label.Meaning, label.Known, label.Similar = "unknown, not eligible", false, similarAssociation(l.spelling, rules)
	case l.kind == offerLabels:
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
	label := Label{Label: shownLabel(l.spelling), Rows: l.rows, Known: true}
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
	joined := func(text string) string { return strings.Join(words(strings.ReplaceAll(text, "&", " and ")), "") }
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
			if strings.Join(words(known), "") == strings.Join(words(label), "") {
				return a.Name
			}
		}
	}
	return ""
}

// similarOffer returns the class of excluded offers whose words a label contains: "Free Trial" is none, and looks like a trial.
func similarOffer(label string, rules *scoring.Rulebook) string {
	have := words(label)
	for _, o := range rules.Offers {
		for _, known := range append(o.Labels[:len(o.Labels):len(o.Labels)], o.OfferIDs...) {
			if containsAll(have, words(known)) {
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

// words are the runs of letters and digits of a text, in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// shownLabel is a label as it may be shown: an e-mail or a tenant can stand in its place.
func shownLabel(text string) string {
	if strings.Contains(text, "@") || regexp.MustCompile(`(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}`).MatchString(text) {
		return fmt.Sprintf("(no label, %d characters)", len([]rune(text)))
	}
	return text
}
