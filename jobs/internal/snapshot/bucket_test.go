package snapshot

import (
	"errors"
	"slices"
	"testing"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/storagetest"
)

// bucket is a place that works like a bucket of an object store.
type bucket struct{ *storagetest.Memory }

func newBucket() bucket { return bucket{storagetest.NewMemory()} }

// open opens the snapshots as a new process with an empty scratch folder would, by way of a wrapper that can fail.
func (b bucket) open(tb testing.TB) *Store {
	tb.Helper()
	faults := new(storagetest.Faults)
	return In(faulty{faults.Store(b.Open(fastDir(tb))), faults})
}

// bucketStates are what a publish of version 2 is disturbed over.
func bucketStates() map[string][]int { return map[string][]int{"nothing": nil, "published month": {1}} }

// begin returns a bucket with these versions published, one after the other.
func (b bucket) begin(tb testing.TB, fx fixtures, versions []int) {
	tb.Helper()
	for _, v := range versions {
		if _, err := fx.publish(b.open(tb), "before", v); err != nil {
			tb.Fatal(err)
		}
	}
}

// converges recovers as the next process would, wants one whole version of those allowed, and publishes version 2.
func (b bucket) converges(t *testing.T, fx fixtures, at string, allowed ...int) {
	t.Helper()
	s := b.open(t)
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

// A process that dies before any step, a step that fails, and a step whose answer is lost, leave a whole month in a bucket, too.
func TestBucketDisturbed(t *testing.T) {
	fx := newFixtures(t, 5, 1, 2)
	broken := errors.New("broken by the test")
	disturb := map[string]func(f *storagetest.Faults, hook func(op string) bool){
		"crash": func(f *storagetest.Faults, hook func(op string) bool) {
			f.Before = func(op string) error {
				if hook(op) {
					panic(stopped{op})
				}
				return nil
			}
		},
		"failure": func(f *storagetest.Faults, hook func(op string) bool) {
			f.Before = func(op string) error {
				if hook(op) {
					return broken
				}
				return nil
			}
		},
		"lost answer": func(f *storagetest.Faults, hook func(op string) bool) {
			f.After = func(op string) error {
				if hook(op) {
					return broken
				}
				return nil
			}
		},
	}
	for how, set := range disturb {
		for state, versions := range bucketStates() {
			t.Run(how+" over "+state, func(t *testing.T) {
				for n := 0; ; n++ {
					b := newBucket()
					b.begin(t, fx, versions)
					s, left, at := b.open(t), n, ""
					set(faultsOf(s), func(op string) bool {
						if left--; left == -1 {
							at = op
						}
						return left == -1
					})
					var err error
					crashed := crashes(t, s, nil, func() { _, err = fx.publish(s, "victim", 2) })
					if at == "" {
						if err != nil || n < 20 {
							t.Errorf("after %d steps: %v", n, err)
						}
						return
					}
					if !crashed && !errors.Is(err, broken) {
						t.Fatalf("%s: got %v, want the error", at, err)
					}
					b.converges(t, fx, at, append([]int{0, 2}, versions...)...)
				}
			})
		}
	}
}

// A run that was held up until another one took its lock, at any step, changes nothing any more.
func TestBucketLostLock(t *testing.T) {
	fx := newFixtures(t, 5, 1, 2, 3)
	for state, versions := range bucketStates() {
		t.Run(state, func(t *testing.T) {
			for n := 1; ; n++ { // before step 0 nobody is overtaken: the lock is not taken yet
				b := newBucket()
				b.begin(t, fx, versions)
				s, left, at := b.open(t), n, ""
				faultsOf(s).Before = func(op string) error {
					if left--; left != -1 {
						return nil
					}
					at = op
					b.Expire()
					_, err := fx.publish(b.open(t), "faster", 3)
					return err
				}
				_, err := fx.publish(s, "held-up", 2)
				if at == "" {
					if err != nil || n < 20 {
						t.Errorf("after %d steps: %v", n, err)
					}
					return
				}
				var lost *storage.LostRaceError
				if !errors.Is(err, storage.ErrReleased) && !errors.As(err, &lost) {
					t.Errorf("held up before %q: %v, want a lost lock or a lost race", at, err)
				}
				if got := wholeVersion(t, fx, b.open(t)); got != 3 {
					t.Errorf("held up before %q: the month is version %d", at, got)
				}
				b.converges(t, fx, at, 3)
			}
		})
	}
}
