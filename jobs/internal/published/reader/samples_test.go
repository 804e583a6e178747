package reader_test

import (
	"os"
	"testing"

	"partnerscore/jobs/internal/published/publishedtest"
)

var samples *publishedtest.Samples

func TestMain(m *testing.M) {
	os.Exit(publishedtest.Run(m, func(s *publishedtest.Samples) { samples = s }))
}
