package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// TestMessagesAboutDatesNameTheCause: of certifications, of usage, and of a usage file of many months.
func TestMessagesAboutDatesNameTheCause(t *testing.T) {
	refused := func(root string, cause string, change ...func(*months.Options)) {
		t.Helper()
		_, _, err := world.Try(t, root, world.Sown(t, root), world.June, change...)
		var broken *exports.ContractError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), cause) {
			t.Errorf("got %v, want %q", err, cause)
		}
	}
	for text, cause := range map[string]string{"15-Jan-2025": "the month is written as a word; write dates as 2024-06-30", "45672": "a day of Excel", "07/06/24": "two digits"} {
		w := world.New()
		w.Hold(world.June, world.Holding{Global: "base", MCP: "m2", Title: "AZ-104", Expires: text})
		refused(w.Write(t), cause)
	}
	w := world.New()
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m2", Title: "AZ-104", Expires: "12/25/2024"}, world.Holding{Global: "base", MCP: "m3", Title: "AZ-104", Expires: "25/12/2024"})
	refused(w.Write(t), "the file has dates month first and dates day first")
	w = world.New()
	for i := range w.Usage[world.June] {
		w.Usage[world.June][i].Month = "Jun 2024"
	}
	refused(w.Write(t), "the month is written as a word; months are understood as 2024-06")
	for m := range w.Usage {
		for i := range w.Usage[m] {
			w.Usage[m][i].Month = "45000"
		}
	}
	refused(w.WriteMany(t, oneFile), "a day of Excel", world.ManyMonths)
}
