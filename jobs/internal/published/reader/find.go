package reader

import (
	"context"
	"slices"
	"strings"

	"partnerscore/jobs/internal/published"
)

// FindPartner finds a partner of a month by its id, by a name that only one partner has, whatever the case, or by the id of one of its locations.
// An empty text means the only partner. The error is a *published.UnknownError.
func FindPartner(ctx context.Context, r *Reader, m *published.Month, text string) (published.PartnerName, error) {
	all, err := r.Partners(ctx, m)
	if err != nil {
		return published.PartnerName{}, err
	}
	if text == "" && len(all) == 1 {
		return all[0], nil
	}
	if i := slices.IndexFunc(all, func(p published.PartnerName) bool { return p.ID == text }); i >= 0 {
		return all[i], nil
	}
	wanted := strings.TrimSpace(text)
	named := slices.DeleteFunc(slices.Clone(all), func(p published.PartnerName) bool { return wanted == "" || !strings.EqualFold(p.Name, wanted) })
	if len(named) == 1 {
		return named[0], nil
	}
	if len(named) > 1 {
		return published.PartnerName{}, sharedName(text, named)
	}
	account, err := accountOf(ctx, r, m, wanted)
	if err != nil {
		return published.PartnerName{}, err
	}
	if i := slices.IndexFunc(all, func(p published.PartnerName) bool { return p.ID == account }); account != "" && i >= 0 {
		return all[i], nil
	}
	return published.PartnerName{}, unknownAmong(m, text, all)
}

// accountOf returns the account that a location rolled up to in the usage of a month, else of the months before it; empty where none of them has
// the location. The facts know it if there was a partners file.
func accountOf(ctx context.Context, r *Reader, m *published.Month, location string) (string, error) {
	if location == "" {
		return "", nil
	}
	for _, u := range slices.Backward(m.Window()) {
		facts, err := r.store.Cache().Facts(ctx, u)
		if err != nil {
			return "", err
		}
		if facts == nil {
			continue
		}
		if account := facts.Locations[location]; account != nil {
			return *account, nil
		}
	}
	return "", nil
}

// sharedName lists the partners of one name.
func sharedName(text string, named []published.PartnerName) error {
	e := &published.UnknownError{What: "partner", Name: text, Shared: true, Hint: "give the id with --partner"}
	for _, p := range named[:min(len(named), published.ShownNames)] {
		e.Nearest = append(e.Nearest, p.String())
	}
	e.More = len(named) - len(e.Nearest)
	return e
}

// unknownAmong lists the nearest partners, by id or by name, whichever is nearer.
func unknownAmong(m *published.Month, id string, all []published.PartnerName) error {
	label := map[string]string{}
	var names []string
	for _, p := range all {
		names = append(names, p.ID)
		label[p.ID] = p.String()
	}
	return published.Unknown("partner", id, names, func(n string) string { return label[n] }, "give the id, the id of a location, or the name; the month is "+m.ScoreMonth.String())
}
