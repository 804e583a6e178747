package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestPlain: an address whose query is a credential is not told.
func TestPlain(t *testing.T) {
	inner := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for want, err := range map[string]error{
		"dial tcp: connection refused":             inner,
		"the answer breaks off":                    fmt.Errorf("deserialization failed, RequestID: ZW884S: %w", io.ErrUnexpectedEOF),
		"the connection broke before the answer":   io.EOF,
		"no answer within 2s":                      &TimeoutError{Waited: 2 * time.Second},
		"lookup contoso.invalid: no such host":     &net.DNSError{Err: "no such host", Name: "contoso.invalid", IsNotFound: true},
		"unexpected EOF while reading the trailer": errors.New("unexpected EOF while reading the trailer"),
	} {
		for _, err := range []error{err, fmt.Errorf("x: %w", &url.Error{Op: "Get", URL: "https://contoso/?sig=secret", Err: err})} {
			if got := Plain(err); got != want {
				t.Errorf("%v: %q, want %q", err, got, want)
			}
		}
	}
}

func TestRedactor(t *testing.T) {
	r := NewRedactor("", "ab+c/d==", "abc")
	if got, want := r.Line("a ab+c/d==\n-----\n\tab%2Bc%2Fd%3D%3D  - abc"), "a … … - abc"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTotal(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{{"bytes 0-9/100", 100}, {"", 10}, {"bytes 0-9/*", 10}} {
		if got := Total(c.text, 10); got != c.want {
			t.Errorf("%q: %d, want %d", c.text, got, c.want)
		}
	}
}

// TestLimits: a put of few bytes ends before a lock is stale that was renewed 40 seconds ago, and a large one has the time that it needs.
func TestLimits(t *testing.T) {
	l := DefaultLimits()
	if l.PutTotal >= 20*time.Second || l.Put > l.PutTotal {
		t.Errorf("%+v", l)
	}
	ctx, stop := l.WithinPut(t.Context(), 100<<20)
	defer stop()
	if end, ok := ctx.Deadline(); !ok || time.Until(end) < 100*time.Second || time.Until(end) > 120*time.Second {
		t.Errorf("100 MiB until %v", end)
	}
}

// TestResume: bytes are neither lost nor doubled, and an object that ends early is no object.
func TestResume(t *testing.T) {
	const text = "0123456789"
	part := func(from, to int) io.ReadCloser { return io.NopCloser(strings.NewReader(text[from:to])) }
	for tries, want := range map[int]error{3: nil, 2: io.ErrUnexpectedEOF} {
		body := Resume(t.Context(), part(0, 2), 10, tries, func(offset int64) (io.ReadCloser, error) {
			return part(int(offset), min(10, int(offset)+3)), nil
		}, func(err error) error { return err })
		data, err := io.ReadAll(body)
		if !errors.Is(err, want) || err == nil && string(data) != text || !strings.HasPrefix(text, string(data)) {
			t.Errorf("%d tries: %q, %v", tries, data, err)
		}
	}
}
