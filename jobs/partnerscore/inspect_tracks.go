package main

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
)

// listedTracks is how many partners a table lists with their track, and as many uncertain ones.
const listedTracks = 12

// tracks says which track each partner would get, and how far it is from the other one.
func (t *inspectTable) tracks(m inspect.InspectedMonth) {
	if m.Tracks == nil || len(m.Tracks.Partners) == 0 {
		return
	}
	whose := "month"
	if m.Tracks.Customers == "ttm" {
		whose = "twelve months"
	}
	w := newInspectWriter(table.Row{"Partner", "Track", "Customers of the " + whose, "SMB", "Unknown size", "To the other track"}, 3, 4, 5, 6)
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
			away = show.Grouped(*p.Away)
		}
		w.AppendRow(table.Row{show.Printable(p.PartnerID), track, show.Grouped(p.Customers), show.Grouped(p.SMB), show.Grouped(p.Open), away})
	}
	t.line("\nTracks: %s on enterprise, %s on smb.", show.Count(m.Tracks.Enterprise, "partner"), show.Count(m.Tracks.SMB, "partner"))
	t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	if more := m.Tracks.More + int64(len(m.Tracks.Partners)-w.Length()); more > 0 {
		t.line("and %s more", show.Grouped(more))
	}
	t.b.WriteString(show.Indented("To the other track: how many of these customers would have to count as SMB, or no longer; blank where no number of them would do.", 0, t.width))
	if m.Tracks.Uncertain > 0 {
		t.line("? uncertain: customers of unknown size could change the track, which makes the score provisional")
	}
}
