// Package inspect says what a folder of exports holds, and what a score of each month would say about it. It reads every row, by the same statements as
// a score, and goes on when a file is broken.
package inspect

import (
	"context"
	"errors"
	"maps"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/survey"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/scoring"
)

// Options say which exports to look at, and how a score would read them.
type Options struct {
	inputs.Options
	MaxRejected float64 // share of a month's rows that may be bad data
	RunID       string
	Progress    monitor.Progress
}

// Inspection is what a folder of exports holds. Nothing in it names a person or a customer. Lists are bounded; what says how many more there
// are stands beside them.
type Inspection struct {
	Profile        schema.Profile            `json:"profile,omitempty"` // how usage is read; empty: as the dataset of Partner Center
	Problems       []string                  `json:"problems"`          // of the folder, which keep files from being found
	Ignored        []string                  `json:"ignored"`           // names that look like inputs but are not used
	Advice         string                    `json:"advice,omitempty"`  // what to do where there is no month of usage
	Months         []InspectedMonth          `json:"months"`
	Undated        []InspectedFile           `json:"undated"` // usage files of many months of which none is known: they are broken or hold no rows
	Certifications []InspectedCertifications `json:"certifications"`
	Partners       *InspectedPartners        `json:"partners"` // nil: there is no partners file
	NotTaken       []NotTaken                `json:"not_taken"`
	NotTakenMore   int                       `json:"not_taken_more"` // files that are not listed; where the folder is very large, not all of them
	HiddenFiles    int                       `json:"hidden_files"`   // files that are hidden by a name that begins with . or _
}

// NotTaken is a file of the exports folder that is no input.
type NotTaken = survey.NotTaken

// InspectedMonth is one month of usage and what a score of it would say.
type InspectedMonth struct {
	Month    scoring.Month   `json:"month"`
	Rulebook string          `json:"rulebook"` // by which rows and labels are classified
	Files    []InspectedFile `json:"files"`
	Problems []string        `json:"problems"` // of all its files together
	Rows     int64           `json:"rows"`     // of the files without problems, each file once
	// Judged tells whether every row was read; if not, Counted, Rejected and Excluded say nothing.
	Judged   bool      `json:"judged"`
	Counted  int64     `json:"counted_rows"`
	Rejected []LeftOut `json:"rejected"` // bad data
	Excluded []LeftOut `json:"excluded"` // by rule
	// TooMany tells that more rows are bad data than is allowed.
	TooMany bool        `json:"too_many_rejected"`
	Labels  []LabelKind `json:"labels"`
	Score   Verdict     `json:"score"`
	// Tracks are those of the partners that a score of the month would have; nil where the rulebook has one track, or there is no score.
	Tracks *InspectedTracks `json:"tracks"`
}

// InspectedTracks says which track each partner would get.
type InspectedTracks struct {
	Customers  string           `json:"customers"`  // whose segments decide: those of the `month`, or of the twelve months, `ttm`
	Enterprise int64            `json:"enterprise"` // partners on this track
	SMB        int64            `json:"smb"`
	Uncertain  int64            `json:"uncertain"` // partners, of these two, whose track depends on customers of unknown size
	Partners   []InspectedTrack `json:"partners"`  // uncertain ones first, then those nearest to the other track
	More       int64            `json:"more"`
}

// InspectedTrack is the track of a partner.
type InspectedTrack struct {
	PartnerID string `json:"partner_id"`
	Track     string `json:"track"`
	Certain   bool   `json:"certain"`
	Customers int64  `json:"customers"`
	SMB       int64  `json:"smb_customers"`
	Open      int64  `json:"open_customers"` // of unknown size
	// Away is how many customers would have to count as SMB, or no longer, for the other track; null: no number of them would do.
	Away *int64 `json:"customers_to_other_track"`
}

// InspectedFile is one file of the exports.
type InspectedFile struct {
	Path        string            `json:"path"`
	Format      string            `json:"format"`
	Bytes       int64             `json:"bytes"`
	Rows        int64             `json:"rows"`                  // 0 where there are problems
	SameAs      string            `json:"same_as,omitempty"`     // another file with the same bytes, which alone counts
	Many        bool              `json:"many_months,omitempty"` // rows are those of the month, bytes those of the whole file
	Columns     []InspectedColumn `json:"columns"`               // those that are read, and the first of the others
	MoreColumns int               `json:"more_columns"`          // others, not listed
	Lacks       []string          `json:"absent_optional"`
	Problems    []string          `json:"problems"`
}

