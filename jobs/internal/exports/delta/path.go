package delta

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

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
