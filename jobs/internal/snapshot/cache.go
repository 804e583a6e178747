package snapshot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Cache is what runs keep beside the published months: facts of usage months, holdings of score months, and small values. All of it can be
// deleted at any time and is rebuilt. Writing it needs the lock of the store, but for facts: each month has a lock of its own, so that several
// processes can build facts side by side.
type Cache struct{ store *Store }

// Facts returns the facts of a usage month with their description, or nil when the cache has none of this version whose files have the sizes
// they were written with. The caller checks whether they are the ones it needs.
func (c Cache) Facts(ctx context.Context, m scoring.Month) (*Facts, error) {
	var f Facts
	found, err := c.describe(ctx, factsRel(m), FactsDescription, &f)
	if err != nil || !found || f.Version != FactsVersion {
		return nil, err
	}
	if whole, err := c.sized(ctx, factsRel(m), f.Files); err != nil || !whole {
		return nil, err
	}
	return &f, nil
}

// FactsEngine names the engine that built the facts of a usage month, of whatever version they are; "" where there are none.
func (c Cache) FactsEngine(ctx context.Context, m scoring.Month) (string, error) {
	var f Facts
	found, err := c.describe(ctx, factsRel(m), FactsDescription, &f)
	if err != nil || !found {
		return "", err
	}
	return f.EngineName(), nil
}

// FactsMonths lists the usage months that have files in the cache of facts, oldest first.
func (c Cache) FactsMonths(ctx context.Context) ([]scoring.Month, error) {
	list, err := c.store.files.List(ctx, factsDir, holdingsDir)
	if err != nil {
		return nil, fmt.Errorf("list facts: %w", err)
	}
	var months []scoring.Month
	for _, o := range list {
		rel, _ := strings.CutPrefix(o.Name, factsDir+"/")
		folder, _, below := strings.Cut(rel, "/")
		if m, ok := monthOfKey(folder); ok && below {
			months = append(months, m)
		}
	}
	slices.Sort(months)
	return slices.Compact(months), nil
}

// FactsFiles returns local files with the contents of one of the files of facts, one for each month.
func (c Cache) FactsFiles(ctx context.Context, file string, months ...scoring.Month) ([]string, error) {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = path.Join(factsRel(m), file)
	}
	return c.store.files.Files(ctx, names...)
}

// IntactFacts reports whether the files of facts have the bytes that were written: the engine would not notice a flipped bit.
func (c Cache) IntactFacts(ctx context.Context, f *Facts) (bool, error) {
	for _, file := range f.Files {
		whole, err := same(ctx, c.store.files, path.Join(factsRel(f.Month), file.Path), move{Bytes: file.Bytes, SHA256: file.SHA256})
		if err != nil {
			return false, fmt.Errorf("read facts of %s: %w", f.Month, err)
		}
		if !whole {
			return false, nil
		}
	}
	return true, nil
}

// Holdings returns the holdings of a score month with their description, or nil when the cache has none of this version whose files have the
// sizes they were written with. Whether they belong to the published month is for the caller to find out.
func (c Cache) Holdings(ctx context.Context, m scoring.Month) (*Holdings, error) {
	var h Holdings
	found, err := c.describe(ctx, holdingsRel(m), HoldingsDescription, &h)
	if err != nil || !found || h.Version != HoldingsVersion || h.ScoreMonth != m {
		return nil, err
	}
	if whole, err := c.sized(ctx, holdingsRel(m), h.Files); err != nil || !whole {
		return nil, err
	}
	return &h, nil
}

// HoldingsFiles returns the local file with the holdings of a score month.
func (c Cache) HoldingsFiles(ctx context.Context, m scoring.Month) ([]string, error) {
	return c.store.files.Files(ctx, path.Join(holdingsRel(m), HoldingsRows))
}

// Kept reads a value that Keep was given by an earlier run. It reports false when it does not exist or cannot be read, which costs only time.
func (c Cache) Kept(ctx context.Context, name string, value any) bool {
	text, _, err := storage.ReadFile(ctx, c.store.files, path.Join(factsDir, name+".json"))
	return err == nil && json.Unmarshal(text, value) == nil
}

// Keep keeps a value for later runs.
func (c Cache) Keep(ctx context.Context, name string, value any) error {
	if err := c.store.mustHold("keep " + name); err != nil {
		return err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.store.writer.Put(ctx, path.Join(factsDir, name+".json"), text)
}

// describe reads what describes the files of a folder of the cache, and reports whether it is there and readable.
func (c Cache) describe(ctx context.Context, folder, file string, description any) (bool, error) {
	text, _, err := storage.ReadFile(ctx, c.store.files, path.Join(folder, file))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the cache: %w", err)
	}
	return json.Unmarshal(text, description) == nil, nil
}

// sized reports whether files of the cache have the sizes they were written with.
func (c Cache) sized(ctx context.Context, folder string, files []File) (bool, error) {
	list, err := c.store.files.List(ctx, folder)
	if err != nil {
		return false, fmt.Errorf("read the cache: %w", err)
	}
	sizes := map[string]int64{}
	for _, o := range list {
		sizes[o.Name] = o.Bytes
	}
	for _, file := range files {
		if size, ok := sizes[path.Join(folder, file.Path)]; !ok || size != file.Bytes {
			return false, nil
		}
	}
	return true, nil
}

