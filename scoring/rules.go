package scoring

import "time"

// Rulebook is one complete set of rules. It is made by package rulebook and read-only: the library shares it.
//
// The tags of these types are the keys of a rulebook file and the bounds of its values; README.md explains them.
type Rulebook struct {
	ID    string
	Title string
	// From is the first day on which the rulebook is in force; nil: it is used by name and never selected by date.
	From *time.Time
	// SHA256 is the hex hash of the rules: of what a score depends on, not of comments, layout, id, title and first day. Equal rules have
	// equal hashes.
	SHA256 string
	// EligibilitySHA256 is the hex hash of UsageRules, the part that decides which usage rows count and how they are deduplicated.
	EligibilitySHA256 string

	Designation
	UsageRules
	CustomerRules
	GrowthRules
	DeploymentRules
	Holdings        Holdings
	PointsPerPerson int64
	Areas           []AreaRules // all areas, in the programme's order
	Tracks          []Track     // enterprise first
}

// Designation is what the designation asks for.
type Designation struct {
	DesignationPoints   int64 `yaml:"points" range:"1..100"`               // needed in an area
	QualificationMonths int64 `yaml:"qualification_months" range:"1..120"` // how long one qualifying month entitles to enrol, itself included
}

// UsageRules decide which usage rows count.
type UsageRules struct {
	MissingOffer string        // RejectMissingOffer or EligibleMissingOffer
	Deduplicate  string        // DeduplicateConsumption or DeduplicateNone
	Associations []Association // the eligible ones, in order of priority
	Offers       []OfferClass  // the ineligible ones, by id
	// IneligibleAssociations and EligibleOffers are known labels that change nothing: those of associations that do not count and of offers
	// that do. A label in no list is reported.
	IneligibleAssociations, EligibleOffers []string
	UnknownService                         string // what a blank service level 2 is called
}

// Association is an eligible tie between a partner and a subscription.
type Association struct {
	ID     string   `yaml:"-" form:"short"`
	Name   string   `yaml:"name"`
	Labels []string `yaml:"labels"` // every spelling in exports
}

// OfferClass is a kind of offer whose consumption does not count.
type OfferClass struct {
	ID       string   `yaml:"-" form:"short"`
	Labels   []string `yaml:"labels" empty:"allowed"` // spellings of the offer type
	OfferIDs []string `yaml:"offer_ids" empty:"allowed"`
}

// CustomerRules are the rules of net customer adds.
type CustomerRules struct {
	PointsPerCustomer  int64 `yaml:"points_per_customer" range:"1..100"`
	MaxNetCustomerAdds int64 `yaml:"max" range:"1..100"`
}

// GrowthRules are the rules of usage growth.
type GrowthRules struct {
	PointsPerPercent int64  `yaml:"points_per_percent" range:"1..100"`
	MaxUsageGrowth   int64  `yaml:"max" range:"1..100"`
	ACRGateUSD       USD    `yaml:"acr_gate_usd" least:"0"` // consumption of twelve months needed for the metric
	GrowthRounding   string `yaml:"growth_rounding" oneof:"floor or one_decimal or exact"`
}

// DeploymentRules are the rules of deployments.
type DeploymentRules struct {
	PointsPerService int64    `yaml:"points_per_service" range:"1..100"`
	MaxDeployments   int64    `yaml:"max" range:"1..100"`
	ExcludedServices []string `yaml:"excluded_services" empty:"allowed"` // services that are not deployments, in every spelling
}

// Holdings says which rows of a certifications export are holdings of a certification.
type Holdings struct {
	Types         []string `yaml:"types"`                          // training types that are certifications
	Active        []string `yaml:"active" empty:"allowed"`         // activation statuses that count; blank counts as well
	TitlePrefixes []string `yaml:"title_prefixes" empty:"allowed"` // what may stand before a title, see Labels
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
	ID      string     `yaml:"-" form:"certification"`
	Title   string     `yaml:"title"`
	Codes   []string   `yaml:"codes,omitempty"`
	Aliases []string   `yaml:"aliases,omitempty" empty:"allowed"` // further spellings of the title
	Until   *time.Time `yaml:"until,omitempty" none:"allowed"`    // the last day on which a list contains it; nil: no end
}

// Track holds the rules that depend on the size of a partner's customers.
type Track struct {
	ID        string
	Selection *Selection // nil: the track takes every other partner
	TrackRules
}

// TrackRules are what every track sets.
type TrackRules struct {
	EligibleCustomerUSD USD   `yaml:"eligible_customer_usd" least:"0.000001"` // consumption of one month that makes a customer eligible, inclusive
	GatePeople          int64 `yaml:"gate_people" range:"1..1000"`
	GatePoints          int64 `yaml:"gate_points" range:"0..100"` // what a gate that is met earns by itself
}

// Selection says when a partner is on a track.
type Selection struct {
	SMBSharePercent int64  `yaml:"smb_share_percent" range:"1..100"`
	Share           string `yaml:"smb_share" oneof:"above or at_least"`
	Customers       string `yaml:"customers" oneof:"ttm or month"`                              // whose share: CustomersTTM or CustomersMonth
	ACRTTMBelowUSD  *USD   `yaml:"acr_ttm_below_usd,omitempty" least:"0.000001" none:"allowed"` // consumption of twelve months stays below; nil: no ceiling
	// Segments are the customer segments that mean SMB, SegmentWords words that make any segment with one of them mean it, OtherSegments those
	// of larger customers. Every other segment leaves the size of a customer open.
	Segments      []string `yaml:"segments"`
	SegmentWords  []string `yaml:"segment_words,omitempty" empty:"allowed"`
	OtherSegments []string `yaml:"other_segments,omitempty" empty:"allowed"`
}
