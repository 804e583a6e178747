package runs

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

const (
	verdictColumn = 88  // where the last column begins when there is such room
	namingWidth   = 116 // from here on there is room to name what blocks
)

// scoreTable has a line per partner and area.
type scoreTable struct {
	partners []results.PartnerCard
	book     *scoring.Rulebook
	width    int
	// layout is the width that the columns are chosen for: width, or less where the points have decimals.
	layout int
}

// scoreTableOf lays out the table in the roomiest way that fits.
func scoreTableOf(partners []results.PartnerCard, book *scoring.Rulebook, width int) (out string) {
	for _, layout := range []int{width, namingWidth - 1, show.RoomyWidth - 1} {
		if layout > width {
			continue
		}
		out = scoreTable{partners, book, width, layout}.String()
		if show.LongestLine(out) <= width {
			break
		}
	}
	return out
}

// String renders the table.
func (t scoreTable) String() string {
	header := table.Row{"", "Total"}
	for _, m := range scoring.Metrics() {
		header = append(header, t.metricHeading(m))
	}
	w := show.NewTable(append(header, t.heading("Qualifies", "Quali-\nfies")), 2, 3, 4, 5, 6, 7)
	for i, partner := range t.partners {
		if i > 0 {
			w.AppendRow(table.Row{""})
		}
		t.partner(w, partner)
	}
	return show.Render(w)
}

func (t scoreTable) partner(w table.Writer, partner results.PartnerCard) {
	heading := make(table.Row, 3+len(scoring.Metrics()))
	for i := range heading {
		heading[i] = t.partnerHeading(partner)
	}
	w.AppendRow(heading, table.RowConfig{AutoMerge: true, AutoMergeAlign: text.AlignLeft})
	for _, area := range partner.Areas {
		row := table.Row{" " + t.book.AreaName(area.Area), t.points(area.Total, 100_00)}
		for _, m := range area.Metrics {
			if m.Points == nil || m.Max == nil {
				row = append(row, "–")
				continue
			}
			row = append(row, t.points(*m.Points, *m.Max))
		}
		w.AppendRow(append(row, t.verdict(area)))
	}
}

// partnerHeading names a partner, with the id by which to find it in the snapshots.
func (t scoreTable) partnerHeading(p results.PartnerCard) string {
	track := ""
	if len(t.book.Tracks) > 1 {
		track = ", " + p.Track + " track"
	}
	return show.Printable(published.PartnerName{ID: p.ID, Name: p.Name}.String()) + track
}

// points writes "24 of 40", or "24/40" where there is little room.
func (t scoreTable) points(points, most scoring.Hundredths) string {
	if t.layout < show.RoomyWidth {
		return points.String() + "/" + most.String()
	}
	return points.String() + " of " + most.String()
}

func (t scoreTable) metricHeading(m scoring.Metric) string {
	switch m {
	case scoring.NetCustomerAdds:
		return t.heading("Customer\nadds", "Cust.\nadds")
	case scoring.IntermediateCertifications:
		return t.heading("Interm.\ncertif.", "Int.\ncert.")
	case scoring.AdvancedCertifications:
		return t.heading("Advanced\ncertif.", "Adv.\ncert.")
	case scoring.UsageGrowth:
		return "Usage\ngrowth"
	default:
		return t.heading("Deploy-\nments", "Depl.")
	}
}

// heading is the name of a column, the short one where there is little room.
func (t scoreTable) heading(long, short string) string {
	if t.layout < show.RoomyWidth {
		return short
	}
	return long
}

// verdict says whether a partner qualifies in an area, and if not what is lacking.
func (t scoreTable) verdict(area results.AreaCard) string {
	if area.Qualifies || t.layout < show.RoomyWidth {
		return yesNo(area)
	}
	verdict := yesNo(area)
	if area.PointsToDesignation > 0 {
		verdict += ", " + area.PointsToDesignation.String() + " short"
	}
	if area.Blocking == "" {
		return verdict
	}
	if t.layout < namingWidth {
		if area.PointsToDesignation == 0 {
			verdict += ", blocked"
		}
		return verdict
	}
	return verdict + ", " + t.blocked(strings.Split(area.Blocking, ","), t.width-verdictColumn-len(verdict)-2)
}

// blocked names the metrics at 0 as far as width allows it.
func (t scoreTable) blocked(metrics []string, width int) string {
	var names []string
	for _, m := range metrics {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(m, "_", " "), "net "), " certifications"))
	}
	text := "0 in " + strings.Join(names, ", ")
	if len(text) > width {
		return wording.Count(int64(len(metrics)), "metric") + " at 0"
	}
	return text
}
