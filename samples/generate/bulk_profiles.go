package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// peoplePerPartner bounds how many certified people a partner of the large mode has.
const peoplePerPartner = 24

// writeProfiles writes the partners file and a certifications snapshot for each month.
func (b *bulk) writeProfiles(o options) error {
	first, second := companyWords()
	var rows []profileRow
	for p, partner := range b.partners {
		h := hash(b.seed, 'p', uint64(p))
		name := fmt.Sprintf("%s Cloud %s %d", first[h%24], second[h>>8%24], p)
		for l := range int(partner.locations) {
			row := profileRow{location: fmt.Sprint(2_000_000 + 100*p + l), global: partner.id, globalName: name, level: "Location"}
			row.name = fmt.Sprintf("%s, office %d", name, l)
			if l == 0 {
				row.name, row.level = name, "Global"
			}
			rows = append(rows, row)
		}
	}
	if err := writePartners(o.out, rows); err != nil {
		return err
	}
	for m := o.last - month(o.months) + 1; m <= o.last; m++ {
		if err := writeCertifications(o.out, m, b.trainings(m)); err != nil {
			return err
		}
	}
	return nil
}

// trainings are the certifications that people hold, or once held, at the end of a month.
func (b *bulk) trainings(m month) []trainingRow {
	codes, gates := slices.Sorted(maps.Keys(titles())), [2]string{"AZ-104", "AZ-305"}
	var rows []trainingRow
	for p, partner := range b.partners {
		h := hash(b.seed, 'c', uint64(p))
		for person := range h % (peoplePerPartner + 1) {
			who := hash(h, person)
			id := fmt.Sprintf("MC%08d", who%100_000_000)
			row := trainingRow{
				global: partner.id, location: partner.id, person: id, email: strings.ToLower(id) + "@example.com",
				first: "First" + id, last: "Last" + id, kind: "Certification", activation: "Active",
			}
			for c := range 1 + who>>40%4 {
				what := hash(who, c)
				code := codes[what%uint64(len(codes))]
				if what>>8%2 == 0 { // every other certification is one of the two gates
					code = gates[what>>9%2]
				}
				row.title = spelledTitle(code, what>>16)
				row.completed = time.Date(2021, 1, 1+int(what>>20%1200), 0, 0, 0, 0, time.UTC)
				row.expires = row.completed.AddDate(1+int(what>>32%3), 0, 0)
				if !row.completed.After(m.last()) {
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}
