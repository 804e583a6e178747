package spark_test

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/world"
)

// TestProbe: a server that agrees is taken after it has answered many questions. What it answered is still visible.
func TestProbe(t *testing.T) {
	s := server(t)
	over := open(t, world.New().Write(t), world.June)
	engine(t, s, over)
	for statement, least := range map[string]int{"grouped/probe_rows": 150, "grouped/probe_keys": 5} {
		var arguments []any
		if statement == "grouped/probe_rows" {
			arguments = append(arguments, world.June.First())
		}
		lines, err := over.DB.Violations(t.Context(), statement, arguments...)
		if err != nil || len(lines) < least {
			t.Errorf("%s: %d answers, %v", statement, len(lines), err)
		}
		if text := strings.Join(lines, "\n"); statement == "grouped/probe_rows" && !strings.Contains(text, "acr_usd=12345678901.123456") {
			t.Errorf("no amount of the questions in:\n%s", text)
		}
	}
}
