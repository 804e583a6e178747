package inputs_test

import (
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/world"
)

// TestWarningsOfManyMonthsAreOne: what is true of every month's folder is said once, and does not hide what is true of one.
func TestWarningsOfManyMonthsAreOne(t *testing.T) {
	root := world.New().Write(t)
	for m := world.June.Add(-13); m <= world.June; m++ {
		world.WriteFile(t, filepath.Join(root, "azure_usage", "month="+m.String(), "readme-"+m.String()+".txt"), []byte("x"))
	}
	world.WriteFile(t, filepath.Join(root, "azure_usage/month=2024-05/copy.xlsx"), []byte("x"))
	log := world.Warnings(world.Score(t, root).Log)
	if n := strings.Count(log, "not an input, ignored"); n != 2 {
		t.Errorf("%d warnings, want 2:\n%s", n, log)
	}
	for _, part := range []string{"month=2023-05/readme-2023-05.txt: left out", "similar=14", `last="azure_usage/month=2024-06/readme-2024-06.txt"`, "month=2024-05/copy.xlsx"} {
		if !strings.Contains(log, part) {
			t.Errorf("the log lacks %s:\n%s", part, log)
		}
	}
}
