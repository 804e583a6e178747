// Package world makes the exports of tests and scores them. Tests alone import it.
package world

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"partnerscore/scoring"
)

// June is the score month of most tests.
var June = scoring.NewMonth(2024, time.June)

// Long tells that loops may take minutes.
var Long = os.Getenv("PARTNERSCORE_TEST_LONG") != ""

// Usage is one row of a usage export, as text; zero values are what most rows say.
type Usage struct {
	Location, Global string
	Association      string // "" is PAL
	Tenant           string // "" is tenant a
	Name, Segment    string
	Subscription     string
	Level1, Service  string // service "" is Storage
	Level3, Level4   string
	Resource         string
	Offer, OfferID   string // offer "" is Microsoft Azure
	Amount, Month    string // month "" is that of the file
	File             int    // number of the file in the month's folder
}

// None is an empty field where "" has another meaning.
const None = "\x00"

// Holding is one row of a certifications export.
type Holding struct {
	Global, Location    string
	MCP, Email          string
	Title               string
	Type                string // "" is Certification
	Completed, Expires  string // completed "" is 2024-01-15
	Activation          string
	FirstName, LastName string
}

// Location is one row of a partners export.
type Location struct{ ID, Name, Global, GlobalName string }

// World is what the exports of a test say.
type World struct {
	Usage          map[scoring.Month][]Usage
	Certifications map[scoring.Month][]Holding
	Partners       []Location
	// Parquet writes usage as Parquet with every column as text, otherwise it is CSV.
	Parquet bool
}

// Add puts rows into a month.
func (w *World) Add(m scoring.Month, rows ...Usage) {
	if w.Usage == nil {
		w.Usage = map[scoring.Month][]Usage{}
	}
	w.Usage[m] = append(w.Usage[m], rows...)
}

// Hold puts rows into the certifications of a month.
func (w *World) Hold(m scoring.Month, rows ...Holding) {
	if w.Certifications == nil {
		w.Certifications = map[scoring.Month][]Holding{}
	}
	w.Certifications[m] = append(w.Certifications[m], rows...)
}

// New has one customer of one partner with 100 US dollars in each of the fourteen months before and with june, and one certified person.
func New() *World {
	w := &World{}
	for m := June.Add(-13); m <= June; m++ {
		w.Add(m, Usage{Location: "base", Amount: "100"})
	}
	w.Hold(June, Holding{Global: "base", MCP: "m1", Title: "Azure Administrator Associate"})
	return w
}

// Only drops all months of usage but june and those so many months before it: each month of facts takes a tenth of a second, and most tests ask
// nothing about history. NoHistory lets the rest be missing.
func (w *World) Only(back ...int) *World {
	for m := range w.Usage {
		if m != June && !slices.Contains(back, int(June-m)) {
			delete(w.Usage, m)
		}
	}
	return w
}

// Clone copies the world.
func (w *World) Clone() *World {
	c := &World{Partners: slices.Clone(w.Partners), Parquet: w.Parquet}
	for m, rows := range w.Usage {
		c.Add(m, slices.Clone(rows)...)
	}
	for m, rows := range w.Certifications {
		c.Hold(m, slices.Clone(rows)...)
	}
	return c
}

// Tenant makes a tenant id of a letter or a word.
func Tenant(name string) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(name), []byte(name + "......")[:6])
}

// Text is a value as it stands in a file: None is empty, empty is the usual value.
func Text(value, usual string) string {
	if value == None {
		return ""
	}
	return cmp.Or(value, usual)
}

// UsageHeader are the columns of a usage export.
var UsageHeader = []string{"Month", "MPNId", "PGAMpnID", "PartnerAttributionType", "CustomerTenantId", "CustomerName", "CustomerSegment", "SubscriptionId",
	"ServiceLevel1", "ServiceLevel2", "ServiceLevel3", "ServiceLevel4", "ResourceId", "OfferType", "OfferId", "ACR_USD"}

// Cells are the row in the order of UsageHeader.
func (u Usage) Cells(m scoring.Month) []string {
	return []string{Text(u.Month, m.String()), u.Location, u.Global, Text(u.Association, "PAL"), Text(u.Tenant, Tenant("a")), u.Name, u.Segment, u.Subscription,
		u.Level1, Text(u.Service, "Storage"), u.Level3, u.Level4, u.Resource, Text(u.Offer, "Microsoft Azure"), u.OfferID, u.Amount}
}

// Write writes the world as exports into a new folder and returns it.
func (w *World) Write(tb testing.TB) string {
	tb.Helper()
	root := tb.TempDir()
	w.WriteTo(tb, root)
	return root
}

// WriteTo writes the world as exports into a folder.
func (w *World) WriteTo(tb testing.TB, root string) {
	tb.Helper()
	for m, rows := range w.Usage {
		files := map[int][][]string{}
		if len(rows) == 0 { // a month is there, though nothing happened
			files[0] = nil
		}
		for _, u := range rows {
			files[u.File] = append(files[u.File], u.Cells(m))
		}
		for n, cells := range files {
			path := filepath.Join(root, "azure_usage", "month="+m.String(), fmt.Sprintf("part-%d", n))
			if w.Parquet {
				WriteParquet(tb, path+".parquet", UsageHeader, cells)
			} else {
				WriteCSV(tb, path+".csv", UsageHeader, cells)
			}
		}
	}
	for m, rows := range w.Certifications {
		var cells [][]string
		for _, h := range rows {
			cells = append(cells, []string{h.Global, h.Location, h.MCP, h.Email, h.Title, Text(h.Type, "Certification"), Text(h.Completed, "2024-01-15"),
				h.Expires, h.Activation, h.FirstName, h.LastName})
		}
		WriteCSV(tb, filepath.Join(root, "certifications", "month="+m.String(), "part-0.csv"),
			[]string{"PGAMpnId", "MpnId", "MCPID", "Email", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus", "FirstName", "LastName"}, cells)
	}
	if len(w.Partners) > 0 {
		var cells [][]string
		for _, l := range w.Partners {
			cells = append(cells, []string{l.ID, l.Name, l.Global, l.GlobalName})
		}
		WriteCSV(tb, filepath.Join(root, "partners", "part-0.csv"), []string{"MpnId", "PartnerName", "PGA_MPNId", "PGA_PartnerName"}, cells)
	}
}

// WriteCSV writes a CSV file.
func WriteCSV(tb testing.TB, path string, header []string, rows [][]string) {
	tb.Helper()
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(append([][]string{header}, rows...)); err != nil {
		tb.Fatal(err)
	}
	WriteFile(tb, path, out.Bytes())
}

// WriteFile writes a file and the folders above it.
func WriteFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
		tb.Fatal(err)
	}
}
