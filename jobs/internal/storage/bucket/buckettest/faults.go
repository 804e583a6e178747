package buckettest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage/bucket"
)

// Tries is how often a client under test makes a request at most.
const Tries = 3

// Canary is part of each secret that a client under test is given. No error and no log may hold it. It is base64 of three bytes or more.
const Canary = "C4naryS3cretOfTestsOnly1"

// Opener opens a client of a server at an address. The client waits for seconds (patient) or for fractions of one. A put ends within a second where it is impatient.
type Opener func(t *testing.T, url string, patient bool) bucket.Client

// Answer writes the answer to a request that a store refuses, with the name of the fault.
type Answer func(w http.ResponseWriter, r *http.Request, status int, name string)

// serve starts a server and returns how many requests it has got.
func serve(t *testing.T, handler http.HandlerFunc) (url string, requests *atomic.Int32) {
	requests = &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, requests
}

// Serve starts a server that stands for a store, and returns its address.
func Serve(t *testing.T, handler http.HandlerFunc) string {
	url, _ := serve(t, handler)
	return url
}

// ask makes each request of a client once, side by side, and returns their errors.
func ask(t *testing.T, c bucket.Client) map[string]error {
	ctx := t.Context()
	var list, head, get, create, replace, remove error
	var all sync.WaitGroup
	all.Go(func() { _, list = c.List(ctx, "folder/") })
	all.Go(func() { _, head = c.Head(ctx, "a") })
	all.Go(func() {
		var body io.ReadCloser
		if body, _, get = c.Get(ctx, "a", "", 0, -1); get == nil {
			_, get = io.ReadAll(body)
			_ = body.Close()
		}
	})
	all.Go(func() { _, create = c.Put(ctx, "a", Content("text"), bucket.Condition{Absent: true}) })
	all.Go(func() { _, replace = c.Put(ctx, "a", Content("text"), bucket.Condition{Version: `"1"`}) })
	all.Go(func() { remove = c.Delete(ctx, "a") })
	all.Wait()
	return map[string]error{"list": list, "head": head, "get": get, "create": create, "replace": replace, "delete": remove}
}

// Faults tests what a client does when the network or the store fails. open is called with the address of a server that stands for the store.
func Faults(t *testing.T, open Opener, answer Answer) {
	quiet(t)
	unreachable := func(t *testing.T, c bucket.Client) {
		t.Helper()
		for request, err := range ask(t, c) {
			Secretless(t, err)
			if err == nil || fault.Of(err) != fault.Internal || !strings.Contains(err.Error(), "run again") || !strings.Contains(err.Error(), c.Where("")) ||
				!strings.Contains(fault.Advice(err), "run again") {
				t.Errorf("%s: %v", request, err)
			}
		}
	}
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusGatewayTimeout} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, status, "ServerBusy"+Canary) })
			unreachable(t, open(t, url, true))
			if n := requests.Load(); n != 6*Tries {
				t.Errorf("%d requests, want %d", n, 6*Tries)
			}
		})
	}
	t.Run("dropped", func(t *testing.T) {
		url, requests := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		unreachable(t, open(t, url, true))
		if n := requests.Load(); n < 6*Tries || n > 12*Tries {
			t.Errorf("%d requests", n)
		}
	})
	t.Run("refused", func(t *testing.T) {
		s := httptest.NewServer(nil)
		s.Close()
		unreachable(t, open(t, s.URL, true))
	})
	t.Run("hangs", func(t *testing.T) {
		url, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		begun := time.Now()
		unreachable(t, open(t, url, false))
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("six requests took %v", took)
		}
	})
	t.Run("busy, then answers", func(t *testing.T) { testRepeated(t, open, answer) })
	t.Run("breaks off", func(t *testing.T) { testResumed(t, open, answer) })
	t.Run("redirects", func(t *testing.T) {
		other, requests := serve(t, func(http.ResponseWriter, *http.Request) {})
		url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", other+r.URL.Path)
			answer(w, r, http.StatusTemporaryRedirect, "TemporaryRedirect")
		})
		for request, err := range ask(t, open(t, url, true)) {
			Secretless(t, err)
			if fault.Of(err) != fault.Usage {
				t.Errorf("%s: %v", request, err)
			}
		}
		if n := requests.Load(); n > 0 {
			t.Errorf("the client followed %d redirects, with its credentials", n)
		}
	})
}

// Statuses tests what answers mean: a kind of package fault, or "condition", "missing" or "nothing" for no error. want has them by request where they
// differ.
func Statuses(t *testing.T, open Opener, answer Answer, status int, name string, want map[string]string) {
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, status, name) })
	for request, err := range ask(t, open(t, url, true)) {
		Secretless(t, err)
		got := string(fault.Of(err))
		switch {
		case err == nil:
			got = "nothing"
		case errors.Is(err, bucket.ErrCondition):
			got = "condition"
		case errors.Is(err, os.ErrNotExist):
			got = "missing"
		}
		expected, ok := want[request]
		if !ok {
			expected = want[""]
		}
		if got != expected {
			t.Errorf("%d %s, %s: %s (%v), want %s", status, name, request, got, err, expected)
		}
	}
}

