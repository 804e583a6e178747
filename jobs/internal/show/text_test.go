package show

import (
	"os/exec"
	"testing"
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
