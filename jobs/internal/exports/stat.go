package exports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Stat is what the file system says about a file's bytes without reading them: equal values of one path mean
// unchanged bytes.
type Stat struct {
	Size int64
	// Modified and Changed are mtime and ctime in nanoseconds since 1970. No program can set ctime back.
	Modified, Changed int64
	Inode             uint64
	// Settled is false while a later write could still leave the same times behind, because the file changed
	// within one tick of its file system's clock.
	Settled bool
}

// Signature is a text to keep beside a hash; empty when the Stat must not be relied upon.
func (s Stat) Signature() string {
	if !s.Settled {
		return ""
	}
	return fmt.Sprintf("%d-%d-%d-%d", s.Size, s.Modified, s.Changed, s.Inode)
}

func (s Stat) sameAs(other Stat) bool {
	s.Settled, other.Settled = false, false
	return s == other
}

// Known is what an earlier run found out. It is used while Signature equals that of the file's Stat; then the
// file's bytes are not read again beyond footer or header.
type Known struct {
	Signature string
	SHA256    string
	Rows      int64
	// Multiline is that of the TextLayout.
	Multiline bool
	// Months is that of a file of many months.
	Months *MonthRows `json:",omitempty"`
	// Judged is the judgement of text that the file stood; another one is no reason not to judge it again.
	Judged int
}

// judgement counts how often the program has begun to look for something else in text files: a hash that a former version kept does not say
// that a file is without it.
const judgement = 4

// Known is what a later run may take over of a file that was checked; false where its Stat must not be relied upon.
func (c Checked) Known() (Known, bool) {
	signature, rows := c.Stat.Signature(), c.Rows
	if c.Months != nil {
		rows = c.Months.Total() // c may be one of its months
	}
	return Known{Signature: signature, SHA256: c.SHA256, Rows: rows, Multiline: c.Text.Multiline, Months: c.Months, Judged: judgement}, signature != ""
}

const (
	// fineTick is a bound on how coarse Linux stamps files within one process or another.
	fineTick = 20 * time.Millisecond
	// coarseTick is that of file systems that keep whole seconds (FAT: two).
	coarseTick = 2 * time.Second
	second     = int64(time.Second)
)

// StatFile looks at a file without opening it, through symlinks.
func StatFile(path string) (Stat, error) {
	var raw unix.Stat_t
	for {
		switch err := unix.Stat(path, &raw); {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return Stat{}, &fs.PathError{Op: "stat", Path: path, Err: err}
		}
		return statOf(&raw, time.Now()), nil
	}
}

func statOf(raw *unix.Stat_t, now time.Time) Stat {
	s := Stat{Size: raw.Size, Modified: raw.Mtim.Nano(), Changed: raw.Ctim.Nano(), Inode: raw.Ino}
	tick := fineTick
	if s.Changed%second == 0 {
		tick = coarseTick
	}
	s.Settled = now.Sub(time.Unix(0, s.Changed)) > tick
	return s
}

// openRegular opens a file and makes sure that it is regular. A pipe that took the name after Find looked does not
// make it hang.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &defect{"cannot be opened: " + reason(err), openHint(err)}
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &defect{"is no regular file but " + modeName(info.Mode()), "put a regular file here or rename it"}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func openHint(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "run again when the delivery is complete"
	}
	if errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) {
		return "let the process open more files, ulimit -n"
	}
	return "check the permissions"
}

// Unchanged reports whether the file is still the one that was checked; a *ChangedError says what happened to it.
func Unchanged(c Checked) error {
	now, err := StatFile(c.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &ChangedError{File: c.Rel, What: "vanished after it was checked"}
	case err != nil:
		return &ChangedError{File: c.Rel, What: "can no longer be read: " + reason(err)}
	case !now.sameAs(c.Stat):
		return &ChangedError{File: c.Rel, What: "changed after it was checked"}
	}
	return nil
}
