package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/fault"
)

// UnreachableError reports a store that does not answer, or not as it should, however often it is asked.
type UnreachableError struct {
	Doing string // like "put"
	Where string // the address
	What  string // what happened, without secrets
}

func (e *UnreachableError) FaultKind() string { return fault.Internal }

func (e *UnreachableError) FaultAdvice() string {
	return "run again when the store answers; nothing is half-published"
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s %s: %s; run again when the store answers", e.Doing, e.Where, e.What)
}

// NoHost returns the name of the host that an error of a request says does not exist, "" when it says something else.
func NoHost(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return dns.Name
	}
	return ""
}

// Plain says what went wrong on the network, in one line. URLs are left out: a query may be a credential.
func Plain(err error) string {
	var timeout *TimeoutError
	var request *url.Error
	var network *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &timeout):
		return timeout.Error()
	case errors.As(err, &dns):
		return dns.Error()
	case errors.As(err, &network):
		return network.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer breaks off"
	case errors.Is(err, io.EOF):
		return "the connection broke before the answer"
	case errors.As(err, &request):
		return request.Err.Error()
	}
	return err.Error()
}

// Redactor replaces secrets in texts that others wrote.
type Redactor struct{ replacer *strings.Replacer }

// NewRedactor returns one for the secrets that are not empty, in the forms in which a URL holds them, too.
func NewRedactor(secrets ...string) Redactor {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 4 {
			pairs = append(pairs, s, "…", url.QueryEscape(s), "…", url.PathEscape(s), "…")
		}
	}
	return Redactor{strings.NewReplacer(pairs...)}
}

// Line returns a text in one line, without the secrets and without lines that are drawn.
func (r Redactor) Line(text string) string {
	words := slices.DeleteFunc(strings.Fields(r.replacer.Replace(text)), func(word string) bool { return len(word) > 2 && strings.Trim(word, "-=") == "" })
	return strings.Join(words, " ")
}

// Total returns the size of the object that an answer is a part of, from its header Content-Range; that of the answer where it has none.
func Total(contentRange string, length int64) int64 {
	_, total, _ := strings.Cut(contentRange, "/")
	if n, err := strconv.ParseInt(total, 10, 64); err == nil {
		return n
	}
	return length
}

// Status says what an answer was, for people.
func Status(code int, name string) string {
	return strings.TrimSpace("the store answered " + strconv.Itoa(code) + " " + cmp.Or(name, "without saying why"))
}

// Quoted returns a version as headers hold it: lists of some stores leave the quotes out.
func Quoted(version string) string {
	if version == "" || strings.HasSuffix(version, `"`) {
		return version
	}
	return `"` + version + `"`
}
