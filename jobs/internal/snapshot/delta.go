package snapshot

import (
	"context"
	"errors"
	"path"
	"reflect"
	"slices"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot/deltalog"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Delta is the logs that make the published tables Delta tables.
type Delta struct{ store *Store }

// Sync makes the logs list what is published: months from before there was a log, and whatever a log says wrong. It returns the tables whose log it
// changed; with deep it looks at statistics, too. From then on publishes commit to the logs of all tables, if this run asks for logs, or where one exists:
// it would soon describe files that are gone. It needs the lock, and comes between Recover and the first Stage.
func (d Delta) Sync(ctx context.Context, ask, deep bool, at time.Time, toolVersion string) (changed []string, err error) {
	s := d.store
	if err := s.mustHold("write Delta logs"); err != nil {
		return nil, err
	}
	logs, err := deltalog.ReadAll(ctx, s.files, deltaTables())
	if err != nil {
		return nil, err
	}
	s.delta = ask || slices.ContainsFunc(logs, func(l *deltalog.Log) bool { return l.Version >= 0 })
	if !s.delta {
		return nil, nil
	}
	published, err := publishedInDelta(ctx, s.files, 0)
	if err != nil {
		return nil, err
	}
	return deltalog.Sync(ctx, s.files, s.writer, logs, published, deltalog.Info{At: at, RunID: s.runID, ToolVersion: toolVersion, Deep: deep})
}

// DeltaError reports a Delta log that cannot be read, or must not be continued.
type DeltaError = deltalog.Error

// deltaTable is a table as its Delta log describes it.
func deltaTable(t Table) deltalog.Table {
	out := deltalog.Table{Name: t.Name}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, deltalog.Column{Name: c.Name, Type: string(c.Type)})
	}
	return out
}

func deltaTables() (all []deltalog.Table) {
	for _, t := range Tables() {
		all = append(all, deltaTable(t))
	}
	return all
}

// deltaFile is what a Delta log says of a published file. Its time is that of the manifest, so that a log says nothing that is not published.
func deltaFile(man *Manifest, f File, stats string) deltalog.File {
	return deltalog.File{Month: man.ScoreMonth.String(), Path: deltaPath(man.ScoreMonth), Bytes: f.Bytes, SHA256: f.SHA256, Stats: stats, Modified: man.Finished}
}

// deltaPath is the path of a month's file below the folder of its table.
func deltaPath(m scoring.Month) string { return path.Join(monthPrefix+m.String(), partName) }

// publishedInDelta says what the logs must list. Nothing is known of months whose manifest cannot be read, and of the one that is being published, 0
// for none.
func publishedInDelta(ctx context.Context, files storage.Store, publishing scoring.Month) ([]deltalog.Published, error) {
	months, err := In(files).Months(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]deltalog.Published, len(Tables()))
	for i, t := range deltaTables() {
		all[i].Table, all[i].Unknown = t, []string{deltaPath(publishing)} // it may have no manifest yet
	}
	for _, m := range months {
		man, _, err := readManifest(ctx, files, m)
		var damaged *DamagedError
		var version *VersionError
		unknown := errors.As(err, &damaged) || errors.As(err, &version)
		if err != nil && !unknown {
			return nil, err
		}
		for i := range all {
			if unknown || m == publishing || len(man.problems()) > 0 {
				all[i].Unknown = append(all[i].Unknown, deltaPath(m))
			} else {
				all[i].Files = append(all[i].Files, deltaFile(man, man.Outputs[i], ""))
			}
		}
	}
	return all, nil
}

// deltaMoves puts the commit of each table behind the move of its file, so that the two disagree for as short a time as can be: the new file has the
// name of the one that it replaces. contents has the commits by the names of their staged files.
func (st *Stage) deltaMoves(ctx context.Context, man *Manifest, moves []move) (all []move, contents map[string][]byte, err error) {
	contents = map[string][]byte{}
	if !st.delta {
		return moves, contents, nil
	}
	logs, err := deltalog.ReadAll(ctx, st.files, deltaTables())
	if err != nil {
		return nil, nil, err
	}
	info := deltalog.Info{At: man.Finished, RunID: st.runID, ToolVersion: man.ToolVersion}
	for i, c := range st.checked {
		if j := slices.IndexFunc(moves, func(mv move) bool { return mv.Name == c.Table }); j >= 0 {
			all = append(all, moves[j])
		}
		data, err := logs[i].Next(ctx, st.writer, deltaTables()[i], info, deltaFile(man, c.File, c.stats))
		if err != nil {
			return nil, nil, err
		}
		if data != nil {
			version := logs[i].Version + 1
			mv := moveOf(c.Table, data)
			mv.Commit = &version
			all, contents[mv.file()] = append(all, mv), data
		}
	}
	return all, contents, nil
}

// Compare compares the logs with what is published, and with deep their statistics with the files. There are none where no table has one. It takes
// no lock: a run may be publishing, so that differences count when a second look finds the same, and nothing was published meanwhile.
func (d Delta) Compare(ctx context.Context, deep bool) (logs []deltalog.State, err error) {
	files := d.store.files
	if found, err := deltalog.Any(ctx, files, deltaTables()); err != nil || !found {
		return nil, err
	}
	for range 10 * verifyTries {
		_, publishing, _, err := interrupted(ctx, files) // a difference of its own
		if fault.Named(err) {
			return nil, err
		}
		published, err := publishedInDelta(ctx, files, publishing)
		if err != nil {
			return nil, err
		}
		again, err := deltalog.Check(ctx, files, published, deep)
		if err != nil || !slices.ContainsFunc(again, deltalog.State.Wrong) {
			return again, err
		}
		_, still, _, err := interrupted(ctx, files)
		if fault.Named(err) {
			return nil, err
		}
		after, err := publishedInDelta(ctx, files, still)
		if err != nil {
			return nil, err
		}
		if reflect.DeepEqual(published, after) && reflect.DeepEqual(logs, again) {
			return again, nil
		}
		logs = again
	}
	return logs, nil
}
