package main

import "fmt"

// A story is a partner of the committed samples: few, round numbers from which everything that the score says about it
// can be computed by hand. The rows of the exports are these numbers, cut into many small pieces that add up to them.
type story struct {
	id        string // global account
	name      string // empty: the partners file has no name and no global account for it
	locations []string
	services  []string // service levels 2; the first tenant uses all of them, the others some
	// attributed is how subscriptions are attributed unless a group says otherwise.
	attributed []subscription
	groups     []group
	people     []person
}

// group is a number of tenants that spend the same.
type group struct {
	tenants     int
	names       []string // given names, else invented ones
	nameless    bool     // no customer name in the exports
	segment     string
	spend       []step         // eligible ACR a month, each tenant
	attributed  []subscription // nil: as the story says
	ineligible  []extra
	corrections []correction
}

// step says what a tenant spends from a month (yyyymm) on, in cents; 0 ends it.
type step struct {
	from  int
	cents int64
}

// subscription takes a share of a tenant's spend. It is attributed once or several times; the consumption counts once.
type subscription struct {
	percent      int64
	attributions []attribution
}

// attribution books a subscription's consumption, or a percentage of it, on a location.
type attribution struct {
	location    string
	association string
	percent     int64
}

// extra is a monthly amount that does not count, because of its offer.
type extra struct {
	offer string
	cents int64
}

// correction is one row of one month (yyyymm), on a service of its own.
type correction struct {
	month   int
	service string
	cents   int64
}

// person is one certified person; the letter tells the people of a story apart.
type person struct {
	letter string
	holds  []holding
	byMail bool // the export has no certification id, only the e-mail
}

// holding is a certification by exam code. Empty dates mean: long ago, and never.
type holding struct {
	code               string
	completed, expires string
	kind, activation   string // empty: Certification, Active
}

func holds(codes ...string) []holding {
	list := make([]holding, len(codes))
	for i, code := range codes {
		list[i].code = code
	}
	return list
}

// once attributes everything once.
func once(location, association string) []subscription {
	return []subscription{{100, []attribution{{location, association, 100}}}}
}

// account is one tenant of a story.
type account struct {
	group
	partner  *story
	number   int // within the story
	customer string
	tenant   string // GUID
}

// accounts gives every tenant its name and id. Tenants of the same name are the same tenant, also of two partners.
func accounts(seed uint64, stories []story) []account {
	first, second := companyWords()
	var list []account
	for s := range stories {
		number := 0
		for _, g := range stories[s].groups {
			for i := range g.tenants {
				c := len(list)
				a := account{group: g, partner: &stories[s], number: number}
				a.customer = first[c%24] + " " + second[(c+c/24)%24]
				if c >= 24*24 {
					a.customer += fmt.Sprint(" ", c)
				}
				if i < len(g.names) {
					a.customer = g.names[i]
				}
				a.tenant = guid(hashText(seed, "tenant "+a.customer))
				if g.nameless {
					a.customer = ""
				}
				if g.attributed == nil {
					a.attributed = stories[s].attributed
				}
				list = append(list, a)
				number++
			}
		}
	}
	return list
}

// monthOf reads yyyymm.
func monthOf(yyyymm int) month { return month(yyyymm/100*12 + yyyymm%100 - 1) }

// spent is the eligible ACR of the tenant in a month, in millionths of a dollar.
func (a account) spent(m month) int64 {
	var cents int64
	for _, s := range a.spend {
		if monthOf(s.from) <= m {
			cents = s.cents
		}
	}
	return cents * 10_000
}
