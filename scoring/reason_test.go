package scoring

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reasonCase is a metric and the sentence that explains it.
type reasonCase struct {
	name   string
	book   string
	track  string
	area   Area
	metric Metric
	m      Measures
	want   string
}

func checkReasons(t *testing.T, cases []reasonCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			have := metricOf(scoreOf(t, embedded(t, c.book), c.track, c.area, c.m), c.metric).Reason.String()
			if have != c.want {
				t.Errorf("reason\n%s\nwant\n%s", have, c.want)
			}
		})
	}
}

// set returns measures that earn all points, changed.
func set(change func(*Measures)) Measures {
	m := full()
	change(&m)
	return m
}

// growth returns measures with a consumption of the month, of a year before and of twelve months.
func growth(acr, base, ttm USD) Measures {
	return set(func(m *Measures) { m.ACR, m.ACRBaseline, m.ACRTTM = acr, base, ttm })
}

func TestNetCustomerAddsReasons(t *testing.T) {
	checkReasons(t, []reasonCase{
		{
			"two added", "azure-2023-06", Enterprise, DataAI, NetCustomerAdds, set(func(m *Measures) { m.EligibleCustomers, m.EligibleCustomersBaseline = 12, 10 }),
			"20 of 30 points: 12 customers have 1,000.00 USD or more in this month or the one before, 10 a year ago, 2 net added, 10 points each.",
		},
		{
			"more than the cap", "azure-2026-05", SMB, DataAI, NetCustomerAdds, set(func(m *Measures) { m.EligibleCustomers = 1204 }),
			"30 of 30 points: 1,204 customers have 500.00 USD or more in this month or the one before, 0 a year ago, 1,204 net added, 10 points each, 30 at most.",
		},
		{
			"one added", "azure-2023-06", Enterprise, DataAI, NetCustomerAdds, set(func(m *Measures) { m.EligibleCustomers = 1 }),
			"10 of 30 points: 1 customer has 1,000.00 USD or more in this month or the one before, 0 a year ago, 1 net added, 10 points.",
		},
		{
			"three fewer", "azure-2023-06", Enterprise, DataAI, NetCustomerAdds, set(func(m *Measures) { m.EligibleCustomers, m.EligibleCustomersBaseline = 8, 11 }),
			"0 of 30 points: 8 customers have 1,000.00 USD or more in this month or the one before, 11 a year ago, 3 fewer.",
		},
		{
			"no change", "azure-2023-06", Enterprise, DataAI, NetCustomerAdds, set(func(m *Measures) { m.EligibleCustomersBaseline = 10 }),
			"0 of 30 points: 10 customers have 1,000.00 USD or more in this month or the one before, 10 a year ago, none net added.",
		},
		{
			"usage missing", "azure-2023-06", Enterprise, DataAI, NetCustomerAdds, set(func(m *Measures) { m.Absent.BaselinePair = true }),
			"0 of 30 points: the usage of a month that is compared, this one and the one before or the same two a year ago, is missing.",
		},
	})
}

func TestCertificationsReasons(t *testing.T) {
	checkReasons(t, []reasonCase{
		{
			"people on the list", "azure-2023-06", Enterprise, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 2, 3),
			"12 of 40 points: 3 people hold an additional certification, 4 points each.",
		},
		{
			"one person on the list", "azure-2023-06", Enterprise, Infrastructure, AdvancedCertifications, withPeople(Infrastructure, AdvancedCertifications, 2, 1),
			"4 of 20 points: 1 person holds an additional certification, 4 points.",
		},
		{
			"nobody on the list", "azure-2023-06", Enterprise, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 2),
			"0 of 40 points: nobody holds an additional certification, 4 points for each person who does.",
		},
		{
			"more people than the cap", "azure-2023-06", Enterprise, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 2, 11),
			"40 of 40 points: 11 people hold an additional certification, 4 points each, 40 at most.",
		},
		{
			"a gate", "azure-2023-06", Enterprise, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 1),
			"0 of 40 points: required certification 2, Azure Administrator Associate, has 1 of the 2 people it needs.",
		},
		{
			"two gates", "azure-2023-06", Enterprise, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 1, 0, 3),
			"0 of 40 points: required certification 1, Azure Solutions Architect Expert, has 1 of the 2 people it needs, and required certification 2, Azure Administrator Associate, has 0 of the 2 people it needs; until then the 3 people with an additional certification earn nothing.",
		},
		{
			"SMB gate", "azure-2026-05", SMB, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 0, 1),
			"4 of 40 points: 1 required certification is met, 4 points; required certification 2, Azure Solutions Architect Expert, has 0 of the 1 person it needs; until then the 1 person with an additional certification earns nothing.",
		},
		{
			"SMB gates", "azure-2026-05", SMB, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 2, 3),
			"20 of 40 points: 2 required certifications are met, 4 points each; 3 people hold an additional certification, 4 points each.",
		},
		{
			"SMB cap through gates", "azure-2026-05", SMB, DataAI, IntermediateCertifications, withPeople(DataAI, IntermediateCertifications, 2, 2, 9),
			"40 of 40 points: 2 required certifications are met, 4 points each; 9 people hold an additional certification, 4 points each, 40 at most.",
		},
		{
			"certifications missing", "azure-2023-06", Enterprise, Infrastructure, AdvancedCertifications, set(func(m *Measures) { m.Absent.Certifications = true }),
			"0 of 20 points: the export of certifications is missing, so nobody could be counted.",
		},
	})
}

