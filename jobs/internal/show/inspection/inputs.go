package inspection

import (
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// certificationsMonth is the month of a snapshot of certifications in words.
func certificationsMonth(c inspect.InspectedCertifications) string {
	if c.Month == 0 {
		return "no known month"
	}
	return c.Month.String()
}

// certifications prints all there is to say of a month of certifications, or what is wrong with it.
func (t page) certifications(c inspect.InspectedCertifications, whole bool) {
	t.line("\nCertifications of %s, judged by rulebook %s", certificationsMonth(c), show.Printable(c.Rulebook))
	t.problems(c.Problems)
	t.files(c.Files, whole)
	if !c.Judged || !whole {
		return
	}
	t.line("\n%s, %s of them certifications.", wording.Count(c.Rows, "row"), scoring.Grouped(c.Certifications))
	if c.UnknownPartner > 0 {
		sentence := "Left out, since the partners files do not know their location: " + wording.Count(c.UnknownPartner, "row")
		if c.UnknownLocation != "" {
			sentence += ", the first of location " + show.Printable(c.UnknownLocation)
		}
		t.sentence(0, sentence+".")
	}
	if c.Nobody > 0 {
		t.sentence(0, "Without a person (no certification id and no e-mail), so left out: "+wording.Count(c.Nobody, "row")+".")
	}
	t.labels("Training type", c.Types)
	t.labels("Title of a certification", c.Titles)
}

// partners prints what the partners files hold: all of it, or a line where nothing is wrong with them.
func (t page) partners(whole bool) {
	p := t.result.Partners
	if p == nil {
		t.line("\nThere is no partners file: every location counts for the account that the rows name, else for itself.")
		return
	}
	broken := len(p.Problems) > 0 || brokenFile(p.Files)
	if broken {
		t.line("\nPartners, which cannot be used; rows above are judged as if there were none")
	} else {
		t.line("\nPartners: %s of %s, %s in %s.", wording.Count(p.Locations, "location"), wording.Count(p.Accounts, "account"), wording.Count(p.Rows, "row"),
			wording.Count(int64(len(p.Files)), "file"))
	}
	t.problems(p.Problems)
	if whole || broken {
		t.files(p.Files, whole)
	}
}

// undated lists usage files that would be of many months, were they not broken or empty.
func (t page) undated() {
	if len(t.result.Undated) == 0 {
		return
	}
	t.line("\nUsage of no known month, since it is broken or empty")
	t.files(t.result.Undated, false)
}