// object answers as a store does that holds one object.
func object(w http.ResponseWriter, version string, size int) {
	w.Header().Set("ETag", version)
	w.Header().Set("Last-Modified", time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat))
	w.Header().Set("X-Ms-Meta-Sha256", "hash")
	w.Header().Set("X-Amz-Meta-Sha256", "hash")
	w.Header().Set("Content-Length", fmt.Sprint(size))
}

// testRepeated: what a busy store refuses is asked again.
func testRepeated(t *testing.T, open Opener, answer Answer) {
	var asked atomic.Int32
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%Tries != 0 {
			answer(w, r, http.StatusServiceUnavailable, "ServerBusy")
			return
		}
		object(w, `"1"`, 0)
		if r.Method == http.MethodPut {
			w.WriteHeader(http.StatusCreated)
		}
	})
	c := open(t, url, true)
	if o, err := c.Head(t.Context(), "a"); err != nil || o.Version != `"1"` || o.SHA256 != "hash" || o.Served.IsZero() || o.Modified.IsZero() {
		t.Errorf("head: %+v, %v", o, err)
	}
	if o, err := c.Put(t.Context(), "a", Content("text"), bucket.Condition{Absent: true}); err != nil || o.Version != `"1"` {
		t.Errorf("put: %+v, %v", o, err)
	}
}

// testResumed: a read that breaks off goes on in the same version, or fails.
func testResumed(t *testing.T, open Opener, answer Answer) {
	const text = "0123456789"
	for _, c := range []struct {
		name     string
		patient  bool
		replaced bool
		stall    bool
		breaks   int32
	}{
		{name: "once", patient: true, breaks: 1},
		{name: "stalls", stall: true, breaks: 1},
		{name: "replaced", patient: true, replaced: true, breaks: 1},
		{name: "always", patient: true, breaks: 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				begin, n := resumedAt(t, r, &asked)
				if n > 1 && c.replaced {
					answer(w, r, http.StatusPreconditionFailed, "ConditionNotMet")
					return
				}
				object(w, `"1"`, 10-begin)
				if begin > 0 {
					w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-9/10", begin))
					w.WriteHeader(http.StatusPartialContent)
				}
				if n > c.breaks {
					_, _ = io.WriteString(w, text[begin:])
					return
				}
				_, _ = io.WriteString(w, text[begin:begin+1])
				w.(http.Flusher).Flush()
				if c.stall {
					<-r.Context().Done()
				}
				panic(http.ErrAbortHandler)
			})
			client := open(t, url, c.patient)
			body, o, err := client.Get(t.Context(), "a", "", 0, -1)
			if err != nil || o.Bytes != 10 {
				t.Fatalf("get: %+v, %v", o, err)
			}
			data, err := io.ReadAll(body)
			_ = body.Close()
			Secretless(t, err)
			switch {
			case c.replaced && errors.Is(err, bucket.ErrCondition):
			case c.breaks > Tries && err != nil && strings.Contains(err.Error(), "run again") && int(asked.Load()) == Tries:
			case !c.replaced && c.breaks == 1 && err == nil && string(data) == text:
			default:
				t.Errorf("read %q, %v, in %d requests", data, err, asked.Load())
			}
		})
	}
}

// resumedAt returns where a request for the rest of the ten bytes begins, and the number of the request.
func resumedAt(t *testing.T, r *http.Request, asked *atomic.Int32) (begin int, n int32) {
	if n = asked.Add(1); n == 1 {
		return 0, n
	}
	ranges := r.Header.Get("Range") + r.Header.Get("X-Ms-Range")
	if _, err := fmt.Sscanf(ranges, "bytes=%d-9", &begin); err != nil || r.Header.Get("If-Match") != `"1"` {
		t.Errorf("the read goes on with range %q, If-Match %q", ranges, r.Header.Get("If-Match"))
	}
	return begin, n
}

// Secretless fails when an error, or one that it wraps, holds the canary.
func Secretless(t *testing.T, err error) {
	t.Helper()
	for err != nil {
		if strings.Contains(fmt.Sprintf("%v %+v %q", err, err, err), Canary) {
			t.Errorf("a secret is in the error: %v", err)
		}
		err = errors.Unwrap(err)
	}
}

// quiet fails when the test writes the canary to stderr, where clients log.
func quiet(t *testing.T) {
	old := os.Stderr
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = file
	t.Cleanup(func() {
		os.Stderr = old
		_ = file.Close()
		if data, err := os.ReadFile(file.Name()); err != nil || strings.Contains(string(data), Canary) {
			t.Errorf("a secret is in the log: %s, %v", data, err)
		}
	})
}
