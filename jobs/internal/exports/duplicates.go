package exports

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/scoring"
)

// Twice is two files, folders or sets of files of a month that hold the same consumption, or may hold it.
type Twice struct {
	// First and Second are paths relative to the exports root.
	First, Second []string
	// Folders is set where they are folders.
	Folders bool
	// Runs is set where each run of such an export usually holds the month so far.
	Runs bool
	// Amounts is set where keys are the amounts of customers, whatever was used.
	Amounts bool
	// Among are the files of the month: what to do depends on what those at First and Second are.
	Among []File
	// Common of the Keys of the smaller one, as far as they were compared, are in both.
	Common, Keys int
	// FirstDay and LastDay are the days of what is in common; zero where rows have no day.
	FirstDay, LastDay time.Time
}

// shownFolders is how many folders, files or pairs of them a message lists.
const shownFolders = 4

// TwiceProblems says which deliveries of a month are there twice, and what to do.
func TwiceProblems(m scoring.Month, found []Twice) (problems []Problem) {
	for _, t := range found[:min(len(found), shownFolders)] {
		p := t.problem(m, "holds the same usage as", "hold the same usage as")
		p.Message += "; it would count twice"
		problems = append(problems, p)
	}
	if more := len(found) - shownFolders; more > 0 {
		problems[shownFolders-1].Message += fmt.Sprintf("; %d more pairs do the same", more)
	}
	return problems
}

// RunsOfOneExport says that files are of two runs of one export over the same days, as their manifests say; nil where none are. Equal files of both
// count once, and stand in one of them only.
func RunsOfOneExport(m scoring.Month, files []File) []Problem {
	first := map[string]Found{}
	for _, c := range files {
		if c.Export == "" {
			continue
		}
		other, known := first[c.Export]
		if !known {
			first[c.Export] = c.Found
			continue
		}
		if other.Run != c.Run {
			return []Problem{{File: c.Run, Month: m, Message: "is of the same export and the same days as " + defect.Quote(other.Run) + "; the usage would count twice",
				Hint: "each run holds the month so far: keep the folder of the last run only, or narrow paths.azure_usage in the config to it"}}
		}
	}
	return nil
}

// MaybeTwice says which files of a month may be two deliveries. One is named, the others are counted: they are usually all of a month.
func MaybeTwice(m scoring.Month, found []Twice) []Problem {
	if len(found) == 0 {
		return nil
	}
	p := found[0].problem(m, "may hold the same usage as", "may hold the same usage as")
	if more := len(found) - 1; more > 0 {
		p.Message += fmt.Sprintf("; %s more pairs are like these", scoring.Grouped(int64(more)))
	}
	switch found[0].kind() {
	case inDeltaTable:
		p.Hint = "if one of them is an older delivery, " + hintDelta + "; if they are parts of one, all is right"
	case ofManyMonths:
		p.Hint = "if their months overlap, " + hintCumulative + "; if they are parts of one delivery, all is right"
	default:
		p.Hint = "if one of them is an older delivery, remove it; if they are parts of one, all is right"
	}
	return []Problem{p}
}

// kind is what decides how a delivery can be taken away.
type kind int

const (
	plainFiles kind = iota
	// inDeltaTable: a file that is removed from the folder breaks its table.
	inDeltaTable
	// ofManyMonths: a file that is removed takes the months with it that it alone has.
	ofManyMonths
)

const (
	hintDelta      = "delete the rows of the older one from the Delta table with its own tools (DELETE, or overwrite the partition), and leave its files alone"
	hintCumulative = "keep the file that holds all months and remove the other; where each holds months of its own, export one file without the overlap"
)

// kind finds what the files of a pair are.
func (t Twice) kind() kind {
	found := plainFiles
	for _, f := range t.Among {
		in := slices.ContainsFunc(append(slices.Clone(t.First), t.Second...), func(path string) bool {
			return f.Rel == path || strings.HasPrefix(f.Rel, path+"/")
		})
		switch {
		case in && f.Log != "":
			return inDeltaTable
		case in && f.Many:
			found = ofManyMonths
		}
	}
	return found
}

// problem describes a pair. one and several are the verb for a single first name and for more.
func (t Twice) problem(m scoring.Month, one, several string) Problem {
	p := Problem{File: t.First[0], Month: m, Message: one + " " + defect.Quote(t.Second[0])}
	if more := len(t.First) - 1; more > 0 {
		p.Message = fmt.Sprintf("with %d more %s %s", more, several, defect.Quote(t.Second[0]))
	}
	if more := len(t.Second) - 1; more > 0 {
		p.Message += fmt.Sprintf(" with %d more", more)
	}
	what, is := "keys", "; a key is all of a row but its amount"
	if t.Amounts {
		what, is = "amounts", ", of the same customers"
	}
	p.Message += fmt.Sprintf(": %.1f %% of their %s (%s of %s%s) are in both", 100*float64(t.Common)/float64(t.Keys), what,
		scoring.Grouped(int64(t.Common)), scoring.Grouped(int64(t.Keys)), is)
	switch {
	case t.FirstDay.IsZero():
	case t.FirstDay.Equal(t.LastDay):
		p.Message += ", " + t.FirstDay.Format(time.DateOnly)
	default:
		p.Message += ", " + t.FirstDay.Format(time.DateOnly) + " to " + t.LastDay.Format(time.DateOnly)
	}
	what = "file"
	if t.Folders {
		what = "folder"
	}
	switch t.kind() {
	case inDeltaTable:
		p.Hint = hintDelta + "; if both are parts of one delivery, put their rows into one file"
		return p
	case ofManyMonths:
		p.Hint = hintCumulative
		return p
	}
	if t.Runs {
		p.Hint = fmt.Sprintf("a run of an export usually holds the whole month so far: keep the %s of the last run only, or narrow paths.azure_usage in the "+
			"config to it", what)
		return p
	}
	p.Hint = fmt.Sprintf("keep the newer %s and remove the other; if both are parts of one delivery, put their rows into one file", what)
	return p
}

// Places is how many numbers of a name may be the one that counts parts: Cost Management writes part_0_0001.csv, Spark part-00000-ID-c000.parquet.
const Places = 3

// words are what a name consists of; counted is one that ends in a number, as those that count parts do. The words of a random id mostly do not.
var (
	words   = regexp.MustCompile(`[A-Za-z0-9]+`)
	counted = regexp.MustCompile(`^[A-Za-z]*[0-9]+$`)
)

// Series returns what the path of a file has in common with those of other parts that one job wrote: the path without one of the numbers in its
// name, for each of the last of these.
func Series(rel string) (all [Places]string) {
	folder, name := path.Split(rel)
	stem, _, _ := strings.Cut(name, ".")
	found := words.FindAllStringIndex(stem, -1)
	place := 0
	for i := len(found) - 1; i >= 0 && place < Places; i-- {
		start, end := found[i][0], found[i][1]
		if word := name[start:end]; counted.MatchString(word) {
			all[place] = folder + name[:start] + strings.TrimRight(word, "0123456789") + "#" + name[end:]
			place++
		}
	}
	for ; place < Places; place++ {
		all[place] = rel
	}
	return all
}
