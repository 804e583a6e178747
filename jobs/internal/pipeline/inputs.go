package pipeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// windowMonths is how many months of usage a score looks at: M-13..M.
const windowMonths = 14

// inputs are the checked files of one score month.
type inputs struct {
	month  scoring.Month
	rules  *scoring.Rulebook
	usage  map[scoring.Month][]exports.Checked
	months []scoring.Month // the usage months that are there, oldest first
	absent []scoring.Month // the others of the window, which were allowed to be missing

	certifications      []exports.Checked // none where they are missing and that is allowed
	certificationsMonth scoring.Month     // 0 for a snapshot of no known month
	partners            []exports.Checked // none: every location's account comes from the usage rows

	provisional []string
}

// findInputs lists what a score of month m reads and fails with a *exports.MissingError when something is not there.
// It judges by names alone.
func (o Options) findInputs(cat *exports.Catalog, m scoring.Month) (*inputs, []exports.File, error) {
	rules, err := o.rulebook(m)
	if err != nil {
		return nil, nil, err
	}
	in := &inputs{month: m, rules: rules, usage: map[scoring.Month][]exports.Checked{}}
	if o.Profile != exports.PartnerCenter {
		in.provisional = append(in.provisional, fmt.Sprintf("usage is cost by exports of Azure Cost Management (profile %s), not ACR: an estimate", o.Profile))
	}
	var files []exports.File
	for u := m.Add(1 - windowMonths); u <= m; u++ {
		if len(cat.Usage[u]) == 0 {
			in.absent = append(in.absent, u)
			continue
		}
		in.months = append(in.months, u)
		files = append(files, cat.Usage[u]...)
	}
	if err := o.judgeAbsent(in, cat); err != nil {
		return nil, nil, err
	}
	if err := cat.Delivered(in.months); err != nil {
		return nil, nil, err
	}
	if err := o.chooseCertifications(in, cat); err != nil {
		return nil, nil, err
	}
	files = append(files, cat.Certifications[in.certificationsMonth]...)
	files = append(files, cat.Partners...)
	return in, files, nil
}

// judgeAbsent decides whether the window may lack the months it lacks. The score month itself is always needed.
func (o Options) judgeAbsent(in *inputs, cat *exports.Catalog) error {
	if len(in.absent) == 0 {
		return nil
	}
	missing := &exports.MissingError{Table: exports.Usage, Months: in.absent}
	if slices.Contains(in.absent, in.month) {
		wanted := in.absent
		if o.AllowMissingHistory {
			wanted = []scoring.Month{in.month}
		}
		missing.Hint = fmt.Sprintf("export %s and run again; a score of %s needs %s to %s", scoring.MonthRanges(wanted), in.month, in.month.Add(1-windowMonths), in.month)
		latest, scorable := latestMonth(cat), lastScorable(cat, in.month)
		if latest != 0 {
			missing.Hint += fmt.Sprintf("; the latest month there is %s", latest)
		}
		switch {
		case scorable != 0 && scorable == latest:
			missing.Hint += ", which can be scored"
		case scorable != 0:
			missing.Hint += fmt.Sprintf("; the latest that can be scored is %s", scorable)
		}
		return missing
	}
	if !o.AllowMissingHistory {
		missing.Hint = fmt.Sprintf("a score of %s needs the fourteen months %s to %s; export the missing ones, "+
			"or score without them as provisional with --allow-missing history", in.month, in.month.Add(1-windowMonths), in.month)
		return missing
	}
	in.provisional = append(in.provisional, snapshot.MissingUsageReason(in.absent))
	return nil
}

// latestMonth returns the newest usage month of a catalog, 0 when there is none.
func latestMonth(cat *exports.Catalog) (latest scoring.Month) {
	for m := range cat.Usage {
		latest = max(latest, m)
	}
	return latest
}

// lastScorable returns the last month before one for which fourteen months of usage exist, 0 when there is none.
func lastScorable(cat *exports.Catalog, before scoring.Month) scoring.Month {
	for _, m := range slices.Backward(sortedMonths(cat.Usage)) {
		if m < before && complete(cat, m) {
			return m
		}
	}
	return 0
}

// complete reports whether the fourteen months of usage that a score of a month needs exist.
func complete(cat *exports.Catalog, m scoring.Month) bool {
	for u := m.Add(1 - windowMonths); u <= m; u++ {
		if len(cat.Usage[u]) == 0 {
			return false
		}
	}
	return true
}

// chooseCertifications picks the snapshot of certifications: the newest of the score month or before, else one of no known month, else the
// oldest after the score month.
func (o Options) chooseCertifications(in *inputs, cat *exports.Catalog) error {
	var before, after scoring.Month
	for m := range cat.Certifications {
		if m == 0 {
			continue
		}
		if m <= in.month {
			before = max(before, m)
		} else if after == 0 || m < after {
			after = m
		}
	}
	switch {
	case before != 0:
		in.certificationsMonth = before
	case len(cat.Certifications[0]) > 0:
		in.provisional = append(in.provisional, "certifications are a snapshot of no known month: neither their path nor a partition of their table says it")
	case after != 0:
		in.certificationsMonth = after
		in.provisional = append(in.provisional, fmt.Sprintf("certifications are those of %s, there are none of %s or before", after, in.month))
	case o.AllowMissingCertifications:
		in.provisional = append(in.provisional, "certifications are missing")
	default:
		return &exports.MissingError{Table: exports.Certifications, Months: []scoring.Month{in.month},
			Hint: "export the certifications of the month or of one before (those of a later month are used too, as provisional), " +
				"or score without them as provisional with --allow-missing certifications"}
	}
	return nil
}

