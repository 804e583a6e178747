// Package exports is the input contract: it finds the export files below one folder, judges each
// by its footer or header, maps its columns to the canonical names, and fingerprints its bytes.
//
// It never reads a row for its value. A file that passes Check is a regular file inside the exports
// root, complete, readable by the engine as far as its footer tells, has each required column once
// and with a type that can hold the meaning. All problems of all files come back together.
package exports
