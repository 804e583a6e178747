package written

import (
	"bytes"
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// TestTheFileOfNamesIsRead: whatever people are called, the file of names gives back each of them.
func TestTheFileOfNamesIsRead(t *testing.T) {
	text := rapid.StringMatching(`[=+@'"a-zA-ZäøŁ中, ;.-]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9a-f]{16}`), 0, 8, rapid.ID).Draw(t, "ids")
		list := &people.List{Month: scoring.Month(2024*12 + 5), Scheme: "hmac-sha256, key 01234567"}
		want := map[string]string{}
		for _, id := range ids {
			p := people.Person{PartnerID: "7", ID: id, Found: true, Name: text.Draw(t, "name"), Email: text.Draw(t, "email"), MCPID: text.Draw(t, "mcp")}
			for _, cell := range []string{p.Name, p.Email, p.MCPID} {
				if len(cell) > 1 && cell[0] == '\'' { // an apostrophe before a formula is taken for that of the file
					t.Skip("nobody is called that")
				}
			}
			list.People, want[id] = append(list.People, p), cmp.Or(p.Name, p.Email, p.MCPID)
		}
		var file bytes.Buffer
		if err := show.CSV(&file, PeopleList(list).Records); err != nil {
			t.Fatal(err)
		}
		names, err := people.ReadNames(&file)
		if err != nil {
			t.Fatal(err)
		}
		for id, name := range want {
			if got := names.Of(id); got != name {
				t.Fatalf("%s: %q, want %q", id, got, name)
			}
		}
		if !names.Made(list.Scheme) || len(ids) > 0 && names.Made("sha256") {
			t.Fatal("the file does not say how its ids were made")
		}
	})
}
