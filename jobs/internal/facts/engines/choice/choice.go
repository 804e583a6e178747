// Package choice holds the settings that choose the engine of facts. Package engines opens it.
package choice

import (
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/snapshot"
)

// Kind says which engine builds facts.
type Kind string

// The kinds of engines. Auto is Spark, and DuckDB for months for which it is not proven that Spark gives the same facts.
const (
	DuckDB Kind = snapshot.DuckDB
	Spark  Kind = snapshot.Spark
	Auto   Kind = "auto"
)

// Settings choose an engine. The zero value is DuckDB.
type Settings struct {
	Kind    Kind
	Remote  connect.Remote // the server of Spark
	Exports string         // root of the exports as Spark sees it
	Months  int            // how many months Spark works on at once, at least 1
}

// ParseRemote reads the address of a server of Spark Connect; token is "" without one.
func ParseRemote(address, token string) (connect.Remote, error) {
	return connect.ParseRemote(address, token)
}

// Asks reports whether a server is asked to build facts.
func (s Settings) Asks() bool { return s.Kind == Spark || s.Kind == Auto }
