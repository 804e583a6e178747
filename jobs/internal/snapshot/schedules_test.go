package snapshot

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerscore/jobs/internal/storage/bucket/memory"
)

// weather is what happens to the requests of a process.
type weather struct {
	stalls    float64       // share of requests before which the process stands still
	longest   time.Duration // of a standstill
	lost      float64       // share of answers that are lost
	dies      float64       // share of requests after which the process is dead
	byContent bool
}

// rain makes the requests of a client slow, stalls the process, loses answers and kills it.
func (w weather) rain(c *memory.Client, random *rand.Rand) {
	var mu sync.Mutex // over random, which is never held while time passes
	var dead bool
	var still time.Time
	c.Before = func(string) error {
		mu.Lock()
		if random.Float64() < w.stalls {
			still = time.Now().Add(time.Duration(random.Int64N(int64(w.longest))))
		}
		wait := max(time.Until(still), 0) + time.Duration(random.IntN(50))*time.Millisecond
		mu.Unlock()
		time.Sleep(wait)
		mu.Lock()
		defer mu.Unlock()
		if dead = dead || random.Float64() < w.dies; dead {
			return errBroken
		}
		return nil
	}
	c.After = func(string) error {
		mu.Lock()
		defer mu.Unlock()
		if dead || random.Float64() < w.lost {
			return errBroken
		}
		return nil
	}
}

// Three writers at once, whose processes stand still and wake after others took over, lose answers and die, never leave a mixed month: in each of
// many random schedules the next run finds one whole version. Time is that of the test, so that locks become stale.
func TestBucketSchedules(t *testing.T) {
	// In a process of its own: a bubble of time cannot use what the reader of Parquet has kept from other tests.
	if os.Getenv(schedulesAlone) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		child.Env = append(os.Environ(), schedulesAlone+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	schedules := 20
	switch os.Getenv("PARTNERSCORE_TEST_LONG") {
	case "all":
		schedules = 10_000 // of each weather
	case "1":
		schedules = 1500
	}
	fx := newFixtures(t, 5, 1, 2, 3, 4)
	synctest.Test(t, func(t *testing.T) {
		for name, w := range map[string]weather{
			"new versions": {stalls: 0.04, longest: 4 * time.Minute, lost: 0.1, dies: 0.01},
			// A store whose version is a hash of the bytes relies on the deadline of each request, and on a lock that is longer.
			"versions by content": {stalls: 0.1, longest: 19 * time.Second, lost: 0.1, dies: 0.01, byContent: true},
		} {
			for seed := range schedules {
				w.schedule(t, fx, uint64(seed))
				if t.Failed() {
					t.Fatalf("%s, schedule %d", name, seed)
				}
			}
		}
	})
}

// schedulesAlone is set in the process of the schedules.
const schedulesAlone = "PARTNERSCORE_TEST_SCHEDULES"

func (w weather) schedule(t *testing.T, fx fixtures, seed uint64) {
	place := memory.New()
	place.ByContent = w.byContent
	var writers sync.WaitGroup
	for v := 1; v <= 3; v++ {
		random := rand.New(rand.NewPCG(seed, uint64(v)))
		store, client := bucketOf(t, place)
		w.rain(client, random)
		writers.Go(func() {
			time.Sleep(time.Duration(random.IntN(90)) * time.Second)
			for try := range 2 {
				_, _ = fx.publish(store, fmt.Sprint("run-", v, "-", try), v)
				time.Sleep(time.Duration(random.IntN(120)) * time.Second)
			}
		})
	}
	writers.Wait()
	time.Sleep(10 * time.Minute)
	last, _ := bucketOf(t, place)
	mustRecover(t, last)
	if got := wholeVersion(t, fx, last); !slices.Contains([]int{0, 1, 2, 3}, got) {
		t.Errorf("after recovery the month is version %d", got)
	}
	if _, err := fx.publish(last, "last", 4); err != nil {
		t.Error(err)
	}
	if got := wholeVersion(t, fx, last); got != 4 {
		t.Errorf("after the last run the month is version %d", got)
	}
}
