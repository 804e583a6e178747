package written

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/reconcile"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// shownReadings is how many readings the text lists.
const shownReadings = 5

// Reconcile writes what Partner Center shows against what was computed: a row for each number, then the readings that explain differences, and those
// that were not tried.
func Reconcile(a *reconcile.Answer) document.Document {
	heading := title(wording.Words{}, a.PartnerName, titleMonth(wording.Words{}, a.ScoreMonth), a.Rulebook, a.Rules, a.Track)
	d := document.Document{Title: []string{"Partner Center against the published score: " + heading}, Records: reconcileRecords(a)}
	d.Sections = append(d.Sections, document.Section{Lead: []document.Sentence{{Text: reconcileVerdict(a)}}, Table: reconcileTable(a)})
	if len(a.Readings) > 0 {
		d.Sections = append(d.Sections, rankedReadings(a))
	}
	if len(a.ExportsChanged) > 0 {
		d.Sections = append(d.Sections, document.Sentences("The exports are not those that the month was scored from: "+cutList(a.ExportsChanged)+"."))
	}
	if len(a.NotTried) > 0 {
		d.Sections = append(d.Sections, notTried(a))
	}
	return d
}

// reconcileVerdict says how many lines differ.
func reconcileVerdict(a *reconcile.Answer) string {
	lines := int64(len(a.Lines))
	switch {
	case a.Differences == 0 && lines == 1:
		return "Equal."
	case a.Differences == 0:
		return fmt.Sprintf("All %s lines are equal.", scoring.Grouped(lines))
	case lines == 1:
		return "The line differs."
	default:
		return fmt.Sprintf("%d of %s differ.", a.Differences, wording.Count(lines, "line"))
	}
}

func reconcileTable(a *reconcile.Answer) *document.Table {
	t := &document.Table{Columns: append([]document.Column{{Header: "Score", Bare: true}}, append(document.Numbers("Partner Center", "Published"), document.Named("Result")...)...)}
	area := scoring.Area("")
	for i, line := range a.Lines {
		if line.Area != area {
			if area = line.Area; i > 0 {
				t.Rows = append(t.Rows, document.Row{})
			}
			t.Add(0, "", a.Rules.AreaName(area), "", "", "")
		}
		why, below := whyDiffers(a, i), ""
		if line.Points == nil {
			below = why
		}
		if line.Points != nil {
			if line.Value != nil && !line.ValueEqual() {
				below, why = why, "" // below the row of the value
			}
			t.Add(1, why, line.Item.Name(), line.Points.String(), orDash(wording.Words{}, line.Ours.Points), pointsResult(line))
		}
		if line.Value != nil {
			t.Add(1, below, valueName(line), portalValue(line.Item, *line.Value), oursValue(line.Item, line.Ours.Value), equalOr(line.ValueEqual(), "differs"))
		}
	}
	return t
}

func equalOr(equal bool, other string) string {
	if equal {
		return "equal"
	}
	return other
}

// pointsResult says by how much points differ.
func pointsResult(line reconcile.ComparedLine) string {
	if line.PointsEqual() || line.Ours.Points == nil {
		return equalOr(line.PointsEqual(), "differs")
	}
	return "differs: " + wording.Words{}.SignedPoints(*line.Points-*line.Ours.Points)
}

// valueName names what the points of a metric follow from.
func valueName(line reconcile.ComparedLine) string {
	name := unit(line.Item)
	if name == "" {
		name = " growth"
	}
	return line.Item.Name() + "," + name
}

func portalValue(i reconcile.Item, n reconcile.Number) string {
	if i == reconcile.Item(scoring.UsageGrowth) {
		return n.String() + " %"
	}
	return n.String()
}

func oursValue(i reconcile.Item, f *scoring.Fixed6) string {
	switch {
	case f == nil:
		return "–"
	case i == reconcile.Item(scoring.UsageGrowth):
		return wording.Words{}.Percent(*f)
	default:
		return wording.Words{}.Plain(*f)
	}
}

