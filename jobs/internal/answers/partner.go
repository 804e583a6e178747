package answers

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// PartnerName is a partner of a published month.
type PartnerName struct {
	ID   string `json:"partner_id"`
	Name string `json:"partner_name,omitempty"` // empty: unknown
}

// String names the partner for people, with its id.
func (p PartnerName) String() string {
	if p.Name == "" {
		return "Partner " + p.ID
	}
	return p.Name + " (" + p.ID + ")"
}

// Partner is one partner of a published month: its rows of every table. Points are hundredths, amounts millionths of a US dollar.
type Partner struct {
	*Month
	PartnerName
	Track      scoring.Track
	Scores     []Score     // one an area, in the programme's order
	Customers  []Customer  // by tenant id
	Services   []Service   // by name
	Holdings   []Holding   // in the order of the published key
	Exclusions []Exclusion // of all partners, by usage month, class and reason

	provisional bool // its scores are
}

// Provisional lists why the scores of the partner are provisional: the reasons of the month; none where only those of other partners are.
func (p *Partner) Provisional() []string {
	if !p.provisional {
		return []string{}
	}
	return p.Manifest.Provisional
}

// Score is one row of the published scores with its metrics.
type Score struct {
	Area                scoring.Area
	Total               snapshot.Hundredths
	Qualifies           bool
	PointsToDesignation snapshot.Hundredths
	Blocking            []scoring.Metric
	RoundingSensitive   bool
	Metrics             []Metric // all five, in the programme's order
}

// Metric is one row of the published metrics; what the table has as null is nil.
type Metric struct {
	Metric     scoring.Metric
	Applicable bool
	Current    *snapshot.Amount // eligible customers, ACR
	Baseline   *snapshot.Amount
	Measure    *snapshot.Amount // net adds, people, growth in percent, services
	Points     *snapshot.Hundredths
	Max        *snapshot.Hundredths
	Status     scoring.Status
	Reason     string
}

// Customer is one row of the published customers.
type Customer struct {
	Tenant           string          `json:"customer_tenant_id"`
	Name             string          `json:"customer_name,omitempty"` // empty: unknown
	Current          snapshot.Amount `json:"acr_current"`             // ACR of M
	Previous         snapshot.Amount `json:"acr_previous"`            // of M-1
	Baseline         snapshot.Amount `json:"acr_baseline"`            // of M-12
	BaselinePrevious snapshot.Amount `json:"acr_baseline_previous"`   // of M-13
	TTM              snapshot.Amount `json:"acr_ttm"`                 // of M-11..M
	Eligible         bool            `json:"eligible"`
	EligibleBaseline bool            `json:"eligible_baseline"`
	Movement         string          `json:"movement"` // gained, lost, kept, none
	Shortfall        snapshot.Amount `json:"shortfall_usd"`
}

// Best is the better of M and M-1, which decides whether the customer is eligible.
func (c Customer) Best() snapshot.Amount { return max(c.Current, c.Previous) }

// BestBaseline is the better of M-12 and M-13, which decides whether it was a year ago.
func (c Customer) BestBaseline() snapshot.Amount { return max(c.Baseline, c.BaselinePrevious) }

// Service is one row of the published services.
type Service struct {
	Name      string          `json:"service_level_2"`
	TTM       snapshot.Amount `json:"acr_ttm"`
	Customers int64           `json:"customers"`
	Counted   bool            `json:"counted"`
	Reason    string          `json:"reason"` // counted, excluded_service, unknown_service, not_positive
}

// Holding is one row of the published certifications. Person is a pseudonym.
type Holding struct {
	scoring.StepKey `json:"-"`
	Person          string `json:"person_id"`
	Certification   string `json:"certification"`
	Completed       *Day   `json:"completed"` // nil: not known
	Expires         *Day   `json:"expires"`   // nil: never
	Counted         bool   `json:"counted"`
	Reason          string `json:"reason"` // counted, not_yet, expired, inactive, list_ended
}

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

