package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/warehouse"
)

// sbomCommand is `sbom`.
func (p *program) sbomCommand() *cli.Command {
	h := help{
		name:     "sbom",
		about:    "print what this program is made of, as a CycloneDX bill of materials in JSON",
		more:     "It lists the modules that are linked into this very binary, with their versions, and the SQL engine inside.",
		examples: []string{"partnerscore sbom >sbom.json"},
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		info, ok := debug.ReadBuildInfo()
		if !ok {
			return errors.New("this build does not know what it is made of")
		}
		version, err := p.version()
		if err != nil {
			return err
		}
		engine, err := warehouse.EngineVersion(ctx)
		if err != nil {
			return err
		}
		encoder := cyclonedx.NewBOMEncoder(p.stdout, cyclonedx.BOMFileFormatJSON)
		if err := encoder.SetPretty(true).SetEscapeHTML(false).EncodeVersion(billOfMaterials(info, version, engine), cyclonedx.SpecVersion1_6); err != nil {
			return fmt.Errorf("write the bill of materials: %w", err)
		}
		return nil
	})
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
