package main

import (
	"fmt"
	"iter"
	"strings"
)

// usageRow is one row of usage before a month's layout decides how it is spelled. Blank texts become null or blank.
type usageRow struct {
	location, global, association   string
	tenant, customer, segment       string
	subscription                    string
	level1, level2, level3, level4  string
	resource                        string
	offer, offerID                  string
	micros                          int64 // of a US dollar
	badAmount, badMonth, wrongMonth bool
}

// usage turns stories into rows.
type usage struct {
	seed     uint64
	accounts []account
	services map[string]service
	labels   map[string][]string // of associations
	offers   []string            // that count
	// most is how many rows a month has; 0: as many as the stories give.
	most int64
}

func newUsage(seed uint64, stories []story) *usage {
	u := &usage{seed: seed, accounts: accounts(seed, stories), services: map[string]service{}, labels: associationSpellings(), offers: eligibleOffers()}
	for _, s := range catalogue() {
		u.services[s.name] = s
	}
	return u
}

// faultyEvery is after how many tenants, and after the last one, the faulty rows of a month come.
const faultyEvery = 200

// rows yields the usage rows of a month: what the stories say, then the faulty rows. Where a number of rows is asked for, tenants have further
// resources, round by round, so that their rows stand in several places of the month.
func (u *usage) rows(m month) iter.Seq[usageRow] {
	return func(yield func(usageRow) bool) {
		left := u.most
		for round := 0; ; round++ {
			for i, a := range u.accounts {
				rows := u.accountRows(a, m, round)
				if (i+1)%faultyEvery == 0 || i == len(u.accounts)-1 {
					rows = append(rows, u.faultyRows(m)...)
				}
				for _, row := range rows {
					if left--; !yield(row) || left == 0 {
						return
					}
				}
			}
			if u.most == 0 {
				return
			}
		}
	}
}

// accountRows are the rows of a tenant in a month.
func (u *usage) accountRows(a account, m month, round int) []usageRow {
	if a.spent(m) == 0 {
		return nil
	}
	var rows []usageRow
	for s := range a.attributed {
		rows = append(rows, u.subscriptionRows(a, s, m, round)...)
	}
	if round > 0 {
		return rows
	}
	for _, e := range a.ineligible {
		row := u.rowOf(a, 0, a.attributed[0].attributions[0], u.services[a.services()[0]], m)
		row.offer, row.micros = e.offer, e.cents*10_000
		rows = append(rows, row)
	}
	for _, c := range a.corrections {
		if monthOf(c.month) == m {
			row := u.rowOf(a, 0, a.attributed[0].attributions[0], u.services[c.service], m)
			row.micros = c.cents * 10_000
			rows = append(rows, row)
		}
	}
	return rows
}

// services of an account: all of the story's for its first tenant, most of them for the others.
func (a account) services() []string {
	all := a.partner.services
	if a.number == 0 || len(all) <= 5 {
		return all
	}
	var some []string
	for i, s := range all {
		if (i+a.number)%3 != 0 {
			some = append(some, s)
		}
	}
	return some
}

// piece is a part of a subscription's consumption of a month: one resource, one meter.
type piece struct {
	service  string
	meter    int
	resource int
	micros   int64
}

// pieces cuts an amount into parts that add up to it exactly: every resource and meter of a tenant, or one of them a round.
func (u *usage) pieces(a account, subscription int, m month, micros int64, round int) []piece {
	var parts []piece
	var weights []int64
	var total int64
	for _, name := range a.services() {
		key := hashText(u.seed, a.tenant+name)
		add := func(resource, meter int) {
			h := hash(key, uint64(subscription), uint64(resource), uint64(meter))
			if meter > 0 && h%4 == 0 && u.most == 0 {
				return
			}
			weight := 1 + int64(h>>8%97)*int64(90+hash(h, uint64(m))%21)
			parts = append(parts, piece{service: name, meter: meter, resource: resource})
			weights, total = append(weights, weight), total+weight
		}
		if u.most > 0 {
			add(round/metersPerService, round%metersPerService)
			continue
		}
		for resource := range 1 + int(key%4) {
			for meter := range metersPerService {
				add(resource, meter)
			}
		}
	}
	left := micros
	for i := range parts {
		parts[i].micros = micros * weights[i] / total
		left -= parts[i].micros
	}
	parts[0].micros += left
	return parts
}

