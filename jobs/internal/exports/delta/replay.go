package delta

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"partnerscore/jobs/internal/storage"
)

// Limits on what a log may hold: it is replayed in memory.
const (
	maxFiles = 500_000
	maxText  = 256 << 20
	maxPath  = 32 << 10
	// maxRemoved bounds the bytes of the paths of removed files, which only messages need.
	maxRemoved = 64 << 20
)

// reader replays a log. The last action on a file wins, and so do the last protocol and the last metaData.
type reader struct {
	log                  folder
	protocol             *protocol
	meta                 *metaData
	protocolLog, metaLog string
	// files are live, by path and deletion vector.
	files map[string]File
	// partitions are the values of the partition columns by what is the same for files of one partition.
	partitions map[string]map[string]string
	// removed are paths of files that were taken out of the table, with whichever deletion vector; some may be back.
	removed map[string]bool
	// removedText is how many bytes these paths have.
	removedText int
	// held is how many bytes of text are held.
	held int
}

func newReader(log folder) *reader {
	return &reader{log: log, files: map[string]File{}, partitions: map[string]map[string]string{}, removed: map[string]bool{}}
}

// protocol is the action that says what a reader must know.
type protocol struct {
	MinReaderVersion int64    `json:"minReaderVersion"`
	ReaderFeatures   []string `json:"readerFeatures"`
}

// metaData is the action that describes the table.
type metaData struct {
	Format struct {
		Provider string `json:"provider"`
	} `json:"format"`
	PartitionColumns []string           `json:"partitionColumns"`
	Configuration    map[string]*string `json:"configuration"`
}

// file is the action add, or remove.
type file struct {
	Path            string             `json:"path"`
	PartitionValues map[string]*string `json:"partitionValues"`
	Size            *int64             `json:"size"`
	DeletionVector  *deletionVector    `json:"deletionVector"`
}

// deletionVector marks rows of a file as deleted.
type deletionVector struct {
	StorageType    string `json:"storageType"`
	PathOrInlineDv string `json:"pathOrInlineDv"`
	Offset         *int64 `json:"offset"`
}

// vectorMark stands in the key of a file between its path and its deletion vector; no path has it.
const vectorMark = '\x00'

// key is what of a file the actions on it have in common.
func (f *file) key() string {
	key := decoded(f.Path)
	if v := f.DeletionVector; v != nil {
		key += string(vectorMark) + v.StorageType + v.PathOrInlineDv
		if v.Offset != nil {
			key += fmt.Sprintf("@%d", *v.Offset)
		}
	}
	return key
}

// at is a place in a log.
type at struct {
	file string
	line int64
}

func (a at) broken(format string, args ...any) error { return broken(a.file, a.line, format, args...) }

// add makes a file live.
func (r *reader) add(f *file, where at) error {
	if err := checkPath(f, where, "add"); err != nil {
		return err
	}
	key := f.key()
	r.drop(key)
	live := File{Path: decoded(f.Path), Size: -1, Partition: r.partition(f.PartitionValues), Log: where.file}
	if f.Size != nil {
		live.Size = *f.Size
	}
	r.files[key] = live
	r.held += len(key)
	if len(r.files) > maxFiles || r.held > maxText {
		return &Error{File: where.file, Line: where.line, Message: fmt.Sprintf("the Delta table has more live files than can be held: more than %d of them, or "+
			"names of more than %d bytes", maxFiles, maxText), Hint: "make fewer and larger files of them with OPTIMIZE"}
	}
	return nil
}

// remove takes a file out of the table.
func (r *reader) remove(f *file, where at) error {
	if err := checkPath(f, where, "remove"); err != nil {
		return err
	}
	r.drop(f.key())
	r.recall(decoded(f.Path))
	return nil
}

// recall remembers the path of a removed file while there is room.
func (r *reader) recall(file string) {
	if !r.removed[file] && r.removedText+len(file) <= maxRemoved {
		r.removed[file] = true
		r.removedText += len(file)
	}
}

func (r *reader) drop(key string) {
	if _, ok := r.files[key]; ok {
		delete(r.files, key)
		r.held -= len(key)
	}
}

func checkPath(f *file, where at, action string) error {
	switch plain := decoded(f.Path); {
	case f.Path == "":
		return where.broken("an %s action has no path", action)
	case len(f.Path) > maxPath:
		return where.broken("an %s action has a path of %d bytes", action, len(f.Path))
	case strings.ContainsRune(plain, vectorMark):
		return where.broken("an %s action has a path with a NUL byte", action)
	}
	return nil
}

// partition returns the values of partition columns, one map for all files that have the same.
func (r *reader) partition(values map[string]*string) map[string]string {
	var key strings.Builder
	plain := make(map[string]string, len(values))
	for _, column := range slices.Sorted(maps.Keys(values)) {
		if value := values[column]; value != nil {
			plain[column] = *value
		} else {
			plain[column] = ""
		}
		fmt.Fprintf(&key, "%q=%q ", column, plain[column])
	}
	if known, ok := r.partitions[key.String()]; ok {
		return known
	}
	r.held += 2 * key.Len()
	r.partitions[key.String()] = plain
	return plain
}

// folder is the folder of a table in a source, for the time of one call of Read.
type folder struct {
	ctx    context.Context
	source storage.Source
	dir    string
}

// root is the folder as absolute paths in a log name it.
func (f folder) root() string { return path.Join(f.source.Root(), f.dir) }

// open opens a file below the folder.
func (f folder) open(name string) (storage.SourceReader, error) {
	name = path.Join(f.dir, name)
	info, err := f.source.Stat(f.ctx, name)
	if err != nil {
		return nil, err
	}
	return f.source.Open(f.ctx, name, info)
}

// decoded is the path of a data file without its percent-encoding. A path that is not encoded right stands for itself.
func decoded(raw string) string {
	if plain, err := url.PathUnescape(raw); err == nil {
		return plain
	}
	return raw
}

// inside makes the path of a data file relative to the table's folder. A file elsewhere is refused: the exports root is all that may be read.
func inside(dir, file string) (string, error) {
	leaves := fmt.Errorf("the live file %s is not in the folder of the Delta table", short(file))
	rel := file
	if scheme, rest, ok := strings.Cut(file, ":"); ok && isScheme(scheme) {
		if !strings.EqualFold(scheme, "file") {
			return "", leaves
		}
		rel = "/" + strings.TrimLeft(rest, "/")
	}
	if strings.HasPrefix(rel, "/") {
		below, err := filepath.Rel(dir, filepath.FromSlash(rel))
		if err != nil {
			return "", leaves
		}
		rel = filepath.ToSlash(below)
	}
	rel = path.Clean(rel)
	if rel == "." || rel == ".." || strings.HasPrefix(rel, "../") || strings.ContainsRune(rel, 0) {
		return "", leaves
	}
	return rel, nil
}

// isScheme reports whether the text before a colon begins a URI; names of folders such as "time=10:00" have a colon, too.
func isScheme(text string) bool {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", r)) {
			return false
		}
	}
	return text != ""
}
