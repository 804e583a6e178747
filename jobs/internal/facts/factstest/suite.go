// Package factstest is the suite that every engine for facts must pass. Tests alone import it.
package factstest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// New makes the engine under test over the inputs, rules and partners that are open. What it needs beside these it opens itself.
type New func(tb testing.TB, over *world.Engine) facts.Engine

// Forms are the forms of usage files that an engine reads.
type Forms int

const (
	// AllForms are text, Parquet, and files of many months.
	AllForms Forms = iota
	// ParquetOfMonths are Parquet files of one month each.
	ParquetOfMonths
)

// suite is the tests of one engine.
type suite struct {
	engine New
	forms  Forms
}

// write writes exports in a form that the engine reads.
func (n suite) write(t *testing.T, w *world.World) string {
	w.Parquet = w.Parquet || n.forms == ParquetOfMonths
	return w.Write(t)
}

// Suite runs all tests of the contract of facts.Engine.
func Suite(t *testing.T, of New, forms Forms) {
	engine := suite{engine: of, forms: forms}
	t.Run("rows", func(t *testing.T) { engine.rows(t) })
	t.Run("partners file", func(t *testing.T) { engine.partnersFile(t) })
	t.Run("same bytes", func(t *testing.T) { engine.sameBytes(t) })
	t.Run("many months", func(t *testing.T) { engine.manyMonths(t) })
	t.Run("bad rows", func(t *testing.T) { engine.badRows(t) })
	t.Run("broken inputs", func(t *testing.T) { engine.brokenInputs(t) })
	t.Run("cancel", func(t *testing.T) { engine.cancel(t) })
}

// built is the facts of June as an engine built them.
type built struct {
	*snapshot.Facts
	files map[string]string // contents by name
	rows  map[string][]string
}

// build builds the facts of June of exports. The files are read back.
func (n suite) build(t *testing.T, root string, change ...func(*months.Options)) (*built, error) {
	t.Helper()
	e := n.open(t, root, change...)
	f, err := n.buildMonth(t, e, world.June, nil)
	if err != nil {
		return nil, err
	}
	return read(t, e, f), nil
}

func (n suite) open(t *testing.T, root string, change ...func(*months.Options)) *world.Engine {
	t.Helper()
	opt := world.Options(root, filepath.Join(t.TempDir(), "snapshots"), t.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications = true, true
	for _, c := range change {
		c(&opt)
	}
	e, err := world.OpenEngine(t, opt, world.June)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (n suite) buildMonth(t *testing.T, e *world.Engine, m scoring.Month, later []exports.File) (*snapshot.Facts, error) {
	t.Helper()
	engine := n.engine(t, e)
	return facts.Keep(t.Context(), e.Store, m, "suite", func(path func(string) string) (*snapshot.Facts, error) {
		return engine.Build(t.Context(), facts.Job{Month: m, Files: e.Inputs.Usage[m], Path: path, Later: later})
	})
}

func read(t *testing.T, e *world.Engine, f *snapshot.Facts) *built {
	t.Helper()
	b := &built{Facts: f, files: map[string]string{}, rows: map[string][]string{}}
	for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices} {
		paths, err := e.Store.Cache().FactsFiles(t.Context(), name, f.Month)
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		b.files[name] = string(content)
		_, cells := world.ReadArrow(t, paths[0])
		for _, row := range cells {
			b.rows[name] = append(b.rows[name], strings.Join(row, " | "))
		}
	}
	return b
}

// exclusions are the exclusions as lines.
func (b *built) exclusions() (lines []string) {
	for _, e := range b.Exclusions {
		lines = append(lines, fmt.Sprintf("%s %s %d %s", e.Class, e.Reason, e.Rows, e.ACRUSD.Decimal()))
	}
	return lines
}

// want compares lines.
func want(t *testing.T, what string, got []string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// refused says that an engine must refuse inputs with a *exports.ContractError that names all of the parts.
func refused(t *testing.T, err error, parts ...string) {
	t.Helper()
	var broken *exports.ContractError
	if !errors.As(err, &broken) {
		t.Fatalf("error %v, want a *exports.ContractError", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}

// cancel: a build ends with the cause of a cancelled context, and writes nothing into the cache.
func (n suite) cancel(t *testing.T) {
	e := n.open(t, n.write(t, world.New().Lately(1)))
	why := errors.New("pulled the plug")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	engine := n.engine(t, e)
	_, err := facts.Keep(t.Context(), e.Store, world.June, "suite", func(path func(string) string) (*snapshot.Facts, error) {
		return engine.Build(ctx, facts.Job{Month: world.June, Files: e.Inputs.Usage[world.June], Path: path})
	})
	if !errors.Is(err, why) && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if by, err := e.Store.Cache().FactsEngine(t.Context(), world.June); by != "" || err != nil {
		t.Errorf("there are facts of %q: %v", by, err)
	}
}
