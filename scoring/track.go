package scoring

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
)

// SegmentSize is what a customer segment says about the size of a customer.
type SegmentSize string

// The sizes. A customer whose segment leaves its size open counts as not SMB, and may make the track uncertain.
const (
	SegmentSMB   SegmentSize = "smb"
	SegmentOther SegmentSize = "other" // larger than SMB
	SegmentOpen  SegmentSize = "open"
)

// Segments knows the size of customers by their segments.
type Segments struct{ smb, other, words map[string]bool }

// Segments returns what the rulebook knows about customer segments; nothing where no track asks.
func (r *Rulebook) Segments() Segments {
	s := Segments{smb: map[string]bool{}, other: map[string]bool{}, words: map[string]bool{}}
	rule := r.Selection()
	if rule == nil {
		return s
	}
	for _, list := range []struct {
		known  map[string]bool
		labels []string
	}{{s.smb, rule.Segments}, {s.other, rule.OtherSegments}, {s.words, rule.SegmentWords}} {
		for _, label := range list.labels {
			list.known[Folded(label)] = true
		}
	}
	return s
}

// Size returns what a segment says. Labels that the rulebook lists come before its words, so that a list can say what a
// word would get wrong.
func (s Segments) Size(label string) SegmentSize {
	label = Folded(label)
	switch {
	case s.smb[label]:
		return SegmentSMB
	case s.other[label]:
		return SegmentOther
	case slices.ContainsFunc(SegmentWords(label), func(word string) bool { return s.words[word] }):
		return SegmentSMB
	default:
		return SegmentOpen
	}
}

// SegmentWords returns the runs of letters and digits of a label.
func SegmentWords(label string) []string {
	return strings.FieldsFunc(label, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// PartnerSize is what decides the track of a partner. Rulebook.CustomersWindow says the window of the two counts.
type PartnerSize struct {
	ACRTTM       USD
	Customers    int64
	SMBCustomers int64
}

// Track returns the track of a partner.
func (r *Rulebook) Track(p PartnerSize) Track {
	for _, track := range r.Tracks {
		if track.Selection != nil && track.Selection.matches(p) {
			return track
		}
	}
	return r.Tracks[0]
}

// TrackOf returns the track of an id.
func (r *Rulebook) TrackOf(id string) (Track, bool) {
	for _, track := range r.Tracks {
		if track.ID == id {
			return track, true
		}
	}
	return Track{}, false
}

// Selection returns the rule that selects the SMB track, or nil.
func (r *Rulebook) Selection() *Selection {
	for _, track := range r.Tracks {
		if track.Selection != nil {
			return track.Selection
		}
	}
	return nil
}

// CustomersWindow returns which customers PartnerSize counts: CustomersTTM or CustomersMonth. With one track it does not matter.
func (r *Rulebook) CustomersWindow() string {
	if s := r.Selection(); s != nil {
		return s.Customers
	}
	return CustomersTTM
}

// matches reports whether a partner of this size is selected. Without customers there is no share.
func (s Selection) matches(p PartnerSize) bool {
	if p.Customers <= 0 || s.aboveCeiling(p) {
		return false
	}
	have := new(big.Int).Mul(big.NewInt(p.SMBCustomers), big.NewInt(100))
	need := new(big.Int).Mul(big.NewInt(p.Customers), big.NewInt(s.SMBSharePercent))
	if s.Share == ShareAtLeast {
		return have.Cmp(need) >= 0
	}
	return have.Cmp(need) > 0
}

// TrackChoice is the track of a partner, some of whose customers may be of unknown size.
type TrackChoice struct {
	Track Track
	// Certain: the track is the same, whatever size the open customers have.
	Certain bool
	// Away is how many of the customers would have to count as SMB, or no longer count as SMB, for the other track; nil
	// when no number of them is enough.
	Away *int64
}

// ChooseTrack returns the track of a partner of this size that has some customers more of unknown size. They are part of
// p.Customers and count as not SMB.
func (r *Rulebook) ChooseTrack(p PartnerSize, open int64) TrackChoice {
	choice := TrackChoice{Track: r.Track(p)}
	all := p
	all.SMBCustomers += open
	choice.Certain = r.Track(all).ID == choice.Track.ID
	if s := r.Selection(); s != nil {
		choice.Away = s.away(p)
	}
	return choice
}

// away returns how many customers decide about the other track; see TrackChoice.
func (s Selection) away(p PartnerSize) *int64 {
	if p.Customers <= 0 || s.aboveCeiling(p) {
		return nil
	}
	// The fewest SMB customers that are enough: the share of all customers, rounded up, or one more where it must be exceeded.
	share := new(big.Int).Mul(big.NewInt(p.Customers), big.NewInt(s.SMBSharePercent))
	whole, rest := new(big.Int).DivMod(share, big.NewInt(100), new(big.Int))
	needed := whole.Int64()
	if rest.Sign() > 0 || s.Share == ShareAbove {
		needed++
	}
	if needed > p.Customers {
		return nil
	}
	away := needed - p.SMBCustomers
	if away <= 0 {
		away = p.SMBCustomers - needed + 1
	}
	return &away
}

// aboveCeiling reports whether a partner consumes too much for the track, whoever its customers are.
func (s Selection) aboveCeiling(p PartnerSize) bool {
	return s.ACRTTMBelowUSD != nil && p.ACRTTM >= *s.ACRTTMBelowUSD
}
