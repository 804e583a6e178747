package delta

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"partnerscore/jobs/internal/exports/defect"
)

// maxLine bounds one action of a commit: statistics and schemas are long, but not that long.
const maxLine = 16 << 20

// action is one line of a commit. Actions that say nothing about the rows (commitInfo, txn, cdc, domainMetadata) and unknown ones are ignored.
type action struct {
	Add      *file     `json:"add"`
	Remove   *file     `json:"remove"`
	MetaData *metaData `json:"metaData"`
	Protocol *protocol `json:"protocol"`
}

// readCommit replays one commit.
func (r *reader) readCommit(name string) error {
	f, err := r.log.open(name)
	if err != nil {
		return broken(name, 0, "it cannot be opened: %s", defect.Cause(err))
	}
	return errors.Join(r.replay(io.NewSectionReader(f, 0, f.Size()), name), f.Close())
}

// replay reads the actions of a commit, one in each line.
func (r *reader) replay(commit io.Reader, name string) error {
	lines, where, actions := bufio.NewReaderSize(commit, 1<<16), at{file: name}, 0
	for {
		where.line++
		line, err := readLine(lines)
		switch {
		case errors.Is(err, io.EOF) && actions == 0: // every writer puts at least one into a commit
			return broken(name, 0, "it is empty")
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLong):
			return where.broken("this line has more than %d bytes", maxLine)
		case err != nil:
			return where.broken("it cannot be read: %s", defect.Cause(err))
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		actions++
		var a action
		if err := json.Unmarshal(line, &a); err != nil {
			return where.broken("this line is no action in JSON")
		}
		if err := r.apply(a, where); err != nil {
			return err
		}
	}
}

// apply takes over what an action says.
func (r *reader) apply(a action, where at) error {
	if a.Protocol != nil {
		r.protocol, r.protocolLog = a.Protocol, where.file
	}
	if a.MetaData != nil {
		r.meta, r.metaLog = a.MetaData, where.file
	}
	if a.Remove != nil {
		if err := r.remove(a.Remove, where); err != nil {
			return err
		}
	}
	if a.Add != nil {
		return r.add(a.Add, where)
	}
	return nil
}

var errLong = errors.New("a line is too long")

// readLine returns the next line, which need not end with a line feed at the end of the file; io.EOF after the last one.
func readLine(r *bufio.Reader) (line []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, errLong
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read line: %w", err)
		}
		return line, err
	}
}