// InspectedColumn is a column of a file.
type InspectedColumn struct {
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	StandsFor []string `json:"stands_for"`              // canonical names; none: it is ignored
	Rival     string   `json:"not_taken_for,omitempty"` // what it would stand for, were it not for the config or another column
}

// LeftOut is a reason for which rows do not count.
type LeftOut struct {
	Reason   string        `json:"reason"`
	What     string        `json:"what"` // the reason in words
	Rows     int64         `json:"rows"`
	ACRUSD   scoring.USD   `json:"acr_usd"`            // the readable amounts
	Examples []RejectedRow `json:"examples,omitempty"` // up to three, of bad data only
}

// RejectedRow is an example of bad data.
type RejectedRow struct {
	File  string `json:"file"`
	Row   int64  `json:"row,omitempty"`   // of Parquet, from 1
	Value string `json:"value,omitempty"` // what is at fault, as it stands there
	Like  string `json:"like,omitempty"`  // its shape, every letter an x and every digit a 9, where it may name somebody
	Line  int64  `json:"line,omitempty"`  // of text, from 1: where the row begins
}

// LabelKind are the labels of one column, most frequent first.
type LabelKind struct {
	Kind   string  `json:"kind"`
	Labels []Label `json:"labels"`
	More   int64   `json:"more"` // labels, or values where there are too many to be labels, that are not listed
}

// Label is a text that rules know by name.
type Label struct {
	Label   string `json:"label"` // as most exports write it; "" is blank
	Rows    int64  `json:"rows"`
	Meaning string `json:"meaning"`
	Known   bool   `json:"known"` // the rulebook names it
	// Similar is what of the rulebook it looks like without being it; else empty.
	Similar string `json:"similar,omitempty"`
}

// InspectedCertifications is one month of certifications.
type InspectedCertifications struct {
	Month           scoring.Month   `json:"month,omitzero"` // absent: of no known month
	Rulebook        string          `json:"rulebook"`
	Files           []InspectedFile `json:"files"`
	Problems        []string        `json:"problems"`
	Rows            int64           `json:"rows"`
	Judged          bool            `json:"judged"` // every row was read
	Types           LabelKind       `json:"types"`
	Titles          LabelKind       `json:"titles"` // of the rows that are certifications
	Certifications  int64           `json:"certification_rows"`
	UnknownPartner  int64           `json:"unknown_partner_rows"` // certifications of a location that the partners files do not know
	UnknownLocation string          `json:"first_unknown_location,omitempty"`
	Nobody          int64           `json:"nobody_rows"` // certifications without certification id and e-mail
}

// InspectedPartners are the partners files.
type InspectedPartners struct {
	Files     []InspectedFile `json:"files"`
	Problems  []string        `json:"problems"`
	Rows      int64           `json:"rows"`
	Locations int64           `json:"locations"`
	Accounts  int64           `json:"accounts"`
}

// The states of a month in a Verdict.
const (
	VerdictReady       = "ready"
	VerdictProvisional = "provisional" // it can be scored, and something is missing that may be
	VerdictMissing     = "missing"     // an input is not there
	VerdictBroken      = "broken"      // an input breaks the contract
	VerdictNoRules     = "no_rules"    // no rulebook is in force
)

// Verdict is what a score of a month would say about its inputs.
type Verdict struct {
	State       string   `json:"state"`
	Reasons     []string `json:"reasons"`          // why it cannot be scored: the first problem of each input, the same one of several inputs once
	Advice      string   `json:"advice,omitempty"` // what to do where an input is not there
	Provisional []string `json:"provisional"`
}

