package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/report"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// reportPlace is where a report goes.
type reportPlace struct {
	folder string // empty: the current one
	file   string // the page, or the index
	index  bool   // the report is about all partners
	apart  bool   // each of them has a page of its own
}

// path returns the path of a page.
func (r reportPlace) path(name string) string { return filepath.Join(r.folder, name) }

// place says where a report on partners of a month goes. The error is a *usageError.
func (o *reportOptions) place(m scoring.Month, partners []published.PartnerName) (reportPlace, error) {
	r := reportPlace{index: o.partner == "" && len(partners) != 1}
	own := report.IndexFile
	if !r.index {
		own = report.Entry{ID: partners[0].ID}.File()
	}
	out := o.out
	switch {
	case out == "" && !r.index:
		out = "report-" + m.String() + "-" + strings.TrimPrefix(own, "p-")
	case out == "" && len(partners) > onOnePage:
		out = "report-" + m.String()
	case out == "":
		out = "report-" + m.String() + ".html"
	}
	if !isPage(out) && !isFolder(out) {
		return r, &usageError{problems: []string{fmt.Sprintf("--out %s is neither a page, which ends in .html, nor a folder, which is there, ends in / or has no dot in its name",
			show.Printable(out))}}
	}
	if isPage(out) {
		r.folder, r.file = filepath.Dir(out), filepath.Base(out)
	} else {
		r.folder, r.file, r.apart = out, own, r.index
	}
	switch {
	case isPage(out) && r.index && len(partners) > onOnePage:
		return r, &usageError{problems: []string{fmt.Sprintf("%s has %s, more than the %d that one page holds well; name a folder with --out, or one partner with --partner",
			m, wording.Count(int64(len(partners)), "partner"), onOnePage)}}
	case within(r.folder, o.snapshots):
		return r, &usageError{problems: []string{fmt.Sprintf("--out %s lies in the snapshots folder %s, where nothing but published tables may stand; name another place",
			show.Printable(out), show.Printable(o.snapshots))}}
	}
	return r, nil
}

// isPage reports whether a path names a page, not a folder.
func isPage(path string) bool { return strings.EqualFold(filepath.Ext(path), ".html") }

// isFolder reports whether a path that is no page names a folder: one that is there, or one that looks like it.
func isFolder(path string) bool {
	if info, err := os.Stat(path); err == nil {
		return info.IsDir()
	}
	return os.IsPathSeparator(path[len(path)-1]) || path != "-" && filepath.Ext(path) == ""
}

// stale lists the pages of partners in the folder, by name, that entries do not have.
func (r reportPlace) stale(entries []report.Entry) ([]string, error) {
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

// write writes a page beside its place and moves it there when it is whole. It returns its size.
func (r reportPlace) write(name, runID string, content func(io.Writer) error) (n int64, err error) {
	path := r.path(name)
	defer func() { err = whereToWrite(path, err) }()
	if err := os.MkdirAll(r.folder, 0o777); err != nil {
		return 0, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return 0, errLink
	}
	partial := r.path("." + name + "." + runID)
	f, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(partial))
		}
	}()
	buffered := bufio.NewWriter(f)
	err = errors.Join(content(buffered), buffered.Flush(), f.Sync())
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err != nil {
		return 0, err
	}
	return info.Size(), os.Rename(partial, path)
}

// errLink is why a page is not written: moving it there would replace the link and leave what it leads to as it was.
var errLink = errors.New("it is a symbolic link; name the page that it leads to")

// whereToWrite wraps what went wrong with a page. What another place would mend is a matter of usage.
func whereToWrite(path string, err error) error {
	if err == nil {
		return nil
	}
	for _, elsewhere := range []error{errLink, fs.ErrPermission, fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR, syscall.EROFS, syscall.ENAMETOOLONG} {
		if errors.Is(err, elsewhere) {
			return &usageError{problems: []string{fmt.Sprintf("write the report %s: %v", show.Printable(path), err)}, hint: "name another place with --out"}
		}
	}
	return fmt.Errorf("write the report %s: %w", show.Printable(path), err)
}
