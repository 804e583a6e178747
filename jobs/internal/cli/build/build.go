// Package build identifies this build of the program: its version, its revision, and what it is made of.
package build

import (
	"cmp"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// Build is what identifies this build of the program.
type Build struct {
	Release  string // the version of a release like 1.2.3, which the linker knows; empty: none
	Revision string // the VCS revision, where the linker knows it

	version string // empty until it is asked for the first time
}

// Version identifies the build. Where neither the version of the module nor that of a release says exactly what was built (a changed work tree, no
// version, or a release of no known revision) it ends in a hash of what the Go linker says the executable contains: another build must never be
// taken for the same program.
func (b *Build) Version() (string, error) {
	if b.version != "" {
		return b.version, nil
	}
	info, _ := debug.ReadBuildInfo()
	version, exact := buildVersion(info)
	if b.Release != "" {
		version, exact = releaseVersion(b.Release, b.Revision)
	}
	if !exact {
		sum, err := executableHash()
		if err != nil {
			return "", err
		}
		version += "-" + sum[:12]
	}
	b.version = version
	return version, nil
}

// revisionDigits is how much of a revision a version has.
const revisionDigits = 12

// releaseVersion is a release with its revision, and whether it identifies one build only: the same number may be given to other sources.
func releaseVersion(release, revision string) (version string, exact bool) {
	if len(revision) < revisionDigits || strings.Contains(revision, "+dirty") {
		return release, false
	}
	return release + "+" + revision[:revisionDigits], true
}

// source is the VCS revision that the program was built from.
func (b *Build) source(info *debug.BuildInfo) string {
	if b.Revision != "" {
		return b.Revision
	}
	revision, _ := vcs(info)
	return cmp.Or(revision, "unknown")
}

// vcs returns the VCS revision that Go knows, marked where files were changed after it, and whether they were.
func vcs(info *debug.BuildInfo) (revision string, dirty bool) {
	if info == nil {
		return "", false
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision, dirty = settings["vcs.revision"], settings["vcs.modified"] == "true"; revision != "" && dirty {
		revision += "+dirty"
	}
	return revision, dirty
}

// Line has the versions of everything that a published value can depend on. engine is the version of the SQL engine.
func (b *Build) Line(engine string) (string, error) {
	version, err := b.Version()
	if err != nil {
		return "", err
	}
	info, _ := debug.ReadBuildInfo()
	return fmt.Sprintf("partnerscore %s (module %s, revision %s, DuckDB %s, %s, %s/%s)\n", version, module(info), b.source(info), engine,
		runtime.Version(), runtime.GOOS, runtime.GOARCH), nil
}

// module is the path of the program's module.
func module(info *debug.BuildInfo) string {
	if info == nil || info.Main.Path == "" {
		return "unknown"
	}
	return info.Main.Path
}

// buildVersion returns the module version or the VCS revision, and whether it identifies one build only.
func buildVersion(info *debug.BuildInfo) (version string, exact bool) {
	if info == nil {
		return "devel", false
	}
	version, dirty := vcs(info)
	switch {
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		version = info.Main.Version
	case version == "":
		return "devel", false
	}
	return version, !dirty && !strings.Contains(version, "+dirty")
}

// executableHash is the hex SHA-256 of the running program.
func executableHash() (sum string, err error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the executable: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the executable: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if id := buildID(file); id != nil {
		_, _ = hash.Write(id) // never fails
		return hex.EncodeToString(hash.Sum(nil)), nil
	}
	if _, err := io.Copy(hash, file); err != nil { // takes a tenth of a second
		return "", fmt.Errorf("read the executable: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// buildID returns the id that the Go linker wrote into an executable, or nil if it has none. The id ends in a hash of everything in the file.
func buildID(executable io.ReaderAt) []byte {
	program, err := elf.NewFile(executable)
	if err != nil {
		return nil
	}
	note := program.Section(".note.go.buildid")
	if note == nil {
		return nil
	}
	data, err := note.Data()
	const header = 16 // the lengths of name and id, a type, and the name "Go" with its end, padded to four bytes
	if err != nil || len(data) < header {
		return nil
	}
	length := program.ByteOrder.Uint32(data[4:])
	if id := data[header:]; length > 0 && uint32(len(id)) >= length { //nolint:gosec // a note is short
		return id[:length]
	}
	return nil
}
