// Package connect runs statements on a server of Spark Connect and hands over their results as they arrive. It knows no statement and no facts.
package connect

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/fault"
)

// usualPort is the one on which a server listens that is not told another.
const usualPort = 15002

// Remote is a server and how to speak to it.
type Remote struct {
	Host string
	Port int
	// TLS is set by use_ssl=true, and by a token without use_ssl.
	TLS bool
	// Token identifies the caller; "" without one. It is never part of an address.
	Token string
	// User is the name under which the server keeps the session.
	User string
	// Headers go with each request, like x-databricks-cluster-id.
	Headers map[string]string
}

// unusable says what to write. It does not repeat the address, which may hold a secret.
func unusable(what string) error {
	return fault.Errorf(fault.Usage, "address of the Spark server: %s", what)
}

const form = "write sc://host:15002, or sc://host:443/;use_ssl=true;name=value with what the service asks for"

// ParseRemote reads an address like sc://host:15002/;use_ssl=true;x-databricks-cluster-id=…. The token comes from elsewhere: addresses are logged.
func ParseRemote(text, token string) (Remote, error) {
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "sc" || address.Hostname() == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return Remote{}, unusable(form)
	}
	r := Remote{Host: address.Hostname(), Port: usualPort, Token: token, TLS: token != "", User: "partnerscore", Headers: map[string]string{}}
	if port := address.Port(); port != "" {
		if r.Port, err = strconv.Atoi(port); err != nil || r.Port < 1 || r.Port > 65535 {
			return Remote{}, unusable("the port is a number from 1 to 65535; " + form)
		}
	}
	path := strings.TrimPrefix(address.Path, "/")
	if path != "" && !strings.HasPrefix(path, ";") {
		return Remote{}, unusable("after the port only parameters like /;use_ssl=true may follow; " + form)
	}
	for part := range strings.SplitSeq(path, ";") {
		if err := r.set(part); err != nil {
			return Remote{}, err
		}
	}
	return r, nil
}

// set takes one parameter of an address.
func (r *Remote) set(part string) error {
	if part == "" {
		return nil
	}
	name, value, found := strings.Cut(part, "=")
	if !found || name == "" || value == "" {
		return unusable("parameters are written name=value; " + form)
	}
	switch name {
	case "token":
		return unusable("leave the token out, since addresses are logged; set PARTNERSCORE_SPARK_TOKEN to it")
	case "use_ssl":
		on, err := strconv.ParseBool(value)
		if err != nil {
			return unusable("use_ssl is true or false; " + form)
		}
		r.TLS = on
	case "user_id":
		r.User = value
	case "session_id", "user_agent":
		return unusable("leave " + name + " out: each run has its own session")
	default:
		r.Headers[strings.ToLower(name)] = value
	}
	return nil
}

// String is the host and the port.
func (r Remote) String() string { return net.JoinHostPort(r.Host, fmt.Sprint(r.Port)) }
