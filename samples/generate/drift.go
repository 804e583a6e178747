package main

// layout is how a month's rows are spread over files, and the columns of each file.
type layout struct {
	files   int
	columns func(file int) []column
	// offerIDs: in this month the offer of every other row is named by its id instead of its type.
	offerIDs bool
}

// layoutOf says what the exports of a month look like: the names, types and number of files drift over the years, as
// they do in a lake that was filled by hand first and by a job later.
func layoutOf(m month) layout {
	switch {
	case m < monthOf(202301):
		return layout{files: 1, columns: func(int) []column { return firstColumns(m) }}
	case m < monthOf(202307):
		return layout{files: 1 + int(m%2), columns: func(int) []column { return secondColumns(m) }}
	}
	l := layout{files: 1 + int(m%3), offerIDs: m == monthOf(202404)}
	l.columns = func(file int) []column {
		month, amount := dateMonth("Month", m), decimalAmount("ACR_USD")
		switch m {
		case monthOf(202308):
			amount = doubleAmount("ACR_USD")
		case monthOf(202311):
			month = textMonth("Month", "1/2/2006", m)
		case monthOf(202402):
			month = timestampMonth("Month", m)
		case monthOf(202405):
			if file == 1 { // one file of this month comes from another job: other names, other order
				return secondColumns(m)
			}
		}
		return currentColumns(m, month, amount)
	}
	return l
}

// firstColumns are the oldest exports: few columns, everything is text.
func firstColumns(m month) []column {
	return []column{
		textMonth("UsageMonth", "2006-01", m), textColumn("PartnerID", location), textColumn("PGAPartnerID", global),
		textColumn("AssociationType", association), textColumn("TenantId", tenant), textColumn("CustomerName", customer),
		textColumn("SubscriptionGuid", subscriptionID), textColumn("ServiceName", level2), textColumn("InstanceId", resource),
		textColumn("OfferName", offer), textAmount("TotalACR"),
	}
}

func secondColumns(m month) []column {
	return []column{
		textColumn("MpnId", location), textColumn("PGA_MPNID", global), textColumn("AttributionType", association),
		textColumn("Tenant-Id", bracedTenant), textColumn("Customer Name", customer), textColumn("TopSegment", segment),
		textColumn("SubscriptionId", subscriptionID), textColumn("Service_Level_1", level1), textColumn("Service_Level_2", level2),
		textColumn("Service_Level_3", level3), textColumn("Service_Level_4", level4), textColumn("InstanceId", resource),
		textColumn("OfferType", offer), decimalAmount("ACRUSD"), textMonth("UsageDate", "2006-01-02T15:04:05", m),
	}
}

func currentColumns(m month, month, amount column) []column {
	first, second := textColumn("MPNID", location), textColumn("PGAMpnID", global)
	if m == monthOf(202401) {
		first, second = integerColumn("MPNID", location), integerColumn("PGAMpnID", global)
	}
	columns := []column{
		month, first, second, textColumn("PartnerAttributionType", association), textColumn("CustomerTenantId", tenant),
		textColumn("CustomerName", customer), textColumn("CustomerSegment", segment), textColumn("SubscriptionId", subscriptionID),
		textColumn("ServiceLevel1", level1), textColumn("ServiceLevel2", level2), textColumn("ServiceLevel3", level3),
		textColumn("ServiceLevel4", level4), textColumn("ResourceId", resource), textColumn("OfferType", offer), amount,
	}
	if m == monthOf(202404) {
		columns = append(columns, textColumn("OfferId", offerID))
	}
	if m >= monthOf(202406) { // columns that nobody asked for
		columns = append(columns, textColumn("CustomerMarket", func(usageRow) string { return "Invented" }))
	}
	return columns
}

// offerIDOf is an offer's id, empty where this table has none.
func offerIDOf(offer string) string {
	return map[string]string{
		"Trial": "MS-AZR-0044P", "Support": "MS-AZR-0041P", "Internal": "MS-AZR-0015P", "Benefit Programs": "MS-AZR-0029P",
		"Azure plan": "MS-AZR-0017G", "Pay-As-You-Go": "MS-AZR-0003P", "Enterprise Agreement": "MS-AZR-0017P",
	}[offer]
}
