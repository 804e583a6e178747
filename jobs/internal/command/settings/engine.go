package settings

import (
	"fmt"
	"path/filepath"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/facts/engines/choice"
	"partnerscore/jobs/internal/storage"
)

// Engine are the options about who builds facts.
type Engine struct {
	kind         string
	sparkRemote  string
	sparkExports string // empty: as this program sees them
	sparkMonths  int

	// Engines is what Read makes of them.
	Engines choice.Settings
}

// mostSparkMonths is more than any server works on at once.
const mostSparkMonths = 100

func newEngine() Engine { return Engine{kind: string(choice.DuckDB), sparkMonths: 2} }

func (e *Engine) options() []*cli.Option {
	return []*cli.Option{
		{Name: "engine", Value: "NAME", Key: "engine", Default: string(choice.DuckDB),
			Usage: "what builds facts: duckdb, spark, or auto: Spark, but DuckDB for months for which equal facts are not proven; spark and auto are experimental",
			Read:  cli.Into(&e.kind, cli.ReadOneOf(string(choice.DuckDB), string(choice.Spark), string(choice.Auto)))},
		{Name: "spark-remote", Value: "URL", Key: "spark_remote", Usage: "Spark Connect server, like sc://spark:15002", Read: cli.Into(&e.sparkRemote, cli.ReadText)},
		{Name: "spark-exports", Value: "DIR|URL", Key: "spark_exports", Usage: "root of the exports as Spark sees it, like s3a://bucket/path", Default: "as --exports",
			Read: cli.Into(&e.sparkExports, cli.ReadText)},
		{Name: "spark-months", Value: "N", Key: "spark_months", Usage: "months that Spark works on at once", Default: "2",
			Read: cli.Into(&e.sparkMonths, cli.ReadNumber(mostSparkMonths))},
	}
}

// EngineNames are the names of the options about who builds facts.
func EngineNames() []string {
	return []string{"engine", "spark-remote", "spark-exports", "spark-months"}
}

// read checks the options. exports is where this program finds them.
func (e *Engine) read(env func(string) string, exports string) (problems []string) {
	e.Engines = choice.Settings{Kind: choice.Kind(e.kind), Exports: e.sparkExports, Months: e.sparkMonths}
	if !e.Engines.Asks() {
		return nil
	}
	if e.sparkRemote == "" {
		return []string{"--engine " + e.kind + " needs --spark-remote, the address of a Spark Connect server like sc://spark:15002"}
	}
	var err error
	if e.Engines.Remote, err = choice.ParseRemote(e.sparkRemote, env(cli.VariablePrefix+"SPARK_TOKEN")); err != nil {
		problems = append(problems, "--spark-remote: "+err.Error())
	}
	if e.Engines.Exports != "" || exports == "" {
		return problems
	}
	if e.Engines.Exports, err = asSparkSeesThem(exports); err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

// asSparkSeesThem is the address of exports for the file systems of Spark, which has other names for some.
func asSparkSeesThem(exports string) (string, error) {
	where, err := storage.ParseAddress(exports)
	if err != nil {
		return "", err
	}
	switch {
	case where.Kind == storage.Folder:
		return filepath.Abs(where.Path)
	case where.Kind == storage.S3:
		return "s3a" + where.String()[len("s3"):], nil
	case where.Endpoint == "":
		return "", fmt.Errorf("the address %s has no account, which Spark needs: add --spark-exports abfss://container@account.dfs.core.windows.net/path", exports)
	default:
		return where.String(), nil
	}
}
