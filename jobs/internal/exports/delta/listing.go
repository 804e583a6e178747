package delta

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/exports/defect"
)

// listing says which files of a log make up its newest version.
type listing struct {
	version int64
	// checkpoint are the files of the checkpoint to begin with, none to begin with the first commit; commits are those after it, in their order.
	checkpoint, commits []string
}

// last is the newest file of the log.
func (l *listing) last() string {
	if len(l.commits) > 0 {
		return l.commits[len(l.commits)-1]
	}
	return l.checkpoint[len(l.checkpoint)-1]
}

// Names in a log: N.json, N.checkpoint.parquet, and part O of P of a checkpoint, N.checkpoint.O.P.parquet. Checkpoints of the second version
// have an id in their name. Everything else (checksums, compacted commits, temporary files) may be ignored.
func names() *regexp.Regexp {
	return regexp.MustCompile(`\A([0-9]{20})(?:\.json|(\.checkpoint)(?:\.([0-9]{10})\.([0-9]{10}))?\.parquet|(\.checkpoint\.[0-9A-Za-z-]+\.(?:parquet|json)))\z`)
}

// found is what the folder of a log has, by version.
type found struct {
	commits map[int64]bool
	// parts are the numbers of the parts of a checkpoint that are there, by how many there must be; 0 is a checkpoint in one file.
	parts map[int64]map[int64][]int64
	// second are checkpoints of the second version.
	second map[int64]string
}

// list looks at the names in a log and chooses the files to read: the newest whole checkpoint and all commits after it.
func list(log folder) (*listing, error) {
	entries, err := log.source.ReadDir(log.ctx, path.Join(log.dir, LogDir))
	if err != nil {
		return nil, &Error{File: LogDir, Message: "cannot be listed: " + defect.Cause(err), Hint: "check the permissions"}
	}
	f := found{commits: map[int64]bool{}, parts: map[int64]map[int64][]int64{}, second: map[int64]string{}}
	pattern := names()
	for _, entry := range entries {
		f.add(pattern.FindStringSubmatch(entry.Name))
	}
	return f.choose(hint(log))
}

func (f *found) add(name []string) {
	if name == nil {
		return
	}
	version, err := strconv.ParseInt(name[1], 10, 64)
	part, partErr := strconv.ParseInt("0"+name[3], 10, 64)
	of, ofErr := strconv.ParseInt("0"+name[4], 10, 64)
	if err != nil || partErr != nil || ofErr != nil {
		return // a version beyond 64 bits
	}
	switch {
	case name[5] != "":
		f.second[version] = LogDir + "/" + name[0]
	case name[2] == "":
		f.commits[version] = true
	default:
		if f.parts[version] == nil {
			f.parts[version] = map[int64][]int64{}
		}
		f.parts[version][of] = append(f.parts[version][of], part)
	}
}

// choose begins with the newest whole checkpoint. hinted is the version that the log's own note names as its last checkpoint, -1 without one.
func (f *found) choose(hinted int64) (*listing, error) {
	l := &listing{version: -1}
	base := int64(-1)
	for version := range f.commits {
		l.version = max(l.version, version)
	}
	for version := range f.parts {
		if files := f.whole(version); files != nil && version > base {
			base, l.checkpoint = version, files
		}
	}
	l.version = max(l.version, base)
	for version, name := range f.second {
		if version > l.version {
			return nil, secondVersion(name)
		}
	}
	if l.version < 0 {
		return nil, broken(LogDir, 0, "it has neither commits nor a whole checkpoint")
	}
	if hinted > l.version {
		return nil, broken(LogDir+"/"+lastCheckpoint, 0, "it names a checkpoint of version %d, but the log ends with version %d", hinted, l.version)
	}
	for version := base + 1; version <= l.version; version++ {
		if f.commits[version] {
			l.commits = append(l.commits, commitName(version))
			continue
		}
		return nil, f.gap(version, base, l.version)
	}
	return l, nil
}

// gap reports a commit that is missing.
func (f *found) gap(version, base, last int64) error {
	for v, name := range f.second {
		if v >= version {
			return secondVersion(name)
		}
	}
	for v, sets := range f.parts {
		for of, have := range sets {
			if v >= version {
				return broken(LogDir, 0, "of the %d parts of its checkpoint of version %d, %d are there", of, v, len(have))
			}
		}
	}
	if base < 0 {
		return broken(commitName(version), 0, "this commit is missing, and there is no whole checkpoint to begin with; the log ends with version %d", last)
	}
	return broken(commitName(version), 0, "this commit is missing; the log has the checkpoint of version %d and ends with version %d", base, last)
}

// secondVersion refuses a checkpoint that is written in another way.
func secondVersion(name string) error { return unsupported(name, "v2 checkpoints", hintPlain) }

// whole returns the files of a checkpoint of which every part is there, nil when there is none.
func (f *found) whole(version int64) []string {
	name := fmt.Sprintf("%s/%020d.checkpoint", LogDir, version)
	if _, one := f.parts[version][0]; one {
		return []string{name + ".parquet"}
	}
	for of, parts := range f.parts[version] {
		slices.Sort(parts)
		if parts = slices.Compact(parts); int64(len(parts)) != of || parts[0] != 1 || parts[len(parts)-1] != of {
			continue
		}
		var files []string
		for _, part := range parts {
			files = append(files, fmt.Sprintf("%s.%010d.%010d.parquet", name, part, of))
		}
		return files
	}
	return nil
}

func commitName(version int64) string { return fmt.Sprintf("%s/%020d.json", LogDir, version) }

// lastCheckpoint is a note for readers that cannot list the log cheaply.
const lastCheckpoint = "_last_checkpoint"

// hintBytes is more than the note ever has, but for a copy of the schema, which may be left unread.
const hintBytes = 1 << 20

// hint returns the version that the log notes as its last checkpoint, and -1 where the note is missing or cannot be read. Nothing needs it here, but
// a note of a version that the log does not have shows that files of the log are missing.
func hint(log folder) int64 {
	f, err := log.open(path.Join(LogDir, lastCheckpoint))
	if err != nil {
		return -1
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, min(f.Size(), hintBytes)))
	if closing := f.Close(); err != nil || closing != nil {
		return -1
	}
	var note struct {
		Version *int64 `json:"version"`
	}
	if json.Unmarshal(text, &note) != nil || note.Version == nil {
		return -1
	}
	return *note.Version
}
