package answers

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Path is how a partner gets from a published month to the designation.
type Path struct {
	ScoreMonth scoring.Month `json:"score_month"`
	PartnerName
	Rulebook  string            `json:"rulebook"`
	Track     string            `json:"track"`
	Costs     PathCosts         `json:"costs"`
	Areas     []PathArea        `json:"areas"`
	Customers []Customer        `json:"nearest_customers"` // not eligible, the nearest to the threshold first
	Services  []OtherService    `json:"other_services"`    // that customers of other partners use
	Rules     *scoring.Rulebook `json:"-"`
	// Each is the ACR that a new eligible customer brings in the month.
	Each scoring.USD `json:"-"`
	// Ceiling is the ACR of twelve months from which the partner is on its track no longer; nil: it has none.
	Ceiling *scoring.USD `json:"-"`
}

// PathCosts are what one of each action costs, in a unit of one's own choosing.
type PathCosts struct {
	Customer snapshot.Amount `json:"customer"`
	ACR      snapshot.Amount `json:"acr_1000_usd"`
	Service  snapshot.Amount `json:"service"`
	Person   snapshot.Amount `json:"person"`
}

// DefaultPathCosts are days of work as they may be: twenty to win a customer, ten for 1,000 US dollars more a month, five for a service or
// an exam. They only rank the ways; whoever knows better sets others.
func DefaultPathCosts() PathCosts {
	const day = 1_000_000
	return PathCosts{Customer: 20 * day, ACR: 10 * day, Service: 5 * day, Person: 5 * day}
}

// PathArea is the way to the designation in one area.
type PathArea struct {
	Area      scoring.Area        `json:"solution_area"`
	Name      string              `json:"name"`
	Total     snapshot.Hundredths `json:"total_points"`
	Needed    int64               `json:"designation_points"`
	Qualifies bool                `json:"qualifies"`
	Ways      []PathWay           `json:"ways"` // cheapest first
	More      int64               `json:"more_ways"`
	Cushion   *PathCushion        `json:"cushion"` // null unless it qualifies
	// Obstacles say why there is no way; empty where there is one.
	Obstacles []string     `json:"obstacles"`
	People    []NearPeople `json:"near_people"` // of the steps that a way puts people on
}

// PathWay is a set of actions that reaches the designation, none of which can be done by less.
type PathWay struct {
	Cost      snapshot.Amount     `json:"cost"`
	Customers int64               `json:"customers"`
	ACR       snapshot.Amount     `json:"acr_usd"` // besides what the customers bring
	Services  int64               `json:"services"`
	People    []PathStep          `json:"people"`
	Total     snapshot.Hundredths `json:"total_points"`
	Metrics   []OutlookMetric     `json:"metrics"`
	// LeavesTrack says that the ACR brings the twelve months to where the partner's track ends: Total is by the track as it is.
	LeavesTrack bool `json:"leaves_track"`
}

// PathStep is a number of people on a step.
type PathStep struct {
	StepRef
	Gate   bool  `json:"gate"`
	People int64 `json:"people"`
}

// PathCushion is what can be lost of one thing while everything else stays as it is.
type PathCushion struct {
	Points    snapshot.Hundredths `json:"points"`
	Customers int64               `json:"customers"`
	ACR       snapshot.Amount     `json:"acr_usd"`
	Services  int64               `json:"services"`
	People    []PathStep          `json:"people"`
}

// OtherService is a service that counts for other partners and not for this one.
type OtherService struct {
	Service   string `json:"service_level_2"`
	Partners  int64  `json:"partners"`
	Customers int64  `json:"customers"`
}

// NearPeople are people who lack one certification for a step, those whose holding of one counts no longer, or not yet, first.
type NearPeople struct {
	StepRef
	Gate           bool         `json:"gate"`
	Certifications []string     `json:"certifications"` // any of them will do
	People         []NearPerson `json:"people"`
	More           int          `json:"more_people"`
}

// NearPerson is one of them.
type NearPerson struct {
	Person string `json:"person_id"`
	// Certification and Reason are of a holding of the step that does not count; empty where there is none.
	Certification string   `json:"certification,omitempty"`
	Reason        string   `json:"reason,omitempty"`
	Holds         []string `json:"holds"` // what counts elsewhere in the area
}

// shownCandidates is how many candidates of each kind a Path names.
const shownCandidates = 5

// Path finds the ways of a partner to the designation, in an area or, where that is empty, in all, and lists at most the given number of the
// cheapest in each. The errors are those of Reader.Partner.
func (r *Reader) Path(ctx context.Context, m scoring.Month, id string, area scoring.Area, costs PathCosts, ways int) (*Path, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	x := &Path{ScoreMonth: m, PartnerName: p.PartnerName, Rulebook: p.Rules.ID, Track: p.Track.ID, Costs: costs, Rules: p.Rules, Each: p.Track.EligibleCustomerUSD,
		Customers: p.nearestCustomers(), Services: []OtherService{}}
	if p.Track.Selection != nil {
		x.Ceiling = p.Track.Selection.ACRTTMBelowUSD
	}
	if x.Areas, err = p.PathAreas(area, costs, ways); err != nil {
		return nil, err
	}
	return x, r.query(ctx, m, "answers/other_services", func(rows *sql.Rows) error {
		var s OtherService
		err := rows.Scan(&s.Service, &s.Partners, &s.Customers)
		x.Services = append(x.Services, s)
		return err
	}, r.tables(snapshot.Services, m), p.ID, int32(shownCandidates))
}

