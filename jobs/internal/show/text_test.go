package show

import (
	"os/exec"
	"testing"
	"time"
)

// TestShellWord: a shell reads the text back that was quoted for it.
func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{"exports": "exports", "": "''", "my exports": "'my exports'", "it's": `'it'\''s'`, "$HOME/*": "'$HOME/*'", "~": "'~'",
		"a\\b": `'a\b'`, "München": "'München'"} {
		word := ShellWord(text)
		if word != want {
			t.Errorf("%q: %s, want %s", text, word, want)
		}
		if out, err := exec.Command("sh", "-c", "printf %s "+word).Output(); err != nil || string(out) != text {
			t.Errorf("%s: a shell reads %q, %v", word, out, err)
		}
	}
	if have, want := ShellWord("a\nb\xff'"), `$'a\x0ab\xff\x27'`; have != want { // which sh need not know
		t.Errorf("%s, want %s", have, want)
	}
}

func TestTimesAndSizesForPeople(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0.0 s", 1449 * time.Millisecond: "1.4 s", 59 * time.Second: "59.0 s", time.Minute: "1:00", 3723 * time.Second: "1:02:03"} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 1_500_000_000: "1.5 GB", 2e15: "2.0 PB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %s, want %s", n, got, want)
		}
	}
}
