package published

import (
	"fmt"
	"slices"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Rows are all rows of a partner in a month.
type Rows struct {
	Scores     []ScoreRow
	Metrics    []MetricRow
	Customers  []Customer
	Services   []Service
	Holdings   []Holding
	Exclusions []Exclusion // of all partners
}

// ScoreRow is a row of the published scores, with the name of the partner.
type ScoreRow struct {
	MonthScore
	Name string
}

// MetricRow is a row of the published metrics.
type MetricRow struct {
	MetricScore
	Month scoring.Month
	Area  scoring.Area
}

// Score is the published or computed score of an area. Points are rounded as in the tables.
type Score struct {
	Area                scoring.Area
	Total               scoring.Hundredths
	Qualifies           bool
	PointsToDesignation scoring.Hundredths
	Blocking            []scoring.Metric
	RoundingSensitive   bool
	Metrics             []MetricScore // all five, in the programme's order
}

// MetricScore is one metric of a score.
type MetricScore struct {
	Metric scoring.Metric `json:"metric"`
	MetricValue
}

// MetricValue is the value of a metric. A null of the tables is nil.
type MetricValue struct {
	Applicable bool                `json:"applicable"`
	Current    *scoring.Fixed6     `json:"current_value"` // eligible customers, ACR
	Baseline   *scoring.Fixed6     `json:"baseline_value"`
	Measure    *scoring.Fixed6     `json:"measure"` // net adds, people, growth in percent, services
	Points     *scoring.Hundredths `json:"points"`
	Max        *scoring.Hundredths `json:"max_points"`
	Status     scoring.Status      `json:"status"`
	Reason     string              `json:"reason"`
}

// Metric returns a metric of a score, or nil.
func (s *Score) Metric(m scoring.Metric) *MetricScore {
	for i := range s.Metrics {
		if s.Metrics[i].Metric == m {
			return &s.Metrics[i]
		}
	}
	return nil
}

// Max returns the most points of the metrics that apply.
func (s *Score) Max() (sum scoring.Hundredths) {
	for _, m := range s.Metrics {
		if m.Max != nil {
			sum += *m.Max
		}
	}
	return sum
}

// sortMetrics puts the metrics in the programme's order.
func (s *Score) sortMetrics() {
	slices.SortStableFunc(s.Metrics, func(a, b MetricScore) int {
		return slices.Index(scoring.Metrics(), a.Metric) - slices.Index(scoring.Metrics(), b.Metric)
	})
}

// NewScore writes a computed score as the published tables have it.
func NewScore(s scoring.Score) Score {
	out := Score{Area: s.Area, Total: scoring.Hundredths(s.Total.Hundredths()), Qualifies: s.Qualifies, Blocking: s.Blocking,
		PointsToDesignation: scoring.Hundredths(s.PointsToDesignation.Hundredths()), RoundingSensitive: s.RoundingSensitive}
	for _, m := range s.Metrics {
		out.Metrics = append(out.Metrics, MetricScore{m.Metric, MetricValue{Applicable: m.Applicable, Current: m.Current, Baseline: m.Baseline,
			Measure: m.Measure, Points: hundredths(m.Points), Max: hundredths(m.Max), Status: m.Status, Reason: m.Reason.String()}})
	}
	return out
}

func hundredths(p *scoring.Points) *scoring.Hundredths {
	if p == nil {
		return nil
	}
	h := scoring.Hundredths(p.Hundredths())
	return &h
}

// Customer is one row of the published customers.
type Customer struct {
	Tenant           string      `json:"customer_tenant_id"`
	Name             string      `json:"customer_name,omitempty"` // empty: unknown
	Current          scoring.USD `json:"acr_current"`             // ACR of M
	Previous         scoring.USD `json:"acr_previous"`            // of M-1
	Baseline         scoring.USD `json:"acr_baseline"`            // of M-12
	BaselinePrevious scoring.USD `json:"acr_baseline_previous"`   // of M-13
	TTM              scoring.USD `json:"acr_ttm"`                 // of M-11..M
	Eligible         bool        `json:"eligible"`
	EligibleBaseline bool        `json:"eligible_baseline"`
	Movement         Movement    `json:"movement"`
	Shortfall        scoring.USD `json:"shortfall_usd"`
}

// Movement says what a customer does for net customer adds.
type Movement string

// The movements of customers.
const (
	Gained Movement = "gained" // eligible, and not a year ago
	Lost   Movement = "lost"   // eligible a year ago, and not now
	Kept   Movement = "kept"   // eligible, now and a year ago
	Nobody Movement = "none"   // never eligible
)

// Best is the better of M and M-1, which decides whether the customer is eligible.
func (c Customer) Best() scoring.USD { return max(c.Current, c.Previous) }

// BestBaseline is the better of M-12 and M-13, which decides whether it was a year ago.
func (c Customer) BestBaseline() scoring.USD { return max(c.Baseline, c.BaselinePrevious) }

// Service is one row of the published services.
type Service struct {
	Name      string        `json:"service_level_2"`
	TTM       scoring.USD   `json:"acr_ttm"`
	Customers int64         `json:"customers"`
	Counted   bool          `json:"counted"`
	Reason    ServiceReason `json:"reason"`
}

// ServiceReason says why a service counts as a deployment, or does not.
type ServiceReason string

// The reasons of services.
const (
	ServiceCounted  ServiceReason = "counted"
	ServiceExcluded ServiceReason = "excluded_service"
	ServiceUnknown  ServiceReason = "unknown_service"
	ServiceCredited ServiceReason = "not_positive"
)

// OtherService is a service that counts for other partners and not for this one.
type OtherService struct {
	Service   string `json:"service_level_2"`
	Partners  int64  `json:"partners"`
	Customers int64  `json:"customers"`
}

// Holding is one row of the published certifications. Person is a pseudonym.
type Holding struct {
	scoring.StepKey `json:"-"`
	Person          string        `json:"person_id"`
	Certification   string        `json:"certification"`
	Completed       *Day          `json:"completed"` // nil: not known
	Expires         *Day          `json:"expires"`   // nil: never
	Counted         bool          `json:"counted"`
	Reason          HoldingReason `json:"reason"`
}

// HoldingReason says why a holding counts or does not.
type HoldingReason string

// The reasons of holdings.
const (
	HoldingCounted  HoldingReason = "counted"
	HoldingNotYet   HoldingReason = "not_yet"
	HoldingExpired  HoldingReason = "expired"
	HoldingInactive HoldingReason = "inactive"
	HoldingUnlisted HoldingReason = "list_ended"
)

// Day is a calendar day.
type Day struct{ time.Time }

// Scan reads a DATE.
func (d *Day) Scan(value any) error {
	t, ok := value.(time.Time)
	if !ok {
		return fmt.Errorf("want a date, got %T", value)
	}
	d.Time = t
	return nil
}

// String writes the day as 2024-07-31.
func (d Day) String() string { return d.Format(time.DateOnly) }

// MarshalJSON writes the day as "2024-07-31"; the time within would write itself with hours.
func (d Day) MarshalJSON() ([]byte, error) { return []byte(`"` + d.String() + `"`), nil }

// Exclusion is one row of the published exclusions.
type Exclusion struct {
	UsageMonth scoring.Month `json:"usage_month"`
	snapshot.Exclusion
}
