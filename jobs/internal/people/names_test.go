package people

import (
	"errors"
	"strings"
	"testing"

	"partnerscore/jobs/internal/fault"
)

const header = "score_month,partner_id,person_id,name,email,mcp_id,person_ids\n"

func TestReadNames(t *testing.T) {
	n, err := ReadNames(strings.NewReader("\ufeff" + header +
		"2024-06,7,0123456789abcdef,Ada Lovelace,ada@seven.example,900001,key 1\n" +
		"2024-06,8,0123456789abcdef,Ada Lovelace,ada@seven.example,900001,key 1\n" + // of two partners
		"2024-06,7,1123456789abcdef,,ada@seven.example,900001,key 1\n" +
		"2024-06,7,2123456789abcdef,,,900001,key 1\n" +
		"2024-07,7,3123456789abcdef,,,,key 1\n" +
		"2024-07,7,4123456789abcdef,'=1+1,,,key 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"0123456789abcdef": "Ada Lovelace", "1123456789abcdef": "ada@seven.example", "2123456789abcdef": "900001",
		"3123456789abcdef": "", "4123456789abcdef": "=1+1", "5123456789abcdef": ""} {
		if got := n.Of(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if !n.Made("key 1") || n.Made("key 2") {
		t.Errorf("made with %q", n.schemes)
	}
}

// TestReadNamesRefuses: what is no file of names is refused, and the error repeats nothing of it.
func TestReadNamesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":               "it is empty; write the file with partnerscore people --out FILE",
		"Lovelace;Ada\n": "it has no column score_month, person_ids, person_id, name, email, mcp_id; write",
		"score_month,person_id,name,email,mcp_id\n": "it has no column person_ids; write",
		header + "2024-06,7,Lovelace,Ada,,,k\n":     "line 2: person_id is no person id: 16 digits and letters from a to f",
		header + "2024-06,7,\"Love\"lace,Ada,,,k\n": "line 2: it is not CSV as partnerscore people writes it: ",
		header + "2024-06,7,Lovelace\n":             "line 2: it is not CSV as partnerscore people writes it: wrong number of fields",
		header + "2024-06,7,0123456789abcdef,Ada Lovelace,,,k\n2024-06,8,0123456789abcdef,Grace Lovelace,,,k\n": "line 3: this person id has another name in a line above",
	} {
		_, err := ReadNames(strings.NewReader(text))
		var file *FileError
		if !errors.As(err, &file) || fault.Of(err) != fault.Usage || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "Lovelace") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
