package ingest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestLinesOfBadRows: rows of text files that are bad data are named by the line that they begin on, whatever stands before them; the engine
// reads a big file with several threads otherwise.
func TestLinesOfBadRows(t *testing.T) {
	rows := 3_000
	if world.Long {
		rows = 1_500_000 // more than the engine reads in one piece
	}
	root := world.New().Only().Write(t)
	var text strings.Builder
	text.WriteString("\ufeffsep=;\r\nMPNId;PartnerAttributionType;CustomerTenantId;CustomerName;ServiceLevel2;OfferType;ACR_USD\r\n")
	line, last := 3, 0
	for i := range rows {
		if i%7 == 0 {
			text.WriteString("\r\n")
			line++
		}
		name, amount := "Plain", "1"
		if i%5 == 0 {
			name = "\"of; two\r\nlines\""
		}
		if i == rows-2 {
			amount, last = "1.000,00", line
		}
		fmt.Fprintf(&text, "base;PAL;t%d;%s;Storage;Microsoft Azure;%s\r\n", i%9, name, amount)
		line += 1 + strings.Count(name, "\n")
	}
	world.WriteFile(t, filepath.Join(world.UsageDir(root, world.June), "lines.csv"), []byte(text.String()))
	zero := func(o *months.Options) { world.NoHistory(o); o.MaxRejected = 0 }
	err := world.TryAlone(t, root, zero)
	want := fmt.Sprintf(`lines.csv, month 2024-06, column ACR_USD, line %d, value "1.000,00": bad_amount`, last)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	for _, left := range world.Inspect(t, root, world.June, world.June, zero).Months[0].Rejected {
		if e := left.Examples[0]; e.Line != int64(last) || e.Row != 0 {
			t.Errorf("inspect: %+v, want line %d", e, last)
		}
	}
}

// TestLinesOfBadDates: of several certifications files each is named with its lines.
func TestLinesOfBadDates(t *testing.T) {
	root := world.New().Only().Write(t)
	header := "MpnId,MCPID,TrainingTitle,TrainingType,TrainingCompletionDate,ExpirationDate\n"
	for name, text := range map[string]string{
		"b.csv": header + "base,m2,AZ-104,Certification,2024-01-01,\nbase,m3,AZ-104,Exam,never,\nbase,\"m\n4\",AZ-104,Certification,soon,2024-13-01\n",
		"c.csv": header + "base,m5,AZ-104,Certification,2024-02-30,\n",
	} {
		world.WriteFile(t, filepath.Join(world.CertificationsDir(root, world.June), name), []byte(text))
	}
	err := world.TryAlone(t, root)
	const folder, fault = "certifications/month=2024-06/", ": this is no date; write dates as 2024-06-30"
	want := strings.Join([]string{
		folder + "b.csv, month 2024-06, column TrainingCompletionDate, line 4" + fault,
		folder + `b.csv, month 2024-06, column ExpirationDate, line 4, value "2024-13-01"` + fault,
		folder + `c.csv, month 2024-06, column TrainingCompletionDate, line 2, value "2024-02-30"` + fault,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// TestRowsInQuotes: text that looks like rows is text. The engine begins in the middle of a big file otherwise, and takes them for rows there.
func TestRowsInQuotes(t *testing.T) {
	rows := 3_000
	if world.Long {
		rows = 400_000 // more than the engine reads in one piece
	}
	root := world.New().Only().Write(t)
	var text strings.Builder
	text.WriteString("MPNId,PartnerAttributionType,CustomerTenantId,ServiceLevel2,OfferType,ACR_USD,Comment\n")
	const alike = "base,PAL,nobody,Storage,Microsoft Azure,99,ok\n"
	for i := range rows {
		fmt.Fprintf(&text, "base,PAL,comments,Storage,Microsoft Azure,1,\"%s\"\n", strings.Repeat(alike, i%7)+"x")
	}
	world.WriteFile(t, filepath.Join(world.UsageDir(root, world.June), "quoted.csv"), []byte(text.String()))
	r := world.ScoreAlone(t, root)
	r.One(t, snapshot.Customers, "customer_tenant_id", "comments").Expect(t, "rows in quotes", "acr_current", fmt.Sprintf("%d.000000", rows))
}
