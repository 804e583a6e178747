package inputs

import (
	"context"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Certifications are the certifications files behind a published month, as the exports have them now.
type Certifications struct {
	Folders []string // contain the files
	Files   []exports.File
	// Changes say how the files differ from those that the month was scored from; none: they are the same.
	Changes []string
}

// Certifications finds and checks the certifications files that a month was scored from. Where the exports have none of them under their
// names, it takes those that a score of the month would use now. The error is a *exports.MissingError where there are none either.
func (f *Folder) Certifications(ctx context.Context, man *snapshot.Manifest, rules *scoring.Rulebook) (*Certifications, error) {
	var scored []snapshot.File
	for _, file := range man.Inputs {
		if file.Table == string(schema.Certifications) {
			scored = append(scored, file)
		}
	}
	if len(scored) == 0 { // the month was scored without certifications, so nobody is published
		return &Certifications{}, nil
	}
	found := f.named(scored)
	if len(found) == 0 {
		m, ok := CertificationsFor(f.cat, man.ScoreMonth)
		if !ok {
			return nil, &exports.MissingError{Table: schema.Certifications, Months: []scoring.Month{man.ScoreMonth},
				Hint: fmt.Sprintf("the month was scored from %s; name the exports that have it with --exports", scored[0].Path)}
		}
		found = f.cat.Certifications[m]
	}
	files, err := f.check(ctx, found, rules)
	if err != nil {
		return nil, err
	}
	return &Certifications{Folders: f.cat.Folders, Files: files, Changes: changedFiles(scored, files)}, nil
}

// named finds the certifications files with the paths of others, in the order of their months.
func (f *Folder) named(files []snapshot.File) (found []exports.Found) {
	for _, all := range f.cat.Certifications {
		for _, one := range all {
			if slices.ContainsFunc(files, func(file snapshot.File) bool { return file.Path == one.Rel }) {
				found = append(found, one)
			}
		}
	}
	slices.SortFunc(found, func(a, b exports.Found) int {
		return slices.Compare([]string{a.Month.String(), a.Rel}, []string{b.Month.String(), b.Rel})
	})
	return found
}

// changedFiles says which files are not those that a month was scored from. Names do not matter where the bytes are the same.
func changedFiles(scored []snapshot.File, now []exports.File) (changes []string) {
	for _, before := range scored {
		if slices.ContainsFunc(now, func(c exports.File) bool { return c.SHA256 == before.SHA256 }) {
			continue
		}
		what := "is gone"
		if slices.ContainsFunc(now, func(c exports.File) bool { return c.Rel == before.Path }) {
			what = "changed"
		}
		changes = append(changes, before.Path+" "+what)
	}
	for _, c := range now {
		known := func(before snapshot.File) bool { return c.SHA256 == before.SHA256 || c.Rel == before.Path }
		if !slices.ContainsFunc(scored, known) {
			changes = append(changes, c.Rel+" is read instead")
		}
	}
	return changes
}
