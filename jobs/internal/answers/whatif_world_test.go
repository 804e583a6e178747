package answers

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/scoring"
)

// used is what a tenant of a partner consumed of a service in a month, counted back from june, below zero ahead of it, in cents.
type used struct {
	partner string
	back    int
	tenant  string
	segment string
	service string
	cents   int64
}

// certified is a row of the certifications of june.
type certified struct{ partner, person, title, expires string }

// world is what small exports say.
type world struct {
	usage  []used
	people []certified
}

// add makes one partner of a kind: customers around the threshold of 1,000, of 500 on the SMB track, and people around the gates.
func (w *world) add(partner, kind string) {
	segment := map[string]string{"plain": "Enterprise", "smb": "SMB", "open": "SME&C - SMB Commercial"}[kind]
	row := func(from, to int, tenant, service string, cents int64) {
		for back := from; back >= to; back-- {
			w.usage = append(w.usage, used{partner, back, tenant, segment, service, cents})
		}
	}
	row(13, 1, "a", "Storage", 5000_00)
	row(0, 0, "a", "Storage", 6000_00)
	row(13, 0, "a", "Virtual Machines", 2000_00)
	row(12, 12, "b", "Key Vault", 1100_00)
	row(1, 1, "b", "Key Vault", 1200_00)
	row(0, 0, "b", "Key Vault", 300_00)
	row(1, 0, "c", "Azure App Service", 999_99)
	row(0, 0, "d", "Storage", 700_00)
	row(0, 0, "g", "Storage", 1) // the month adds up to 11,500.00
	row(3, 0, "e", "Azure Kubernetes Service", 1500_00)
	if kind == "open" { // customers of unknown size
		segment = "Growth"
	}
	row(13, 10, "f", "SQL Database", 2000_00)
	if kind == "open" {
		segment = "SMB"
	}
	row(4, 4, "a", "Event Hubs", 50_00)
	row(3, 3, "a", "Event Hubs", -50_00)
	row(2, 2, "a", "", 10_00)
	hold := func(person, title, expires string) {
		w.people = append(w.people, certified{partner, partner + person, title, expires})
	}
	hold("p1", "AZ-104", "")
	hold("p1", "AZ-305", "2025-01-01")
	hold("p2", "AZ-104", "")
	hold("p3", "AZ-700", "")
	hold("p4", "AZ-140", "2024-05-31")
	hold("p4", "PL-300", "")
	hold("p5", "AZ-204", "")
	hold("p5", "AZ-305", "2024-05-31")
	hold("p6", "DP-600", "")
	hold("p6", "DP-700", "")
	hold("p6", "AZ-600", "")
	hold("p7", "GH-300", "")
}

// addSteady makes a partner whose only customer consumes the same each month, but for a cent more in june.
func (w *world) addSteady(partner string) {
	for back := range 14 {
		u := used{partner: partner, back: back, tenant: "a", segment: "Enterprise", service: "Storage", cents: 5_000_000_00}
		if back == 0 {
			u.cents++
		}
		w.usage = append(w.usage, u)
	}
}

// tenantID makes a tenant id of a letter or a word.
func tenantID(name string) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(name), []byte(name + "......")[:6])
}

// personID is the pseudonym of a person under the key of scoreOptions.
func personID(person string) string {
	mac := hmac.New(sha256.New, []byte("a key"))
	mac.Write([]byte(person))
	return hex.EncodeToString(mac.Sum(nil))[:16]
}

