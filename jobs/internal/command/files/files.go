// Package files writes files that a person names: whole, or not at all.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/show"
)

// File is a file to write.
type File struct {
	What  string // it is, for messages: "the report"
	Flag  string // that names it: "--out"
	Path  string
	Mode  fs.FileMode // who may read it
	RunID string      // makes the name of the temporary file unique
}

// Replace writes a temporary file in the same folder and renames it when it is complete. It creates the folder if needed and returns the size. The
// error is a *cli.UsageError where naming another place would help.
func (f File) Replace(content func(io.Writer) error) (n int64, err error) {
	defer func() { err = f.explain(err) }()
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
		return 0, err
	}
	if info, err := os.Lstat(f.Path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return 0, errLink
	}
	partial := filepath.Join(filepath.Dir(f.Path), "."+filepath.Base(f.Path)+"."+f.RunID)
	out, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.Mode)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(partial))
		}
	}()
	buffered := bufio.NewWriter(out)
	err = errors.Join(content(buffered), buffered.Flush(), out.Sync())
	info, statErr := out.Stat()
	if err = errors.Join(err, statErr, out.Close()); err != nil {
		return 0, err
	}
	return info.Size(), os.Rename(partial, f.Path)
}

// errLink is why a file is not written: moving it there would replace the link and leave what it leads to as it was.
var errLink = errors.New("it is a symbolic link; name the file that it leads to")

// explain wraps what went wrong.
func (f File) explain(err error) error {
	if err == nil {
		return nil
	}
	for _, elsewhere := range []error{errLink, fs.ErrPermission, fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR, syscall.EROFS, syscall.ENAMETOOLONG} {
		if errors.Is(err, elsewhere) {
			return &cli.UsageError{Problems: []string{fmt.Sprintf("write %s %s: %v", f.What, show.Printable(f.Path), err)}, Hint: "name another place with " + f.Flag}
		}
	}
	return fmt.Errorf("write %s %s: %w", f.What, show.Printable(f.Path), err)
}
