package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"partnerscore/jobs/internal/warehouse"
)

// runVersion prints the versions of all that a published value can depend on.
func (p *program) runVersion(ctx context.Context) error {
	version, err := p.version()
	if err != nil {
		return err
	}
	engine, err := warehouse.EngineVersion(ctx)
	if err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo()
	_, err = fmt.Fprintf(p.stdout, "partnerscore %s (module %s, revision %s, DuckDB %s, %s, %s/%s)\n", version, module(info), sourceRevision(info), engine,
		runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// revision is the VCS revision of a build that has no repository at hand, which tells the linker: -X main.revision=….
var revision string

// sourceRevision is the VCS revision that the program was built from.
func sourceRevision(info *debug.BuildInfo) string {
	if revision != "" {
		return revision
	}
	found := "unknown"
	if info == nil {
		return found
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			found = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			found += "+dirty"
		}
	}
	return found
}

// module is the path of the program's module.
func module(info *debug.BuildInfo) string {
	if info == nil || info.Main.Path == "" {
		return "unknown"
	}
	return info.Main.Path
}

// version is toolVersion, which may read the whole executable: once a run.
func (p *program) version() (string, error) {
	if p.build == "" {
		build, err := toolVersion()
		if err != nil {
			return "", err
		}
		p.build = build
	}
	return p.build, nil
}

// toolVersion identifies this build. Where the version does not say exactly what was built (a changed work tree, or no version at all) it
// ends in the hash of the executable: another build must never be taken for the same program.
func toolVersion() (string, error) {
	info, _ := debug.ReadBuildInfo()
	version, exact := buildVersion(info)
	if exact {
		return version, nil
	}
	sum, err := executableHash()
	if err != nil {
		return "", err
	}
	return version + "-" + sum[:12], nil
}

// buildVersion returns the module version or the VCS revision, and whether it stands for one build only.
func buildVersion(info *debug.BuildInfo) (version string, exact bool) {
	if info == nil {
		return "devel", false
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	dirty := settings["vcs.modified"] == "true"
	switch {
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		version = info.Main.Version
	case settings["vcs.revision"] != "":
		version = settings["vcs.revision"]
		if dirty {
			version += "+dirty"
		}
	default:
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
	if _, err := io.Copy(hash, file); err != nil {
		return "", fmt.Errorf("read the executable: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
