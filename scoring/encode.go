package scoring

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// YAML returns the complete rules as a rulebook file that extends nothing. Reading it gives an equal rulebook.
func (r *Rulebook) YAML() ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(r.tree()); err != nil {
		return nil, fmt.Errorf("write rulebook %s: %w", r.ID, err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write rulebook %s: %w", r.ID, err)
	}
	return out.Bytes(), nil
}

// tree returns the complete rules in the shape that decoded reads.
func (r *Rulebook) tree() *yaml.Node {
	return mapping(
		"id", r.ID,
		"title", r.Title,
		"from", r.From,
		"designation", mapping("points", r.DesignationPoints, "qualification_months", r.QualificationMonths),
		"usage", r.usageTree(),
		"net_customer_adds", mapping("points_per_customer", r.PointsPerCustomer, "max", r.MaxNetCustomerAdds),
		"usage_growth", mapping("points_per_percent", r.PointsPerPercent, "max", r.MaxUsageGrowth,
			"acr_gate_usd", r.ACRGateUSD, "growth_rounding", r.GrowthRounding),
		"deployments", mapping("points_per_service", r.PointsPerService, "max", r.MaxDeployments,
			"excluded_services", r.ExcludedServices),
		"holdings", mapping("types", r.Holdings.Types, "active", r.Holdings.Active,
			"title_prefixes", r.Holdings.TitlePrefixes),
		"skilling", mapping("points_per_person", r.PointsPerPerson),
		"certifications", r.certificationsTree(),
		"areas", r.areasTree(),
		"tracks", r.tracksTree(),
	)
}

func (r *Rulebook) usageTree() *yaml.Node {
	var priority []string
	associations, offers := mapping(), mapping()
	for _, a := range r.Associations {
		priority = append(priority, a.ID)
		put(associations, a.ID, mapping("name", a.Name, "labels", a.Labels))
	}
	for _, o := range r.Offers {
		put(offers, o.ID, mapping("labels", o.Labels, "offer_ids", o.OfferIDs))
	}
	usage := mapping(
		"missing_offer", r.MissingOffer,
		"deduplicate", r.Deduplicate,
		"association_priority", priority,
		"associations", associations,
		"ineligible_offers", offers,
		"unknown_service", r.UnknownService,
	)
	if r.IneligibleAssociations != nil {
		put(usage, "ineligible_associations", r.IneligibleAssociations)
	}
	if r.EligibleOffers != nil {
		put(usage, "eligible_offers", r.EligibleOffers)
	}
	return usage
}

// certificationsTree returns the certifications that are on a list, in the order of the lists.
func (r *Rulebook) certificationsTree() *yaml.Node {
	all := mapping()
	for _, area := range r.Areas {
		for _, s := range []*Skilling{area.Intermediate, area.Advanced} {
			if s == nil {
				continue
			}
			for _, list := range [][]Certification{s.Gates, s.Electives} {
				for _, c := range list {
					if keyIndex(all, c.ID) < 0 {
						put(all, c.ID, c.tree())
					}
				}
			}
		}
	}
	return all
}

func (c Certification) tree() *yaml.Node {
	out := mapping("title", c.Title)
	if !slices.Equal(c.Codes, []string{c.ID}) {
		put(out, "codes", c.Codes)
	}
	if c.Aliases != nil {
		put(out, "aliases", c.Aliases)
	}
	put(out, "until", c.Until)
	return out
}

func (r *Rulebook) areasTree() *yaml.Node {
	all := mapping()
	for _, area := range r.Areas {
		put(all, string(area.Area), mapping(
			"name", area.Name,
			string(IntermediateCertifications), area.Intermediate.tree(),
			string(AdvancedCertifications), area.Advanced.tree(),
		))
	}
	return all
}

// tree returns nil for a metric that does not apply.
func (s *Skilling) tree() *yaml.Node {
	if s == nil {
		return nil
	}
	return mapping("max", s.Max, "gates", keys(s.Gates), "electives", keys(s.Electives))
}

func keys(list []Certification) []string {
	var all []string
	for _, c := range list {
		all = append(all, c.ID)
	}
	return all
}

func (r *Rulebook) tracksTree() *yaml.Node {
	all := mapping()
	for _, track := range r.Tracks {
		t := mapping()
		if s := track.Selection; s != nil {
			put(t, "when", mapping("smb_share_percent", s.SMBSharePercent, "smb_share", s.Share,
				"customers", s.Customers, "acr_ttm_below_usd", s.ACRTTMBelowUSD, "segments", s.Segments,
				"segment_words", s.SegmentWords, "other_segments", s.OtherSegments))
		}
		put(t, "eligible_customer_usd", track.EligibleCustomerUSD)
		put(t, "gate_people", track.GatePeople)
		put(t, "gate_points", track.GatePoints)
		put(all, track.ID, t)
	}
	return all
}

// mapping returns a mapping of alternating keys and values; values that are nil pointers are left out.
func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		put(m, fmt.Sprint(pairs[i]), pairs[i+1])
	}
	return m
}

// put appends a key and its value to a mapping, unless the value is a nil pointer.
func put(m *yaml.Node, key string, v any) {
	if n := node(v); n != nil {
		m.Content = append(m.Content, scalarNode("!!str", key), n)
	}
}

// node returns a value of one of the types that rulebooks hold.
func node(v any) *yaml.Node {
	switch v := v.(type) {
	case *yaml.Node:
		return v
	case string:
		return scalarNode("!!str", v)
	case int64:
		return scalarNode("!!int", strconv.FormatInt(v, 10))
	case USD:
		return amountNode(v)
	case *USD:
		if v == nil {
			return nil
		}
		return amountNode(*v)
	case *time.Time:
		if v == nil {
			return nil
		}
		return scalarNode("!!timestamp", v.Format(dateLayout))
	case []string:
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		if !slices.ContainsFunc(v, func(s string) bool { return strings.Contains(s, " ") }) {
			list.Style = yaml.FlowStyle // ids and codes fit on one line
		}
		for _, s := range v {
			list.Content = append(list.Content, scalarNode("!!str", s))
		}
		return list
	default:
		panic(fmt.Sprintf("rulebooks hold no %T", v)) // a fault of this file, met by its first test
	}
}

// amountNode returns an amount without a tag: whether it reads as an integer depends on its decimals.
func amountNode(amount USD) *yaml.Node { return scalarNode("", amount.plain()) }

func scalarNode(tag, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}
