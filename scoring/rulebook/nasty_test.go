package rulebook

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestNastyFilesEndSoon has files made to take long: each is read or refused within seconds. Lists are as long as they may be with
// PARTNERSCORE_TEST_LONG=1, otherwise a quarter of it.
func TestNastyFilesEndSoon(t *testing.T) {
	share := 4
	if os.Getenv("PARTNERSCORE_TEST_LONG") != "" {
		share = 1
	}
	const head = "id: own\ntitle: Own\nextends: azure-2026-07\n"
	long := strings.Repeat("x", 900_000)
	for name, text := range map[string]string{
		"too large":             strings.Repeat("# comment\n", 200_000),
		"many unknown keys":     head + lines(60_000/share, "k%: 1\n"),
		"one key many times":    head + strings.Repeat("k: 1\n", 150_000),
		"a long key":            head + long + ": 1\n",
		"a long text":           head + "designation: {points: " + long + "}\n",
		"many labels":           head + "deployments: {excluded_services: [" + lines(90_000/share, "s%, ") + "]}\n",
		"many labels removed":   head + "deployments: {excluded_services: {remove: [" + lines(90_000/share, "s%, ") + "]}}\n",
		"many labels added":     head + "usage: {associations: {pal: {labels: {add: [" + lines(60_000/share, "s%, ") + "]}}}}\n",
		"many certifications":   head + "certifications: {" + lines(30_000/share, "C%: {title: T%}, ") + "}\n",
		"deep lists":            head + "areas: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"deeper lists":          head + "areas: " + strings.Repeat("[", 200_000),
		"deep keys":             head + "areas: " + strings.Repeat("{a: ", 9_000) + strings.Repeat("}", 9_000),
		"aliases of aliases":    head + "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
		"an alias of itself":    head + "a: &a [*a]\n",
		"an alias of the file":  "&a {id: own, b: *a}",
		"many empty documents":  strings.Repeat("---\n", 200_000),
		"an unclosed text":      head + "a: \"" + long,
		"keys of the long kind": head + strings.Repeat("? [a, b]\n: 1\n", 50_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			r, err := library(t).Load("nasty.yaml", []byte(text))
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
			if err == nil {
				checkRoundTrip(t, library(t), r)
			}
		})
	}
}

// lines repeats a text with a number in the place of %.
func lines(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%", strconv.Itoa(i)))
	}
	return b.String()
}
