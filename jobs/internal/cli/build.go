package cli

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

	"github.com/CycloneDX/cyclonedx-go"
)

// Build is what identifies this build of the program.
type Build struct {
	revision string // the VCS revision, where the linker knows it
	version  string // empty until it is asked for the first time
}

// Version identifies the build. Where the version of the module does not say exactly what was built (a changed work tree, or no version at all)
// it ends in the hash of the executable, which takes a moment to compute: another build must never be taken for the same program.
func (b *Build) Version() (string, error) {
	if b.version != "" {
		return b.version, nil
	}
	info, _ := debug.ReadBuildInfo()
	version, exact := buildVersion(info)
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

// source is the VCS revision that the program was built from.
func (b *Build) source(info *debug.BuildInfo) string {
	if b.revision != "" {
		return b.revision
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

// printVersion prints the versions of everything that a published value can depend on.
func (x *execution) printVersion(ctx context.Context) error {
	version, err := x.build.Version()
	if err != nil {
		return err
	}
	engine, err := x.program.EngineVersion(ctx)
	if err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo()
	_, err = fmt.Fprintf(x.process.Stdout, "partnerscore %s (module %s, revision %s, DuckDB %s, %s, %s/%s)\n", version, module(info), x.build.source(info), engine,
		runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
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

// sbomCommand is `sbom`.
func (x *execution) sbomCommand() Command {
	return Command{
		Name:     "sbom",
		About:    "print the components of this program as a CycloneDX bill of materials in JSON",
		More:     "It lists the modules that are linked into this binary, with their versions, and the SQL engine.",
		Examples: []string{"partnerscore sbom >sbom.json"},
		Run: func(ctx context.Context, s *Session, _ []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return errors.New("this build has no record of its modules")
			}
			version, err := s.Build.Version()
			if err != nil {
				return err
			}
			engine, err := x.program.EngineVersion(ctx)
			if err != nil {
				return err
			}
			encoder := cyclonedx.NewBOMEncoder(s.Stdout, cyclonedx.BOMFileFormatJSON)
			if err := encoder.SetPretty(true).SetEscapeHTML(false).EncodeVersion(billOfMaterials(info, version, engine), cyclonedx.SpecVersion1_6); err != nil {
				return fmt.Errorf("write the bill of materials: %w", err)
			}
			return nil
		},
	}
}

// billOfMaterials lists the program, its modules, the Go runtime and the engine. It has no time and no serial number: the same binary is
// made of the same things.
func billOfMaterials(info *debug.BuildInfo, version, engine string) *cyclonedx.BOM {
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &cyclonedx.Component{BOMRef: "partnerscore", Type: cyclonedx.ComponentTypeApplication, Name: "partnerscore",
		Version: version}}
	components := []cyclonedx.Component{
		{BOMRef: "go", Type: cyclonedx.ComponentTypePlatform, Name: "go", Version: info.GoVersion},
		{BOMRef: "duckdb", Type: cyclonedx.ComponentTypeLibrary, Name: "duckdb", Version: engine, PackageURL: "pkg:github/duckdb/duckdb@" + engine},
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		url := "pkg:golang/" + m.Path + "@" + m.Version
		component := cyclonedx.Component{BOMRef: url, Type: cyclonedx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url}
		if m.Sum != "" {
			component.Properties = &[]cyclonedx.Property{{Name: "go:sum", Value: m.Sum}}
		}
		components = append(components, component)
	}
	bom.Components = &components
	return bom
}