func TestUsageGrowthReasons(t *testing.T) {
	const year = 2_000_000 * dollar
	checkReasons(t, []reasonCase{
		{
			"growth", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(112_900*dollar, 100_000*dollar, year),
			"12 of 20 points: consumption grew by 12.9 % within a year, from 100,000.00 to 112,900.00 USD; 1 point for each whole percent.",
		},
		{
			"growth over the cap", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(135_000*dollar, 1*dollar, year),
			"20 of 20 points: consumption grew by 13,499,900 % within a year, from 1.00 to 135,000.00 USD; 1 point for each whole percent, 20 at most.",
		},
		{
			"growth that nearly is one percent", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(100_999_999_999_999_999, 100_000_000_000_000_000, year),
			"0 of 20 points: consumption grew by 0.999999999999999 % within a year, from 100,000,000,000.00 to 100,999,999,999.999999 USD; 1 point for each whole percent.",
		},
		{
			"hardly any growth", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(100_000_000_000_000_001, 100_000_000_000_000_000, year),
			"0 of 20 points: consumption grew by 0.000000000000001 % within a year, from 100,000,000,000.00 to 100,000,000,000.000001 USD; 1 point for each whole percent.",
		},
		{
			"a loss", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(200*dollar, 300*dollar, year),
			"0 of 20 points: consumption fell by 33.333333 % within a year, from 300.00 to 200.00 USD.",
		},
		{
			"no growth", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(200*dollar, 200*dollar, year),
			"0 of 20 points: consumption is 200.00 USD, the same as a year ago.",
		},
		{
			"below the gate", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(150*dollar, 100*dollar, 999_990_000),
			"0 of 20 points: consumption of the last twelve months is 999.99 USD and must be 1,000.00 or more to count; consumption grew by 50 % within a year, from 100.00 to 150.00 USD.",
		},
		{
			"no baseline", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(150*dollar, 0, 0),
			"0 of 20 points: consumption of the same month a year ago is 0.00 USD, so there is nothing to measure growth against.",
		},
		{
			"a credit as baseline", "azure-2023-06", Enterprise, DataAI, UsageGrowth, growth(150*dollar, -5*dollar, 0),
			"0 of 20 points: consumption of the same month a year ago is -5.00 USD, a net credit, so growth cannot be measured.",
		},
		{
			"baseline missing", "azure-2023-06", Enterprise, DataAI, UsageGrowth, set(func(m *Measures) { m.Absent.GrowthBaseline = true }),
			"0 of 20 points: the usage of the same month a year ago is missing, so growth could not be measured.",
		},
	})
}

func TestDeploymentsReasons(t *testing.T) {
	checkReasons(t, []reasonCase{
		{
			"services", "azure-2023-06", Enterprise, DataAI, Deployments, set(func(m *Measures) { m.CountedServices = 2 }),
			"4 of 10 points: 2 services that count were used in the last twelve months, 2 points each.",
		},
		{
			"one service", "azure-2023-06", Enterprise, DataAI, Deployments, set(func(m *Measures) { m.CountedServices = 1 }),
			"2 of 10 points: 1 service that counts was used in the last twelve months, 2 points.",
		},
		{
			"many services", "azure-2023-06", Enterprise, DataAI, Deployments, set(func(m *Measures) { m.CountedServices = 6 }),
			"10 of 10 points: 6 services that count were used in the last twelve months, 2 points each, 10 at most.",
		},
		{
			"no service", "azure-2023-06", Enterprise, DataAI, Deployments, set(func(m *Measures) { m.CountedServices = 0 }),
			"0 of 10 points: no service that counts was used in the last twelve months.",
		},
	})
}

// TestGrowthIsNotShownAsMoreThanItIs: the percents of a sentence floor to the points beside them.
func TestGrowthIsNotShownAsMoreThanItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Measures{ACRBaseline: USD(rapid.Int64Range(1, maxFixed6).Draw(t, "base")), ACRTTM: maxFixed6}
		m.ACR = USD(rapid.Int64Range(0, maxFixed6).Draw(t, "acr"))
		num, den := growthRatio(m)
		whole, _, _ := strings.Cut(strings.ReplaceAll(percent(num, den), ",", ""), ".")
		if want := num.Abs(num).Quo(num, den).String(); whole != want {
			t.Fatalf("%s %% shown for %s whole percents", whole, want)
		}
	})
}