// PathAreas are the ways to the designation in an area or, where that is empty, in all, without the services of other partners.
func (p *Partner) PathAreas(area scoring.Area, costs PathCosts, ways int) (all []PathArea, err error) {
	for _, s := range p.Scores {
		if area == "" || area == s.Area {
			a, err := p.pathArea(s, costs, ways)
			if err != nil {
				return nil, err
			}
			all = append(all, *a)
		}
	}
	return all, nil
}

func (p *Partner) pathArea(s Score, costs PathCosts, ways int) (*PathArea, error) {
	measures := p.Measures()
	found, err := p.Rules.Paths(p.Track.ID, s.Area, measures, scoring.Costs{Customer: scoring.Fixed6(costs.Customer), ACR: scoring.Fixed6(costs.ACR),
		Service: scoring.Fixed6(costs.Service), Person: scoring.Fixed6(costs.Person)}, ways)
	if err != nil {
		return nil, err
	}
	a := &PathArea{Area: s.Area, Name: p.Rules.AreaName(s.Area), Total: s.Total, Needed: p.Rules.DesignationPoints, Qualifies: s.Qualifies,
		Ways: []PathWay{}, More: found.More, Obstacles: append([]string{}, found.Obstacles...), People: []NearPeople{}}
	for _, w := range found.Ways {
		after := outlookScores(p.Rules, []Score{scoreOf(w.After)}, "")[0]
		a.Ways = append(a.Ways, PathWay{Cost: snapshot.Amount(w.Cost), Customers: w.Customers, ACR: snapshot.Amount(w.ACR), Services: w.Services,
			People: pathSteps(w.People), Total: after.Total, Metrics: after.Metrics,
			LeavesTrack: leavesTrack(p.Track, measures.ACRTTM+w.ACR+scoring.USD(w.Customers)*p.Track.EligibleCustomerUSD)})
	}
	if c := found.Margin; c != nil {
		a.Cushion = &PathCushion{Points: snapshot.Hundredths(c.Points.Hundredths()), Customers: c.Customers, ACR: snapshot.Amount(c.ACR),
			Services: c.Services, People: pathSteps(c.People)}
	}
	a.People = p.nearPeople(a.Ways)
	return a, nil
}

// leavesTrack reports whether a consumption of twelve months is too large for a track. New customers are of the kind that the track stands for
// and leave it as it is.
func leavesTrack(t scoring.Track, ttm scoring.USD) bool {
	return t.Selection != nil && t.Selection.ACRTTMBelowUSD != nil && ttm >= *t.Selection.ACRTTMBelowUSD
}

func pathSteps(people []scoring.StepPeople) []PathStep {
	steps := []PathStep{}
	for _, s := range people {
		steps = append(steps, PathStep{StepRef{s.Step.Area, s.Step.Metric, s.Step.Step}, s.Gate, s.People})
	}
	return steps
}

// nearestCustomers lists customers that are not eligible, the nearest to the threshold first.
func (p *Partner) nearestCustomers() []Customer {
	near := []Customer{}
	for _, c := range p.Customers {
		if !c.Eligible {
			near = append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b Customer) int { return cmp.Compare(a.Shortfall, b.Shortfall) })
	return near[:min(len(near), shownCandidates)]
}

// nearPeople lists for every step that a way puts people on who lacks one certification for it.
func (p *Partner) nearPeople(ways []PathWay) []NearPeople {
	near := []NearPeople{}
	for _, c := range p.Rules.StepCertifications(p.Track.ID) {
		ref := StepRef{c.Area, c.Metric, c.Step}
		asked := slices.ContainsFunc(ways, func(w PathWay) bool {
			return slices.ContainsFunc(w.People, func(s PathStep) bool { return s.StepRef == ref })
		})
		switch {
		case !asked || !p.WorthLearning(c):
		case len(near) > 0 && near[len(near)-1].StepRef == ref:
			near[len(near)-1].Certifications = append(near[len(near)-1].Certifications, c.Title)
		default:
			near = append(near, NearPeople{StepRef: ref, Gate: c.Gate, Certifications: []string{c.Title}, People: []NearPerson{}})
		}
	}
	for i := range near {
		all := p.nearStep(near[i].StepRef, near[i].Certifications)
		near[i].People = all[:min(len(all), shownCandidates)]
		near[i].More = len(all) - len(near[i].People)
	}
	return near
}

// nearStep lists who is not on a step: first those with a holding of it, of the given certifications, that does not count, then those with
// most that counts in its area.
func (p *Partner) nearStep(ref StepRef, certifications []string) []NearPerson {
	on, near := map[string]bool{}, map[string]*NearPerson{}
	order := []string{}
	for _, h := range p.Holdings {
		if h.Area != ref.Area {
			continue
		}
		here := h.Metric == ref.Metric && h.Step == ref.Step
		on[h.Person] = on[h.Person] || here && h.Counted
		n := near[h.Person]
		if n == nil {
			n = &NearPerson{Person: h.Person, Holds: []string{}}
			near[h.Person] = n
			order = append(order, h.Person)
		}
		switch {
		case here && !h.Counted && slices.Contains(certifications, h.Certification) && n.Reason == "":
			n.Certification, n.Reason = h.Certification, h.Reason
		case h.Counted && !slices.Contains(n.Holds, h.Certification):
			n.Holds = append(n.Holds, h.Certification)
		}
	}
	all := []NearPerson{}
	for _, person := range order {
		if n := near[person]; !on[person] && (n.Reason != "" || len(n.Holds) > 0) {
			slices.Sort(n.Holds)
			all = append(all, *n)
		}
	}
	slices.SortStableFunc(all, func(a, b NearPerson) int {
		return cmp.Or(cmp.Compare(min(1, len(b.Reason)), min(1, len(a.Reason))), len(b.Holds)-len(a.Holds), cmp.Compare(a.Person, b.Person))
	})
	return all
}
