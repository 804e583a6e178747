package rulebook

import (
	"slices"
	"strings"
	"time"

	"partnerscore/scoring"
)

// file is what a rulebook file says, complete with what it inherits. Its tags are explained at decoder.
type file struct {
	ID              string                  `yaml:"id" form:"rulebook" inherit:"never"`
	Title           string                  `yaml:"title" inherit:"never"`
	Extends         string                  `yaml:"extends,omitempty" inherit:"never"`
	From            *time.Time              `yaml:"from,omitempty" inherit:"never"`
	Designation     scoring.Designation     `yaml:"designation"`
	Usage           usage                   `yaml:"usage"`
	NetCustomerAdds scoring.CustomerRules   `yaml:"net_customer_adds"`
	UsageGrowth     scoring.GrowthRules     `yaml:"usage_growth"`
	Deployments     scoring.DeploymentRules `yaml:"deployments"`
	Holdings        scoring.Holdings        `yaml:"holdings"`
	Skilling        people                  `yaml:"skilling"`
	Certifications  []scoring.Certification `yaml:"certifications"`
	Areas           areas                   `yaml:"areas"`
	Tracks          tracks                  `yaml:"tracks"`
}

// usage is scoring.UsageRules with the priority of associations as a list of its own.
type usage struct {
	MissingOffer           string                `yaml:"missing_offer" oneof:"reject or eligible"`
	Deduplicate            string                `yaml:"deduplicate" oneof:"consumption or none"`
	Priority               []string              `yaml:"association_priority"`
	Associations           []scoring.Association `yaml:"associations"`
	Offers                 []scoring.OfferClass  `yaml:"ineligible_offers"`
	UnknownService         string                `yaml:"unknown_service"`
	IneligibleAssociations []string              `yaml:"ineligible_associations,omitempty" empty:"allowed"`
	EligibleOffers         []string              `yaml:"eligible_offers,omitempty" empty:"allowed"`
}

type people struct {
	PointsPerPerson int64 `yaml:"points_per_person" range:"1..100"`
}

type areas struct {
	DataAI               area `yaml:"data_ai"`
	Infrastructure       area `yaml:"infrastructure"`
	DigitalAppInnovation area `yaml:"digital_app_innovation"`
}

// of returns an area by its id.
func (a *areas) of(id scoring.Area) *area {
	switch id {
	case scoring.DataAI:
		return &a.DataAI
	case scoring.Infrastructure:
		return &a.Infrastructure
	default:
		return &a.DigitalAppInnovation
	}
}

type area struct {
	Name         string    `yaml:"name"`
	Intermediate *skilling `yaml:"intermediate_certifications"`
	Advanced     *skilling `yaml:"advanced_certifications,omitempty"`
}

// skilling is scoring.Skilling with the ids of certifications.
type skilling struct {
	Max       int64    `yaml:"max" range:"1..100"`
	Gates     []string `yaml:"gates" empty:"allowed"`
	Electives []string `yaml:"electives"`
}

type tracks struct {
	Enterprise scoring.TrackRules `yaml:"enterprise"`
	SMB        *smbTrack          `yaml:"smb,omitempty"`
}

type smbTrack struct {
	When               *scoring.Selection `yaml:"when"`
	scoring.TrackRules `yaml:",inline"`
}

// rulebook returns the rules of a file without problems.
func (f *file) rulebook() *scoring.Rulebook {
	r := &scoring.Rulebook{
		ID: f.ID, Title: f.Title, From: f.From,
		Designation: f.Designation, UsageRules: f.Usage.rules(),
		CustomerRules: f.NetCustomerAdds, GrowthRules: f.UsageGrowth, DeploymentRules: f.Deployments,
		Holdings: f.Holdings, PointsPerPerson: f.Skilling.PointsPerPerson,
		Tracks: []scoring.Track{{ID: scoring.Enterprise, TrackRules: f.Tracks.Enterprise}},
	}
	known := map[string]scoring.Certification{}
	for _, c := range f.Certifications {
		c.Codes = codesOf(c)
		known[c.ID] = c
	}
	for _, id := range scoring.Areas() {
		a := f.Areas.of(id)
		r.Areas = append(r.Areas, scoring.AreaRules{Area: id, Name: a.Name, Intermediate: a.Intermediate.rules(known), Advanced: a.Advanced.rules(known)})
	}
	if smb := f.Tracks.SMB; smb != nil {
		r.Tracks = append(r.Tracks, scoring.Track{ID: scoring.SMB, Selection: smb.When, TrackRules: smb.TrackRules})
	}
	setHashes(r)
	return r
}

