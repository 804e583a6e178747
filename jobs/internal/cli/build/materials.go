package build

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/CycloneDX/cyclonedx-go"
)

// WriteMaterials writes the components of a build of this version as a CycloneDX bill of materials: of this one, or of the executable at path, which may
// be for another machine. engine is the version of the SQL engine.
func (b *Build) WriteMaterials(w io.Writer, path, engine string) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this build has no record of its modules")
	}
	if path != "" {
		other, err := buildinfo.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read the modules of %s: %w", path, err)
		}
		info = other
	}
	version, err := b.Version()
	if err != nil {
		return err
	}
	encoder := cyclonedx.NewBOMEncoder(w, cyclonedx.BOMFileFormatJSON)
	if err := encoder.SetPretty(true).SetEscapeHTML(false).EncodeVersion(materials(info, version, engine), cyclonedx.SpecVersion1_6); err != nil {
		return fmt.Errorf("write the bill of materials: %w", err)
	}
	return nil
}

// materials lists the program, its modules, the Go runtime and the engine. It has no time and no serial number: the same binary is
// made of the same things.
func materials(info *debug.BuildInfo, version, engine string) *cyclonedx.BOM {
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
