package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// stale is by how much tests put the clock of a store ahead, so that nobody has to wait until the lock of a killed run is stale.
const stale = 2 * time.Minute

// storeKills is a store with two published months, of which the newer one is about to be published anew.
type storeKills struct {
	*storeLab
	at            string // the container
	template      map[string][]byte
	before, after map[string]month
}

// TestStoreKills kills the program at its requests that change the store, before and after they are made. Whatever the moment, every month is the
// old or the new one, or one that the next run completes; the next run ends in the bytes of a run that nobody disturbed. The short loop kills once
// in each step of a publish, of which each store has some.
func TestStoreKills(t *testing.T) {
	onStores(t, "", func(t *testing.T, s *storeLab) {
		k, requests := aboutToPublish(t, s)
		steps := changesOf(requests)
		if len(steps) < 20 {
			t.Fatalf("%d steps: %q", len(steps), steps)
		}
		killed := 0
		for i, p := range points(steps) {
			if longFaults && p.step != "PUT .lock" && !share(i, map[string]int{"azure": 8, "s3": 3}[s.emulator.Name]) {
				continue
			}
			for _, after := range []bool{false, true} {
				if chosenKill(s.emulator.Name, p, after) {
					k.killAt(t, p, after)
					killed++
				}
			}
		}
		t.Logf("%d requests that change the store, %d kills", len(steps), killed)
		if killed < 2 {
			t.Error("the names of the requests have changed: nothing is killed")
		}
	})
}

// aboutToPublish makes the store of storeKills, and returns the requests that publish the newer month anew.
func aboutToPublish(t *testing.T, s *storeLab) (*storeKills, []buckettest.Request) {
	t.Helper()
	k := &storeKills{storeLab: s, at: strings.TrimSuffix(s.snapshots, "/snapshots")}
	s.mustScoreInside(t, lastMonth.Add(-1))
	s.mustScoreInside(t, lastMonth)
	k.before, _ = s.published(t)
	k.template = s.content(t, s.snapshots)
	writeExports(t, s.folder, 2)
	s.upload(t)
	s.proxy.Take()
	s.mustScoreInside(t, lastMonth)
	k.after, _ = s.published(t)
	if cmp.Equal(k.before, k.after) {
		t.Fatal("the new exports change nothing")
	}
	return k, s.proxy.Take()
}

// changesOf returns the requests that change the store, without what differs from run to run.
func changesOf(requests []buckettest.Request) (steps []string) {
	for _, r := range requests {
		if r.Method == http.MethodPut || r.Method == http.MethodDelete {
			steps = append(steps, plainStep(r))
		}
	}
	return steps
}

// plainStep is a request without the run and the prefix of the snapshots or exports.
func plainStep(r buckettest.Request) string {
	op, name, _ := strings.Cut(r.Op(), " ")
	_, name, _ = strings.Cut(name, "/")
	return op + " " + runID.ReplaceAllString(name, "RUN")
}

// chosenKill chooses one moment of each step of a publish. The puts of the register are: the lock, two that must be refused, the open publish, the
// closed publish, the free lock. In the long loop it chooses every moment after a request; before one the store is as after another one, so that the
// register will do.
func chosenKill(emulator string, p point, after bool) bool {
	if longFaults {
		return after || p.step == "PUT .lock"
	}
	chosen := map[string]bool{
		"azure before PUT .lock 4":                           true, // all is staged
		"azure after PUT .lock 4":                            true, // the publish is open
		"s3 after PUT scores/month=2024-06/part-0.parquet 1": true, // between moves
		"s3 before PUT .lock 5":                              true, // all is moved
	}
	side := map[bool]string{false: "before", true: "after"}[after]
	return chosen[fmt.Sprintf("%s %s %s %d", emulator, side, p.step, p.nth)]
}

// killAt kills a run before or after a request is made, and lets the next one put things right.
func (k *storeKills) killAt(t *testing.T, p point, after bool) {
	t.Helper()
	k.fill(t, fmt.Sprintf("%s/kill-%d", k.at, time.Now().UnixNano()), k.template)
	killed := k.killed(t, p, after)
	where := fmt.Sprintf("killed %t after %t: %s (%d)", killed, after, p.step, p.nth)
	if !killed {
		t.Errorf("not %s", where)
	}
	k.notHalfPublished(t, where)
	k.proxy.Set(buckettest.Hooks{Ahead: stale})
	defer k.proxy.Set(buckettest.Hooks{})
	if e := k.run(t, k.score(lastMonth)...); e.code != exitDone {
		t.Errorf("%s: the next run ended with %d: %s", where, e.code, e.stderr)
	}
	k.isPublished(t, where)
	if longFaults {
		k.mustVerify(t)
	}
	if t.Failed() {
		t.Fatal(where)
	}
}

// notHalfPublished checks that every month is the old or the new one, or open.
func (k *storeKills) notHalfPublished(t *testing.T, where string) {
	t.Helper()
	now, open := k.published(t)
	for name, m := range now {
		if !cmp.Equal(m, k.before[name]) && !cmp.Equal(m.Tables, k.after[name].Tables) {
			t.Errorf("%s: %s is neither the old nor the new month", where, name)
		}
	}
	for name := range k.before {
		if _, there := now[name]; !there && name != open {
			t.Errorf("%s: %s is gone", where, name)
		}
	}
}

// isPublished checks that the new month is published and that nothing is left over.
func (k *storeKills) isPublished(t *testing.T, where string) {
	t.Helper()
	now, open := k.published(t)
	sameTables(t, k.after, now)
	if open != "" {
		t.Errorf("%s: the publish of %s is open still", where, open)
	}
	k.noLeftovers(t)
}

// killed runs the program until a request, and reports whether it was killed there.
func (k *storeKills) killed(t *testing.T, p point, after bool) bool {
	t.Helper()
	var mu sync.Mutex
	var run *started
	seen, dead := map[string]int{}, false
	counts := map[*buckettest.Request]int{}
	hit := func(r *buckettest.Request, before bool) bool {
		mu.Lock()
		defer mu.Unlock()
		step := plainStep(*r)
		if before {
			seen[step]++
			counts[r] = seen[step]
		}
		if step == p.step && counts[r] == p.nth && before != after && !dead {
			_ = run.Process.Kill()
			dead = true
		}
		return dead
	}
	mu.Lock()
	k.proxy.Set(buckettest.Hooks{
		Before: func(_ http.ResponseWriter, r *buckettest.Request) bool {
			if hit(r, true) {
				panic(http.ErrAbortHandler)
			}
			return false
		},
		After: func(r *buckettest.Request) bool { return hit(r, false) },
	})
	run = k.start(t, k.score(lastMonth)...)
	mu.Unlock()
	code := run.end(t, time.Minute)
	mu.Lock()
	defer mu.Unlock()
	if dead != (code == 128+9) || !dead && code != exitDone {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
	return dead
}
