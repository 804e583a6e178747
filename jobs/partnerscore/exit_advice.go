package main

import (
	"context"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/warehouse"
)

// advice says what to do about the error that a run of this kind ended with.
func advice(ctx context.Context, kind fault.Kind, err error) string {
	if interruption(ctx) != nil {
		return kind.Advice()
	}
	if kind != fault.Internal {
		return fault.Advice(err)
	}
	if hint := hintOfMeans(err); hint != "" {
		return hint
	}
	if warehouse.NoRoom(err) {
		return "make room on that disk and run again; what was published is as it was"
	}
	return kind.Advice()
}
