package scoring

import (
	"testing"

	"pgregory.net/rapid"
)

// TestSegments: what the labels of exports say about the size of a customer.
func TestSegments(t *testing.T) {
	segments := embedded(t, "azure-2026-07").Segments()
	for label, want := range map[string]SegmentSize{
		"SMB": SegmentSMB, " smb ": SegmentSMB, "SMC": SegmentSMB, "Small and Medium Business": SegmentSMB, "Small & medium-sized businesses": SegmentSMB,
		"SME&C - SMB Commercial": SegmentSMB, "smb-managed": SegmentSMB, "Corporate/SMB": SegmentSMB,
		"Small, Medium & Corporate": SegmentSMB, "small, medium and corporate  Public Sector": SegmentSMB, "Small, Medium & Corporate Education": SegmentSMB,
		"Small, Medium and Corporate Commercial": SegmentSMB, "SMC - Commercial": SegmentSMB,
		"Enterprise": SegmentOther, "ENTERPRISE COMMERCIAL": SegmentOther, "Strategic": SegmentOther, "Major Public Sector": SegmentOther,
		"Corporate": SegmentOther, "SME&C - Corporate": SegmentOther, "Non-SMB": SegmentOther,
		"": SegmentOpen, "N/A": SegmentOpen, "Unknown": SegmentOpen, "SMBs": SegmentOpen, "xSMB": SegmentOpen, "SMB2": SegmentOpen, "SME&C": SegmentOpen,
		"Small Medium Corporate": SegmentOpen, "Commercial": SegmentOpen, "Small, Medium & Corporate Retail": SegmentOpen,
	} {
		if have := segments.Size(label); have != want {
			t.Errorf("%q is %s, want %s", label, have, want)
		}
	}
	if have := embedded(t, "azure-2023-06").Segments().Size("SMB"); have != SegmentOpen {
		t.Errorf("a rulebook with one track knows segments: %s", have)
	}
}

// TestChooseTrack: when the track is certain, and how far the other one is.
func TestChooseTrack(t *testing.T) {
	const million = 1_000_000 * dollar
	for _, c := range []struct {
		book    string
		size    PartnerSize
		open    int64
		track   string
		certain bool
		away    int64 // -1: no number of customers would do
	}{
		{"azure-2026-07", PartnerSize{0, 5, 4}, 0, SMB, true, 1},
		{"azure-2026-07", PartnerSize{0, 5, 5}, 0, SMB, true, 2},
		{"azure-2026-07", PartnerSize{0, 5, 4}, 1, SMB, true, 1},
		{"azure-2026-07", PartnerSize{0, 5, 3}, 0, Enterprise, true, 1},
		{"azure-2026-07", PartnerSize{0, 5, 3}, 1, Enterprise, false, 1},
		{"azure-2026-07", PartnerSize{0, 6, 3}, 1, Enterprise, true, 2},
		{"azure-2026-07", PartnerSize{0, 0, 0}, 0, Enterprise, true, -1},
		{"azure-2026-07", PartnerSize{0, 2, 0}, 2, Enterprise, false, 2},
		{"azure-2026-05", PartnerSize{0, 5, 4}, 0, Enterprise, true, 1},
		{"azure-2026-05", PartnerSize{0, 5, 4}, 1, Enterprise, false, 1},
		{"azure-2026-05", PartnerSize{0, 6, 5}, 0, SMB, true, 1},
		{"azure-2026-05", PartnerSize{million, 5, 0}, 5, Enterprise, true, -1},
		{"azure-2023-06", PartnerSize{0, 5, 0}, 5, Enterprise, true, -1},
	} {
		have := embedded(t, c.book).ChooseTrack(c.size, c.open)
		away := int64(-1)
		if have.Away != nil {
			away = *have.Away
		}
		if have.Track.ID != c.track || have.Certain != c.certain || away != c.away {
			t.Errorf("%s, %+v and %d open: %s, certain %v, %d away", c.book, c.size, c.open, have.Track.ID, have.Certain, away)
		}
	}
}

// TestAwayIsTheFewest: so many customers of the other kind give the other track, one fewer does not.
func TestAwayIsTheFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := int64(rapid.IntRange(1, 100).Draw(t, "share"))
		s := Selection{SMBSharePercent: share, Share: rapid.SampledFrom([]string{ShareAbove, ShareAtLeast}).Draw(t, "how"), Customers: CustomersMonth}
		r := &Rulebook{Tracks: []Track{{ID: Enterprise}, {ID: SMB, Selection: &s}}}
		customers := rapid.Int64Range(1, 300).Draw(t, "customers")
		p := PartnerSize{Customers: customers, SMBCustomers: rapid.Int64Range(0, customers).Draw(t, "smb")}
		choice := r.ChooseTrack(p, 0)
		if choice.Away == nil {
			p.SMBCustomers = customers
			if r.Track(p).ID == SMB {
				t.Fatalf("%+v of %+v: all are SMB and that is enough", p, s)
			}
			return
		}
		step := int64(1)
		if choice.Track.ID == SMB {
			step = -1
		}
		for n := int64(0); n <= *choice.Away; n++ {
			changed := p
			changed.SMBCustomers += n * step
			if other := r.Track(changed).ID != choice.Track.ID; other != (n == *choice.Away) {
				t.Fatalf("%+v of %+v: %d away, %d customers change the track: %v", p, s, *choice.Away, n, other)
			}
		}
	})
}
