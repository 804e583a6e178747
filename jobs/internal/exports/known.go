package exports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/scoring"
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
	// Judged is the textChecks that the file passed; with another number it is checked again.
	Judged int
}

// textChecks counts the changes of what the program refuses in text files: a hash that an earlier version kept does not say that a file passes the
// new checks.
const textChecks = 4

// Known is what a later run may take over of a file that was checked; false where its Stat must not be relied upon.
func (f File) Known() (Known, bool) {
	signature, rows := f.Stat.Signature(), f.Rows
	if f.Months != nil {
		rows = f.Months.Total() // f may be one of its months
	}
	return Known{Signature: signature, SHA256: f.SHA256, Rows: rows, Multiline: f.Text.Multiline, Months: f.Months, Judged: textChecks}, signature != ""
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
		return nil, defect.New("cannot be opened: "+defect.Cause(err), openHint(err))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(info.Mode())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func openHint(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return defect.NotYet
	}
	if errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) {
		return "let the process open more files, ulimit -n"
	}
	return defect.FixAccess
}

// MonthRows says how many rows of a file of many months each month has.
type MonthRows struct {
	// By stands for how the months were read, which the bytes of the file do not decide.
	By   string                  `json:"by"`
	Rows map[scoring.Month]int64 `json:"rows"`
	// Unread are the rows whose month cannot be read. They are bad data of the newest month, since they must be of one.
	Unread int64 `json:"unread,omitempty"`
	// Otherwise are the months that the file would have with day and month in the other order, where its dates do not say which is right.
	Otherwise []scoring.Month `json:"otherwise,omitempty"`
}

// Newest returns the last month that has rows, 0 where none has.
func (r *MonthRows) Newest() (newest scoring.Month) {
	for m := range r.Rows {
		newest = max(newest, m)
	}
	return newest
}

// Total is the number of rows of the whole file.
func (r *MonthRows) Total() int64 {
	total := r.Unread
	for _, rows := range r.Rows {
		total += rows
	}
	return total
}

// InMonth returns the file as that of one of its months.
func (f File) InMonth(m scoring.Month) File {
	f.Month, f.Rows = m, f.Months.Rows[m]
	if m == f.Months.Newest() {
		f.Rows += f.Months.Unread
	}
	return f
}
