package inspect

import (
	"context"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/scoring"
)

// engines has the engine of the last look, for the rules and partners files that key identifies.
type engines struct {
	opt         Options
	folders     []string // of the exports
	manyMonths  bool     // there are usage files that hold many months
	directories []string // where statements may write
	loader      *ingest.Loader
	key         string
}

// use runs look in an engine with the rules and partners files, that of the look before where these are the same. A broken file can spoil an engine,
// so that after an error the next look gets another one.
func (e *engines) use(ctx context.Context, rules *scoring.Rulebook, partners []exports.File, look func(*ingest.Loader) error) (err error) {
	key := fmt.Sprintf("%s %d", rules.SHA256, len(partners))
	if e.loader != nil && e.key != key {
		if err := e.close(); err != nil {
			return err
		}
	}
	if e.loader == nil {
		opt := e.opt.Ingest(slices.Concat(e.folders, e.directories), rules)
		opt.ManyMonths, opt.Partners = e.manyMonths, partners
		if e.loader, err = ingest.Open(ctx, opt); err != nil {
			return fmt.Errorf("start to look at exports: %w", err)
		}
		e.key = key
	}
	if err := look(e.loader); err != nil {
		_ = e.close() // it may be spoiled, and then says so once more
		return err
	}
	return nil
}

// close ends the engine, if there is one.
func (e *engines) close() error {
	if e.loader == nil {
		return nil
	}
	l := e.loader
	e.loader = nil
	return l.Close()
}