// write writes the exports.
func (w *world) write(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	first := 0
	for _, u := range w.usage {
		first = min(first, u.back)
	}
	for back := first; back < 14; back++ {
		rows := [][]string{{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "CustomerSegment", "ServiceLevel2", "OfferType", "ACR_USD"}}
		m := june.Add(-back).String()
		for _, u := range w.usage {
			if u.back == back {
				sign, cents := "", u.cents
				if cents < 0 {
					sign, cents = "-", -cents
				}
				rows = append(rows, []string{m, u.partner, "PAL", tenantID(u.tenant), u.segment, u.service, "Microsoft Azure", fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)})
			}
		}
		writeRows(t, filepath.Join(root, "azure_usage", "month="+m, "part-0.csv"), rows)
	}
	rows := [][]string{{"PGAMpnId", "MCPID", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate"}}
	for _, c := range w.people {
		rows = append(rows, []string{c.partner, c.person, c.title, "Certification", "2023-01-15", c.expires})
	}
	writeRows(t, filepath.Join(root, "certifications", "month="+june.String(), "part-0.csv"), rows)
	return root
}

func writeRows(t *testing.T, path string, rows [][]string) {
	t.Helper()
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// scoredBy scores june of the exports, and other months, by the rulebook in force, or another one, and opens the result.
func scoredBy(t *testing.T, exports, rulebook string, others ...scoring.Month) published.Reader {
	t.Helper()
	var rules *scoring.Rulebook
	if rulebook != "" {
		rules = book(t, rulebook)
	}
	return publishedtest.Open(t, scoreInto(t, t.TempDir(), exports, rules, others...))
}

// scoreInto scores june of the exports, and other months, into a folder, by the rulebook in force, or another one.
func scoreInto(t *testing.T, root, exports string, rules *scoring.Rulebook, others ...scoring.Month) string {
	t.Helper()
	opt := publishedtest.ScoreOptions(root)
	opt.Exports, opt.Rulebook, opt.MaxRejected = exports, rules, 0
	for _, m := range append(others, june) {
		if _, err := months.Score(t.Context(), opt, m); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// withFacts returns a new folder with the facts of another: they serve all rules that count the same usage.
func withFacts(t *testing.T, root string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(filepath.Join(to, "_facts"), os.DirFS(filepath.Join(root, "_facts"))); err != nil {
		t.Fatal(err)
	}
	return to
}

func book(t *testing.T, id string) *scoring.Rulebook {
	t.Helper()
	rules, err := publishedtest.Library().Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// of cuts what a partner has out of the world, for a change to be made to it.
func (w *world) of(partner string) *world {
	return &world{
		usage:  slices.DeleteFunc(slices.Clone(w.usage), func(u used) bool { return u.partner != partner }),
		people: slices.DeleteFunc(slices.Clone(w.people), func(c certified) bool { return c.partner != partner }),
	}
}

// more adds a row of june like those of tenant a.
func (w *world) more(tenant, service string, cents int64) {
	like := w.usage[0]
	w.usage = append(w.usage, used{like.partner, 0, tenant, like.segment, service, cents})
}

// without drops rows of usage.
func (w *world) without(gone func(used) bool) { w.usage = slices.DeleteFunc(w.usage, gone) }

// forget drops rows of people.
func (w *world) forget(person, title string) {
	w.people = slices.DeleteFunc(w.people, func(c certified) bool {
		return strings.HasSuffix(c.person, person) && (title == "" || c.title == title)
	})
}

// lose drops the last two months of the n eligible tenants with the least in the better of them.
func (w *world) lose(n int, threshold int64) {
	sums := map[string]map[int]int64{}
	for _, u := range w.usage {
		if sums[u.tenant] == nil {
			sums[u.tenant] = map[int]int64{}
		}
		sums[u.tenant][u.back] += u.cents
	}
	best := func(tenant string) int64 { return max(sums[tenant][0], sums[tenant][1]) }
	var eligible []string
	for tenant := range sums {
		if best(tenant) >= threshold {
			eligible = append(eligible, tenant)
		}
	}
	slices.SortFunc(eligible, func(a, b string) int {
		return cmp.Or(cmp.Compare(best(a), best(b)), cmp.Compare(tenantID(a), tenantID(b)))
	})
	w.without(func(u used) bool { return u.back <= 1 && slices.Contains(eligible[:n], u.tenant) })
}
