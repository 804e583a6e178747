package rulebook

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // the heap of these tests is so small that the collector took a third of the time
	os.Exit(m.Run())
}
