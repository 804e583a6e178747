package scoring

// Area is an Azure solution area, by its id in the published tables.
type Area string

// The solution areas.
const (
	DataAI               Area = "data_ai"
	Infrastructure       Area = "infrastructure"
	DigitalAppInnovation Area = "digital_app_innovation"
)

// Areas returns the solution areas in the programme's order.
func Areas() []Area { return []Area{DataAI, Infrastructure, DigitalAppInnovation} }

// Metric is one of the five metrics of a score, by its id in the published tables.
type Metric string

// The metrics.
const (
	NetCustomerAdds            Metric = "net_customer_adds"
	IntermediateCertifications Metric = "intermediate_certifications"
	AdvancedCertifications     Metric = "advanced_certifications"
	UsageGrowth                Metric = "usage_growth"
	Deployments                Metric = "deployments"
)

// Metrics returns the metrics in the programme's order.
func Metrics() []Metric {
	return []Metric{NetCustomerAdds, IntermediateCertifications, AdvancedCertifications, UsageGrowth, Deployments}
}

// Status says how the points of a metric came about.
type Status string

// The statuses, as published.
const (
	Scored          Status = "scored"
	NotApplicable   Status = "not_applicable"   // the area is not measured on the metric
	GateUnmet       Status = "gate_unmet"       // a skilling gate lacks people
	NoBaseline      Status = "no_baseline"      // no consumption a year before
	InvalidBaseline Status = "invalid_baseline" // a net credit a year before
	BelowACRGate    Status = "below_acr_gate"   // too little consumption in twelve months
	NoData          Status = "no_data"          // an input was absent, and that was allowed
)

// The tracks. A partner is on the SMB track when most of its customers are small and medium businesses.
const (
	Enterprise = "enterprise"
	SMB        = "smb"
)

// The values of the settings that a rulebook decides.
const (
	RejectMissingOffer   = "reject"
	EligibleMissingOffer = "eligible"

	DeduplicateConsumption = "consumption"
	DeduplicateNone        = "none" // every attribution counts

	RoundFloor      = "floor"       // whole percents
	RoundOneDecimal = "one_decimal" // down to a tenth of a percent
	RoundExact      = "exact"
	// RoundNearest and RoundUp are readings of what Partner Center shows; no rulebook file may ask for them.
	RoundNearest = "nearest" // whole percents, half a percent upwards
	RoundUp      = "up"      // whole percents, begun ones too

	CustomersTTM   = "ttm"   // the customers of the trailing twelve months
	CustomersMonth = "month" // the customers of the score month

	ShareAbove   = "above"
	ShareAtLeast = "at_least"
)
