package published

import (
	"slices"
	"strings"

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

// Partner is one partner of a published month: its rows of every table.
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

// NewPartner makes a partner of its rows. The error is a *DamagedError when they contradict each other.
func NewPartner(m *Month, id string, rows Rows) (*Partner, error) {
	p := &Partner{Month: m, PartnerName: PartnerName{ID: id}, Customers: rows.Customers, Services: rows.Services, Holdings: rows.Holdings,
		Exclusions: rows.Exclusions}
	for _, s := range rows.Scores {
		p.Name, p.Track, p.provisional = s.Name, trackOf(m.Rules, s.Track), s.Provisional
		p.Scores = append(p.Scores, s.Score)
	}
	slices.SortStableFunc(p.Scores, func(a, b Score) int {
		return slices.Index(scoring.Areas(), a.Area) - slices.Index(scoring.Areas(), b.Area)
	})
	for _, m := range rows.Metrics {
		if s := p.Score(m.Area); s != nil {
			s.Metrics = append(s.Metrics, m.MetricScore)
		}
	}
	for _, s := range p.Scores {
		s.sortMetrics()
	}
	return p, p.Reconcile()
}

// trackOf returns the track with this id. For an id that the rules do not have, the track has the id only, and Reconcile rejects it.
func trackOf(rules *scoring.Rulebook, id string) scoring.Track {
	for _, t := range rules.Tracks {
		if t.ID == id {
			return t
		}
	}
	return scoring.Track{ID: id}
}

// Provisional lists why the scores of the partner are provisional: the reasons of the month; no reason when only other partners are provisional.
func (p *Partner) Provisional() []string {
	if !p.provisional {
		return []string{}
	}
	return p.Manifest.Provisional
}

// Score returns the score of an area, or nil.
func (p *Partner) Score(a scoring.Area) *Score {
	for i := range p.Scores {
		if p.Scores[i].Area == a {
			return &p.Scores[i]
		}
	}
	return nil
}

// WorthLearning reports whether a certification can still be earned after the day on which the month counts certifications. Lists keep a
// retired one for a year: what its list drops within a year from then is not for training.
func (p *Partner) WorthLearning(c scoring.StepCertification) bool {
	return c.Until == nil || c.Until.AddDate(-1, 0, 0).After(p.SkillsAsOf())
}

// Customer finds a customer by tenant id, or by a name that only one has, whatever the case. The error is an *UnknownError.
func (p *Partner) Customer(idOrName string) (*Customer, error) {
	id := strings.ToLower(strings.Trim(strings.TrimSpace(idOrName), "{}"))
	var named []*Customer
	for i := range p.Customers {
		c := &p.Customers[i]
		if c.Tenant == id {
			return c, nil
		}
		if strings.EqualFold(c.Name, strings.TrimSpace(idOrName)) {
			named = append(named, c)
		}
	}
	if len(named) == 1 {
		return named[0], nil
	}
	return nil, p.unknownCustomer(idOrName, named)
}

// unknownCustomer lists the nearest customers, or those that share the name.
func (p *Partner) unknownCustomer(idOrName string, named []*Customer) error {
	byID := len(named) > 0 || strings.Trim(strings.ToLower(idOrName), "{}-0123456789abcdef") == ""
	candidates := named
	if len(named) == 0 {
		for i := range p.Customers {
			candidates = append(candidates, &p.Customers[i])
		}
	}
	var names []string
	label := map[string]string{}
	for _, c := range candidates {
		name := c.Name
		if byID || name == "" {
			name = c.Tenant
		}
		if _, twice := label[name]; !twice {
			names = append(names, name)
		}
		label[name] = c.Tenant
		if c.Name != "" {
			label[name] = c.Name + " (" + c.Tenant + ")"
		}
	}
	return Unknown("customer", idOrName, names, func(n string) string { return label[n] }, "give the tenant id, or a name that only one tenant has")
}
