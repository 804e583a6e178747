package scoring

import (
	"slices"
)

// decodeCertifications reads the certifications that lists can name, by their key. No two of them may be named by the same
// text, however it is written.
func (h Holdings) decodeCertifications(v value) map[string]Certification {
	all := map[string]Certification{}
	labels := names{}
	for _, e := range v.entries() {
		f := e.fields("title", "codes", "aliases", "until")
		e.keyID(certificationID)
		c := Certification{ID: e.key.Value, Title: f["title"].text(), Codes: []string{e.key.Value}}
		if until := f["until"]; until.present() && !until.none() {
			c.Until = until.date()
		}
		codes := []value{{node: e.key, path: e.path, found: e.found}}
		if f["codes"].present() {
			codes = f["codes"].labels(false)
			c.Codes = textsOf(codes)
		}
		titles := []value{f["title"]}
		if f["aliases"].present() {
			aliases := f["aliases"].labels(false)
			c.Aliases, titles = textsOf(aliases), append(titles, aliases...)
		}
		for _, title := range titles {
			if title.present() && title.node.Value != "" {
				labels.claimAs(c.ID, title.node.Value, title, h.spellings(title.node.Value, c.Codes)...)
			}
		}
		for _, code := range codes {
			labels.claimAs(c.ID, code.node.Value, code, Titled(code.node.Value))
		}
		all[c.ID] = c
	}
	return all
}

// decodeAreas reads the skilling rules of every area.
func (r *Rulebook) decodeAreas(v value, known map[string]Certification) {
	var ids []string
	for _, area := range Areas() {
		ids = append(ids, string(area))
	}
	f := v.fields(ids...)
	for _, area := range Areas() {
		a := f[string(area)].fields("name", string(IntermediateCertifications), string(AdvancedCertifications))
		rules := AreaRules{
			Area:         area,
			Name:         a["name"].text(),
			Intermediate: decodeSkilling(a[string(IntermediateCertifications)], known),
		}
		if advanced := a[string(AdvancedCertifications)]; advanced.present() {
			rules.Advanced = decodeSkilling(advanced, known)
		}
		r.Areas = append(r.Areas, rules)
	}
}

// decodeSkilling reads a certifications metric.
func decodeSkilling(v value, known map[string]Certification) *Skilling {
	if !v.require() {
		return nil
	}
	f := v.fields("max", "gates", "electives")
	return &Skilling{
		Max:       f["max"].whole(1, maxPoints),
		Gates:     f["gates"].certifications(known, true),
		Electives: f["electives"].certifications(known, false),
	}
}

// certifications returns a list of certifications by their keys.
func (v value) certifications(known map[string]Certification, emptyOK bool) []Certification {
	var all []Certification
	for _, id := range v.labels(emptyOK) {
		c, ok := known[id.node.Value]
		if !ok && !v.found.partial {
			id.problem("unknown certification %q: define it under certifications", shortened(id.node.Value))
		}
		all = append(all, c)
	}
	return all
}

// decodeTracks reads the tracks. The SMB track is the one that is selected, enterprise takes everyone else.
func (r *Rulebook) decodeTracks(v value) {
	f := v.fields(Enterprise, SMB)
	keys := []string{"eligible_customer_usd", "gate_people", "gate_points"}
	if f[Enterprise].require() {
		r.Tracks = append(r.Tracks, r.decodeTrack(Enterprise, f[Enterprise].fields(keys...)))
	}
	if f[SMB].present() {
		fields := f[SMB].fields(slices.Concat([]string{"when"}, keys)...)
		smb := r.decodeTrack(SMB, fields)
		smb.Selection = decodeSelection(fields["when"])
		r.Tracks = append(r.Tracks, smb)
	}
}

// decodeTrack reads what every track has.
func (r *Rulebook) decodeTrack(id string, f map[string]value) Track {
	return Track{
		ID:                  id,
		EligibleCustomerUSD: f["eligible_customer_usd"].usd(1),
		ACRGateUSD:          r.ACRGateUSD,
		GatePeople:          f["gate_people"].whole(1, maxPeople),
		GatePoints:          f["gate_points"].whole(0, maxPoints),
	}
}

// decodeSelection reads when a partner is on a track.
func decodeSelection(v value) *Selection {
	f := v.fields("smb_share_percent", "smb_share", "customers", "acr_ttm_below_usd", "segments", "segment_words", "other_segments")
	segments := names{}
	s := &Selection{
		SMBSharePercent: f["smb_share_percent"].whole(1, 100),
		Share:           f["smb_share"].oneOf(ShareAbove, ShareAtLeast),
		Customers:       f["customers"].oneOf(CustomersTTM, CustomersMonth),
		Segments:        segments.claimAll("SMB", f["segments"].labels(false)),
	}
	if words := f["segment_words"]; words.present() {
		for _, word := range words.labels(true) {
			if parts := segmentWords(word.node.Value); len(parts) != 1 || parts[0] != word.node.Value {
				word.problem("want one word of letters and digits, have %q", shortened(word.node.Value))
				continue
			}
			s.SegmentWords = append(s.SegmentWords, word.node.Value)
		}
	}
	if other := f["other_segments"]; other.present() {
		s.OtherSegments = segments.claimAll("a larger customer", other.labels(true))
	}
	if ceiling := f["acr_ttm_below_usd"]; ceiling.present() && !ceiling.none() {
		amount := ceiling.usd(1)
		s.ACRTTMBelowUSD = &amount
	}
	return s
}
