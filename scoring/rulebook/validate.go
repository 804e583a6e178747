package rulebook

import (
	"fmt"
	"slices"

	"partnerscore/scoring"
)

// validate reports what is wrong between the values of a file: labels that name two things and ids that nothing defines.
// Ids that a partial file does not define may be those of the unknown rulebook that it extends.
func (f *file) validate(found *problems, partial bool) {
	f.validateUsage(found)
	f.validateCertifications(found)
	if smb := f.Tracks.SMB; smb != nil && smb.When != nil {
		validateSegments(smb.When, found)
	}
	if !partial {
		f.Usage.validatePriority(found)
		f.validateLists(found)
	}
}

// validateUsage reports labels of associations, offers and services that name two things. An export's offer is compared with labels and with
// offer ids, so the two are one set of names.
func (f *file) validateUsage(found *problems) {
	associations, offers, services := newNames(found), newNames(found), newNames(found)
	for _, a := range f.Usage.Associations {
		associations.claimAll(a.ID, joined("usage.associations", a.ID)+".labels", a.Labels)
	}
	associations.claimAll("an association that does not count", "usage.ineligible_associations", f.Usage.IneligibleAssociations)
	for _, o := range f.Usage.Offers {
		path := joined("usage.ineligible_offers", o.ID)
		offers.claimAll(o.ID, path+".labels", o.Labels)
		offers.claimAll(o.ID, path+".offer_ids", o.OfferIDs)
	}
	offers.claimAll("an offer that counts", "usage.eligible_offers", f.Usage.EligibleOffers)
	services.claimAll("an excluded service", "deployments.excluded_services", f.Deployments.ExcludedServices)
	services.claim("the unknown service", f.Usage.UnknownService, valueAt("usage.unknown_service"), scoring.Folded(f.Usage.UnknownService))
}

// validateCertifications reports texts that name two certifications, in any of the ways to write them.
func (f *file) validateCertifications(found *problems) {
	labels := newNames(found)
	for _, c := range f.Certifications {
		path := joined("certifications", c.ID)
		claimTitle := func(title string, at place) {
			if title != "" {
				labels.claim(c.ID, title, at, f.Holdings.Spellings(title, codesOf(c))...)
			}
		}
		claimTitle(c.Title, valueAt(path+".title"))
		for _, alias := range c.Aliases {
			claimTitle(alias, itemAt(path+".aliases", alias))
		}
		for _, code := range codesOf(c) {
			at := keyAt(path)
			if c.Codes != nil {
				at = itemAt(path+".codes", code)
			}
			labels.claim(c.ID, code, at, scoring.Titled(code))
		}
	}
}

// validateSegments reports customer segments of two sizes, and words that no segment can contain.
func validateSegments(when *scoring.Selection, found *problems) {
	const path = "tracks.smb.when."
	segments := newNames(found)
	segments.claimAll("SMB", path+"segments", when.Segments)
	segments.claimAll("a larger customer", path+"other_segments", when.OtherSegments)
	for _, word := range when.SegmentWords {
		if parts := scoring.SegmentWords(word); len(parts) != 1 || parts[0] != word {
			found.addAt(itemAt(path+"segment_words", word), "want one word of letters and digits, have %q", shortened(word))
		}
	}
}

// validatePriority reports associations without a priority and priorities of associations that are not defined.
func (u usage) validatePriority(found *problems) {
	const path = "usage.association_priority"
	defined := map[string]bool{}
	for _, a := range u.Associations {
		defined[a.ID] = true
		if u.Priority != nil && !slices.Contains(u.Priority, a.ID) {
			found.addAt(valueAt(path), "the association %q has no priority: list it", shortened(a.ID))
		}
	}
	for _, id := range u.Priority {
		if !defined[id] {
			found.addAt(itemAt(path, id), "unknown association %q: define it under usage.associations", shortened(id))
		}
	}
}

// validateLists reports gates and electives that are not defined.
func (f *file) validateLists(found *problems) {
	known := map[string]bool{}
	for _, c := range f.Certifications {
		known[c.ID] = true
	}
	list := func(path string, ids []string) {
		for _, id := range ids {
			if !known[id] {
				found.addAt(itemAt(path, id), "unknown certification %q: define it under certifications", shortened(id))
			}
		}
	}
	for _, id := range scoring.Areas() {
		a := f.Areas.of(id)
		for metric, s := range map[scoring.Metric]*skilling{scoring.IntermediateCertifications: a.Intermediate, scoring.AdvancedCertifications: a.Advanced} {
			if s != nil {
				path := fmt.Sprintf("areas.%s.%s", id, metric)
				list(path+".gates", s.Gates)
				list(path+".electives", s.Electives)
			}
		}
	}
}

// names knows what every label names.
type names struct {
	problems *problems
	owners   map[string]owner
}

// owner is what a label names and where the file says so.
type owner struct {
	id string
	at place
}

func newNames(found *problems) names { return names{problems: found, owners: map[string]owner{}} }

// claimAll reports labels of a list that name something else already.
func (n names) claimAll(id, path string, labels []string) {
	for _, label := range labels {
		n.claim(id, label, itemAt(path, label), scoring.Folded(label))
	}
}

// claim reports a label one of whose forms names something else already, at whichever of the two places the file itself states.
func (n names) claim(id, label string, at place, forms ...string) {
	for _, form := range forms {
		first, taken := n.owners[form]
		switch {
		case form == "" || taken && first.id == id:
		case !taken:
			n.owners[form] = owner{id: id, at: at}
		case n.problems.inFile(at):
			n.problems.addAt(at, "%q already names %s", shortened(label), first.id)
			return
		default:
			n.problems.addAt(first.at, "%q already names %s", shortened(label), id)
			return
		}
	}
}
