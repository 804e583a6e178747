package factstest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// odd has usage whose labels, ids, names and amounts are written in many ways.
func odd() *world.World {
	w := &world.World{}
	w.Add(world.June,
		world.Usage{Location: "p", Amount: "10.5", Name: "Contoso", Segment: "SMB"},
		world.Usage{Location: " p ", Amount: "0.000001", Service: " storage\u00a0", Name: "CONTOSO", Association: "  Partner  Admin Link "},
		world.Usage{Location: "p", Amount: "-3", Tenant: "  " + strings.ToUpper(world.Tenant("b")), Service: "STRASSE ΣΑΣ", Name: "Ägypten"},
		world.Usage{Location: "p", Amount: "1e2", Tenant: world.Tenant("b"), Service: "straße σας", Name: "ägypten"},
		world.Usage{Location: "p", Amount: "5", Service: world.None},
		world.Usage{Location: "p", Amount: "6", Service: "Virtual Machines"},
		// The same consumption under two associations counts once, for the one of higher priority.
		world.Usage{Location: "p", Amount: "700", Subscription: "s1", Association: "PAL"},
		world.Usage{Location: "p", Amount: "700", Subscription: "s1", Association: "CSP Tier 2"},
		world.Usage{Location: "q", Amount: "9", Association: "Reseller"},
		world.Usage{Location: "q", Amount: "8", Offer: "Trial"},
		world.Usage{Location: "q", Amount: "x"},
		world.Usage{Location: "q", Amount: "1", Month: "2024-05"},
		world.Usage{Location: "q", Amount: "1", Tenant: "00000000-0000-0000-0000-000000000000"})
	return w
}

func (n suite) rows(t *testing.T) {
	b, err := n.build(t, n.write(t, odd()))
	if err != nil {
		t.Fatal(err)
	}
	a, tenant := world.Tenant("a"), world.Tenant("b")
	want(t, "consumption", b.rows[snapshot.FactsConsumption],
		"2024-06-01 | p | "+a+" | storage | 710.500001",
		"2024-06-01 | p | "+a+" | unknown | 5.000000",
		"2024-06-01 | p | "+a+" | virtual machines | 6.000000",
		"2024-06-01 | p | "+tenant+" | strasse σασ | -3.000000",
		"2024-06-01 | p | "+tenant+" | straße σας | 100.000000")
	want(t, "customers", b.rows[snapshot.FactsCustomers],
		"2024-06-01 | p | "+a+` | CONTOSO | smb`,
		"2024-06-01 | p | "+tenant+` | Ägypten | \N`)
	want(t, "services", b.rows[snapshot.FactsServices],
		"p | storage | Storage", "p | strasse σασ | STRASSE ΣΑΣ", "p | straße σας | straße σας", "p | unknown | Unknown", "p | virtual machines | Virtual Machines")
	want(t, "exclusions", b.exclusions(), "data bad_amount 1 0.000000", "data missing_tenant 1 1.000000", "data wrong_month 1 1.000000",
		"rule association_not_eligible 1 9.000000", "rule duplicate_attribution 1 700.000000", "rule offer_not_eligible 1 8.000000")
	if b.Rows != 13 || b.Month != world.June || b.Locations != nil {
		t.Errorf("facts %+v", b.Facts)
	}
}

// partnersFile: locations roll up to accounts, and the facts say to which.
func (n suite) partnersFile(t *testing.T) {
	w := &world.World{Partners: []world.Location{{ID: "p", Global: "account"}, {ID: "r", Global: "account"}}}
	w.Add(world.June, world.Usage{Location: "p", Amount: "1"}, world.Usage{Location: "r", Amount: "2", Subscription: "s"}, world.Usage{Location: "stranger", Amount: "4"})
	b, err := n.build(t, n.write(t, w))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "consumption", b.rows[snapshot.FactsConsumption], "2024-06-01 | account | "+world.Tenant("a")+" | storage | 3.000000")
	want(t, "exclusions", b.exclusions(), "data unknown_location 1 4.000000")
	account := "account"
	if diff := cmp.Diff(map[string]*string{"p": &account, "r": &account, "stranger": nil}, b.Locations); diff != "" {
		t.Error(diff)
	}
}

