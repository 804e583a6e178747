package main

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
	"partnerscore/scoring"
)

// hasty are limits with hardly a pause between the tries of a request.
func hasty() remote.Limits {
	l := remote.DefaultLimits()
	l.Pause, l.MaxPause = time.Millisecond, 2*time.Millisecond
	return l
}

// impatient are limits that give a request up after a few seconds.
func impatient() remote.Limits {
	l := hasty()
	l.Put, l.PutTotal, l.Answer, l.Stall, l.Tries = time.Second, 3*time.Second, time.Second, time.Second, 2
	return l
}

// inside runs the program in this process, with other limits than users have.
func (s *storeLab) inside(tb testing.TB, limits remote.Limits, args ...string) ended {
	tb.Helper()
	env := s.emulator.Env(s.proxy.URL)
	env["PARTNERSCORE_PERSON_KEY"] = "the-key-of-the-tests"
	p, stdout, stderr := testProgram(env)
	stores := &places{env: p.Env, limits: limits}
	p.Places = stores.reporting
	code := p.run(tb.Context(), append([]string{"partnerscore"}, args[1:]...))
	if err := stores.close(); err != nil {
		tb.Error(err)
	}
	if left, err := os.ReadDir(s.temp); err != nil || len(left) > 0 {
		tb.Errorf("copies are left over: %v, %v", left, err)
	}
	return ended{code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// mustScoreInside scores a month in this process, which costs less than a process of its own.
func (s *storeLab) mustScoreInside(tb testing.TB, m scoring.Month) {
	tb.Helper()
	if e := s.inside(tb, hasty(), s.score(m)...); e.code != exitDone {
		tb.Fatalf("score %s ended with %d: %s", m, e.code, e.stderr)
	}
}

// turns counts requests of the same kind.
type turns struct {
	mu   sync.Mutex
	seen map[string]int
}

// nth says the how manieth of its kind a request is, from 1 on.
func (t *turns) nth(r *buckettest.Request) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[r.Op()]++
	return t.seen[r.Op()]
}

// busy answers that the store has too much to do.
func busy(e buckettest.Emulator, w http.ResponseWriter, status int) bool {
	name := map[string]string{"azure": "ServerBusy", "s3": "SlowDown"}[e.Name]
	e.Refuse(w, status, name)
	return true
}

// cuttable reports whether an answer has a body that can be cut in two.
func cuttable(answer *http.Response) bool {
	return answer.Request.Method == http.MethodGet && answer.StatusCode < http.StatusMultipleChoices && answer.ContentLength > 1
}

// hiccups are kinds of trouble that end by themselves: the store fails each of its requests once or twice. Each is given the requests that it has met.
func hiccups(e buckettest.Emulator) map[string]func(seen *turns) buckettest.Hooks {
	return map[string]func(seen *turns) buckettest.Hooks{
		"the connection breaks": func(seen *turns) buckettest.Hooks {
			return buckettest.Hooks{Before: func(_ http.ResponseWriter, r *buckettest.Request) bool {
				if seen.nth(r)%2 == 1 {
					panic(http.ErrAbortHandler)
				}
				return false
			}}
		},
		"the answer is lost": func(seen *turns) buckettest.Hooks {
			return buckettest.Hooks{After: func(r *buckettest.Request) bool { return seen.nth(r)%2 == 1 }}
		},
		"the store is busy": func(seen *turns) buckettest.Hooks {
			return buckettest.Hooks{Before: func(w http.ResponseWriter, r *buckettest.Request) bool {
				switch seen.nth(r) % 3 {
				case 1:
					return busy(e, w, http.StatusTooManyRequests)
				case 2:
					return busy(e, w, http.StatusServiceUnavailable)
				}
				return false
			}}
		},
		"the body is cut": func(seen *turns) buckettest.Hooks {
			return buckettest.Hooks{Answer: func(answer *http.Response, r *buckettest.Request) {
				if cuttable(answer) && seen.nth(r)%2 == 1 {
					buckettest.Cut(answer, answer.ContentLength/2, false)
				}
			}}
		},
	}
}

// hasHiccups publishes a month while the store fails each of its requests, one kind of trouble after the other. Nobody sees a difference. The short
// loop has one kind.
func (k *storeKills) hasHiccups(t *testing.T) {
	t.Helper()
	for name, hooks := range hiccups(k.emulator) {
		if name != "the answer is lost" && !longFaults {
			continue
		}
		seen := &turns{}
		k.fill(t, fmt.Sprintf("%s/hiccup-%d", k.at, time.Now().UnixNano()), k.template)
		k.proxy.Set(hooks(seen))
		e := k.inside(t, hasty(), k.score(lastMonth)...)
		k.proxy.Set(buckettest.Hooks{})
		if e.code != exitDone || len(seen.seen) < 10 {
			t.Errorf("%s, in %d kinds of requests: ended with %d: %s", name, len(seen.seen), e.code, e.stderr)
		}
		k.isPublished(t, name)
	}
}