// CacheStage is a folder of files that are on their way into the cache. Like all that is staged it is swept when the run dies.
type CacheStage struct {
	dir    storage.Staging
	lock   storage.Writer // of the month's facts; nil for what the lock of the store guards
	what   string         // for messages
	table  string
	folder string // of the cache
	files  []string
	last   string // describes the others
}

// Claim is how a run claims the facts of a month. The zero value is for the holder of the store's lock, and waits for nobody.
type Claim struct {
	RunID string        // of a run that does not hold the lock of the store
	Wait  time.Duration // for another run that builds them
}

// StageFacts makes this run the only one that builds the facts of a usage month, and returns an empty folder for their files. The error is a
// *HeldError where another run builds them. The caller closes the stage.
func (c Cache) StageFacts(ctx context.Context, m scoring.Month, claim Claim) (*CacheStage, error) {
	part := c.store.files.Below(factsRel(m))
	w, err := part.Lock(ctx, claim.Wait, cmp.Or(claim.RunID, c.store.runID))
	if err != nil {
		return nil, fmt.Errorf("facts of %s: %w", m, err)
	}
	st := &CacheStage{what: "facts of " + m.String(), table: "facts", lock: w, files: []string{FactsConsumption, FactsCustomers, FactsServices}, last: FactsDescription}
	if err := w.Sweep(ctx); err != nil { // of a run that died
		return nil, errors.Join(fmt.Errorf("stage %s: %w", st.what, err), w.Release())
	}
	if st.dir, err = w.Stage(ctx, "facts"); err != nil {
		return nil, errors.Join(fmt.Errorf("stage %s: %w", st.what, err), w.Release())
	}
	return st, nil
}

// Close drops what is staged and lets another run build the facts of the month. It may be called again.
func (st *CacheStage) Close(ctx context.Context) error {
	if st.lock == nil {
		return nil
	}
	return errors.Join(st.dir.Remove(context.WithoutCancel(ctx)), st.unlock())
}

func (st *CacheStage) unlock() error {
	lock := st.lock
	st.lock = nil
	return lock.Release()
}

// StageHoldings returns an empty folder for the file of a score month's holdings.
func (c Cache) StageHoldings(ctx context.Context, m scoring.Month) (*CacheStage, error) {
	st := &CacheStage{what: "holdings of " + m.String(), table: "holdings", folder: holdingsRel(m), files: []string{HoldingsRows}, last: HoldingsDescription}
	err := c.store.mustHold("stage " + st.what)
	if err != nil {
		return nil, err
	}
	if st.dir, err = c.store.writer.Stage(ctx, "holdings-"+m.String()); err != nil {
		return nil, fmt.Errorf("stage %s: %w", st.what, err)
	}
	return st, nil
}

// Path returns where the writer puts a file.
func (st *CacheStage) Path(file string) string { return st.dir.Path(file) }

// PublishFacts puts the staged files and their description into the cache, and closes the stage. It returns the description with these files.
func (st *CacheStage) PublishFacts(ctx context.Context, f Facts) (whole *Facts, err error) {
	if f.Files, err = st.list(ctx); err != nil {
		return nil, errors.Join(err, st.Close(ctx))
	}
	if err := st.publish(ctx, f); err != nil {
		return nil, errors.Join(err, st.Close(ctx))
	}
	return &f, st.unlock()
}

// PublishHoldings puts the staged file and its description into the cache.
func (st *CacheStage) PublishHoldings(ctx context.Context, h Holdings) (err error) {
	if h.Files, err = st.list(ctx); err != nil {
		return err
	}
	return st.publish(ctx, h)
}

// list reads the staged files back.
func (st *CacheStage) list(ctx context.Context) (list []File, err error) {
	for _, name := range st.files {
		f, err := st.dir.Open(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("read back %s: %w", st.what, err)
		}
		sum, err := hashFile(ctx, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("read back %s: %w", st.what, err)
		}
		list = append(list, File{Table: st.table, Path: name, Bytes: f.Object().Bytes, SHA256: sum})
	}
	return list, nil
}

// publish moves the files, and then what describes them, so that they are used only when whole. They are saved before: a move that outlives its
// data in a power cut would leave a file that looks whole.
func (st *CacheStage) publish(ctx context.Context, description any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	if err := enc.Encode(description); err != nil {
		return fmt.Errorf("describe %s: %w", st.what, err)
	}
	var moves []storage.Move
	var names []string
	for _, file := range append(slices.Clone(st.files), st.last) {
		mv := storage.Move{File: file, Name: path.Join(st.folder, file), Always: true}
		moves, names = append(moves, mv), append(names, mv.Name)
	}
	last := len(moves) - 1
	for _, step := range []func() error{
		func() error { return st.dir.Write(ctx, st.last, text.Bytes()) },
		func() error { return st.dir.Save(ctx, append(slices.Clone(st.files), st.last)...) },
		func() error { return st.dir.Prepare(ctx, names...) },
		func() error { return st.dir.Move(ctx, moves[:last]...) },
		func() error { return st.dir.Move(ctx, moves[last]) },
		func() error { return st.dir.Remove(ctx) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("publish %s: %w", st.what, err)
		}
	}
	return nil
}
