package connect

import (
	"strings"
	"testing"
)

func TestParseRemote(t *testing.T) {
	for text, want := range map[string]string{
		"sc://host":                    "host:15002 false []",
		"sc://host:443/;use_ssl=true":  "host:443 true []",
		"sc://[::1]:1/":                "[::1]:1 false []",
		"sc://h/;X-Cluster=a;user_id=": "",
		"sc://h/;X-Cluster-Id=a":       "h:15002 false [x-cluster-id=a]",
		"":                             "",
		"host:15002":                   "",
		"https://host":                 "",
		"sc://":                        "",
		"sc://host:0":                  "",
		"sc://host:70000":              "",
		"sc://host/path":               "",
		"sc://user:secret@host":        "",
		"sc://host?token=secret":       "",
		"sc://host/;token=secret":      "",
		"sc://host/;use_ssl=perhaps":   "",
		"sc://host/;session_id=secret": "",
	} {
		r, err := ParseRemote(text, "")
		switch {
		case want == "" && err == nil:
			t.Errorf("%q: %+v", text, r)
		case want == "":
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%q: the error shows what may be secret: %v", text, err)
			}
		case err != nil:
			t.Errorf("%q: %v", text, err)
		default:
			var headers []string
			for name, value := range r.Headers {
				headers = append(headers, name+"="+value)
			}
			got := r.String() + map[bool]string{true: " true ", false: " false "}[r.TLS] + "[" + strings.Join(headers, " ") + "]"
			if got != want {
				t.Errorf("%q: %s, want %s", text, got, want)
			}
		}
	}
}

// TestToken: a token asks for TLS, unless the address turns it off.
func TestToken(t *testing.T) {
	for text, want := range map[string]bool{"sc://h": true, "sc://h/;use_ssl=false": false, "sc://h/;use_ssl=true": true} {
		if r, err := ParseRemote(text, "secret"); err != nil || r.TLS != want || r.Token != "secret" {
			t.Errorf("%s: TLS %v, %v", text, r.TLS, err)
		}
	}
}