// whyDiffers says which readings explain a line, or that none does and what they give.
func whyDiffers(a *reconcile.Answer, line int) string {
	if a.Lines[line].Equal {
		return ""
	}
	var ranks []string
	for _, r := range a.Readings {
		if slices.Contains(r.Explains, line) {
			ranks = append(ranks, scoring.Grouped(int64(r.Rank)))
		}
	}
	switch n := len(ranks); {
	case n == 1:
		return "Explained by reading " + ranks[0] + "."
	case n > shownReadings:
		return fmt.Sprintf("Explained by readings %s and %d more.", strings.Join(ranks[:shownReadings], ", "), n-shownReadings)
	case n > 1:
		return "Explained by readings " + wording.Words{}.List(ranks) + "."
	}
	return fmt.Sprintf("None of the readings that were tried gives %s%s.", shownBy(a.Lines[line]), given(a, line))
}

// shownBy writes what Partner Center shows in a line.
func shownBy(line reconcile.ComparedLine) string {
	var shown []string
	if line.Points != nil {
		shown = append(shown, wording.Words{}.Points(*line.Points))
	}
	if line.Value != nil {
		shown = append(shown, portalValue(line.Item, *line.Value)+unit(line.Item))
	}
	return strings.Join(shown, " with ")
}

// unit is the noun of a value within a sentence; a percentage has a sign.
func unit(i reconcile.Item) string {
	switch scoring.Metric(i) {
	case scoring.NetCustomerAdds:
		return " net added"
	case scoring.UsageGrowth:
		return ""
	case scoring.Deployments:
		return " services"
	default:
		return " people"
	}
}

// given says which points the readings that were tried give in a line.
func given(a *reconcile.Answer, line int) string {
	var all []scoring.Hundredths
	for _, r := range slices.Concat(a.Readings, a.Others) {
		if points := r.Numbers[line].Points; points != nil && (a.Lines[line].Ours.Points == nil || *points != *a.Lines[line].Ours.Points) {
			all = append(all, *points)
		}
	}
	slices.Sort(all)
	var texts []string
	for _, points := range slices.Compact(all) {
		texts = append(texts, points.String())
	}
	if len(texts) == 0 {
		return ": all of them give what is published"
	}
	return ": those that change it give " + wording.Words{}.List(texts)
}

// rankedReadings lists the readings that explain differences.
func rankedReadings(a *reconcile.Answer) document.Section {
	s := document.Section{Lead: []document.Sentence{{Text: "Readings that explain a difference exactly, the likeliest first:"}}}
	for _, r := range a.Readings[:min(len(a.Readings), shownReadings)] {
		s.Item(fmt.Sprintf("%d. ", r.Rank), readingSentence(a, r))
	}
	if more := len(a.Readings) - shownReadings; more > 0 {
		s.Note(fmt.Sprintf("%d more: see --format json or csv.", more))
	}
	return s
}

// readingSentence says what a reading explains, and where it gives other numbers than Partner Center shows.
func readingSentence(a *reconcile.Answer, r reconcile.Reading) string {
	text := wording.Sentence(changesInWords(r.Changes))
	if r.Track != a.Track && !slices.ContainsFunc(r.Changes, func(c reconcile.Change) bool { return c.Kind == reconcile.OtherTrack }) {
		text += ", " + r.Track + " track"
	}
	text += ": explains "
	switch n := len(r.Explains); {
	case a.Differences == 1:
		text += "the difference"
	case n == a.Differences && n == 2:
		text += "both differences"
	case n == a.Differences:
		text += fmt.Sprintf("all %d differences", n)
	default:
		text += fmt.Sprintf("%d of %d differences", n, a.Differences)
	}
	var others, broken []string
	for i, line := range a.Lines {
		would := fmt.Sprintf("%s of %s would be %s, not %s", line.Item.Name(), a.Rules.AreaName(line.Area), numbersInWords(line, r.Numbers[i]), shownBy(line))
		switch {
		case slices.Contains(r.Breaks, i):
			broken = append(broken, would)
		case !line.Equal && !slices.Contains(r.Explains, i):
			others = append(others, would)
		}
	}
	if len(others) > 0 {
		text += "; " + cutList(others)
	}
	if len(broken) > 0 {
		text += "; changes " + wording.Count(int64(len(broken)), "equal line") + ": " + cutList(broken)
	}
	return text + "."
}

