package main

// vocabulary holds the dictionaries that are the same for every row group, and where in them things are.
type vocabulary struct {
	locations, partners, associations, segments *texts
	level1, level2, level3, level4, offers      *texts

	unknownLocation, blankLocation int32
	blankAssociation, blankOffer   int32

	spellings        map[string][]int32 // association → its labels
	counted          []string           // the associations that count
	eligible, others []int32            // offers
	families         []int32            // service → level 1
	names            [][2]int32         // service → level 2, usual and other spelling
	meters           [][metersPerService][2]int32
}

func newVocabulary(locations []string, partners []bulkPartner, services []service) vocabulary {
	v := vocabulary{locations: textsOf(locations), partners: textsOf(nil), counted: []string{cspTier1, cspTier2, pal, dpor}}
	v.unknownLocation, v.blankLocation = v.locations.add(unknownLocation), v.locations.add("")
	for _, p := range partners {
		v.partners.add(p.id)
	}
	v.segments = textsOf([]string{"SMB", "Corporate", "Enterprise", ""})
	v.associations, v.spellings = textsOf(nil), map[string][]int32{}
	for _, association := range append(v.counted, notCounted) {
		for _, label := range associationSpellings()[association] {
			v.spellings[association] = append(v.spellings[association], v.associations.add(label))
		}
	}
	v.blankAssociation = v.associations.add("")
	v.offers = textsOf(nil)
	for _, label := range eligibleOffers() {
		v.eligible = append(v.eligible, v.offers.add(label))
	}
	for _, label := range ineligibleOffers() {
		v.others = append(v.others, v.offers.add(label))
	}
	v.blankOffer = v.offers.add("")
	v.addServices(services)
	return v
}

func (v *vocabulary) addServices(services []service) {
	v.level1, v.level2, v.level3, v.level4 = textsOf(nil), textsOf(nil), textsOf(nil), textsOf(nil)
	level1, level3, level4 := distinct(v.level1), distinct(v.level3), distinct(v.level4)
	for _, s := range services {
		v.families = append(v.families, level1(s.family))
		v.names = append(v.names, [2]int32{v.level2.add(s.name), v.level2.add(otherSpelling(s.name))})
		var meters [metersPerService][2]int32
		for m := range meters {
			three, four := s.meterLevels(m)
			meters[m] = [2]int32{level3(three), level4(four)}
		}
		v.meters = append(v.meters, meters)
	}
}

// distinct adds a text to a dictionary unless it is there.
func distinct(t *texts) func(string) int32 {
	known := map[string]int32{}
	return func(value string) int32 {
		index, ok := known[value]
		if !ok {
			index = t.add(value)
			known[value] = index
		}
		return index
	}
}

// otherSpelling is a label that compares equal: other case, a space behind.
func otherSpelling(label string) string {
	out := []byte(label + " ")
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}