// subscriptionRows are the rows of one subscription: every piece under every attribution, some with a credit.
func (u *usage) subscriptionRows(a account, s int, m month, round int) []usageRow {
	micros := a.spent(m)
	share := micros * a.attributed[s].percent / 100
	var rows []usageRow
	for n, by := range a.attributed[s].attributions {
		for i, p := range u.pieces(a, s, m, share*by.percent/100, round) {
			row := u.rowOf(a, s, by, u.services[p.service], m)
			row.level3, row.level4 = u.services[p.service].meterLevels(p.meter)
			if row.resource != "" {
				row.resource = fmt.Sprintf("%s-%d", row.resource, p.resource+1)
			}
			if n > 0 { // another source of the same consumption spells its ids in another way
				row.resource, row.subscription = strings.ToLower(row.resource), strings.ToUpper(row.subscription)
			}
			credit := int64(0)
			if hash(hashText(u.seed, a.tenant), uint64(m), uint64(i+round))%40 == 0 {
				credit = p.micros / 2
			}
			row.micros = p.micros + credit
			rows = append(rows, row)
			if credit != 0 {
				row.micros = -credit
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// rowOf fills in what does not depend on the piece. Labels keep their spelling for a tenant and a month.
func (u *usage) rowOf(a account, number int, by attribution, of service, m month) usageRow {
	h := hash(hashText(u.seed, a.tenant+by.location), uint64(m), uint64(number))
	labels := u.labels[by.association]
	row := usageRow{
		location: by.location, global: a.partner.id, association: labels[h%uint64(len(labels))],
		tenant: a.tenant, customer: a.customer, segment: a.segment,
		subscription: guid(hashText(u.seed, fmt.Sprint("subscription ", a.tenant, number))),
		level1:       of.family, level2: of.name, offer: u.offers[h>>16%uint64(len(u.offers))],
	}
	row.level3, row.level4 = of.meterLevels(0)
	if of.kind != "" {
		_, short, _ := strings.Cut(of.kind, "/")
		row.resource = fmt.Sprintf("/subscriptions/%s/resourceGroups/rg-prod/providers/%s/%s", row.subscription, of.kind, short)
	}
	switch spelling := h >> 32 % 16; {
	case of.name == "Unknown" && spelling < 8:
		row.level2 = ""
	case spelling == 0:
		row.level2 = otherSpelling(of.name)
	}
	return row
}

// faultyAmount is what every faulty row would be worth: 111.11 US dollars.
const faultyAmount = 111_110_000

// faultyRows has one row for each reason why a row is rejected as bad data, in the order of the tests. They name a
// tenant that has nothing else, so a fault that is overlooked shows as a customer nobody knows.
func (u *usage) faultyRows(m month) []usageRow {
	first := u.accounts[0]
	good := u.rowOf(first, 0, first.attributed[0].attributions[0], u.services["Storage"], m)
	good.tenant, good.customer, good.micros = guid(hashText(u.seed, "nobody")), "Nobody at all", faultyAmount
	spoil := []func(*usageRow){
		func(r *usageRow) {
			r.tenant = [3]string{"", "00000000-0000-0000-0000-000000000000", "  "}[m%3]
		},
		func(r *usageRow) { r.location = "" },
		func(r *usageRow) { r.location = unknownLocation },
		func(r *usageRow) { r.offer = "" },
		func(r *usageRow) { r.association = "" },
		func(r *usageRow) { r.badAmount = true },
		func(r *usageRow) { r.badMonth = true },
		func(r *usageRow) { r.wrongMonth = true },
	}
	rows := make([]usageRow, len(spoil))
	for i, apply := range spoil {
		rows[i] = good
		apply(&rows[i])
	}
	return rows
}