// cutList joins the first of some sentences.
func cutList(all []string) string {
	const most = 3
	if len(all) > most {
		return strings.Join(all[:most], "; ") + fmt.Sprintf("; and %d more", len(all)-most)
	}
	return strings.Join(all, "; ")
}

// numbersInWords writes the numbers that a reading gives for a line.
func numbersInWords(line reconcile.ComparedLine, n reconcile.Shown) string {
	var parts []string
	if line.Points != nil {
		text := "–"
		if n.Points != nil {
			text = wording.Words{}.Points(*n.Points)
		}
		parts = append(parts, text)
	}
	if line.Value != nil {
		parts = append(parts, oursValue(line.Item, n.Value)+unit(line.Item))
	}
	return strings.Join(parts, " with ")
}

// changesInWords says what a reading takes differently.
func changesInWords(changes []reconcile.Change) string {
	var words []string
	for _, c := range changes {
		words = append(words, changeInWords(c))
	}
	return wording.Words{}.List(words)
}

func changeInWords(c reconcile.Change) string {
	switch c.Kind {
	case reconcile.MonthBefore:
		return "the month before (" + c.Value + ": Partner Center was not refreshed yet)"
	case reconcile.Rounding:
		return roundingInWords(c.Value)
	case reconcile.SkillsDay:
		text := "certifications as of " + c.Value
		if c.Until != "" {
			text = fmt.Sprintf("certifications as of a day from %s to %s", c.Value, c.Until)
		}
		if c.Export != "" {
			text += " (by the export of " + c.Export + " or a later one)"
		}
		return text
	case reconcile.Restated:
		return "the exports as they are now"
	case reconcile.OpenSegments:
		return "customers of unknown size counted as SMB"
	case reconcile.OtherTrack:
		return "the other track (" + c.Value + ")"
	case reconcile.OtherRulebook:
		return "the rulebook " + c.Value
	case reconcile.MissingOffers:
		if c.Value == reconcile.OffersCount {
			return "usage without an offer counted"
		}
		return "usage without an offer left out"
	default:
		return "deduplication off (every association counts)"
	}
}

// roundingInWords says how growth is rounded.
func roundingInWords(rounding string) string {
	switch rounding {
	case scoring.RoundNearest:
		return "growth rounded to the nearest percent"
	case scoring.RoundUp:
		return "growth rounded up to whole percents"
	case scoring.RoundOneDecimal:
		return "growth rounded down to tenths of a percent"
	case scoring.RoundExact:
		return "growth without rounding"
	default:
		return "growth rounded down to whole percents"
	}
}

// notTried lists the readings that were not tried, and what to give so that they are.
func notTried(a *reconcile.Answer) document.Section {
	s := document.Section{Lead: []document.Sentence{{Text: "Not tried:"}}}
	var sentences []string
	kinds := map[string][]string{}
	for _, n := range a.NotTried {
		why := notTriedBecause(n)
		if len(kinds[why]) == 0 {
			sentences = append(sentences, why)
		}
		kinds[why] = append(kinds[why], kindInWords(n))
	}
	for _, why := range sentences {
		s.Item(document.Bullet, wording.Sentence(strings.Join(kinds[why], ", "))+": "+why)
	}
	return s
}

func notTriedBecause(n reconcile.NotTried) string {
	switch n.Cause {
	case reconcile.NoExports:
		return "the exports are needed. Name them with --exports."
	case reconcile.ExportsUnfit:
		return "the month cannot be scored from the exports now: " + n.Why + "."
	case reconcile.NotInMonth:
		return "the exports do not have the partner now."
	case reconcile.NothingMissing:
		return "no usage row was left out because it had no offer."
	case reconcile.NothingTwice:
		return "no usage was reported by two associations."
	default:
		return n.Why + "."
	}
}

// kindInWords names a kind of reading.
func kindInWords(n reconcile.NotTried) string {
	switch n.Kind {
	case reconcile.MonthBefore:
		return "the month before"
	case reconcile.SkillsDay:
		return "certifications as of another day"
	case reconcile.Restated:
		return "an export that changed"
	case reconcile.OtherTrack:
		return "the other track and customers of unknown size"
	case reconcile.OtherRulebook:
		return "the rulebook " + n.Value
	case reconcile.MissingOffers:
		return "usage without an offer"
	default:
		return "deduplication off"
	}
}
