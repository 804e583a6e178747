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
