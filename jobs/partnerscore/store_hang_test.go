package main

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// hangs lets a store hang from a point on: it takes requests and does not answer until release is called.
func (s *storeLab) hangs(p point) (hung <-chan struct{}, release func()) {
	end, begun := make(chan struct{}), make(chan struct{}, 1)
	here := reached(p, false)
	s.proxy.Set(buckettest.Hooks{Before: func(_ http.ResponseWriter, r *buckettest.Request) bool {
		if !here(r) {
			return false
		}
		select {
		case begun <- struct{}{}:
		default:
		}
		<-end
		panic(http.ErrAbortHandler)
	}})
	return begun, func() { close(end) }
}

// TestStoreThatHangs: a store that takes requests and does not answer is given up. The short loop lists exports of such a store.
func TestStoreThatHangs(t *testing.T) {
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		if !longFaults {
			_, release := s.hangs(point{"LIST ", 1})
			s.givesUp(t, "a list", s.storeCommand("inspect", inExports)...)
			release()
			return
		}
		k, _ := aboutToPublish(t, s)
		for i, p := range []point{
			{"LIST ", 1}, {"HEAD azure_usage/month=2024-05/part-0.csv", 1}, {"GET certifications/month=2024-05/part-0.csv", 1},
			{"PUT .lock", 1}, {"PUT .staging/RUN/2024-06/scores.staged", 1}, {"PUT .lock", 4}, {"PUT scores/month=2024-06/part-0.parquet", 1}, {"PUT .lock", 6},
		} {
			if !share(i, map[string]int{"azure": 4, "s3": 2}[s.emulator.Name]) {
				continue
			}
			where := fmt.Sprintf("%s (%d)", p.step, p.nth)
			k.fill(t, fmt.Sprintf("%s/hang-%d", k.at, time.Now().UnixNano()), k.template)
			_, release := k.hangs(p)
			k.givesUp(t, where, k.score(lastMonth)...)
			release()
			k.putsThingsRight(t, where)
		}
	})
}

// givesUp runs a command on a store that hangs, with limits of a second or two for each request.
func (s *storeLab) givesUp(t *testing.T, where string, args ...string) {
	t.Helper()
	begun := time.Now()
	e := s.inside(t, impatient(), args...)
	took := time.Since(begun)
	at, _, _ := strings.Cut(s.exports, "/exports")
	if e.code != exitInternal || !strings.Contains(e.stderr, "no answer within") || !strings.Contains(e.stderr, at+"/") ||
		!strings.Contains(e.stderr, "run again when the store answers") {
		t.Errorf("%s: ended with %d: %s", where, e.code, e.stderr)
	}
	if took > 45*time.Second {
		t.Errorf("%s: it took %s to give up", where, took)
	}
	t.Logf("%s: given up after %s", where, took.Round(100*time.Millisecond))
}

// putsThingsRight checks what a run in trouble has left, and lets the next one publish the month. The lock of the first one is stale by then.
func (k *storeKills) putsThingsRight(t *testing.T, where string) {
	t.Helper()
	k.proxy.Set(buckettest.Hooks{Ahead: stale})
	defer k.proxy.Set(buckettest.Hooks{})
	k.notHalfPublished(t, where)
	if e := k.inside(t, hasty(), k.score(lastMonth)...); e.code != exitDone {
		t.Errorf("%s: the next run ended with %d: %s", where, e.code, e.stderr)
	}
	k.isPublished(t, where)
	if t.Failed() {
		t.Fatal(where)
	}
}

// TestStoreThatHangsAndASignal: whoever ends a run need not wait for a store that does not answer.
func TestStoreThatHangsAndASignal(t *testing.T) {
	onlyLong(t)
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		k, _ := aboutToPublish(t, s)
		for _, p := range []point{{"LIST ", 1}, {"PUT .staging/RUN/2024-06/scores.staged", 1}, {"PUT scores/month=2024-06/part-0.parquet", 1}} {
			where := fmt.Sprintf("%s (%d)", p.step, p.nth)
			k.fill(t, fmt.Sprintf("%s/signal-%d", k.at, time.Now().UnixNano()), k.template)
			hung, release := k.hangs(p)
			run := k.start(t, k.score(lastMonth)...)
			<-hung
			begun := time.Now()
			run.signal(t, syscall.SIGTERM)
			if code := run.end(t, time.Minute); code != exitTerminated || time.Since(begun) > signalGrace+5*time.Second {
				t.Errorf("%s: ended with %d after %s: %s", where, code, time.Since(begun), run.stderr.String())
			}
			release()
			k.putsThingsRight(t, where)
		}
	})
}