// Partners lists the partners of a month, by id in byte order.
func (r *Reader) Partners(ctx context.Context, m *Month) ([]PartnerName, error) {
	var all []PartnerName
	return all, r.query(ctx, m.ScoreMonth, "answers/partners", func(rows *sql.Rows) error {
		var p PartnerName
		var name sql.NullString
		err := rows.Scan(&p.ID, &name)
		p.Name = name.String
		all = append(all, p)
		return err
	}, r.tables(snapshot.Scores, m.ScoreMonth))
}

// readTries bounds how often a month is read again because a run replaced it meanwhile.
const readTries = 5

// Partner reads a partner of a published month. An empty id stands for the only partner of the month. Besides the errors of Reader.Month it
// is an *UnknownError for a partner that the month does not have, and a *DamagedError when its rows contradict each other.
func (r *Reader) Partner(ctx context.Context, m scoring.Month, id string) (*Partner, error) {
	for try := 1; ; try++ {
		p, man, err := r.readPartner(ctx, m, id)
		if man == nil {
			return nil, err
		}
		same, changed := r.unchanged(ctx, man)
		if changed == nil && same || try == readTries {
			return p, err
		}
	}
}

// unchanged reports whether a month is still the one that was published with the manifest.
func (r *Reader) unchanged(ctx context.Context, man *snapshot.Manifest) (bool, error) {
	now, err := r.store.Manifest(ctx, man.ScoreMonth)
	if err != nil {
		return false, err
	}
	before, err := json.Marshal(man)
	if err != nil {
		return false, err
	}
	after, err := json.Marshal(now)
	return bytes.Equal(before, after), err
}

