package pages

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/files"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/report"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Place is where a report goes.
type Place struct {
	folder string // empty: the current one
	file   string // the page, or the index
	index  bool   // the report is about all partners
	apart  bool   // each of them has a page of its own
	// private says that pages name people: others must not read them.
	private bool
	flag    string // that names the place; empty: --out
}

// InFolder is the place of a report on all partners of a month in a folder below another one that a flag names: an index and a page for each.
func InFolder(flag, folder string, m scoring.Month) Place {
	return Place{folder: filepath.Join(folder, m.String()), file: report.IndexFile, index: true, apart: true, flag: flag}
}

// path returns the path of a page.
func (r Place) path(name string) string { return filepath.Join(r.folder, name) }

// MostOnOnePage is how many partners one page holds well: with more of them it is tens of megabytes.
const MostOnOnePage = 50

// NewPlace says where a report on partners of a month goes. out is what the user names, empty for a name that is made; all says that no single
// partner was asked for; snapshots is the folder of the published months. The error is a *cli.UsageError.
func NewPlace(out string, m scoring.Month, partners []published.PartnerName, all bool, snapshots string) (Place, error) {
	r := Place{index: all && len(partners) != 1}
	own := report.IndexFile
	if !r.index {
		own = report.Entry{ID: partners[0].ID}.File()
	}
	switch {
	case out == "" && !r.index:
		out = "report-" + m.String() + "-" + strings.TrimPrefix(own, "p-")
	case out == "" && len(partners) > MostOnOnePage:
		out = "report-" + m.String()
	case out == "":
		out = "report-" + m.String() + ".html"
	}
	if !isPage(out) && !isFolder(out) {
		return r, wrongPlace("--out %s must be a .html file or a folder: an existing one, or a name that ends in / or has no dot", show.Printable(out))
	}
	if isPage(out) {
		r.folder, r.file = filepath.Dir(out), filepath.Base(out)
	} else {
		r.folder, r.file, r.apart = out, own, r.index
	}
	switch {
	case isPage(out) && r.index && len(partners) > MostOnOnePage:
		return r, wrongPlace("%s has %s, more than the %d that fit on one page; name a folder with --out, or one partner with --partner",
			m, wording.Count(int64(len(partners)), "partner"), MostOnOnePage)
	case cli.Within(r.folder, snapshots):
		return r, wrongPlace("--out %s lies in the snapshots folder %s, which is for published tables only; name another place",
			show.Printable(out), show.Printable(snapshots))
	}
	return r, nil
}

func wrongPlace(format string, args ...any) error {
	return &cli.UsageError{Problems: []string{fmt.Sprintf(format, args...)}}
}

// isPage reports whether a path names a page, not a folder.
func isPage(path string) bool { return strings.EqualFold(filepath.Ext(path), ".html") }

// isFolder reports whether a path that is not a page names a folder: an existing one, or one that looks like it.
func isFolder(path string) bool {
	if info, err := os.Stat(path); err == nil {
		return info.IsDir()
	}
	return os.IsPathSeparator(path[len(path)-1]) || path != "-" && filepath.Ext(path) == ""
}

// stale lists the pages of partners in the folder, by name, that entries do not have.
func (r Place) stale(entries []report.Entry) ([]string, error) {
	current := map[string]bool{}
	for _, e := range entries {
		current[e.File()] = true
	}
	all, err := os.ReadDir(r.folder)
	if err != nil {
		return nil, fmt.Errorf("look for pages of an earlier report: %w", err)
	}
	stale := []string{}
	for _, file := range all {
		if report.IsFile(file.Name()) && !current[file.Name()] {
			stale = append(stale, show.Printable(file.Name()))
		}
	}
	return stale, nil
}

// write writes a page, and returns its size.
func (r Place) write(name, runID string, content func(io.Writer) error) (int64, error) {
	mode := fs.FileMode(0o666)
	if r.private {
		mode = 0o600
	}
	return files.File{What: "the report", Flag: cmp.Or(r.flag, "--out"), Path: r.path(name), Mode: mode, RunID: runID}.Replace(content)
}
