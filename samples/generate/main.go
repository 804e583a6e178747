// Command generate writes exports as a partner finds them in its lake: the committed samples, whose stories are told
// in samples/README.md, or, with sizes given, as many rows as a benchmark needs. Equal flags give equal bytes.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// options are the flags, read and checked.
type options struct {
	out      string
	seed     uint64
	partners int
	tenants  int
	months   int
	last     month
	rows     int64 // a month
	twice    int   // percent of tenants that two attributions report; -1: one in twelve subscriptions
}

// large reports whether sizes were given: invented partners instead of the stories of the samples.
func (o options) large() bool { return o.partners != 0 || o.tenants != 0 || o.rows != 0 }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	app := &cli.App{
		Name:      "generate",
		Usage:     "write sample exports: azure_usage, certifications and partners, as Parquet",
		UsageText: "generate --out DIR [sizes]",
		Description: "Without sizes: exactly the samples of the repository.\n\n" +
			"   go run ./samples/generate --out samples/exports\n\n" +
			"With --rows-per-month, --tenants or --partners: random exports of that size, streamed.\n\n" +
			"   go run ./samples/generate --out big-exports --rows-per-month 20000000 --months 14 --last 2024-06",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write the exports to `DIR`", Required: true},
			&cli.Uint64Flag{Name: "seed", Usage: "`NUMBER` that everything random follows from", Value: 1},
			&cli.IntFlag{Name: "partners", Usage: "`NUMBER` of partners (global accounts)"},
			&cli.IntFlag{Name: "tenants", Usage: "`NUMBER` of customer tenants"},
			&cli.Int64Flag{Name: "rows-per-month", Usage: "`NUMBER` of usage rows in each month"},
			&cli.IntFlag{Name: "attributed-twice", Usage: "`PERCENT` of the tenants that two attributions report in full, the others by one", Value: -1,
				DefaultText: "one in twelve subscriptions"},
			&cli.IntFlag{Name: "months", Usage: "`NUMBER` of months", Value: 30},
			&cli.StringFlag{Name: "last", Usage: "last `MONTH`", Value: "2024-10"},
		},
		HideHelpCommand: true,
		Writer:          stdout,
		ErrWriter:       stderr,
		Action: func(c *cli.Context) error {
			o, err := readOptions(c)
			if err != nil {
				return err
			}
			return generate(c.Context, o)
		},
		// Without this the library ends the process itself, before deferred calls.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	return app.RunContext(ctx, args)
}

func readOptions(c *cli.Context) (options, error) {
	last, err := parseMonth(c.String("last"))
	if err != nil {
		return options{}, err
	}
	o := options{
		out: c.String("out"), seed: c.Uint64("seed"), partners: c.Int("partners"), tenants: c.Int("tenants"),
		months: c.Int("months"), last: last, rows: c.Int64("rows-per-month"), twice: c.Int("attributed-twice"),
	}
	if c.NArg() > 0 {
		return options{}, fmt.Errorf("read arguments: %q is no flag", c.Args().First())
	}
	if o.twice < -1 || o.twice > 100 {
		return options{}, fmt.Errorf("read flags: --attributed-twice is a percentage")
	}
	if o.partners < 0 || o.tenants < 0 || o.rows < 0 || o.months < 1 {
		return options{}, fmt.Errorf("read flags: sizes must be positive")
	}
	return o, nil
}
