package inspection

import (
	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// listedTracks is how many partners a table lists with their track, and as many uncertain ones.
const listedTracks = 12

// tracks says which track each partner would get, and how far it is from the other one.
func (m month) tracks() {
	if m.Tracks == nil || len(m.Tracks.Partners) == 0 {
		return
	}
	whose := "month"
	if m.Tracks.Customers == "ttm" {
		whose = "twelve months"
	}
	w := show.NewTable(table.Row{"Partner", "Track", "Customers of the " + whose, "SMB", "Unknown size", "To the other track"}, 3, 4, 5, 6)
	certain := 0
	for _, p := range m.Tracks.Partners {
		track := p.Track
		if !p.Certain {
			track = "? " + track
		} else if certain++; certain > listedTracks {
			continue
		}
		away := ""
		if p.Away != nil {
			away = scoring.Grouped(*p.Away)
		}
		w.AppendRow(table.Row{show.Printable(p.PartnerID), track, scoring.Grouped(p.Customers), scoring.Grouped(p.SMB), scoring.Grouped(p.Open), away})
	}
	m.line("\nTracks: %s on enterprise, %s on smb.", wording.Count(m.Tracks.Enterprise, "partner"), wording.Count(m.Tracks.SMB, "partner"))
	m.table(w)
	if more := m.Tracks.More + int64(len(m.Tracks.Partners)-w.Length()); more > 0 {
		m.line("and %s more", scoring.Grouped(more))
	}
	m.sentence(0, "To the other track: how many of these customers would have to count as SMB, or no longer; blank if no number of them is enough.")
	if m.Tracks.Uncertain > 0 {
		m.line("? uncertain: customers of unknown size could change the track, which makes the score provisional")
	}
}
