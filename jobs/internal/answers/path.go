package answers

import (
	"cmp"
	"context"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Path is how a partner gets from a published month to the designation.
type Path struct {
	ScoreMonth scoring.Month `json:"score_month"`
	published.PartnerName
	Rulebook  string                   `json:"rulebook"`
	Track     string                   `json:"track"`
	Costs     scoring.Costs            `json:"costs"`
	Areas     []PathArea               `json:"areas"`
	Customers []published.Customer     `json:"nearest_customers"` // not eligible, the nearest to the threshold first
	Services  []published.OtherService `json:"other_services"`    // that customers of other partners use
	Rules     *scoring.Rulebook        `json:"-"`
	// Each is the ACR that a new eligible customer brings in the month.
	Each scoring.USD `json:"-"`
	// Ceiling is the ACR of twelve months from which the partner is on its track no longer; nil: it has none.
	Ceiling *scoring.USD `json:"-"`
}

// DefaultPathCosts are rough days of work: twenty to win a customer, ten for 1,000 US dollars more a month, five for a service or
// an exam. They only rank the ways; set your own.
func DefaultPathCosts() scoring.Costs {
	const day = 1_000_000
	return scoring.Costs{Customer: 20 * day, ACR: 10 * day, Service: 5 * day, Person: 5 * day}
}

// PathArea is the way to the designation in one area.
type PathArea struct {
	Area      scoring.Area       `json:"solution_area"`
	Name      string             `json:"name"`
	Total     scoring.Hundredths `json:"total_points"`
	Needed    int64              `json:"designation_points"`
	Qualifies bool               `json:"qualifies"`
	Ways      []PathWay          `json:"ways"` // cheapest first
	More      int64              `json:"more_ways"`
	Margin    *PathMargin        `json:"cushion"` // null unless it qualifies
	// Obstacles say why there is no way; empty where there is one.
	Obstacles []scoring.Phrase `json:"obstacles"`
	People    []NearPeople     `json:"near_people"` // of the steps that a way puts people on
}

// PathWay is a set of actions that reaches the designation, none of which can be done by less.
type PathWay struct {
	Cost      scoring.Fixed6       `json:"cost"`
	Customers int64                `json:"customers"`
	ACR       scoring.USD          `json:"acr_usd"` // on top of what the customers bring
	Services  int64                `json:"services"`
	People    []scoring.StepPeople `json:"people"`
	Total     scoring.Hundredths   `json:"total_points"`
	Metrics   []OutlookMetric      `json:"metrics"`
	// LeavesTrack says that with this ACR the twelve months leave the partner's track: Total is by the present track.
	LeavesTrack bool `json:"leaves_track"`
}

// PathMargin is how much can be lost of one thing if nothing else changes.
type PathMargin struct {
	Points    scoring.Hundredths   `json:"points"`
	Customers int64                `json:"customers"`
	ACR       scoring.USD          `json:"acr_usd"`
	Services  int64                `json:"services"`
	People    []scoring.StepPeople `json:"people"`
}

// NearPeople are people who lack one certification for a step, those whose holding of one counts no longer, or not yet, first.
type NearPeople struct {
	scoring.StepKey
	Gate           bool         `json:"gate"`
	Certifications []string     `json:"certifications"` // any of them will do
	People         []NearPerson `json:"people"`
	More           int          `json:"more_people"`
}

// NearPerson is one of them.
type NearPerson struct {
	Person string `json:"person_id"`
	// Certification and Reason are of a holding of the step that does not count; empty when there is none.
	Certification string                  `json:"certification,omitempty"`
	Reason        published.HoldingReason `json:"reason,omitempty"`
	Holds         []string                `json:"holds"` // what counts elsewhere in the area
}

// ShownCandidates is how many candidates of each kind a Path names.
const ShownCandidates = 5

// FindPath finds the ways of a partner to the designation, in an area or, where that is empty, in all, and lists at most the given number of the
// cheapest in each. The errors are those of published.Reader.Partner.
func FindPath(ctx context.Context, r published.Reader, m scoring.Month, id string, area scoring.Area, costs scoring.Costs, ways int) (*Path, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	x, err := PathOf(p, area, costs, ways)
	if err != nil {
		return nil, err
	}
	x.Services, err = r.OtherServices(ctx, m, p.ID, ShownCandidates)
	return x, err
}

// PathOf is FindPath for a partner that has been read, without the services of other partners.
func PathOf(p *published.Partner, area scoring.Area, costs scoring.Costs, ways int) (*Path, error) {
	x := &Path{ScoreMonth: p.ScoreMonth, PartnerName: p.PartnerName, Rulebook: p.Rules.ID, Track: p.Track.ID, Costs: costs, Rules: p.Rules,
		Each: p.Track.EligibleCustomerUSD, Customers: nearestCustomers(p)}
	if p.Track.Selection != nil {
		x.Ceiling = p.Track.Selection.ACRTTMBelowUSD
	}
	for _, s := range p.Scores {
		if area == "" || area == s.Area {
			a, err := pathArea(p, s, costs, ways)
			if err != nil {
				return nil, err
			}
			x.Areas = append(x.Areas, *a)
		}
	}
	return x, nil
}

func pathArea(p *published.Partner, s published.Score, costs scoring.Costs, ways int) (*PathArea, error) {
	measures := p.Measures()
	found, err := p.Rules.Paths(p.Track.ID, s.Area, measures, costs, ways)
	if err != nil {
		return nil, err
	}
	a := &PathArea{Area: s.Area, Name: p.Rules.AreaName(s.Area), Total: s.Total, Needed: p.Rules.DesignationPoints, Qualifies: s.Qualifies,
		Ways: []PathWay{}, More: found.More, Obstacles: append([]scoring.Phrase{}, found.Obstacles...), People: []NearPeople{}}
	for _, w := range found.Ways {
		after := outlookScores(p.Rules, []published.Score{published.NewScore(w.After)}, "")[0]
		a.Ways = append(a.Ways, PathWay{Cost: w.Cost, Customers: w.Customers, ACR: w.ACR, Services: w.Services,
			People: append([]scoring.StepPeople{}, w.People...), Total: after.Total, Metrics: after.Metrics,
			LeavesTrack: leavesTrack(p.Track, measures.ACRTTM+w.ACR+scoring.USD(w.Customers)*p.Track.EligibleCustomerUSD)})
	}
	if c := found.Margin; c != nil {
		a.Margin = &PathMargin{Points: scoring.Hundredths(c.Points.Hundredths()), Customers: c.Customers, ACR: c.ACR,
			Services: c.Services, People: append([]scoring.StepPeople{}, c.People...)}
	}
	a.People = nearPeople(p, a.Ways)
	return a, nil
}

// leavesTrack reports whether a consumption of twelve months is too large for a track. New customers are of the kind of the track
// and do not change it.
func leavesTrack(t scoring.Track, ttm scoring.USD) bool {
	return t.Selection != nil && t.Selection.ACRTTMBelowUSD != nil && ttm >= *t.Selection.ACRTTMBelowUSD
}

// nearestCustomers lists customers that are not eligible, the nearest to the threshold first.
func nearestCustomers(p *published.Partner) []published.Customer {
	near := slices.DeleteFunc(append([]published.Customer{}, p.Customers...), func(c published.Customer) bool { return c.Eligible })
	slices.SortStableFunc(near, func(a, b published.Customer) int { return cmp.Compare(a.Shortfall, b.Shortfall) })
	return near[:min(len(near), ShownCandidates)]
}

// nearPeople lists for every step that a way puts people on who lacks one certification for it.
func nearPeople(p *published.Partner, ways []PathWay) []NearPeople {
	near := []NearPeople{}
	for _, c := range p.Rules.StepCertifications(p.Track.ID) {
		ref := c.StepKey
		asked := slices.ContainsFunc(ways, func(w PathWay) bool {
			return slices.ContainsFunc(w.People, func(s scoring.StepPeople) bool { return s.StepKey == ref })
		})
		switch {
		case !asked || !p.WorthLearning(c):
		case len(near) > 0 && near[len(near)-1].StepKey == ref:
			near[len(near)-1].Certifications = append(near[len(near)-1].Certifications, c.Title)
		default:
			near = append(near, NearPeople{StepKey: ref, Gate: c.Gate, Certifications: []string{c.Title}, People: []NearPerson{}})
		}
	}
	for i := range near {
		all := NearStep(p, near[i].StepKey, near[i].Certifications)
		near[i].People = all[:min(len(all), ShownCandidates)]
		near[i].More = len(all) - len(near[i].People)
	}
	return near
}

// NearStep lists who is not on a step: first those with a holding of it, of the given certifications, that does not count, then those with
// most that counts in its area.
func NearStep(p *published.Partner, ref scoring.StepKey, certifications []string) []NearPerson {
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
