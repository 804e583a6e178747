package exports

import (
	"fmt"
	"path"
	"strings"
	"time"

	"partnerscore/scoring"
)

// Overlap is a folder of exports of cost with usage that another folder of the month holds as well.
type Overlap struct {
	// Folder is relative to the exports root.
	Folder string
	// First and Last are the first and the last day of that usage.
	First, Last time.Time
}

// shownFolders is how many folders a message lists.
const shownFolders = 4

// OverlapProblem says which folders of a month, at least two of them, hold the same rows, and what to do. It names the folder that they are
// all in, and them by what follows.
func OverlapProblem(m scoring.Month, found []Overlap) Problem {
	first, last, parent := found[0].First, found[0].Last, path.Dir(found[0].Folder)
	for _, o := range found[1:] {
		if o.First.Before(first) {
			first = o.First
		}
		if o.Last.After(last) {
			last = o.Last
		}
		for parent != "." && !strings.HasPrefix(o.Folder, parent+"/") {
			parent = path.Dir(parent)
		}
	}
	var names []string
	for _, o := range found[:min(len(found), shownFolders)] {
		names = append(names, displayName(strings.TrimPrefix(o.Folder, parent+"/")))
	}
	list := strings.Join(names, ", ")
	if more := len(found) - shownFolders; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	days := "of " + first.Format(time.DateOnly)
	if !last.Equal(first) {
		days += " to " + last.Format(time.DateOnly)
	}
	return Problem{File: parent, Month: m,
		Message: fmt.Sprintf("usage %s stands row for row in %d folders: %s; it would count once for each", days, len(found), list),
		Hint: "a run of an export usually holds the whole month so far: keep the folder of the last run only, or narrow paths.azure_usage in the " +
			"config to it"}
}
