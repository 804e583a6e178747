// Package lookup finds out who stands behind the pseudonyms of a published month, by making the pseudonyms of everybody in the certifications
// exports again. It writes nothing.
package lookup

import (
	"context"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/published"
)

// Request is what to find out.
type Request struct {
	Month    *published.Month
	Holdings []published.PersonHoldings // whom
	Partners []published.PartnerName    // with their names, at least those of Holdings
	Inputs   inputs.Options             // where the exports are, and the key
}

// Find finds out who is behind pseudonyms. The error is of kind fault.Usage for a key that does not fit, and errors about inputs are those of
// inputs.Folder.
func Find(ctx context.Context, r Request) (*people.List, error) {
	man := r.Month.Manifest
	if why := r.Inputs.PersonKey.Unfit(man); why != "" {
		return nil, fault.Errorf(fault.Usage, "the people of %s cannot be named: %s", r.Month.ScoreMonth, why)
	}
	list := &people.List{Month: r.Month.ScoreMonth, Scheme: r.Inputs.PersonKey.Scheme(), People: []people.Person{}, Changes: []string{}}
	if len(r.Holdings) == 0 {
		return list, nil
	}
	folder, err := inputs.Open(ctx, r.Inputs, func(exports.Found) (exports.Known, bool) { return exports.Known{}, false })
	if err != nil {
		return nil, err
	}
	files, err := folder.Certifications(ctx, man, r.Month.Rules)
	if err != nil {
		return nil, err
	}
	list.Changes = append(list.Changes, files.Changes...)
	known, err := identities(ctx, r, files)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range r.Partners {
		names[p.ID] = p.Name
	}
	absent := people.Unmapped
	if len(list.Changes) > 0 {
		absent = people.Restated
	}
	for _, h := range r.Holdings {
		p := people.Person{PartnerID: h.Partner, PartnerName: names[h.Partner], ID: h.Person, Why: absent, Certifications: []people.Certification{}}
		if who, ok := known[h.Person]; ok {
			p.Found, p.Why = true, ""
			p.Name, p.Email, p.MCPID, p.OtherNames, p.OtherEmails = who.Name, who.Email, who.MCP, who.OtherNames, who.OtherEmails
		}
		for _, c := range h.Certifications {
			p.Certifications = append(p.Certifications, people.Certification{Title: c.Title, Counted: c.Counted, Reason: string(c.Reason)})
		}
		list.People = append(list.People, p)
	}
	return list, nil
}

// identities reads who stands in certifications files, by pseudonym.
func identities(ctx context.Context, r Request, of *inputs.Certifications) (map[string]ingest.Identity, error) {
	l, err := ingest.Open(ctx, r.Inputs.Ingest(of.Folders, nil))
	if err != nil {
		return nil, err
	}
	all, err := ingest.Identities(ctx, l, of.Files)
	if err := l.CloseAfter(err); err != nil {
		return nil, err
	}
	known := map[string]ingest.Identity{}
	for _, who := range all {
		known[r.Inputs.PersonKey.Pseudonym(who.Key)] = who
	}
	return known, nil
}
