package scoring_test

import (
	"testing"

	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// TestMain gives the tests of package scoring their rulebooks. Package rulebook imports scoring, so they cannot ask it themselves.
func TestMain(m *testing.M) {
	library, err := rulebook.Embedded()
	if err != nil {
		panic(err)
	}
	scoring.BuiltIn = library.List()
	scoring.Load = func(text string) (*scoring.Rulebook, error) { return library.Load("own.yaml", []byte(text)) }
	m.Run()
}
