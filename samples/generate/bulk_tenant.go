package main

import "strconv"

// bulkTenant is the tenant whose rows are being written: everything that its rows share.
type bulkTenant struct {
	number        int
	key           uint64
	partner       int32
	segment       int32
	services      int   // how many services it uses
	offset, step  int   // which ones
	percent       int64 // of the usual amounts
	subscriptions []bulkSubscription
	opened        bool // its tenant id stands in the dictionary of the current row group
	index         int32
	slots         []resourceSlot
}

// bulkSubscription is billed under one offer and attributed to one location in one way.
type bulkSubscription struct {
	key                   uint64
	location, association int32
	otherLocation         int32 // of the second attribution
	otherAssociation      int32
	offer                 int32
	index                 int32 // in the dictionary of the current row group, 0 before it stands there
}

// resourceSlot remembers, for one service of the tenant, the resource that was written last.
type resourceSlot struct {
	number int64
	index  int32
}

// maxServices bounds how many services a tenant uses; the mean is 20.
const maxServices = 28

// load computes what the rows of a tenant share in a month.
func (t *bulkTenant) load(b *bulk, number int, m month) {
	t.number, t.key, t.opened = number, hash(b.seed, 't', uint64(number)), false
	h := mix(t.key)
	t.partner = int32(h % uint64(len(b.partners)))
	t.segment = int32(h >> 20 % 3)
	t.services = 12 + int(h>>24%(maxServices-12+1))
	rest := len(b.services) - popularServices
	t.offset = int(h >> 32 % uint64(rest))
	t.step = 1 + int(h>>40%7)
	for greatestCommonDivisor(t.step, rest) != 1 {
		t.step++
	}
	// Consumption drifts by −2 % to +4 % of its start a month; tenants of one size differ in what they spend.
	t.percent = 100 + max(-80, (int64(h>>48%7)-2)*(int64(m)-2023*12))
	t.percent = t.percent * [8]int64{10, 20, 30, 40, 60, 100, 150, 300}[h>>52%8] / 100
	t.subscriptions = t.subscriptions[:0]
	for s := range 1 + h>>56%3 {
		t.subscriptions = append(t.subscriptions, b.subscription(t, s))
	}
	t.slots = t.slots[:t.services]
	t.forget()
}

func greatestCommonDivisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// forget is called when a row group ends: the next one has dictionaries of its own.
func (t *bulkTenant) forget() {
	t.opened = false
	for s := range t.subscriptions {
		t.subscriptions[s].index = 0
	}
	for i := range t.slots {
		t.slots[i] = resourceSlot{number: -1}
	}
}

func (b *bulk) subscription(t *bulkTenant, number uint64) bulkSubscription {
	s := bulkSubscription{key: hash(t.key, 's', number)}
	h := mix(s.key)
	if t.key>>8%8 > 0 { // most customers have one partner relation, for all of their subscriptions
		h = mix(t.key)
	}
	p, v := b.partners[t.partner], &b.vocabulary
	first := h % uint64(p.locations)
	second := (first + 1 + h>>8%2) % uint64(p.locations)
	s.location, s.otherLocation = p.firstLocation+int32(first), p.firstLocation+int32(second)
	kind := h >> 12 % 4
	s.association = v.spelling(v.counted[kind], h>>16)
	s.otherAssociation = v.spelling(v.counted[(kind+1+h>>20%3)%4], h>>24)
	switch h >> 28 % 32 {
	case 0:
		s.association = v.spelling(notCounted, h>>36)
	case 1:
		s.otherAssociation = v.spelling(notCounted, h>>36)
	}
	s.offer = v.eligible[h>>40%uint64(len(v.eligible))]
	if h>>48%40 == 0 {
		s.offer = v.others[h>>54%uint64(len(v.others))]
	}
	return s
}

func (v *vocabulary) spelling(association string, h uint64) int32 {
	labels := v.spellings[association]
	return labels[h%uint64(len(labels))]
}

// service is the catalogue index of a tenant's k-th service: the popular ones, then a walk through the others.
func (t *bulkTenant) service(k, catalogued int) int {
	if k < popularServices {
		return k
	}
	rest := catalogued - popularServices
	return popularServices + (t.offset+(k-popularServices)*t.step)%rest
}

// open puts tenant and name into the row group's dictionaries.
func (t *bulkTenant) open(b *block) {
	if t.opened {
		return
	}
	b.tenants.data = appendGUID(b.tenants.data, t.key)
	t.index = b.tenants.added()
	first, second := companyWords()
	b.names.data = append(b.names.data, first[t.key%uint64(len(first))]...)
	b.names.data = append(append(b.names.data, ' '), second[t.key>>16%uint64(len(second))]...)
	b.names.data = strconv.AppendInt(append(b.names.data, ' '), int64(t.number), 10)
	b.names.added()
	t.opened = true
}

// openSubscription is the index of a subscription id in the row group's dictionary.
func (t *bulkTenant) openSubscription(b *block, number int) int32 {
	s := &t.subscriptions[number]
	if s.index == 0 {
		b.subscriptions.data = appendGUID(b.subscriptions.data, s.key)
		s.index = b.subscriptions.added()
	}
	return s.index
}

// openResource is the index of a resource id in the row group's dictionary. Repeated rows spell it in lower case, as
// exports of another origin do.
func (t *bulkTenant) openResource(b *block, slot, subscription int, number int64, kind string, lower bool) int32 {
	if kind == "" {
		return 0
	}
	known := &t.slots[slot]
	if known.number == number {
		return known.index
	}
	groups, providers := "/resourceGroups/rg-", "/providers/"
	if lower {
		groups = "/resourcegroups/rg-"
	}
	d := append(b.resources.data, "/subscriptions/"...)
	d = appendGUID(d, t.subscriptions[subscription].key)
	d = strconv.AppendUint(append(d, groups...), mix(t.key^uint64(number))%4, 10)
	d = append(append(d, providers...), kind...)
	d = append(strconv.AppendInt(append(d, '/', 'r'), int64(slot), 10), '-')
	b.resources.data = strconv.AppendInt(d, number, 10)
	known.number, known.index = number, b.resources.added()
	return known.index
}