// sameBytes: neither the order of rows nor how they are dealt to files, nor the format of the files, changes a byte.
func (n suite) sameBytes(t *testing.T) {
	first, err := n.build(t, n.write(t, odd()))
	if err != nil {
		t.Fatal(err)
	}
	dealt, parquet := odd(), odd()
	slices.Reverse(dealt.Usage[world.June])
	for i := range dealt.Usage[world.June] {
		dealt.Usage[world.June][i].File = i % 3
	}
	parquet.Parquet = true
	for name, w := range map[string]*world.World{"dealt": dealt, "Parquet": parquet} {
		b, err := n.build(t, n.write(t, w))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for file, content := range first.files {
			if b.files[file] != content {
				t.Errorf("%s: %s has other bytes", name, file)
			}
		}
		want(t, name, b.exclusions(), first.exclusions()...)
	}
}

// manyMonths: a file of several months gives the facts of files of one month each.
func (n suite) manyMonths(t *testing.T) {
	if n.forms == ParquetOfMonths {
		t.Skip("this engine reads files of one month")
	}
	w, may := odd(), world.June.Add(-1)
	w.Usage[world.June] = slices.DeleteFunc(w.Usage[world.June], func(u world.Usage) bool { return u.Month != "" })
	w.Add(may, world.Usage{Location: "p", Amount: "3"}, world.Usage{Location: "q", Amount: "4", Association: "Reseller"})
	monthly := n.open(t, n.write(t, w))
	one := n.open(t, w.WriteMany(t, func(int) int { return 0 }), world.ManyMonths)
	for _, m := range []scoring.Month{may, world.June} {
		apart, err := n.buildMonth(t, monthly, m, nil)
		if err != nil {
			t.Fatal(err)
		}
		together, err := n.buildMonth(t, one, m, one.Inputs.Usage[world.June])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(read(t, monthly, apart).files, read(t, one, together).files); diff != "" {
			t.Errorf("%s: the files differ", m)
		}
	}
}

// badRows: rows that are bad data are named by file, column, row and value, and a value that may be a person's name is not shown.
func (n suite) badRows(t *testing.T) {
	w := &world.World{Parquet: true}
	w.Add(world.June, world.Usage{Location: "p", Amount: "1"}, world.Usage{Location: "p", Amount: "EUR 5"}, world.Usage{Location: "Jane Doe@example.com", Amount: "1"})
	e := n.open(t, n.write(t, w))
	problems, err := n.engine(t, e).Rejected(t.Context(), e.Inputs.Usage[world.June])
	if err != nil {
		t.Fatal(err)
	}
	refused(t, &exports.ContractError{Problems: problems}, "part-0.parquet", "month 2024-06", "column ACR_USD", "row 2", `"EUR 5"`, "bad_amount",
		"column MPNId", "row 3", "missing_partner")
	for _, p := range problems {
		if text := p.String(); filepath.Base(p.File) != "part-0.parquet" || strings.Contains(text, "Jane") {
			t.Errorf("problem %+v", p)
		}
	}
}

// brokenInputs: a damaged file is named, a changed one is a *exports.ChangedError, sums that do not fit are refused.
func (n suite) brokenInputs(t *testing.T) {
	w := world.New().Lately(1)
	w.Parquet = true
	root := n.write(t, w)
	path := filepath.Join(world.UsageDir(root, world.June), "part-0.parquet")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		data[4+i] = 0xff
	}
	world.WriteFile(t, path, data)
	_, err = n.build(t, root)
	refused(t, err, "part-0.parquet", "damaged inside")

	e := n.open(t, n.write(t, world.New().Lately(1)))
	world.WriteFile(t, e.Inputs.Usage[world.June][0].Path, []byte("Month\n"))
	var changed *exports.ChangedError
	var broken *exports.ContractError
	if _, err := n.buildMonth(t, e, world.June, nil); !errors.As(err, &changed) && !errors.As(err, &broken) {
		t.Errorf("a changed file: %v", err)
	}

	huge := &world.World{}
	huge.Add(world.June, world.Usage{Location: "p", Amount: "999999999999"}, world.Usage{Location: "p", Amount: "999999999999", Subscription: "s"})
	_, err = n.build(t, n.write(t, huge))
	refused(t, err, "trillion", "2024-06")
}
