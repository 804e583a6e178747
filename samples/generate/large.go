package main

import (
	"fmt"
	"maps"
	"slices"
)

// Shape of the large mode.
const (
	rowsPerTenant     = 200 // default size of a tenant, rows a month
	tenantsPerPartner = 100
	peoplePerPartner  = 24
	servicesPerStory  = 30 // a tenant uses two thirds of them
)

// invented returns stories of partners that hashes make up, and the rows of a month. Sizes that were not asked for follow from the others.
func invented(o options) ([]story, int64) {
	rows, tenants, partners := o.rows, o.tenants, o.partners
	if tenants == 0 {
		tenants = int(max(1, rows/rowsPerTenant))
	}
	if rows == 0 {
		rows = int64(tenants) * rowsPerTenant
	}
	if partners == 0 {
		partners = max(1, min(500, tenants/tenantsPerPartner))
	}
	list := make([]story, partners)
	for p := range list {
		list[p] = inventedPartner(o.seed, p)
	}
	for t := range tenants {
		s := &list[t%partners]
		s.groups = append(s.groups, inventedTenant(o, t, s.locations))
	}
	return list, rows
}

func inventedPartner(seed uint64, number int) story {
	h := hash(seed, 'p', uint64(number))
	first, second := companyWords()
	s := story{id: fmt.Sprint(2_000_000 + 100*number), name: fmt.Sprintf("%s Cloud %s %d", first[h%24], second[h>>8%24], number)}
	for l := range 1 + h>>16%6 {
		s.locations = append(s.locations, fmt.Sprint(2_000_000+100*number+int(l)))
	}
	all := catalogue()
	for i := range servicesPerStory {
		if i >= popularServices { // a stretch of the others
			i = popularServices + (i-popularServices+int(h>>24%64))%(len(all)-popularServices)
		}
		s.services = append(s.services, all[i].name)
	}
	codes := slices.Sorted(maps.Keys(titles()))
	for i := range h >> 32 % (peoplePerPartner + 1) {
		who := hash(h, i)
		p := person{letter: fmt.Sprintf("%s-%c", s.id, 'A'+rune(i))}
		for c := range 1 + who%4 {
			code := codes[hash(who, c)%uint64(len(codes))]
			if hash(who, c)>>8%2 == 0 { // every other certification is one of the two gates
				code = [2]string{"AZ-104", "AZ-305"}[who>>9%2]
			}
			p.holds = append(p.holds, holding{code: code})
		}
		s.people = append(s.people, p)
	}
	return s
}

// inventedTenant makes a few tenants large and most small. One in five came or went since 2022; tenant 0 is always there, so that no month is empty.
func inventedTenant(o options, number int, locations []string) group {
	h := hash(o.seed, 't', uint64(number))
	cents := [8]int64{5_00, 10_00, 20_00, 40_00, 100_00, 300_00, 900_00, 2_500_00}[h%8]
	g := group{tenants: 1, segment: [4]string{smb, corporate, enterprise, ""}[h>>4%4], spend: []step{{202201, cents}, {202301 + int(h>>8%12), cents * int64(90+h>>16%40) / 100}}}
	event := 202201 + int(h>>24%3)*100 + int(h>>32%12)
	switch kind := h >> 40 % 10; {
	case kind == 0 && number > 0:
		g.spend = []step{{event, cents}}
	case kind == 1 && number > 0:
		g.spend = []step{{202201, cents}, {event, 0}}
	}
	if h>>44%2 == 0 {
		offers := ineligibleOffers()
		g.ineligible = []extra{{offers[h>>48%uint64(len(offers))], cents / 10}}
	}
	subscriptions := 1 + int(h>>52%3)
	if h>>56%16 == 0 {
		subscriptions *= 8
	}
	for i := range subscriptions {
		by := attributions(hash(h, uint64(i)), locations)
		if o.twice >= 0 {
			by = allAlike(h, locations, h>>24%100 < uint64(o.twice))
		}
		g.attributed = append(g.attributed, subscription{int64(100 / subscriptions), by})
	}
	return g
}

// allAlike is how all subscriptions of a tenant are attributed: by a partner admin link, and twice by a reseller, too.
func allAlike(h uint64, locations []string, twice bool) []attribution {
	all := []attribution{{locations[h%uint64(len(locations))], pal, 100}}
	if twice {
		all = append(all, attribution{locations[h>>8%uint64(len(locations))], cspTier1, 100})
	}
	return all
}

// attributions of a subscription: one in twelve has a second one, and one in thirty is tied in a way that does not count.
func attributions(h uint64, locations []string) []attribution {
	counted := [4]string{cspTier1, cspTier2, pal, dpor}
	all := []attribution{{locations[h%uint64(len(locations))], counted[h>>8%4], 100}}
	if h>>16%30 == 0 {
		all[0].association = notCounted
	}
	if h>>24%12 == 0 {
		all = append(all, attribution{locations[(h>>32)%uint64(len(locations))], counted[(h>>8+1+h>>40%3)%4], 100})
	}
	return all
}
