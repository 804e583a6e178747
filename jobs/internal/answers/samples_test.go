package answers

import (
	"os"
	"testing"

	"partnerscore/jobs/internal/published/publishedtest"
)

var samples *publishedtest.Samples

// june is the month that most tests ask about.
const june = publishedtest.June

func TestMain(m *testing.M) {
	os.Exit(publishedtest.Run(m, func(s *publishedtest.Samples) { samples = s }))
}

// onlyLong skips a test that scores exports of its own, which takes seconds.
func onlyLong(t *testing.T) {
	t.Helper()
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		t.Skip("takes seconds; PARTNERSCORE_TEST_LONG=1 runs it")
	}
}
