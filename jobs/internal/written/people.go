package written

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
)

// PeopleKeys are the columns of the CSV of people, which is also the file of names.
func PeopleKeys() document.Keys {
	return document.Keys{
		{people.ColumnMonth + " partner_id partner_name", "whose people the line is about"},
		{people.ColumnID, "the pseudonym in the published tables"},
		{people.ColumnName + " " + people.ColumnEmail + " " + people.ColumnMCPID,
			"of the person, as most rows of the exports write them; the corporate e-mail address goes before another one"},
		{"certifications", "that the person holds and the month asks for, with the reason where one does not count"},
		{"found reason", "true, or false and why for a person whom the exports do not have: exports_changed, columns_mapped_differently"},
		{"other_names other_emails", "how many further names and addresses the exports give the person"},
		{people.ColumnScheme, "how the pseudonyms were made; it identifies the key and does not give it away"},
	}
}

// PeopleList lays out who stands behind the pseudonyms of a month, partner by partner.
func PeopleList(l *people.List) document.Document {
	d := document.Document{Records: peopleRecords(l)}
	d.Title = []string{fmt.Sprintf("%s behind the pseudonyms of %s", wording.Words{}.People(int64(len(l.People))), titleMonth(wording.Words{}, l.Month))}
	if len(l.People) == 0 {
		d.Title = []string{fmt.Sprintf("Nobody holds a certification that %s asks for.", titleMonth(wording.Words{}, l.Month))}
		return d
	}
	d.Title = append(d.Title, PeopleNotes(l)...)
	var section *document.Section
	for i, p := range l.People {
		if i == 0 || p.PartnerID != l.People[i-1].PartnerID {
			d.Sections = append(d.Sections, peopleSection(p))
			section = &d.Sections[len(d.Sections)-1]
		}
		name, email := p.Name, p.Email
		if !p.Found {
			name, email = "not in the exports", ""
		}
		section.Table.Rows = append(section.Table.Rows, document.Row{Sentence: heldCertifications(p),
			Cells: document.Texts(p.ID, cmp.Or(name, "–"), cmp.Or(email, "–"), cmp.Or(p.MCPID, "–"))})
	}
	return d
}

// peopleSection begins the people of a partner.
func peopleSection(p people.Person) document.Section {
	columns := document.Named("Person", "Name", "E-mail", "MCP id")
	columns[1].Room = document.Room{Others: 58, Least: 18, Wrap: true}
	columns[2].Room = document.Room{Others: 52, Least: 28, Wrap: true}
	return document.Section{Lead: document.Sentences(published.PartnerName{ID: p.PartnerID, Name: p.PartnerName}.String()).Lead, Table: &document.Table{Columns: columns}}
}

// PeopleNotes say what a reader of the list must know. They name nobody.
func PeopleNotes(l *people.List) (notes []string) {
	if len(l.Changes) > 0 {
		notes = append(notes, fmt.Sprintf("The certifications are not those that the month was scored from: %s. Score the month again to publish what they say now.",
			wording.Words{}.List(l.Changes)))
	}
	if n := l.Missing(); n > 0 {
		why := "the certifications have no row of them: their columns are mapped differently than when the month was scored"
		if len(l.Changes) > 0 {
			why = "the certifications have no row of them any more"
		}
		notes = append(notes, fmt.Sprintf("Not found: %s; %s.", wording.Words{}.People(n), why))
	}
	if n := l.Several(); n > 0 {
		notes = append(notes, fmt.Sprintf("The exports give %s several names or e-mail addresses. The list has the one on most rows, "+
			"a corporate address before another one; among equals the first in the alphabet.", wording.Words{}.People(n)))
	}
	return notes
}

// heldCertifications lists the certifications of a person, with the reason where one does not count.
func heldCertifications(p people.Person) string {
	texts := make([]string, len(p.Certifications))
	for i, c := range p.Certifications {
		texts[i] = c.Title
		if !c.Counted {
			texts[i] += " (" + published.HoldingReason(c.Reason).Words().String() + ")"
		}
	}
	return strings.Join(texts, "; ")
}

// peopleRecords has a line for each partner's person.
func peopleRecords(l *people.List) document.Records {
	var rows [][]string
	for _, p := range l.People {
		rows = append(rows, []string{l.Month.String(), p.PartnerID, p.PartnerName, p.ID, p.Name, p.Email, p.MCPID, heldCertifications(p), strconv.FormatBool(p.Found),
			string(p.Why), strconv.FormatInt(p.OtherNames, 10), strconv.FormatInt(p.OtherEmails, 10), l.Scheme})
	}
	return document.Records{Keys: PeopleKeys(), Rows: rows}
}
