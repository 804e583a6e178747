package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// trouble is what a store does from one request on, for ever.
type trouble struct {
	name  string
	hooks func(e buckettest.Emulator, reached func(r *buckettest.Request) bool) buckettest.Hooks
	codes []int  // with which a run may end
	says  string // in the message
	only  bool   // only requests that do the same as the first one are met
}

// troubles are the kinds of trouble. The last one is for conditional puts.
func troubles() []trouble {
	before := func(answer func(e buckettest.Emulator, w http.ResponseWriter) bool) func(buckettest.Emulator, func(*buckettest.Request) bool) buckettest.Hooks {
		return func(e buckettest.Emulator, reached func(r *buckettest.Request) bool) buckettest.Hooks {
			return buckettest.Hooks{Before: func(w http.ResponseWriter, r *buckettest.Request) bool { return reached(r) && answer(e, w) }}
		}
	}
	return []trouble{
		{"the store is gone", before(func(buckettest.Emulator, http.ResponseWriter) bool { panic(http.ErrAbortHandler) }), []int{exitInternal},
			"run again when the store answers", false},
		{"the store is busy", before(func(e buckettest.Emulator, w http.ResponseWriter) bool {
			return busy(e, w, http.StatusServiceUnavailable)
		}), []int{exitInternal},
			"the store answered 503", false},
		{"the store throttles", before(func(e buckettest.Emulator, w http.ResponseWriter) bool { return busy(e, w, http.StatusTooManyRequests) }), []int{exitInternal},
			"the store answered 429", false},
		{"the store throttles this", before(func(e buckettest.Emulator, w http.ResponseWriter) bool { return busy(e, w, http.StatusTooManyRequests) }),
			[]int{exitInternal, exitDone}, "the store answered 429", true},
		{"answers are lost", func(_ buckettest.Emulator, reached func(r *buckettest.Request) bool) buckettest.Hooks {
			return buckettest.Hooks{After: reached}
		}, []int{exitInternal}, "run again when the store answers", false},
		{"the store forbids", before(func(e buckettest.Emulator, w http.ResponseWriter) bool {
			e.Refuse(w, http.StatusForbidden, map[string]string{"azure": "AuthorizationFailure", "s3": "AccessDenied"}[e.Name])
			return true
		}), []int{exitUsage}, "403", false},
		{"a condition fails", before(func(e buckettest.Emulator, w http.ResponseWriter) bool {
			e.Refuse(w, http.StatusPreconditionFailed, map[string]string{"azure": "ConditionNotMet", "s3": "PreconditionFailed"}[e.Name])
			return true
		}), []int{exitInternal, exitHeld}, "", true},
	}
}

// conditional reports whether a step is a put under a condition.
func conditional(step string) bool {
	return strings.HasPrefix(step, "PUT ") && !strings.HasPrefix(step, "PUT .staging/") && !strings.HasPrefix(step, "PUT _facts/")
}

// TestStoreTrouble publishes a month on a store in trouble. Where it passes, nobody sees a difference. Where it lasts from one request on, whatever the
// moment, the run says where and what to do, every month is the old or the new one or open, and the next run ends in the bytes of a run that nobody
// disturbed.
func TestStoreTrouble(t *testing.T) {
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		if s.emulator.Name == "azure" {
			onlyLong(t)
		}
		k, requests := aboutToPublish(t, s)
		k.hasHiccups(t)
		met := 0
		for i, p := range troublePoints(requests) {
			for _, kind := range chosenTroubles(s.emulator.Name, p, i) {
				k.meets(t, p, kind)
				met++
			}
		}
		if t.Logf("%d times in trouble", met); met == 0 {
			t.Error("the names of the requests have changed: there is no trouble")
		}
	})
}

// troublePoints are all moments of requests that change the store, and the first one of each other kind of request.
func troublePoints(requests []buckettest.Request) (chosen []point) {
	var steps []string
	for _, r := range requests {
		steps = append(steps, plainStep(r))
	}
	for _, p := range points(steps) {
		if p.nth == 1 || strings.HasPrefix(p.step, "PUT ") {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// chosenTroubles chooses one moment, between two moves of a publish. The long loop goes through moments with one kind of trouble after the other, and
// every condition of theirs; fewer on Azurite, which is slow.
func chosenTroubles(emulator string, p point, i int) (chosen []trouble) {
	all := troubles()
	last := len(all) - 1
	if longFaults {
		each := map[string]int{"azure": 12, "s3": 4}[emulator]
		if !share(i, each) {
			return nil
		}
		chosen = append(chosen, all[i/each%last])
		if conditional(p.step) {
			chosen = append(chosen, all[last])
		}
		return chosen
	}
	for _, kind := range all {
		if kind.name == "answers are lost" && p == (point{"PUT metrics/month=2024-06/part-0.parquet", 1}) { // between moves
			chosen = append(chosen, kind)
		}
	}
	return chosen
}

// meets runs the program into trouble at a point, and lets the next run put things right.
func (k *storeKills) meets(t *testing.T, p point, kind trouble) {
	t.Helper()
	where := fmt.Sprintf("%s at %s (%d)", kind.name, p.step, p.nth)
	k.fill(t, fmt.Sprintf("%s/trouble-%d", k.at, time.Now().UnixNano()), k.template)
	k.proxy.Set(kind.hooks(k.emulator, reached(p, kind.only)))
	e := k.inside(t, hasty(), k.score(lastMonth)...)
	says := strings.Contains(e.stderr, kind.says) && strings.Contains(e.stderr, k.at+"/")
	if !slices.Contains(kind.codes, e.code) || e.code != exitDone && !says {
		t.Errorf("%s: ended with %d: %s", where, e.code, e.stderr)
	}
	k.putsThingsRight(t, where)
}

// reached reports whether a request comes at a point or later; only the requests of that kind where only is set.
func reached(p point, only bool) func(r *buckettest.Request) bool {
	var mu sync.Mutex
	seen, begun := 0, false
	return func(r *buckettest.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		here := plainStep(*r) == p.step
		if here {
			seen++
			begun = begun || seen == p.nth
		}
		return begun && (here || !only)
	}
}
