package measure

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
)

// Holdings are the certifications of one month while they are read.
type Holdings struct {
	*ingest.Loader
	files    []exports.File // none where certifications are missing
	settings Source
}

// NewHoldings returns the holdings in certifications files. Of the source its settings matter.
func NewHoldings(l *ingest.Loader, files []exports.File, settings Source) *Holdings {
	return &Holdings{Loader: l, files: files, settings: settings}
}

// Read reads the certifications and classifies every holding. It returns reasons to be provisional. A date that cannot be read is refused, since
// it decides about points.
func (h *Holdings) Read(ctx context.Context) (doubts []string, err error) {
	if err := h.View(ctx); err != nil {
		return nil, err
	}
	if len(h.files) > 0 {
		for _, find := range []func(context.Context) ([]exports.Problem, error){h.UnreadableDates, h.InvertedDates} {
			problems, err := find(ctx)
			if err != nil {
				return nil, err
			}
			if len(problems) > 0 {
				return nil, &exports.ContractError{Problems: problems}
			}
		}
		if err := h.warn(ctx); err != nil {
			return nil, err
		}
	}
	return h.Classify(ctx)
}

// View reads the rows that are certifications.
func (h *Holdings) View(ctx context.Context) error {
	if len(h.files) == 0 {
		return h.DB.Exec(ctx, "holdings/none")
	}
	return h.ViewCertifications(ctx, h.files)
}

// Classify decides about every holding of the rows that were read, under the pseudonym of who holds it. It returns reasons to be provisional.
func (h *Holdings) Classify(ctx context.Context) (doubts []string, err error) {
	if err := h.DB.Exec(ctx, "holdings/person"); err != nil {
		return nil, err
	}
	var people []ingest.Row
	err = h.DB.Query(ctx, "holdings/people", func(rows *sql.Rows) error {
		var person string
		err := rows.Scan(&person)
		people = append(people, ingest.Row{person, h.settings.PersonKey.Pseudonym(person)})
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := ingest.Append(ctx, h.DB, "person", people); err != nil {
		return nil, err
	}
	if err := h.classify(ctx); err != nil {
		return nil, err
	}
	return h.compareReadings(ctx)
}

func (h *Holdings) classify(ctx context.Context) error {
	return h.DB.Exec(ctx, "holdings/holding", h.settings.SkillsOn)
}

// compareReadings reads the certifications once more with their open dates in the other order, and returns a reason to be provisional where other
// holdings count then. It leaves the holdings as they were.
func (h *Holdings) compareReadings(ctx context.Context) (doubts []string, err error) {
	open := h.Dates.Open(h.files)
	if len(open) == 0 {
		return nil, nil
	}
	if err := h.DB.Exec(ctx, "holdings/holding_kept"); err != nil {
		return nil, err
	}
	turn := func() error {
		h.Dates.Turn(open)
		if err := h.View(ctx); err != nil {
			return err
		}
		return h.classify(ctx)
	}
	if err := turn(); err != nil {
		return nil, err
	}
	var partners int64
	if err := h.DB.Query(ctx, "holdings/reading_difference", func(rows *sql.Rows) error { return rows.Scan(&partners) }); err != nil {
		return nil, err
	}
	if partners > 0 {
		doubts = append(doubts, fmt.Sprintf("the dates of %s make sense month first and day first, and which certifications count depends on it: they are "+
			"read month first; say which it is in the config, dates: {order: mdy} or dates: {order: dmy}", ingest.FilesInWords(open)))
	}
	return doubts, turn()
}

// KeepHoldings caches who holds which certification, beyond what the rules of the month ask for: later months and other rules may ask for more. The
// published tables do not depend on it. The month must have been measured in the same engine.
func KeepHoldings(ctx context.Context, from Source) error {
	rules, m, db := from.Inputs.Rules, from.Inputs.Month, from.Loader.DB
	labels := append(from.Library.CertificationLabels(), rules.CertificationLabels()...)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if err := db.Exec(ctx, "rules/known_label"); err != nil {
		return err
	}
	var rows []ingest.Row
	for _, label := range labels {
		rows = append(rows, ingest.Row{label})
	}
	if err := ingest.Append(ctx, db, "known_label", rows); err != nil {
		return err
	}
	stage, err := from.Store.Cache().StageHoldings(ctx, m)
	if err != nil {
		return err
	}
	if err := db.Exec(ctx, "holdings/cache", stage.Path(snapshot.HoldingsRows)); err != nil {
		return err
	}
	return stage.PublishHoldings(ctx, snapshot.Holdings{
		Version: snapshot.HoldingsVersion, ScoreMonth: m, Fingerprint: from.Inputs.Fingerprint,
		Types: rules.Holdings.Types, Active: rules.Holdings.Active, Labels: labels,
	})
}
