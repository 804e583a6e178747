package inputs

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Inputs are the checked files of one score month. They are not changed once they are made.
type Inputs struct {
	Month scoring.Month
	Rules *scoring.Rulebook
	// Folders contain the files that the engine reads.
	Folders []string
	ingest.Dialect
	Usage  map[scoring.Month][]exports.File
	Months []scoring.Month // the usage months that are there, oldest first
	Absent []scoring.Month // the others of the window, which were allowed to be missing

	Certifications      []exports.File // none where they are missing and that is allowed
	CertificationsMonth scoring.Month  // 0 for a snapshot of no known month
	Partners            []exports.File // none: every location's account comes from the usage rows

	// Provisional says why the score is provisional as far as files show it; rows may give more reasons.
	Provisional []string
	// Settings are those of Options for the month.
	Settings map[string]any
	// Fingerprint identifies everything but the program that decides the published values: bytes of the inputs and how their columns are read,
	// rules, settings. Names and places of files do not matter.
	Fingerprint string

	Started time.Time     // when they had been found
	Elapsed time.Duration // how long finding and checking them took
}

// New puts the checked files of a choice into place, and notes what their columns and the lists of what was delivered leave open. begun is when
// looking for them began.
func New(c *Choice, folders []string, checked []exports.File, opt Options, begun time.Time) (*Inputs, error) {
	in := &Inputs{Month: c.Month, Rules: c.Rules, Folders: folders, Dialect: opt.Dialect, Usage: map[scoring.Month][]exports.File{}, Months: c.Months, Absent: c.Absent,
		CertificationsMonth: c.CertificationsMonth, Settings: opt.Settings(c.Month), Started: opt.Now()}
	for _, file := range checked {
		switch file.Table {
		case schema.Usage:
			in.Usage[file.Month] = append(in.Usage[file.Month], file)
		case schema.Certifications:
			in.Certifications = append(in.Certifications, file)
		case schema.Partners:
			in.Partners = append(in.Partners, file)
		}
	}
	in.Provisional = slices.Concat(c.Provisional, in.strayFiles(), in.missingColumns(opt), opt.Check(c.Rules, nil).Doubtful())
	var err error
	in.Fingerprint, err = in.FingerprintWith(in.Settings)
	in.Elapsed = in.Started.Sub(begun)
	return in, err
}

// FingerprintWith is the fingerprint that the same files have under other settings.
func (in *Inputs) FingerprintWith(settings map[string]any) (string, error) {
	return exports.Digest(in.Month.String(), in.Rules.ID, in.Rules.SHA256, settings, exports.Identities(in.All()))
}

// strayFiles says in which usage months a file lies beside a manifest that does not name it.
func (in *Inputs) strayFiles() (reasons []string) {
	for _, m := range in.Months {
		for _, c := range in.Usage[m] {
			if c.Stray != "" {
				reasons = append(reasons, fmt.Sprintf("usage of %s: %s does not name %s beside it, which counts too", m, c.Stray, path.Base(c.Rel)))
				break // one shows what is wrong; the log names the others
			}
		}
	}
	return reasons
}

// missingColumns says what columns that are not there leave open.
func (in *Inputs) missingColumns(o Options) (reasons []string) {
	lacks := func(canonical string) bool {
		return slices.ContainsFunc(in.Certifications, func(c exports.File) bool { _, ok := c.Mapping[canonical]; return !ok })
	}
	certifications := "the certifications"
	if in.CertificationsMonth != 0 { // else their path names none
		certifications += " of " + in.CertificationsMonth.String()
	}
	if lacks("expires") {
		reasons = append(reasons, certifications+" have no expiry column, so none of them can have run out")
	}
	if lacks("activation_status") {
		reasons = append(reasons, certifications+" have no status column, so all of them are taken as active")
	}
	if o.AllowMissingOffers && o.Profile == schema.PartnerCenter && in.Rules.MissingOffer == scoring.RejectMissingOffer {
		var without []scoring.Month
		for _, m := range in.Months {
			if slices.ContainsFunc(in.Usage[m], ingest.LacksOffer) {
				without = append(without, m)
			}
		}
		if len(without) > 0 {
			reasons = append(reasons, fmt.Sprintf("usage has no offer column in %s, so trials, support, benefits and internal use count too",
				scoring.MonthRanges(without)))
		}
	}
	return reasons
}

// All lists the files in the order of the manifest: usage by month, certifications, partners.
func (in *Inputs) All() []exports.File {
	var all []exports.File
	for _, m := range in.Months {
		all = append(all, in.Usage[m]...)
	}
	all = append(all, in.Certifications...)
	return append(all, in.Partners...)
}

// Rows is the number of rows of all files.
func (in *Inputs) Rows() (sum int64) {
	for _, c := range in.All() {
		sum += c.Rows
	}
	return sum
}

// LargestRows is the number of rows of the largest usage month, or of the certifications where they have more.
func (in *Inputs) LargestRows() (most int64) {
	for _, c := range in.Certifications {
		most += c.Rows
	}
	for _, m := range in.Months {
		most = max(most, in.UsageRows(m))
	}
	return most
}

// Manifest lists the files as the manifest does: a file of many months once, with the rows of the months that are read of it.
func (in *Inputs) Manifest() []snapshot.File {
	var files []snapshot.File
	many := map[string]int{}
	for _, c := range in.All() {
		if i, ok := many[c.Rel]; ok {
			files[i].Rows += c.Rows
			continue
		}
		if c.Many {
			many[c.Rel] = len(files)
		}
		files = append(files, snapshot.File{Table: string(c.Table), Path: c.Rel, Bytes: c.Bytes, Rows: c.Rows, SHA256: c.SHA256,
			KeyColumnsAbsent: c.AbsentKeyColumns()})
	}
	return files
}

// UsageRows is the number of rows of a usage month.
func (in *Inputs) UsageRows(m scoring.Month) (rows int64) {
	for _, c := range in.Usage[m] {
		rows += c.Rows
	}
	return rows
}

// ManyMonths reports whether any usage file holds many months.
func (in *Inputs) ManyMonths() bool {
	for files := range maps.Values(in.Usage) {
		if slices.ContainsFunc(files, func(c exports.File) bool { return c.Many }) {
			return true
		}
	}
	return false
}
