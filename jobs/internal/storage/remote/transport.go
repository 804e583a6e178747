// Package remote is what the clients of object stores share: connections that give up in time, reads that go on where they broke off, and errors
// that hold no secret.
package remote

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Limits bound how long a request may take.
type Limits struct {
	Put      time.Duration // one try of a put of few bytes
	PutTotal time.Duration // a put of few bytes with all its tries
	PutSpeed int64         // bytes per second that a put may take in addition
	Answer   time.Duration // one try of another request, until its answer begins
	Stall    time.Duration // the wait for the next bytes of an answer
	Tries    int           // how often a request is made at most
	Pause    time.Duration // before the second try; it grows from try to try
	MaxPause time.Duration
}

// DefaultLimits keep a put of few bytes below the 20 seconds that the lock of a store allows for it.
func DefaultLimits() Limits {
	return Limits{
		Put: 10 * time.Second, PutTotal: 18 * time.Second, PutSpeed: 1 << 20,
		Answer: 20 * time.Second, Stall: 20 * time.Second, Tries: 4, Pause: 500 * time.Millisecond, MaxPause: 4 * time.Second,
	}
}

func (l Limits) extra(bytes int64) time.Duration {
	return time.Duration(max(bytes, 0)) * time.Second / time.Duration(l.PutSpeed)
}

// WithinPut returns a context that ends when a put of so many bytes has taken too long. Its cause is a *TimeoutError.
func (l Limits) WithinPut(ctx context.Context, bytes int64) (context.Context, context.CancelFunc) {
	d := l.PutTotal + l.extra(bytes)
	return context.WithTimeoutCause(ctx, d, &TimeoutError{Waited: d})
}

// TimeoutError reports a store that did not answer in time.
type TimeoutError struct{ Waited time.Duration }

// Timeout is true: the request may be made again.
func (e *TimeoutError) Timeout() bool { return true }

func (e *TimeoutError) Temporary() bool { return true }

func (e *TimeoutError) Error() string {
	return "no answer within " + e.Waited.Round(time.Millisecond).String()
}

// Client returns an HTTP client in which every try of a request obeys the limits. It follows no redirect: nobody but the store that is named gets a
// credential.
func Client(limits Limits) *http.Client {
	dialer := &net.Dialer{Timeout: limits.Put / 2, KeepAlive: 15 * time.Second}
	base := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   limits.Put / 2,
		MaxIdleConnsPerHost:   16,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true, // versions and ranges are those of the bytes that are stored
	}
	return &http.Client{
		Transport:     transport{base: base, limits: limits},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type transport struct {
	base   http.RoundTripper
	limits Limits
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	limit := t.limits.Answer
	if r.Method == http.MethodPut {
		limit = t.limits.Put + t.limits.extra(r.ContentLength)
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	timer := time.AfterFunc(limit, func() { cancel(&TimeoutError{Waited: limit}) })
	response, err := t.base.RoundTrip(r.WithContext(ctx)) //nolint:bodyclose // the caller closes it
	timer.Stop()
	if err != nil {
		err = timedOut(ctx, err)
		cancel(nil)
		return nil, err
	}
	response.Body = &body{ReadCloser: response.Body, ctx: ctx, cancel: cancel, stall: t.limits.Stall}
	return response, nil
}

// timedOut returns the timeout that ended a request, if one did.
func timedOut(ctx context.Context, err error) error {
	var timeout *TimeoutError
	if errors.As(context.Cause(ctx), &timeout) {
		return timeout
	}
	return err
}

// body is the body of an answer, of which each read ends in time.
type body struct {
	io.ReadCloser
	ctx    context.Context //nolint:containedctx // that of its request, which ends a read
	cancel context.CancelCauseFunc
	stall  time.Duration
}

func (b *body) Read(p []byte) (int, error) {
	timer := time.AfterFunc(b.stall, func() { b.cancel(&TimeoutError{Waited: b.stall}) })
	n, err := b.ReadCloser.Read(p)
	timer.Stop()
	if err != nil && err != io.EOF { //nolint:errorlint // the end is returned as it is
		err = timedOut(b.ctx, err)
	}
	return n, err
}

func (b *body) Close() error {
	defer b.cancel(nil)
	return b.ReadCloser.Close()
}
