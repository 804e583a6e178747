package ask

import (
	"context"
	"maps"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/cli/shell"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage"
)

// What a shell completes for the options of answers. Nothing where something is missing or wrong: the command itself says what.

// fixed are values that are always the same.
func fixed[T ~string](ids []T) func(context.Context, cli.Process) []shell.Candidate {
	return func(context.Context, cli.Process) []shell.Candidate { return shell.Candidates(ids...) }
}

// placesOf are the places of a process in which nobody watches what is fetched.
func placesOf(p cli.Process) storage.Places { return p.Places(func(string, int64, int64) {}) }

// monthValues are the published months, the latest first: the names of their manifests say them.
func (o *answerOptions) monthValues(ctx context.Context, p cli.Process) (all []shell.Candidate) {
	store, err := snapshot.Open(ctx, placesOf(p), o.Snapshots, o.Limits.TempDir)
	if err != nil {
		return nil
	}
	months, err := store.Months(ctx)
	if err != nil {
		return nil
	}
	for _, m := range slices.Backward(months) {
		all = append(all, shell.Candidate{Value: m.String()})
	}
	return all
}

// partnerValues are the partners of the month that the line names, else of the latest one, by id.
func (o *answerOptions) partnerValues(ctx context.Context, p cli.Process) (all []shell.Candidate) {
	r, err := start.Published(ctx, &o.Scoring, placesOf(p))
	if err != nil {
		return nil
	}
	partners, err := r.Partners(ctx, &published.Month{ScoreMonth: o.monthOf(r)})
	if r.Close() != nil || err != nil {
		return nil
	}
	for _, partner := range partners {
		all = append(all, shell.Candidate{Value: partner.ID, About: partner.Name})
	}
	return all
}

// certificationValues are the codes of all certifications that rulebooks ask for, with their titles.
func (o *answerOptions) certificationValues(context.Context, cli.Process) (all []shell.Candidate) {
	if o.Library == nil {
		return nil
	}
	rulebooks := o.Library.List()
	if o.Book != nil {
		rulebooks = append(rulebooks, o.Book)
	}
	titles := map[string]string{}
	for _, rules := range rulebooks {
		for _, c := range rules.Certifications() {
			for _, code := range c.Codes {
				titles[code] = c.Title
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(titles)) {
		all = append(all, shell.Candidate{Value: code, About: titles[code]})
	}
	return all
}
