package lookup_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/people/lookup"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/world"
)

func TestMain(m *testing.M) { os.Exit(world.Main(m)) }

const key = "a key of sixteen bytes"

// find names the people of June as exports have them that may have changed since.
func find(t *testing.T, exports, snapshots string, key inputs.PersonKey) (*people.List, error) {
	t.Helper()
	r := publishedtest.Open(t, snapshots)
	month, err := r.Month(t.Context(), world.June)
	world.Must(t, err)
	holdings, err := reader.HoldingsOf(t.Context(), r, month, "")
	world.Must(t, err)
	partners, err := r.Partners(t.Context(), month)
	world.Must(t, err)
	opt := world.Options(exports, snapshots, t.TempDir()).Options
	opt.PersonKey = key
	return lookup.Find(t.Context(), lookup.Request{Month: month, Holdings: holdings, Partners: partners, Inputs: opt})
}

// spelled writes a text as exports may: in other case, with blanks around it.
func spelled(random *rand.Rand, text string) string {
	return []string{text, strings.ToUpper(text), " " + text, text + "  "}[random.IntN(4)]
}

// TestEverybodyIsFound: each pseudonym of a month belongs to somebody of the exports, however these spell it, and the spelling on most rows is shown.
func TestEverybodyIsFound(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	w := world.New().Lately(1)
	w.Certifications = nil
	type person struct{ name, email, mcp string }
	want := map[string]person{}
	names := map[string]map[string]int{}
	for i := range 60 {
		mcp, email := fmt.Sprint(900000+i), fmt.Sprintf("p%d@seven.example", i)
		who := mcp
		if i%3 == 0 {
			mcp, who = "", email
		}
		id := inputs.PersonKey(key).Pseudonym(who)
		names[id] = map[string]int{}
		for range 1 + random.IntN(5) {
			h := world.Holding{Global: "base", Email: spelled(random, email), Title: []string{"AZ-104", "AZ-305", "AZ-700"}[random.IntN(3)],
				FirstName: []string{"Ada", "Grace", ""}[random.IntN(3)], LastName: "L" + fmt.Sprint(i)}
			if mcp != "" {
				h.MCP = []string{mcp, mcp + ".0"}[random.IntN(2)]
			}
			w.Hold(world.June, h)
			names[id][strings.TrimSpace(h.FirstName+" "+h.LastName)]++
		}
		want[id] = person{"", email, mcp}
	}
	exports := w.Write(t)
	scored := world.ScoreFresh(t, exports, world.NoHistory, func(o *months.Options) { o.PersonKey = inputs.PersonKey(key) })
	list, err := find(t, exports, scored.Snapshots, inputs.PersonKey(key))
	world.Must(t, err)
	if len(list.People) != len(want) || len(list.Changes) != 0 || list.Missing() != 0 {
		t.Fatalf("%d of %d people, %d not found, changes %q", len(list.People), len(want), list.Missing(), list.Changes)
	}
	for _, p := range list.People {
		most := ""
		for _, name := range slices.Sorted(maps.Keys(names[p.ID])) {
			if most == "" || names[p.ID][name] > names[p.ID][most] {
				most = name
			}
		}
		if w := want[p.ID]; p.Name != most || strings.ToLower(p.Email) != w.email || p.MCPID != w.mcp || p.OtherEmails != 0 || p.OtherNames != int64(len(names[p.ID])-1) {
			t.Errorf("%+v, want %+v, %s of %v", p, w, most, names[p.ID])
		}
	}
}

// TestWhoIsNotFound: a key that does not fit is refused; whom the exports do not have any more has a pseudonym, and a reason.
func TestWhoIsNotFound(t *testing.T) {
	w := world.New().Lately(1)
	exports := w.Write(t)
	scored := world.ScoreFresh(t, exports, world.NoHistory, func(o *months.Options) { o.PersonKey = inputs.PersonKey(key) })
	for _, other := range []string{"", "another key of bytes"} {
		_, err := find(t, exports, scored.Snapshots, inputs.PersonKey(other))
		if fault.Of(err) != fault.Usage {
			t.Errorf("key %q: %v", other, err)
		}
	}
	w.Certifications = nil
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m2", Title: "AZ-305"})
	list, err := find(t, w.Write(t), scored.Snapshots, inputs.PersonKey(key))
	world.Must(t, err)
	want := people.Person{PartnerID: "base", ID: inputs.PersonKey(key).Pseudonym("m1"), Why: people.Restated,
		Certifications: []people.Certification{{Title: "Azure Administrator Associate", Counted: true, Reason: string(published.HoldingCounted)}}}
	if len(list.People) != 1 || fmt.Sprint(list.People[0]) != fmt.Sprint(want) || len(list.Changes) != 1 {
		t.Errorf("%+v, want %+v; changes %q", list.People, want, list.Changes)
	}
}