// rules returns the associations in the order of their priority and the offers in that of their ids.
func (u usage) rules() scoring.UsageRules {
	rules := scoring.UsageRules{
		MissingOffer: u.MissingOffer, Deduplicate: u.Deduplicate, UnknownService: u.UnknownService,
		Associations: slices.Clone(u.Associations), Offers: slices.Clone(u.Offers),
		IneligibleAssociations: u.IneligibleAssociations, EligibleOffers: u.EligibleOffers,
	}
	slices.SortFunc(rules.Associations, func(a, b scoring.Association) int {
		return slices.Index(u.Priority, a.ID) - slices.Index(u.Priority, b.ID)
	})
	slices.SortFunc(rules.Offers, func(a, b scoring.OfferClass) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// rules returns the metric with its certifications, nil for one that does not apply.
func (s *skilling) rules(known map[string]scoring.Certification) *scoring.Skilling {
	if s == nil {
		return nil
	}
	rules := &scoring.Skilling{Max: s.Max}
	for _, id := range s.Gates {
		rules.Gates = append(rules.Gates, known[id])
	}
	for _, id := range s.Electives {
		rules.Electives = append(rules.Electives, known[id])
	}
	return rules
}

// codesOf returns the codes of a certification: its id where the file gives none.
func codesOf(c scoring.Certification) []string {
	if c.Codes == nil {
		return []string{c.ID}
	}
	return c.Codes
}

// fileOf returns complete rules as a file that extends nothing. Certifications that no list names are left out.
func fileOf(r *scoring.Rulebook) *file {
	f := &file{
		ID: r.ID, Title: r.Title, From: r.From,
		Designation: r.Designation, NetCustomerAdds: r.CustomerRules, UsageGrowth: r.GrowthRules, Deployments: r.DeploymentRules,
		Holdings: r.Holdings, Skilling: people{r.PointsPerPerson},
		Usage: usage{
			MissingOffer: r.MissingOffer, Deduplicate: r.Deduplicate, UnknownService: r.UnknownService,
			Associations: r.Associations, Offers: r.Offers,
			IneligibleAssociations: r.IneligibleAssociations, EligibleOffers: r.EligibleOffers,
		},
	}
	for _, a := range r.Associations {
		f.Usage.Priority = append(f.Usage.Priority, a.ID)
	}
	for _, c := range r.Certifications() {
		if slices.Equal(c.Codes, []string{c.ID}) {
			c.Codes = nil
		}
		f.Certifications = append(f.Certifications, c)
	}
	for _, rules := range r.Areas {
		*f.Areas.of(rules.Area) = area{Name: rules.Name, Intermediate: skillingOf(rules.Intermediate), Advanced: skillingOf(rules.Advanced)}
	}
	for _, t := range r.Tracks {
		if t.ID == scoring.SMB {
			f.Tracks.SMB = &smbTrack{When: t.Selection, TrackRules: t.TrackRules}
			continue
		}
		f.Tracks.Enterprise = t.TrackRules
	}
	return f
}

func skillingOf(s *scoring.Skilling) *skilling {
	if s == nil {
		return nil
	}
	return &skilling{Max: s.Max, Gates: ids(s.Gates), Electives: ids(s.Electives)}
}

func ids(list []scoring.Certification) []string {
	var all []string
	for _, c := range list {
		all = append(all, c.ID)
	}
	return all
}
