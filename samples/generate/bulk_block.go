package main

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// block collects the rows of one row group, column by column, in memory that is used again for the next.
type block struct {
	schema *arrow.Schema
	rows   int

	months                                  []arrow.Date32
	location, partner, association          []int32
	tenant, segment, subscription, service  []int32
	level1, level3, level4, resource, offer []int32
	amount                                  []decimal128.Num

	// Dictionaries of this row group. Tenants and their names are added together, so the two share their indices.
	tenants, names, subscriptions, resources *texts
}

// bulkSchema are the columns as Partner Center names them.
func bulkSchema() *arrow.Schema {
	text := func(name string) arrow.Field { return arrow.Field{Name: name, Type: dictionaryType(), Nullable: true} }
	return arrow.NewSchema([]arrow.Field{
		{Name: "Month", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		text("MPNID"), text("PGAMpnID"), text("PartnerAttributionType"),
		text("CustomerTenantId"), text("CustomerName"), text("CustomerSegment"), text("SubscriptionId"),
		text("ServiceLevel1"), text("ServiceLevel2"), text("ServiceLevel3"), text("ServiceLevel4"),
		text("ResourceId"), text("OfferType"),
		{Name: "ACR_USD", Type: amountType(), Nullable: true},
	}, nil)
}

func newBlock(m month) *block {
	b := &block{
		schema: bulkSchema(), months: make([]arrow.Date32, groupRows), amount: make([]decimal128.Num, groupRows),
		tenants: &texts{}, names: &texts{}, subscriptions: &texts{}, resources: &texts{},
	}
	for i := range b.months {
		b.months[i] = arrow.Date32(epochDays(m.first()))
	}
	for _, column := range []*[]int32{
		&b.location, &b.partner, &b.association, &b.tenant, &b.segment, &b.subscription,
		&b.level1, &b.service, &b.level3, &b.level4, &b.resource, &b.offer,
	} {
		*column = make([]int32, groupRows)
	}
	b.reset()
	return b
}

// reset empties the block. Index 0 of the row group's own dictionaries is the blank.
func (b *block) reset() {
	b.rows = 0
	for _, dictionary := range []*texts{b.tenants, b.names, b.subscriptions, b.resources} {
		dictionary.reset()
		dictionary.add("")
	}
}

func (b *block) full() bool { return b.rows == groupRows }

// record views the rows; it is valid until the next reset.
func (b *block) record(v *vocabulary) arrow.RecordBatch {
	n := b.rows
	columns := []arrow.Array{
		dateArray(b.months[:n]),
		dictionaryArray(b.location[:n], v.locations),
		dictionaryArray(b.partner[:n], v.partners),
		dictionaryArray(b.association[:n], v.associations),
		dictionaryArray(b.tenant[:n], b.tenants),
		dictionaryArray(b.tenant[:n], b.names),
		dictionaryArray(b.segment[:n], v.segments),
		dictionaryArray(b.subscription[:n], b.subscriptions),
		dictionaryArray(b.level1[:n], v.level1),
		dictionaryArray(b.service[:n], v.level2),
		dictionaryArray(b.level3[:n], v.level3),
		dictionaryArray(b.level4[:n], v.level4),
		dictionaryArray(b.resource[:n], b.resources),
		dictionaryArray(b.offer[:n], v.offers),
		decimalArray(b.amount[:n]),
	}
	record := array.NewRecordBatch(b.schema, columns, int64(n))
	for _, c := range columns {
		c.Release()
	}
	return record
}
