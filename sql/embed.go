// Package sql holds the statements of the job, one per file, and nothing else: the warehouse runs them by name.
package sql

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed */*.sql
var files embed.FS

// Statement returns the text of one statement, named by its folder and file without the ending: "facts/usage_total".
func Statement(name string) (string, error) {
	text, err := files.ReadFile(name + ".sql")
	if err != nil {
		return "", fmt.Errorf("no statement %q in the program", name)
	}
	return string(text), nil
}

// Names lists the statements of one folder in byte order, in the form that Statement takes.
func Names(folder string) ([]string, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, fmt.Errorf("no statements in %q: %w", folder, err)
	}
	var names []string
	for _, e := range entries {
		if base, ok := strings.CutSuffix(e.Name(), ".sql"); ok {
			names = append(names, path.Join(folder, base))
		}
	}
	return names, nil
}

// Fingerprint is the hex SHA-256 over every statement of the folders. What was built by other statements has another one.
func Fingerprint(folders ...string) (string, error) {
	sum := sha256.New()
	for _, folder := range folders {
		names, err := Names(folder)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			text, err := Statement(name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s\x00%d\x00%s", name, len(text), text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
