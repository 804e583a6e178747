package snapshot

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
)

// bucketOf opens the snapshots of a place in memory as a new process with an empty scratch folder would.
func bucketOf(tb testing.TB, place *memory.Bucket) (*Store, *memory.Client) {
	tb.Helper()
	client := place.Client("snapshots/")
	timing := bucket.DefaultTiming()
	timing.Poll = time.Millisecond
	free := func() (int64, error) { return math.MaxInt64, nil }
	return In(bucket.Open(client, bucket.Scratch{Folder: fastDir(tb), Free: free}, timing)), client
}

// bucketState is what a publish of version 2 is disturbed over.
type bucketState struct {
	name     string
	versions []int
}

func bucketStates() []bucketState {
	return []bucketState{{"nothing", nil}, {"published month", []int{1}}}
}

// newBucket returns a place with these versions published, one after the other.
func newBucket(tb testing.TB, fx fixtures, byContent bool, versions []int) *memory.Bucket {
	tb.Helper()
	place := memory.New()
	place.ByContent = byContent
	for _, v := range versions {
		s, _ := bucketOf(tb, place)
		if _, err := fx.publish(s, "before", v); err != nil {
			tb.Fatal(err)
		}
	}
	return place
}

// convergesInBucket recovers as the next process would once the lock of a dead one is stale, wants one whole version of those allowed, and
// publishes version 2.
func convergesInBucket(t *testing.T, fx fixtures, place *memory.Bucket, at string, allowed ...int) {
	t.Helper()
	place.Pass(2 * time.Minute)
	s, _ := bucketOf(t, place)
	mustRecover(t, s)
	if got := wholeVersion(t, fx, s); !slices.Contains(allowed, got) {
		t.Fatalf("%s: after recovery the month is version %d, want one of %v", at, got, allowed)
	}
	if _, err := fx.publish(s, "again", 2); err != nil {
		t.Fatal(err)
	}
	if got := wholeVersion(t, fx, s); got != 2 {
		t.Fatalf("%s: after the next run the month is version %d", at, got)
	}
}

var errBroken = errors.New("broken by the test")

// disturb lets a request fail: the n-th, and all that follow where the process dies.
func disturb(c *memory.Client, n int, dies, answerLost bool) (at func() string) {
	var mu sync.Mutex
	var what string
	hook := func(op string) error {
		mu.Lock()
		defer mu.Unlock()
		if n--; n == -1 {
			what = op
		}
		if n == -1 || n < -1 && dies {
			return errBroken
		}
		return nil
	}
	if c.Before = hook; answerLost {
		c.Before, c.After = nil, hook
	}
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return what
	}
}

// A process that dies before or after any request, a request that fails, and one whose answer is lost, leave a whole month in a bucket, too.
func TestBucketDisturbed(t *testing.T) { bucketDisturbed(t, newFixtures(t, 5, 1, 2)) }

func bucketDisturbed(t *testing.T, fx fixtures) {
	for i, d := range []struct {
		how              string
		dies, answerLost bool
	}{
		{"death", true, false}, {"failure", false, false}, {"lost answer", false, true}, {"lost answer and death", true, true},
	} {
		for j, state := range bucketStates() {
			t.Run(d.how+" over "+state.name, func(t *testing.T) {
				step := fx.oneOf(7)
				for n := (2*i + j) % step; ; n += step {
					place := newBucket(t, fx, n%2 == 1, state.versions)
					s, client := bucketOf(t, place)
					at := disturb(client, n, d.dies, d.answerLost)
					_, err := fx.publish(s, "victim", 2)
					if at() == "" {
						if err != nil || n < 30 {
							t.Errorf("after %d requests: %v", n, err)
						}
						return
					}
					if d.dies && !errors.Is(err, errBroken) {
						t.Fatalf("%s: got %v, want the error", at(), err)
					}
					convergesInBucket(t, fx, place, at(), append([]int{0, 2}, state.versions...)...)
				}
			})
		}
	}
}

// A run that was held up until another one took its lock, at any request, changes nothing any more.
func TestBucketLostLock(t *testing.T) { bucketLostLock(t, newFixtures(t, 5, 1, 2, 3)) }

func bucketLostLock(t *testing.T, fx fixtures) {
	for i, state := range bucketStates() {
		t.Run(state.name, func(t *testing.T) {
			step := fx.oneOf(4)
			for n := 2 + i%step; ; n += step { // before that the lock is not taken yet
				place := newBucket(t, fx, false, state.versions)
				s, client := bucketOf(t, place)
				at, overtaken := heldUp(t, fx, place, client, n)
				_, err := fx.publish(s, "held-up", 2)
				if *at == "" {
					if err != nil || n < 30 {
						t.Errorf("after %d requests: %v", n, err)
					}
					return
				}
				var lost *storage.LostRaceError
				if *overtaken == nil && !errors.Is(err, storage.ErrReleased) && !errors.As(err, &lost) {
					t.Errorf("held up before request %d, %q: %v, want a lost lock or a lost race", n, *at, err)
				}
				next, _ := bucketOf(t, place)
				if got := wholeVersion(t, fx, next); got != 3 {
					t.Errorf("held up before request %d, %q: the month is version %d, %v", n, *at, got, *overtaken)
				}
				convergesInBucket(t, fx, place, *at, 3)
			}
		})
	}
}

// heldUp lets another run publish version 3 before the n-th request of a client.
func heldUp(tb testing.TB, fx fixtures, place *memory.Bucket, client *memory.Client, n int) (at *string, overtaken *error) {
	var mu sync.Mutex
	at, overtaken = new(string), new(error)
	client.Before = func(op string) error {
		mu.Lock()
		defer mu.Unlock()
		if n--; n == -1 {
			*at = op
			place.Pass(2 * time.Minute)
			faster, _ := bucketOf(tb, place)
			_, *overtaken = fx.publish(faster, "faster", 3)
		}
		return nil
	}
	return at, overtaken
}

// A store that ignores conditions is refused before anything is published.
func TestBucketWithoutConditions(t *testing.T) {
	place := memory.New()
	place.IgnoresConditions = true
	s, _ := bucketOf(t, place)
	_, err := s.Lock(t.Context(), 0, "run")
	var unusable *storage.UnusableError
	if !errors.As(err, &unusable) || !strings.Contains(err.Error(), "ignores the condition") {
		t.Errorf("lock: %v", err)
	}
}
