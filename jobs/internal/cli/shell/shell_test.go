package shell

import "testing"

func TestLines(t *testing.T) {
	all := []Candidate{{"7", "Seven: Hills\x1b[0m"}, {"$(rm -r /)", "no id"}, {"`x`", ""}, {"-x", ""}, {"a b", ""}, {"2024-06", ""}, {"", "nothing"}}
	for name, want := range map[string]string{
		"/bin/bash":     "7\n2024-06\n",
		"/usr/bin/zsh":  "7:Seven: Hills?[0m\n2024-06\n",
		"/usr/bin/fish": "7\tSeven: Hills?[0m\n2024-06\n",
		"":              "7\n2024-06\n",
	} {
		if got := Lines(name, all); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for value, want := range map[string]int{"table|json|csv": 3, "text|json": 2, "ID|FILE": 0, "DIR|URL": 0, "MONTH": 0, "": 0} {
		if got := len(Words(value)); got != want {
			t.Errorf("%s: %d words, want %d", value, got, want)
		}
	}
}
