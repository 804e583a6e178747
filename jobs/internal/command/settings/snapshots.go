package settings

import (
	"context"
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/storage"
)

// NoFolderError reports that the place of snapshots, or of exports, does not exist.
type NoFolderError struct{ What string }

// FaultKind is fault.Missing.
func (e *NoFolderError) FaultKind() string { return fault.Missing }

// FaultAdvice is the hint.
func (e *NoFolderError) FaultAdvice() string {
	return "name the folder of the snapshots with --snapshots, or score a month first"
}

// Error says which folder does not exist.
func (e *NoFolderError) Error() string { return e.What }

// Absent says that there are none of the exports or snapshots at a place.
func Absent(what, place string) string {
	if strings.Contains(place, "://") {
		return "there are no " + what + " at " + place
	}
	return "the " + what + " folder " + place + " does not exist"
}

// OpenPublished opens the published months.
func (s *Scoring) OpenPublished(ctx context.Context, places storage.Places) (*published.Reader, error) {
	limits, err := s.Limits.Complete()
	if err != nil {
		return nil, err
	}
	return published.Open(ctx, published.Options{Places: places, Snapshots: s.Snapshots, Library: s.Library, Rulebook: s.Book, Limits: limits})
}

// RequireSnapshots returns a *NoFolderError when nothing was ever written to the place of the snapshots.
func (s *Scoring) RequireSnapshots(ctx context.Context, session *cli.Session) error {
	there, err := s.HasSnapshots(ctx, session)
	if err == nil && !there {
		return &NoFolderError{What: Absent("snapshots", s.Snapshots) + "; name another place with --snapshots"}
	}
	return err
}

// HasSnapshots reports whether anything was ever written to the place of the snapshots.
func (s *Scoring) HasSnapshots(ctx context.Context, session *cli.Session) (bool, error) {
	store, err := session.Places.Snapshots(ctx, s.Snapshots, s.Limits.TempDir)
	if err != nil {
		return false, err
	}
	return store.Exists(ctx)
}
