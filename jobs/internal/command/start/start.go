// Package start turns settings of a command into what needs an engine: the options of a run over months, and the reader of published months.
package start

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/storage"
)

// Options returns settings as the options of a run.
func Options(s *settings.Scoring, session *cli.Session, progress monitor.Progress) (months.Options, error) {
	limits, err := s.Limits.Complete()
	if err != nil {
		return months.Options{}, err
	}
	version, err := session.Build.Version()
	if err != nil {
		return months.Options{}, err
	}
	return months.Options{
		Options: inputs.Options{
			Places: session.Places, Exports: s.Exports, Patterns: s.Form.Patterns, Columns: s.Form.Columns, Aliases: s.Form.Aliases,
			Dialect: ingest.Dialect{
				Profile: s.Form.Profile, Amounts: s.Form.Amounts, Dates: s.Form.Dates, Partner: s.Form.Partner,
				AllowMissingOffers: slices.Contains(s.AllowMissing, settings.MissingOffers),
			},
			Rulebook: s.Book, Library: s.Library, SkillsAsOf: s.SkillsAsOf, PersonKey: s.PersonKey,
			AllowMissingHistory:        slices.Contains(s.AllowMissing, settings.MissingHistory),
			AllowMissingCertifications: slices.Contains(s.AllowMissing, settings.MissingCertifications),
			Limits:                     limits, Rehash: s.Rehash, Now: session.Clock, Log: session.Log,
		},
		Engine: s.Engine.Engines, Snapshots: s.Snapshots, MaxRejected: s.MaxRejected, LockWait: s.LockWait, Delta: s.Delta,
		ToolVersion: version, RunID: session.RunID, Progress: progress,
	}, nil
}

// Published opens the published months that settings name. The caller closes the reader.
func Published(ctx context.Context, s *settings.Scoring, places storage.Places) (*reader.Reader, error) {
	limits, err := s.Limits.Complete()
	if err != nil {
		return nil, err
	}
	return reader.Open(ctx, reader.Options{Places: places, Snapshots: s.Snapshots, Library: s.Library, Rulebook: s.Book, Limits: limits})
}
