// Package rulebooks holds the files of the built-in rulebooks. All .yaml files of this folder are built in.
package rulebooks

import "embed"

// Files are the rulebook files.
//
//go:embed *.yaml
var Files embed.FS