// Inspect looks at the exports of the months from..to, 0 for no bound, and at the other inputs that a score of them reads. It reads every row, writes
// nothing but temporary files, and goes on when a file is broken. A single month is in the result even if there is no export of it.
func Inspect(ctx context.Context, opt Options, from, to scoring.Month) (result *Inspection, err error) {
	source, err := opt.Places.Exports(ctx, opt.Exports, opt.TempDir)
	if err != nil {
		return nil, err
	}
	cat, err := exports.Find(ctx, source, opt.Patterns)
	var broken *exports.ContractError
	if err != nil && !errors.As(err, &broken) {
		return nil, err
	}
	opt.WarnOfDeliveries(cat)
	s := newInspector(opt, cat)
	defer func() { err = errors.Join(err, s.end()) }()
	if err := s.folder.dateFiles(ctx, from, to); err != nil {
		return nil, err
	}
	s.engines.manyMonths = len(s.folder.dated) > 0
	var problems []exports.Problem
	if broken != nil {
		problems = broken.Problems
	}
	s.refused = slices.Concat(problems, s.folder.undated.allProblems())
	result = &Inspection{Profile: opt.Profile, Problems: texts(problems), Ignored: append([]string{}, cat.Ignored.Sentences()...), NotTaken: []NotTaken{},
		Months: []InspectedMonth{}, Certifications: []InspectedCertifications{}}
	result.Undated, _ = s.folder.undated.describe()
	s.survey = survey.New(ctx, s.folder.cat, opt.Patterns)
	result.addNotTaken(s.survey)
	if result.Partners, err = s.inspectPartners(ctx); err != nil {
		return nil, err
	}
	months := within(slices.Sorted(maps.Keys(cat.Usage)), from, to)
	if from == to && from != 0 {
		months = []scoring.Month{from}
	}
	if err := s.keepFacts(ctx, months); err != nil {
		return nil, err
	}
	if len(months) == 0 {
		missing := &exports.MissingError{Table: schema.Usage}
		opt.AddLayout(ctx, s.survey, s.folder.dated, missing)
		result.Advice = missing.Hint
	}
	for i, m := range months {
		opt.Progress.Step(i, len(months)+1, "look at "+m.String())
		month, err := s.inspectMonth(ctx, m)
		if err != nil {
			return nil, err
		}
		result.Months = append(result.Months, *month)
	}
	opt.Progress.Step(len(months), len(months)+1, "look at certifications")
	if err := s.inspectAllCertifications(ctx, result, months, from, to); err != nil {
		return nil, err
	}
	return result, nil
}

// inspectAllCertifications adds the months of certifications to a result, by the rules of the month for which each is used.
func (s *inspector) inspectAllCertifications(ctx context.Context, result *Inspection, months []scoring.Month, from, to scoring.Month) error {
	for _, m := range s.certificationMonths(from, to) {
		scored := m
		switch {
		case from == to && from != 0:
			scored = from // by the rules of the month that is asked for, which may be later
		case m == 0 && len(months) > 0:
			scored = months[len(months)-1]
		}
		c, err := s.inspectCertifications(ctx, m, scored)
		if err != nil {
			return err
		}
		result.Certifications = append(result.Certifications, *c)
	}
	return nil
}

// listedNotTaken is how many files that were not taken are listed.
const listedNotTaken = 1000

// addNotTaken lists the files of the exports folder that are not inputs.
func (i *Inspection) addNotTaken(s *survey.Survey) {
	i.NotTaken = append(i.NotTaken, s.NotTaken[:min(len(s.NotTaken), listedNotTaken)]...)
	i.NotTakenMore, i.HiddenFiles = len(s.NotTaken)-len(i.NotTaken), s.Hidden
}

// within returns the months that lie within bounds, 0 for none.
func within(months []scoring.Month, from, to scoring.Month) (inside []scoring.Month) {
	for _, m := range months {
		if (from == 0 || m >= from) && (to == 0 || m <= to) {
			inside = append(inside, m)
		}
	}
	return inside
}

// certificationMonths lists the months of certifications within bounds, 0 for those of no known month. Of a single month it is the one that its
// score uses.
func (s *inspector) certificationMonths(from, to scoring.Month) []scoring.Month {
	if from != to || from == 0 {
		dated := maps.Clone(s.folder.cat.Certifications)
		delete(dated, 0)
		months := within(slices.Sorted(maps.Keys(dated)), from, to)
		if len(s.folder.cat.Certifications[0]) > 0 {
			months = slices.Insert(months, 0, 0)
		}
		return months
	}
	if m, ok := inputs.CertificationsFor(s.folder.cat, from); ok {
		return []scoring.Month{m}
	}
	return nil
}

func texts(problems []exports.Problem) []string {
	lines := []string{}
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return lines
}
