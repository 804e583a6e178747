package scoring

import (
	"regexp"
	"slices"
	"strings"
)

// Bounds of what a rulebook can say. Published points are DECIMAL(6,2), and a score has a hundred of them.
const (
	maxPoints = 100
	maxPeople = 1000
	maxMonths = 120
)

// idForm is what ids of a kind look like, as a pattern and for people.
type idForm struct {
	pattern *regexp.Regexp
	like    string
}

var (
	rulebookID = idForm{
		regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`), "azure-2023-06: small letters, digits, dots and hyphens",
	}
	shortID = idForm{
		regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`), "csp_tier_1: small letters, digits and underscores",
	}
	// A certification is called by an exam code, as a rule.
	certificationID = idForm{
		regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`), "AZ-104: letters, digits, dots and hyphens",
	}
)

// decoded returns the rulebook of a complete tree and reports every fault it has.
func decoded(root value) *Rulebook {
	f := root.fields("id", "title", "extends", "from", "designation", "usage", "net_customer_adds", "usage_growth",
		"deployments", "holdings", "skilling", "certifications", "areas", "tracks")
	r := &Rulebook{ID: f["id"].id(rulebookID), Title: f["title"].text()}
	if f["from"].present() {
		r.From = f["from"].date()
	}
	designation := f["designation"].fields("points", "qualification_months")
	r.DesignationPoints = designation["points"].whole(1, maxPoints)
	r.QualificationMonths = designation["qualification_months"].whole(1, maxMonths)

	r.decodeUsage(f["usage"])
	r.decodePerformance(f)

	holdings := f["holdings"].fields("types", "active", "title_prefixes")
	r.Holdings = Holdings{
		Types:         holdings["types"].texts(false),
		Active:        holdings["active"].texts(true),
		TitlePrefixes: holdings["title_prefixes"].texts(true),
	}
	r.PointsPerPerson = f["skilling"].fields("points_per_person")["points_per_person"].whole(1, maxPoints)
	r.decodeAreas(f["areas"], r.Holdings.decodeCertifications(f["certifications"]))
	r.decodeTracks(f["tracks"])
	return r
}

// id returns a text of a form.
func (v value) id(form idForm) string {
	s := v.text()
	if s != "" && !form.pattern.MatchString(s) {
		v.problem("want an id like %s; have %q", form.like, shortened(s))
	}
	return s
}

// decodeUsage reads which usage rows count.
func (r *Rulebook) decodeUsage(v value) {
	f := v.fields("missing_offer", "deduplicate", "association_priority", "associations", "ineligible_associations",
		"ineligible_offers", "eligible_offers", "unknown_service")
	r.MissingOffer = f["missing_offer"].oneOf(RejectMissingOffer, EligibleMissingOffer)
	r.Deduplicate = f["deduplicate"].oneOf(DeduplicateConsumption)
	r.UnknownService = f["unknown_service"].text()
	associations := r.decodeAssociations(f["association_priority"], f["associations"])
	if v := f["ineligible_associations"]; v.present() {
		r.IneligibleAssociations = associations.claimAll("an association that does not count", v.labels(true))
	}
	offers := r.decodeOffers(f["ineligible_offers"])
	if v := f["eligible_offers"]; v.present() {
		r.EligibleOffers = offers.claimAll("an offer that counts", v.labels(true))
	}
}

// decodeAssociations reads the eligible associations, puts them in the order of priority and returns their labels.
func (r *Rulebook) decodeAssociations(priority, associations value) names {
	defined := map[string]Association{}
	labels := names{}
	for _, e := range associations.entries() {
		f := e.fields("name", "labels")
		e.keyID(shortID)
		a := Association{ID: e.key.Value, Name: f["name"].text()}
		a.Labels = labels.claimAll(a.ID, f["labels"].labels(false))
		defined[a.ID] = a
	}
	order := priority.texts(false)
	for _, id := range order {
		if a, ok := defined[id]; ok {
			r.Associations = append(r.Associations, a)
		} else if !priority.found.partial {
			priority.problem("unknown association %q: define it under usage.associations", id)
		}
	}
	for _, e := range associations.entries() {
		if priority.present() && !slices.Contains(order, e.key.Value) {
			priority.problem("the association %q has no priority: list it", shortened(e.key.Value))
		}
	}
	return labels
}

// decodeOffers reads the ineligible offers, in the order of their ids, and returns their labels.
func (r *Rulebook) decodeOffers(v value) names {
	labels, ids := names{}, names{}
	for _, e := range v.entries() {
		f := e.fields("labels", "offer_ids")
		e.keyID(shortID)
		o := OfferClass{ID: e.key.Value}
		o.Labels = labels.claimAll(o.ID, f["labels"].labels(true))
		o.OfferIDs = ids.claimAll(o.ID, f["offer_ids"].labels(true))
		r.Offers = append(r.Offers, o)
	}
	slices.SortFunc(r.Offers, func(a, b OfferClass) int { return strings.Compare(a.ID, b.ID) })
	return labels
}

// keyID checks the key of an entry.
func (e entry) keyID(form idForm) {
	value{node: e.key, path: e.path, found: e.found}.id(form)
}

// decodePerformance reads the metrics that are the same in every area.
func (r *Rulebook) decodePerformance(f map[string]value) {
	adds := f["net_customer_adds"].fields("points_per_customer", "max")
	r.PointsPerCustomer = adds["points_per_customer"].whole(1, maxPoints)
	r.MaxNetCustomerAdds = adds["max"].whole(1, maxPoints)

	growth := f["usage_growth"].fields("points_per_percent", "max", "acr_gate_usd", "growth_rounding")
	r.PointsPerPercent = growth["points_per_percent"].whole(1, maxPoints)
	r.MaxUsageGrowth = growth["max"].whole(1, maxPoints)
	r.ACRGateUSD = growth["acr_gate_usd"].usd(0)
	r.GrowthRounding = growth["growth_rounding"].oneOf(RoundFloor, RoundOneDecimal, RoundExact)

	deployments := f["deployments"].fields("points_per_service", "max", "excluded_services")
	r.PointsPerService = deployments["points_per_service"].whole(1, maxPoints)
	r.MaxDeployments = deployments["max"].whole(1, maxPoints)
	services := names{}
	r.ExcludedServices = services.claimAll("an excluded service", deployments["excluded_services"].labels(true))
	if r.UnknownService != "" {
		services.claim("the unknown service", r.UnknownService, f["usage"].key("unknown_service"))
	}
}

// names remembers what every label stands for.
type names map[string]name

// name is what a label stands for and where that was said.
type name struct {
	id string
	at value
}

// claimAll returns the texts of labels and reports those that stand for something else already.
func (n names) claimAll(id string, labels []value) []string {
	for _, label := range labels {
		n.claim(id, label.node.Value, label)
	}
	return textsOf(labels)
}

// claim reports a label that stands for something else already.
func (n names) claim(id, label string, at value) { n.claimAs(id, label, at, folded(label)) }

// claimAs reports a label one of whose forms stands for something else already. Of the two places the one in this file is
// named.
func (n names) claimAs(id, label string, at value, forms ...string) {
	for _, form := range forms {
		first, taken := n[form]
		switch {
		case !taken:
			n[form] = name{id: id, at: at}
			continue
		case first.id == id:
			continue
		}
		if line, _ := at.position(); line == 0 {
			first.at.problem("%q already names %s", shortened(label), id)
			return
		}
		at.problem("%q already names %s", shortened(label), first.id)
		return
	}
}
