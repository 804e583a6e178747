package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// bulkWriter streams one month: rows into the block, blocks as row groups into files.
type bulkWriter struct {
	ctx    context.Context
	bulk   *bulk
	folder string
	month  month
	block  *block
	tenant bulkTenant

	file     *parquetFile
	files    int
	fileRows int64
}

// consumption writes the part of a tenant's consumption rows that belongs to a pass. A tenant's rows stand in several
// places of a month and its services alternate, so that no reader profits from an order that real exports do not have.
func (w *bulkWriter) consumption(number int, share tenantShare, pass int) error {
	count := share.to - share.from
	from, to := count*int64(pass)/passes, count*int64(pass+1)/passes
	if from == to {
		return nil
	}
	w.load(number)
	for j := from; j < to; j++ {
		if err := w.row(j, false); err != nil {
			return err
		}
	}
	return nil
}

// repeats writes what a tenant's consumption has twice: second attributions, and credits. A partner that is tied to a
// customer in two ways is so for all of its consumption: the first tenants have all of theirs twice. Credits are spread
// evenly over the month. The number of both is exact.
func (w *bulkWriter) repeats(number int, share tenantShare) error {
	base := w.bulk.baseRows()
	duplicates := w.bulk.rows * duplicatePercent / (100 + duplicatePercent + creditPercent)
	credits := w.bulk.rows - base - duplicates
	for i := share.from; i < share.to; i++ {
		if i < duplicates {
			w.load(number)
			if err := w.row(i-share.from, true); err != nil {
				return err
			}
		}
		for range scale(i+1, credits, base) - scale(i, credits, base) {
			w.load(number)
			if err := w.credit(i - share.from); err != nil {
				return err
			}
		}
	}
	return nil
}

// load makes a tenant the current one.
func (w *bulkWriter) load(number int) {
	if w.tenant.slots == nil {
		w.tenant.slots = make([]resourceSlot, maxServices)
		w.tenant.number = -1
	}
	if w.tenant.number != number {
		w.tenant.load(w.bulk, number, w.month)
	}
}

// row writes a tenant's j-th consumption: services alternate; each resource has a row for each meter.
func (w *bulkWriter) row(j int64, second bool) error {
	amount, h := w.put(j, second)
	w.block.amount[w.block.rows] = decimal128.FromI64(amount)
	if h>>44%2048 == 0 && !second {
		w.spoil(h >> 56 % 5)
	}
	return w.next()
}

// credit takes back a quarter of a tenant's j-th consumption.
func (w *bulkWriter) credit(j int64) error {
	amount, _ := w.put(j, false)
	w.block.amount[w.block.rows] = decimal128.FromI64(-amount / 4)
	return w.next()
}

// put fills the next row of the block, but for the amount, which it returns in millionths of a dollar together with
// the row's own random number.
func (w *bulkWriter) put(j int64, second bool) (int64, uint64) {
	t, b, v := &w.tenant, w.block, &w.bulk.vocabulary
	slot := int(j % int64(t.services))
	round := j / int64(t.services)
	meter, resource := int(round%metersPerService), round/metersPerService
	number := t.service(slot, len(w.bulk.services))
	subscription := int((resource + int64(slot)) % int64(len(t.subscriptions)))
	s := &t.subscriptions[subscription]
	h := hash(t.key, uint64(j))
	i := b.rows

	t.open(b)
	b.tenant[i] = t.index
	b.partner[i], b.segment[i] = t.partner, t.segment
	b.location[i], b.association[i] = s.location, s.association
	if second {
		b.location[i], b.association[i] = s.otherLocation, s.otherAssociation
	}
	b.offer[i] = s.offer
	b.subscription[i] = t.openSubscription(b, subscription)
	b.resource[i] = t.openResource(b, slot, subscription, resource, w.bulk.services[number].kind, second)
	b.level1[i] = v.families[number]
	b.service[i] = v.names[number][h>>40&15/15]
	b.level3[i], b.level4[i] = v.meters[number][meter][0], v.meters[number][meter][1]

	// Sizes of usage spread over several powers of two, up to some 134 dollars at the start.
	amount := int64(h&(1<<27-1)) >> (h >> 28 & 7) * t.percent / 100
	return amount * int64(95+mix(h^uint64(w.month))%11) / 100, h
}

// spoil makes the row in hand a faulty one.
func (w *bulkWriter) spoil(kind uint64) {
	b, v, i := w.block, &w.bulk.vocabulary, w.block.rows
	switch kind {
	case 0:
		b.tenant[i] = 0
	case 1:
		b.location[i] = v.blankLocation
	case 2:
		b.location[i] = v.unknownLocation
	case 3:
		b.offer[i] = v.blankOffer
	case 4:
		b.association[i] = v.blankAssociation
	}
}

// next finishes the row in hand.
func (w *bulkWriter) next() error {
	w.block.rows++
	if !w.block.full() {
		return nil
	}
	return w.flush()
}

// flush writes the block as a row group, into the next file when the current one is full.
func (w *bulkWriter) flush() error {
	if w.block.rows == 0 {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("write usage of %s: %w", w.month, err)
	}
	if w.file != nil && w.fileRows+int64(w.block.rows) > fileRows {
		if err := w.closeFile(); err != nil {
			return err
		}
	}
	record := w.block.record(&w.bulk.vocabulary)
	defer record.Release()
	if w.file == nil {
		path := filepath.Join(w.folder, fmt.Sprintf("part-%05d.parquet", w.files))
		file, err := createParquet(path, record.Schema(), w.bulk.codec())
		if err != nil {
			return err
		}
		w.file, w.files, w.fileRows = file, w.files+1, 0
	}
	if err := w.file.write(record); err != nil {
		return err
	}
	w.fileRows += int64(w.block.rows)
	w.block.reset()
	w.tenant.forget()
	return nil
}

func (w *bulkWriter) closeFile() error {
	if w.file == nil {
		return nil
	}
	file := w.file
	w.file = nil
	return file.close()
}