// readPartner also returns the manifest of the month that it read, nil where it got no further.
func (r *Reader) readPartner(ctx context.Context, m scoring.Month, id string) (*Partner, *snapshot.Manifest, error) {
	man, err := r.manifest(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	month, err := r.Month(ctx, m)
	if err != nil {
		return nil, man, err
	}
	p := &Partner{Month: month, PartnerName: PartnerName{ID: id}}
	if id == "" {
		if p.ID, err = r.onlyPartner(ctx, month); err != nil {
			return nil, man, err
		}
	}
	if err := r.readScores(ctx, p); err != nil {
		return nil, man, err
	}
	if len(p.Scores) == 0 {
		return nil, man, r.unknownPartner(ctx, month, id)
	}
	for _, read := range []func(context.Context, *Partner) error{r.readMetrics, r.readCustomers, r.readServices, r.readHoldings, r.readExclusions} {
		if err := read(ctx, p); err != nil {
			return nil, man, err
		}
	}
	return p, man, p.reconcile()
}

func (r *Reader) onlyPartner(ctx context.Context, m *Month) (string, error) {
	all, err := r.Partners(ctx, m)
	if err != nil {
		return "", err
	}
	if len(all) == 1 {
		return all[0].ID, nil
	}
	return "", unknownAmong(m, "", all)
}

func (r *Reader) unknownPartner(ctx context.Context, m *Month, id string) error {
	all, err := r.Partners(ctx, m)
	if err != nil {
		return err
	}
	return unknownAmong(m, id, all)
}

// unknownAmong lists the nearest partners, by id or by name, whichever is nearer.
func unknownAmong(m *Month, id string, all []PartnerName) error {
	label := map[string]string{}
	var names []string
	for _, p := range all {
		names = append(names, p.ID)
		label[p.ID] = p.String()
	}
	for _, p := range all {
		if id != "" && strings.EqualFold(p.Name, id) {
			names, label = []string{p.ID}, map[string]string{p.ID: p.String()}
		}
	}
	return unknown("partner", id, names, func(n string) string { return label[n] }, "give the id with --partner; the month is "+m.ScoreMonth.String())
}

func (r *Reader) readScores(ctx context.Context, p *Partner) error {
	err := r.query(ctx, p.ScoreMonth, "answers/scores", func(rows *sql.Rows) error {
		var s PublishedScore
		var name sql.NullString
		if err := s.scan(rows, &name); err != nil {
			return err
		}
		p.Name, p.Track, p.provisional = name.String, p.trackOf(s.Track), s.Provisional
		p.Scores = append(p.Scores, s.Score)
		return nil
	}, r.tables(snapshot.Scores, p.ScoreMonth), p.ID)
	slices.SortStableFunc(p.Scores, func(a, b Score) int {
		return slices.Index(scoring.Areas(), a.Area) - slices.Index(scoring.Areas(), b.Area)
	})
	return err
}

// trackOf returns the track of an id; one that the rules do not have has the id only, which reconcile refuses.
func (p *Partner) trackOf(id string) scoring.Track {
	for _, t := range p.Rules.Tracks {
		if t.ID == id {
			return t
		}
	}
	return scoring.Track{ID: id}
}

func (r *Reader) readMetrics(ctx context.Context, p *Partner) error {
	err := r.query(ctx, p.ScoreMonth, "answers/metrics", func(rows *sql.Rows) error {
		var m Metric
		var month time.Time
		var area scoring.Area
		if err := m.scan(rows, &month, &area); err != nil {
			return err
		}
		if s := p.Score(area); s != nil {
			s.Metrics = append(s.Metrics, m)
		}
		return nil
	}, r.tables(snapshot.Metrics, p.ScoreMonth), p.ID)
	for _, s := range p.Scores {
		s.sortMetrics()
	}
	return err
}

// Score returns the score of an area, nil where there is none.
func (p *Partner) Score(a scoring.Area) *Score {
	for i := range p.Scores {
		if p.Scores[i].Area == a {
			return &p.Scores[i]
		}
	}
	return nil
}

// Metric returns a metric of a score, nil where there is none.
func (s *Score) Metric(m scoring.Metric) *Metric {
	for i := range s.Metrics {
		if s.Metrics[i].Metric == m {
			return &s.Metrics[i]
		}
	}
	return nil
}

func (r *Reader) readCustomers(ctx context.Context, p *Partner) error {
	return r.query(ctx, p.ScoreMonth, "answers/customers", func(rows *sql.Rows) error {
		var c Customer
		var name sql.NullString
		err := rows.Scan(&c.Tenant, &name, &c.Current, &c.Previous, &c.Baseline, &c.BaselinePrevious, &c.TTM,
			&c.Eligible, &c.EligibleBaseline, &c.Movement, &c.Shortfall)
		c.Name = name.String
		p.Customers = append(p.Customers, c)
		return err
	}, r.tables(snapshot.Customers, p.ScoreMonth), p.ID)
}

func (r *Reader) readServices(ctx context.Context, p *Partner) error {
	return r.query(ctx, p.ScoreMonth, "answers/services", func(rows *sql.Rows) error {
		var s Service
		err := rows.Scan(&s.Name, &s.TTM, &s.Customers, &s.Counted, &s.Reason)
		p.Services = append(p.Services, s)
		return err
	}, r.tables(snapshot.Services, p.ScoreMonth), p.ID)
}

func (r *Reader) readHoldings(ctx context.Context, p *Partner) error {
	return r.query(ctx, p.ScoreMonth, "answers/certifications", func(rows *sql.Rows) error {
		var h Holding
		err := rows.Scan(&h.Area, &h.Metric, &h.Step, &h.Person, &h.Certification, &h.Completed, &h.Expires, &h.Counted, &h.Reason)
		p.Holdings = append(p.Holdings, h)
		return err
	}, r.tables(snapshot.Certifications, p.ScoreMonth), p.ID)
}

func (r *Reader) readExclusions(ctx context.Context, p *Partner) error {
	return r.query(ctx, p.ScoreMonth, "answers/exclusions", func(rows *sql.Rows) error {
		var e Exclusion
		var month time.Time
		err := rows.Scan(&month, &e.Class, &e.Reason, &e.Rows, &e.ACRUSD)
		e.UsageMonth = scoring.MonthOf(month)
		p.Exclusions = append(p.Exclusions, e)
		return err
	}, r.tables(snapshot.Exclusions, p.ScoreMonth))
}
