package buckettest

import (
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/remote"
)

// Variables are the environment of a process that has these alone.
func Variables(v map[string]string) func(string) string {
	return func(name string) string { return v[name] }
}

// Limits are those of a client that tries again at once, and waits for a second at most unless it is patient.
func Limits(patient bool) remote.Limits {
	l := remote.Limits{Put: 10 * time.Second, PutTotal: 30 * time.Second, PutSpeed: 1 << 20, Answer: 10 * time.Second, Stall: 10 * time.Second, Tries: Tries,
		Pause: time.Millisecond, MaxPause: 5 * time.Millisecond}
	if !patient {
		l.Put, l.PutTotal, l.Answer, l.Stall = 200*time.Millisecond, 500*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	}
	return l
}

// Parse reads an address that is right.
func Parse(t *testing.T, text string) storage.Address {
	t.Helper()
	a, err := storage.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
