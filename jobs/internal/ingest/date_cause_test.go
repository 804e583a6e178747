package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// TestMessagesAboutDatesNameTheCause: of certifications, of usage, and of a usage file of many months.
func TestMessagesAboutDatesNameTheCause(t *testing.T) {
	refused := func(root string, causes []string, change ...func(*months.Options)) {
		t.Helper()
		err := world.TryAlone(t, root, change...)
		for _, cause := range causes {
			var broken *exports.ContractError
			if !errors.As(err, &broken) || !strings.Contains(err.Error(), cause) {
				t.Errorf("got %v, want %q", err, cause)
			}
		}
	}
	w := world.New().Only()
	for i, text := range []string{"15-Jan-2025", "45672", "07/06/24"} {
		w.Hold(world.June, world.Holding{Global: "base", MCP: fmt.Sprint("m", 2+i), Title: "AZ-104", Expires: text})
	}
	refused(w.Write(t), []string{"the month is written as a word; write dates as 2024-06-30", "a day of Excel", "two digits"})
	w = world.New().Only()
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m2", Title: "AZ-104", Expires: "12/25/2024"}, world.Holding{Global: "base", MCP: "m3", Title: "AZ-104", Expires: "25/12/2024"})
	refused(w.Write(t), []string{"the file has dates month first and dates day first"})
	w = world.New().Only()
	for i := range w.Usage[world.June] {
		w.Usage[world.June][i].Month = "Jun 2024"
	}
	refused(w.Write(t), []string{"the month is written as a word; months are understood as 2024-06"})
	w.Usage[world.June][0].Month = "45000"
	refused(w.WriteMany(t, oneFile), []string{"a day of Excel"}, world.ManyMonths)
}
