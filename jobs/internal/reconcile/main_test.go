package reconcile

import (
	"os"
	"testing"

	"partnerscore/jobs/internal/world"
)

func TestMain(m *testing.M) { os.Exit(world.Main(m)) }
