package inspection

import (
	"fmt"
	"path"
	"strings"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
)

const (
	listedNotTaken = 20 // lines about files that were not taken
	listedAlone    = 3  // files of a folder that have a line each
)

// verdict is the first line: whether the month asked for can be scored, else the latest one.
func (t page) verdict() {
	if len(t.result.Months) == 0 {
		t.sentence(0, "No month can be scored: there is no export of usage"+t.asked+".")
		if t.result.Advice != "" {
			t.sentence(2, t.result.Advice)
		}
		return
	}
	m := t.result.Months[len(t.result.Months)-1]
	sentence := m.Month.String() + " can be scored"
	switch {
	case verdictExit(m.Score.State) != 0:
		sentence = m.Month.String() + " cannot be scored: " + firstOf(m.Score.Reasons)
	case m.Score.State == inspect.VerdictProvisional:
		sentence += " as provisional: " + firstOf(m.Score.Provisional)
	}
	t.sentence(0, sentence+".")
	if len(t.result.Months) > 1 && m.Score.Advice != "" {
		t.sentence(2, m.Score.Advice)
	}
}

// firstOf is the first of some reasons, without advice, and a count of the others.
func firstOf(reasons []string) string {
	first, _, _ := strings.Cut(reasons[0], "; ")
	if len(reasons) == 1 {
		return first
	}
	return fmt.Sprintf("%s (and %s)", first, wording.Count(int64(len(reasons)-1), "more reason"))
}

// notTaken lists the files below the exports root that are not inputs. Files of a folder that is skipped are listed together, and so are files of one
// folder with the same reason.
func (t page) notTaken() {
	all, hidden := t.result.NotTaken, t.result.HiddenFiles
	if len(all)+hidden == 0 {
		return
	}
	t.line("\nNot taken:")
	lines, left := 0, int64(t.result.NotTakenMore)
	for len(all) > 0 {
		same := 1
		for same < len(all) && together(all[same]) == together(all[0]) {
			same++
		}
		name, files := show.Printable(all[0].Path), 1
		switch {
		case all[0].Folder != "":
			name, files = fmt.Sprintf("%s, %s", show.Printable(all[0].Folder+"/"), wording.Count(int64(same), "file")), same
		case same > listedAlone:
			name, files = fmt.Sprintf("%s and %s", name, wording.Count(int64(same-1), "more file")), same
		}
		if lines++; lines <= listedNotTaken {
			t.sentence(2, name+": "+all[0].Reason)
		} else {
			left += int64(files)
		}
		all = all[files:]
	}
	if left > 0 {
		t.line("  and %s", wording.Count(left, "more file"))
	}
	if hidden > 0 {
		t.line("  %s: names that begin with . or _ are hidden", wording.Count(int64(hidden), "hidden file"))
	}
}

// together is the same for files that a line names together.
func together(n inspect.NotTaken) inspect.NotTaken {
	n.Path = path.Dir(n.Path)
	if n.Folder != "" {
		n.Path = ""
	}
	return n
}