// sort puts the checked files into place.
func (in *inputs) sort(checked []exports.Checked) {
	for _, c := range checked {
		switch c.Table {
		case exports.Usage:
			in.usage[c.Month] = append(in.usage[c.Month], c)
		case exports.Certifications:
			in.certifications = append(in.certifications, c)
		case exports.Partners:
			in.partners = append(in.partners, c)
		}
	}
}

// judgeFiles notes what the columns that the files have and the lists of what was delivered leave open: the score is then provisional.
func (in *inputs) judgeFiles(o Options) {
	for _, m := range in.months {
		for _, c := range in.usage[m] {
			if c.Stray != "" {
				in.provisional = append(in.provisional, fmt.Sprintf("usage of %s: %s does not name %s beside it, which counts too", m, c.Stray, path.Base(c.Rel)))
				break // one shows what is wrong; the log names the others
			}
		}
	}
	lacks := func(canonical string) bool {
		return slices.ContainsFunc(in.certifications, func(c exports.Checked) bool { _, ok := c.Mapping[canonical]; return !ok })
	}
	if lacks("expires") {
		in.provisional = append(in.provisional, fmt.Sprintf("the certifications of %s have no expiry column, so none of them can have run out",
			in.certificationsMonth))
	}
	if lacks("activation_status") {
		in.provisional = append(in.provisional, fmt.Sprintf("the certifications of %s have no status column, so all of them are taken as active",
			in.certificationsMonth))
	}
	if o.AllowMissingOffers && o.Profile == exports.PartnerCenter && in.rules.MissingOffer == scoring.RejectMissingOffer {
		var without []scoring.Month
		for _, m := range in.months {
			if slices.ContainsFunc(in.usage[m], lacksOffer) {
				without = append(without, m)
			}
		}
		if len(without) > 0 {
			in.provisional = append(in.provisional, fmt.Sprintf("usage has no offer column in %s, so trials, support, benefits and internal use count too",
				scoring.MonthRanges(without)))
		}
	}
	in.provisional = append(in.provisional, o.checkOptions(in.rules, nil).Doubtful()...)
}

// all lists the files in the order of the manifest: usage by month, certifications, partners.
func (in *inputs) all() []exports.Checked {
	var all []exports.Checked
	for _, m := range in.months {
		all = append(all, in.usage[m]...)
	}
	all = append(all, in.certifications...)
	return append(all, in.partners...)
}

// rows is the number of rows of all files.
func (in *inputs) rows() (sum int64) {
	for _, c := range in.all() {
		sum += c.Rows
	}
	return sum
}

// manifest lists the files as the manifest does: a file of many months once, with the rows of the months that are read of it.
func (in *inputs) manifest() []snapshot.File {
	var files []snapshot.File
	many := map[string]int{}
	for _, c := range in.all() {
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

// fingerprint stands for everything that decides the published values besides the program: bytes of the inputs and how their columns are
// read, rules, settings. Names and places of files do not matter.
func (in *inputs) fingerprint(settings map[string]any) (string, error) {
	return digest(in.month.String(), in.rules.ID, in.rules.SHA256, settings, identities(in.all()))
}

// identity is what of an input file decides what it says.
type identity struct {
	Table  exports.Table
	Month  string
	SHA256 string
	// Many is set where only the rows of the month are meant.
	Many bool `json:",omitempty"`
	// Stray is set where a list of what was delivered does not name the file: it makes the score provisional.
	Stray bool `json:",omitempty"`
	// Columns are pairs of a canonical name and the number of the file's column that has it, or the value that the log of a Delta table says.
	Columns []string
}

func identities(files []exports.Checked) []identity {
	var ids []identity
	for _, c := range files {
		id := identity{Table: c.Table, SHA256: c.SHA256, Many: c.Many, Stray: c.Stray != ""}
		if c.Month != 0 {
			id.Month = c.Month.String()
		}
		for canonical, column := range c.Mapping {
			if column.Partition {
				id.Columns = append(id.Columns, fmt.Sprintf("%s=%q", canonical, column.Value))
				continue
			}
			id.Columns = append(id.Columns, fmt.Sprintf("%s=%d", canonical, column.Index))
		}
		slices.Sort(id.Columns)
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b identity) int {
		return cmp.Or(slices.Compare([]string{string(a.Table), a.Month, a.SHA256}, []string{string(b.Table), b.Month, b.SHA256}),
			slices.Compare(a.Columns, b.Columns))
	})
	return ids
}

// digest is the hex SHA-256 over values in their JSON form, which has one spelling for each value.
func digest(values ...any) (string, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
