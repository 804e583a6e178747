package scoring

import (
	"math/big"
	"time"
)

// Rulebook is one complete set of rules. It is read-only: what Library hands out is shared.
type Rulebook struct {
	ID    string
	Title string
	// From is the first day on which the rulebook is in force; nil: it is offered by name, never selected by date.
	From *time.Time

	DesignationPoints   int64 // needed in an area
	QualificationMonths int64 // how long one qualifying month entitles to enrol, itself included

	MissingOffer string        // RejectMissingOffer or EligibleMissingOffer
	Deduplicate  string        // DeduplicateConsumption
	Associations []Association // the eligible ones, in order of priority
	Offers       []OfferClass  // the ineligible ones
	// IneligibleAssociations and EligibleOffers are labels that are known and decide nothing: those of associations that do not count and of
	// offers that do. A label that is in no list is one to be told of.
	IneligibleAssociations, EligibleOffers []string
	UnknownService                         string // the service level 2 that stands for none

	PointsPerCustomer  int64
	MaxNetCustomerAdds int64

	PointsPerPercent int64
	MaxUsageGrowth   int64
	ACRGateUSD       USD    // consumption of twelve months needed for usage growth
	GrowthRounding   string // RoundFloor, RoundOneDecimal or RoundExact

	PointsPerService int64
	MaxDeployments   int64
	ExcludedServices []string // services that are no deployment, in all spellings

	Holdings        Holdings
	PointsPerPerson int64
	Areas           []AreaRules // all areas, in the programme's order
	Tracks          []Track     // enterprise first
}

// Association is an eligible way in which a partner is tied to a subscription.
type Association struct {
	ID     string
	Name   string
	Labels []string // every spelling that means it
}

// OfferClass is a kind of offer whose consumption does not count.
type OfferClass struct {
	ID       string
	Labels   []string // spellings of the offer type
	OfferIDs []string
}

// Holdings says which rows of a certifications export are holdings of a certification.
type Holdings struct {
	Types         []string // training types that are certifications
	Active        []string // activation statuses that count, besides none
	TitlePrefixes []string // what may stand before a title, see Labels
}

// AreaRules are the skilling rules of a solution area.
type AreaRules struct {
	Area         Area
	Name         string
	Intermediate *Skilling // nil: not applicable
	Advanced     *Skilling // nil: not applicable
}

// Skilling is a certifications metric: gates, then electives.
type Skilling struct {
	Max       int64
	Gates     []Certification
	Electives []Certification
}

// Certification is a certification on a list.
type Certification struct {
	ID      string
	Title   string
	Codes   []string
	Aliases []string   // further spellings of the title
	Until   *time.Time // the last day on which a list contains it; nil: no end
}

// Labels returns all that names the certification, each as a whole text: title, aliases, codes.
func (c Certification) Labels() []string {
	labels := append([]string{c.Title}, c.Aliases...)
	return append(labels, c.Codes...)
}

// Track holds the rules that depend on the size of a partner's customers.
type Track struct {
	ID                  string
	EligibleCustomerUSD USD // consumption of one month that makes a customer eligible, inclusive
	ACRGateUSD          USD // as in the rulebook; the same on every track
	GatePeople          int64
	GatePoints          int64 // what a gate that is met earns by itself
	Selection           *Selection
}

// Selection says when a partner is on a track; a track without one takes the others.
type Selection struct {
	SMBSharePercent int64
	Share           string // ShareAbove or ShareAtLeast
	Customers       string // CustomersTTM or CustomersMonth: whose share
	ACRTTMBelowUSD  *USD   // consumption of twelve months stays below; nil: no ceiling
	// Segments are the customer segments that mean SMB, SegmentWords words that make any segment with one of them mean it,
	// OtherSegments those that mean a larger customer. Every other segment leaves the size of a customer open.
	Segments, SegmentWords, OtherSegments []string
}

// PartnerSize is what decides the track of a partner. The window of the two counts is the rulebook's, see
// Rulebook.CustomersWindow.
type PartnerSize struct {
	ACRTTM       USD
	Customers    int64
	SMBCustomers int64
}

// matches reports whether a partner of this size is selected. Without customers there is no share.
func (s Selection) matches(p PartnerSize) bool {
	if p.Customers <= 0 || s.aboveCeiling(p) {
		return false
	}
	have := new(big.Int).Mul(big.NewInt(p.SMBCustomers), big.NewInt(100))
	need := new(big.Int).Mul(big.NewInt(p.Customers), big.NewInt(s.SMBSharePercent))
	if s.Share == ShareAtLeast {
		return have.Cmp(need) >= 0
	}
	return have.Cmp(need) > 0
}

// Track returns the track of a partner.
func (r *Rulebook) Track(p PartnerSize) Track {
	for _, track := range r.Tracks {
		if track.Selection != nil && track.Selection.matches(p) {
			return track
		}
	}
	return r.Tracks[0]
}

// CustomersWindow returns which customers PartnerSize counts: CustomersTTM or CustomersMonth. A rulebook with one track
// says CustomersTTM, and it does not matter.
func (r *Rulebook) CustomersWindow() string {
	if s := r.Selection(); s != nil {
		return s.Customers
	}
	return CustomersTTM
}

// AreaName returns the name of an area for people.
func (r *Rulebook) AreaName(a Area) string {
	for _, rules := range r.Areas {
		if rules.Area == a {
			return rules.Name
		}
	}
	return string(a)
}

// track returns the track of an id.
func (r *Rulebook) track(id string) (Track, bool) {
	for _, track := range r.Tracks {
		if track.ID == id {
			return track, true
		}
	}
	return Track{}, false
}
