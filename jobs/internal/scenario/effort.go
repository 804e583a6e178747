package scenario

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Effort is what a partner does on top of what it has. Changes says the same to what-if.
type Effort struct {
	Customers int64                  // new ones, each with the consumption that makes it eligible
	Raised    map[string]scoring.USD // more consumption in the month, by tenant
	ACR       scoring.USD            // more consumption in the month, of no customer in particular
	Services  []Service              // used from the month on; one without a name is any that nobody uses yet
	Certified []Certified
}

// Certified is a certification that a person earns, or earns again.
type Certified struct {
	Person string // empty: somebody new
	Title  string
}

// And returns both efforts as one.
func (e Effort) And(more Effort) Effort {
	raised := map[string]scoring.USD{}
	maps.Copy(raised, e.Raised)
	for tenant, amount := range more.Raised {
		raised[tenant] += amount
	}
	return Effort{Customers: e.Customers + more.Customers, Raised: raised, ACR: e.ACR + more.ACR, Services: slices.Concat(e.Services, more.Services),
		Certified: slices.Concat(e.Certified, more.Certified)}
}

// Changes are the effort as a hypothesis about the published month.
func (e Effort) Changes() (ch Changes) {
	if e.Customers > 0 {
		ch.Customers = []CustomersChange{{Number: e.Customers}}
	}
	for _, tenant := range slices.Sorted(maps.Keys(e.Raised)) {
		ch.TenantACR = append(ch.TenantACR, TenantChange{Tenant: tenant, ACRChange: ACRChange{Value: e.Raised[tenant]}})
	}
	if e.ACR > 0 {
		ch.ACR = []ACRChange{{Value: e.ACR}}
	}
	for _, s := range e.Services {
		ch.AddedServices = append(ch.AddedServices, ServiceChange{Name: cmp.Or(s.Name, "new service "+s.Key)})
	}
	for _, c := range e.Certified {
		change := CertificationChange{Certification: c.Title, Person: c.Person}
		if c.Person == "" {
			change.People = 1
		}
		ch.Certified = append(ch.Certified, change)
	}
	return ch
}

// With returns the scenario after an effort. Certifications count if they are on their list on the day.
func (s *Scenario) With(e Effort, day time.Time) *Scenario {
	after := *s
	after.Customers, after.Services, after.Skills = slices.Clone(s.Customers), slices.Clone(s.Services), s.Skills.Clone()
	for i := range after.Customers {
		c := &after.Customers[i]
		if more := e.Raised[c.Tenant]; more > 0 {
			c.Current, c.TTM, c.Active, c.ActiveTTM = c.Current+more, c.TTM+more, true, true
		}
	}
	after.unassigned += e.ACR
	for _, more := range e.Services {
		i := slices.IndexFunc(after.Services, func(s Service) bool { return s.Key == more.Key })
		if i < 0 {
			after.Services = append(after.Services, Service{Name: more.Name, Key: more.Key, TTM: 1})
		} else if after.Services[i].TTM <= 0 {
			after.Services[i].TTM = 1
		}
	}
	for i, c := range e.Certified {
		if c.Person == "" {
			c.Person = fmt.Sprintf("new %d", i)
		}
		for _, step := range after.Rules.StepCertifications(after.Rules.Tracks[0].ID) {
			if step.Title == c.Title && published.Lists(step.Until, day) {
				after.Skills.Add(step.StepKey, published.Held{Person: c.Person, Certification: c.Title, Completed: &published.Day{Time: day}, Active: true})
			}
		}
	}
	track := after.Track() // of what else there is: new customers are of its kind
	for i := range e.Customers {
		each := track.EligibleCustomerUSD
		after.Customers = append(after.Customers, Customer{Customer: published.Customer{Tenant: fmt.Sprintf("new %d", i), Current: each, TTM: each},
			Active: true, ActiveTTM: true, SMB: track.ID == scoring.SMB})
	}
	return &after
}
