package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"

	"github.com/apache/arrow-go/v18/parquet/compress"
)

// Shape of the large mode. Shares are of all rows of a month.
const (
	rowsPerTenant    = 200     // default size of a tenant, rows a month
	duplicatePercent = 8       // rows that attribute a consumption for the second time
	creditPercent    = 2       // negative rows that share the key with their usage row
	passes           = 4       // places of a month's files in which the rows of one tenant stand
	groupRows        = 245_760 // rows of a row group, twice DuckDB's own
	fileRows         = 20 * groupRows
)

// bulk is the plan of the large mode: who there is. What they consume follows from hashes, row by row.
type bulk struct {
	seed       uint64
	rows       int64 // a month
	tenants    int
	partners   []bulkPartner
	services   []service
	vocabulary vocabulary
}

// bulkPartner is a global account and its locations, as indices into the vocabulary.
type bulkPartner struct {
	id            string
	firstLocation int32
	locations     int32
}

// newBulk fills in the sizes that were not asked for.
func newBulk(o options) *bulk {
	b := &bulk{seed: o.seed, rows: o.rows, tenants: o.tenants, services: catalogue()}
	if b.tenants == 0 {
		b.tenants = int(max(1, b.rows/rowsPerTenant))
	}
	if b.rows == 0 {
		b.rows = int64(b.tenants) * rowsPerTenant
	}
	partners := o.partners
	if partners == 0 {
		partners = max(1, min(500, b.tenants/100))
	}
	var locations []string
	for p := range partners {
		partner := bulkPartner{id: fmt.Sprint(2_000_000 + 100*p), firstLocation: int32(len(locations))}
		partner.locations = int32(1 + hash(b.seed, 'l', uint64(p))%6)
		for l := range partner.locations {
			locations = append(locations, fmt.Sprint(2_000_000+100*p+int(l)))
		}
		b.partners = append(b.partners, partner)
	}
	b.vocabulary = newVocabulary(locations, b.partners, b.services)
	return b
}

// generateBulk writes the asked months one after the other, each as a stream of row groups.
func generateBulk(ctx context.Context, o options) error {
	// Each row group leaves its dictionaries behind as garbage: collect early rather than hold several of them.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	b := newBulk(o)
	if err := b.writeProfiles(o); err != nil {
		return err
	}
	for m := o.last - month(o.months) + 1; m <= o.last; m++ {
		if err := b.writeMonth(ctx, o.out, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *bulk) writeMonth(ctx context.Context, out string, m month) error {
	folder := filepath.Join(out, "azure_usage", "month="+m.String())
	if err := removeParts(folder); err != nil {
		return err
	}
	w := &bulkWriter{ctx: ctx, bulk: b, folder: folder, month: m, block: newBlock(m)}
	shares := b.share(m)
	for pass := range passes {
		for t, share := range shares {
			if err := w.consumption(t, share, pass); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	for t, share := range shares {
		if err := w.repeats(t, share); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return w.closeFile()
}

// tenantShare is the stretch of a month's consumption rows that belongs to one tenant.
type tenantShare struct{ from, to int64 }

// baseRows is how many of a month's rows are consumption; the others repeat some of it.
func (b *bulk) baseRows() int64 { return b.rows * 100 / (100 + duplicatePercent + creditPercent) }

// share divides a month's consumption rows among the tenants that are customers in that month: a few are large, most
// are small, one in five came or went within the last years.
func (b *bulk) share(m month) []tenantShare {
	shares := make([]tenantShare, b.tenants)
	var total int64
	for t := range shares {
		shares[t].from = total
		total += b.weight(t, m)
		shares[t].to = total
	}
	for t, s := range shares {
		shares[t] = tenantShare{from: scale(s.from, b.baseRows(), total), to: scale(s.to, b.baseRows(), total)}
	}
	return shares
}

// scale is value × numerator / denominator, 0 of nothing. The products stay far below the range of int64: weights add
// up to some tens per tenant.
func scale(value, numerator, denominator int64) int64 {
	if denominator == 0 {
		return 0
	}
	return value * numerator / denominator
}

func (b *bulk) weight(t int, m month) int64 {
	h := hash(b.seed, 'w', uint64(t))
	from, to := month(0), month(1<<30)
	if t > 0 { // tenant 0 is always there, so that every month has one
		epoch := month(2022 * 12)
		switch h % 10 {
		case 0:
			from = epoch + month(h>>8%36)
		case 1:
			to = epoch + month(h>>8%36)
		}
	}
	if m < from || m > to {
		return 0
	}
	weight := int64(2 + h>>16%5)
	if h>>32%16 == 0 {
		weight *= 8
	}
	return weight
}

// codec of the large mode: fast to write, and fast enough to read not to hide the cost of a query.
func (b *bulk) codec() compress.Compression { return compress.Codecs.Snappy }
