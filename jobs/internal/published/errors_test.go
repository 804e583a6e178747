package published_test

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/published"
)

// TestParse: a name that is nearly right is answered with the one that was meant.
func TestParse(t *testing.T) {
	if _, err := published.ParseArea("infrastructur"); err == nil || !strings.Contains(err.Error(), "infrastructure") {
		t.Errorf("area: %v", err)
	}
	if _, err := published.ParseMetric("growth"); err == nil || !strings.Contains(err.Error(), "usage_growth") {
		t.Errorf("metric: %v", err)
	}
}
