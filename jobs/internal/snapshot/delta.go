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

// WriteDelta makes every table a Delta table with the next SyncDelta or publish.
func (s *Store) WriteDelta() { s.delta = true }

// SyncDelta makes the Delta logs list what is published: months from before there was a log, and whatever a log says wrong. It returns the
// tables whose log it changed. Where a log exists, this run goes on to keep the logs of all tables, also without WriteDelta: else they would soon
// describe files that are gone. It needs the lock, and comes between Recover and the first Stage.
func (s *Store) SyncDelta(ctx context.Context, at time.Time, toolVersion string) (changed []string, err error) {
	if err := s.mustHold("write Delta logs"); err != nil {
		return nil, err
	}
	logs, err := deltalog.ReadAll(ctx, s.files, deltaTables())
	if err != nil {
		return nil, err
	}
	s.delta = s.delta || slices.ContainsFunc(logs, func(l *deltalog.Log) bool { return l.Version >= 0 })
	if !s.delta {
		return nil, nil
	}
	published, err := publishedInDelta(ctx, s.files)
	if err != nil {
		return nil, err
	}
	return deltalog.Sync(ctx, s.files, s.writer, logs, published, deltalog.Info{At: at, RunID: s.runID, ToolVersion: toolVersion})
}

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

// publishedInDelta says what the logs must list. Of months whose manifest cannot be read, and of those that are being published, nothing is known.
func publishedInDelta(ctx context.Context, files storage.Store, publishing ...scoring.Month) ([]deltalog.Published, error) {
	months, err := In(files).Months(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]deltalog.Published, len(Tables()))
	for i, t := range deltaTables() {
		all[i].Table = t
	}
	for _, m := range append(months, publishing...) {
		man, _, err := readManifest(ctx, files, m)
		var damaged *DamagedError
		var version *VersionError
		unknown := slices.Contains(publishing, m) || errors.As(err, &damaged) || errors.As(err, &version)
		if err != nil && !unknown {
			return nil, err
		}
		for i := range all {
			if unknown || len(man.problems()) > 0 {
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

// DeltaLogs compares the Delta logs with what is published, and with deep their statistics with the files. There are none where no table has one.
// It takes no lock: a run may be publishing, so that differences count when a second look finds the same.
func (s *Store) DeltaLogs(ctx context.Context, deep bool) (logs []deltalog.State, err error) {
	for range verifyTries {
		var publishing []scoring.Month
		_, open, unfinished, err := interrupted(ctx, s.files)
		if fault.Named(err) {
			return nil, err
		}
		if unfinished {
			publishing = append(publishing, open) // a difference of its own
		}
		published, err := publishedInDelta(ctx, s.files, publishing...)
		if err != nil {
			return nil, err
		}
		again, err := deltalog.Check(ctx, s.files, published, deep)
		if err != nil || reflect.DeepEqual(logs, again) || !slices.ContainsFunc(again, deltalog.State.Wrong) {
			return again, err
		}
		logs = again
	}
	return logs, nil
}

// logDifferences are those of the Delta logs, month by month.
func (s *Store) logDifferences(ctx context.Context) (all []Difference, err error) {
	logs, err := s.DeltaLogs(ctx, true)
	for _, l := range logs {
		for _, d := range l.Differences {
			m, _ := monthOfKey(path.Dir(d.Path))
			all = append(all, Difference{Month: m, Table: l.Table, Path: path.Join(l.Table, d.Path), What: d.What})
		}
	}
	return all, err
}
