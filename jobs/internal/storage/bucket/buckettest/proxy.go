package buckettest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Proxy stands between clients and an emulator. It notes each request, and does to it what a test wants.
type Proxy struct {
	URL string

	emulator Emulator
	server   *httptest.Server

	mu       sync.Mutex
	hooks    Hooks
	requests []*Request
}

// Hooks are what a test does to requests. Each may be nil. Several are called at the same time.
type Hooks struct {
	// Ahead is how far the clock of the store is ahead, in whole seconds: a lock that was not renewed for less looks stale.
	Ahead time.Duration
	// Before is called before a request is made. It reports whether it has answered the request itself; then the request is not made. It breaks the
	// connection by a panic with http.ErrAbortHandler.
	Before func(w http.ResponseWriter, r *Request) (answered bool)
	// After is called when the store has answered, before its answer is passed on. It reports whether the answer is lost: the connection breaks.
	After func(r *Request) (lost bool)
	// Answer is called after After, and may change the answer that is passed on. Cut is a change.
	Answer func(answer *http.Response, r *Request)
}

// Request is one request, and its answer.
type Request struct {
	Method string
	Name   string // of the object, from the beginning of the container; "" for a list
	Prefix string // of a list
	Range  bool   // only a part of the object was asked for
	Status int    // 0: there was no answer
	Bytes  int64  // of the body of the answer
}

// Op says what the request does, like "PUT exports/a.csv", or "LIST exports/".
func (r Request) Op() string {
	if r.IsList() {
		return "LIST " + r.Prefix
	}
	return r.Method + " " + r.Name
}

// IsList reports whether the request lists objects: one page of them.
func (r Request) IsList() bool { return r.Name == "" && r.Method == http.MethodGet }

// Cut makes the body of an answer end after so many bytes. Where the answer hides it, the header says that these are all; else the connection breaks.
func Cut(answer *http.Response, bytes int64, hidden bool) {
	rest := &cut{ReadCloser: answer.Body, left: bytes, end: io.ErrUnexpectedEOF}
	if hidden {
		rest.end, answer.ContentLength = io.EOF, bytes
		answer.Header.Set("Content-Length", strconv.FormatInt(bytes, 10))
	}
	answer.Body = rest
}

// cut is a body that ends early.
type cut struct {
	io.ReadCloser
	left int64
	end  error
}

func (c *cut) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, c.end
	}
	n, err := c.ReadCloser.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	return n, err
}

// NewProxy starts a proxy, which ends with the test.
func NewProxy(tb testing.TB, e Emulator) *Proxy {
	target, err := url.Parse(e.Endpoint)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{emulator: e}
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = r.In.Host // which signatures cover
		},
		Transport:      &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true},
		FlushInterval:  -1, // what is passed on has left before the connection breaks
		ModifyResponse: p.answered,
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:       slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	p.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(forward, w, r) }))
	p.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	p.server.Start()
	p.URL = p.server.URL
	tb.Cleanup(func() {
		p.server.CloseClientConnections()
		p.server.Close()
	})
	return p
}

// Set changes the hooks, for requests that begin later.
func (p *Proxy) Set(hooks Hooks) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hooks = hooks
}

// Take returns the requests since the last call, in their order.
func (p *Proxy) Take() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]Request, len(p.requests))
	for i, r := range p.requests {
		all[i] = *r
	}
	p.requests = nil
	return all
}

// noted is a request with the hooks that it meets.
type noted struct {
	request *Request
	hooks   Hooks
}

type notedKey struct{}

func (p *Proxy) serve(forward http.Handler, w http.ResponseWriter, r *http.Request) {
	at := &Request{Method: r.Method, Name: p.emulator.object(r), Prefix: r.URL.Query().Get("prefix"),
		Range: r.Header.Get("Range") != "" || r.Header.Get("X-Ms-Range") != ""}
	p.mu.Lock()
	hooks := p.hooks
	p.requests = append(p.requests, at)
	p.mu.Unlock()
	if hooks.Before != nil && hooks.Before(w, at) {
		if r.Header.Get("Expect") == "" { // else the client waits for this answer before it sends a body
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return
	}
	forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), notedKey{}, noted{at, hooks})))
}

// answered sees the answer of the store.
func (p *Proxy) answered(response *http.Response) error {
	n, ok := response.Request.Context().Value(notedKey{}).(noted)
	if !ok {
		return nil
	}
	p.mu.Lock()
	n.request.Status = response.StatusCode
	p.mu.Unlock()
	response.Body = &counted{ReadCloser: response.Body, proxy: p, request: n.request}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil && n.hooks.Ahead > 0 {
		response.Header.Set("Date", date.Add(n.hooks.Ahead).UTC().Format(http.TimeFormat))
	}
	if n.hooks.After != nil && n.hooks.After(n.request) {
		return http.ErrAbortHandler
	}
	if n.hooks.Answer != nil {
		n.hooks.Answer(response, n.request)
	}
	return nil
}

// counted is the body of an answer.
type counted struct {
	io.ReadCloser
	proxy   *Proxy
	request *Request
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.proxy.mu.Lock()
	c.request.Bytes += int64(n)
	c.proxy.mu.Unlock()
	return n, err
}

// Refuse writes an answer of the store that refuses a request.
func (e Emulator) Refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Ms-Error-Code", name)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+name+`</Code><Message>`+strings.ToLower(name)+`</Message></Error>`)
}
