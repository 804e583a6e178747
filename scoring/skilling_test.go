package scoring

import (
	"testing"
)

// skillingCase is a case of who holds what, and the points of a metric.
type skillingCase struct {
	name    string
	area    Area
	metric  Metric
	held    [][]holding
	asOf    string // 2024-06-30 where empty
	points  int64
	status  Status
	measure int64 // people of the last step
}

// worked returns the skilling cases of the programme page, as of June 2024.
func worked() []skillingCase {
	data := func(name string, points int64, status Status, measure int64, held ...[]holding) skillingCase {
		return skillingCase{name: name, area: DataAI, metric: IntermediateCertifications, held: held, points: points, status: status, measure: measure}
	}
	cases := []skillingCase{
		data("data_ai 1", 12, Scored, 3, hold("AB", "AZ-305"), hold("CD", "AZ-104"), hold("EFG", "DP-203")),
		data("data_ai 2", 8, Scored, 2, hold("AB", "AZ-305"), hold("AB", "AZ-104"), hold("AB", "DP-300")),
		data("data_ai 3, gate 2 unmet", 0, GateUnmet, 2, hold("AB", "AZ-305"), hold("AB", "AI-102")),
		data("data_ai 3, then met", 8, Scored, 2, hold("AB", "AZ-305"), hold("XY", "AZ-104"), hold("AB", "AI-102")),
		data("data_ai 4, gate 1 unmet", 0, GateUnmet, 2, hold("A", "AZ-305"), hold("BC", "AZ-104"), hold("BC", "PL-300")),
		data("data_ai 4, then met", 8, Scored, 2, hold("AB", "AZ-305"), hold("BC", "AZ-104"), hold("BC", "PL-300")),
		data("cap data_ai, eleven", 40, Scored, 11, hold("AB", "AZ-305"), hold("AB", "AZ-104"), hold("ABCDEFGHIJK", "DP-100")),
		data("nobody holds anything", 0, GateUnmet, 0),
	}
	for _, two := range []struct {
		area             Area
		metric           Metric
		gate, list, more string
	}{
		{Infrastructure, IntermediateCertifications, "AZ-104", "AZ-700", "AZ-801"},
		{Infrastructure, AdvancedCertifications, "AZ-305", "AZ-140", "AZ-120"},
		{DigitalAppInnovation, IntermediateCertifications, "AZ-104", "AZ-204", "PL-400"},
		{DigitalAppInnovation, AdvancedCertifications, "AZ-305", "AZ-400", "PL-600"},
	} {
		of := string(two.area) + " " + string(two.metric)
		add := func(name string, points int64, status Status, measure int64, held ...[]holding) {
			cases = append(cases, skillingCase{name: name + " " + of, area: two.area, metric: two.metric, held: held, points: points, status: status, measure: measure})
		}
		add("two-step 1", 8, Scored, 2, hold("AB", two.gate), hold("CD", two.list))
		add("two-step 2", 8, Scored, 2, hold("AB", two.gate), hold("AB", two.list))
		add("two-step 3, gate unmet", 0, GateUnmet, 2, hold("A", two.gate), hold("BC", two.list))
		add("two-step 3, then met", 8, Scored, 2, hold("AB", two.gate), hold("BC", two.list))
		add("cap, six", 20, Scored, 6, hold("AB", two.gate), hold("ABCDEF", two.list))
		add("once per step", 4, Scored, 1, hold("AB", two.gate), hold("C", two.list), hold("C", two.more))
	}
	grace := skillingCase{area: Infrastructure, metric: IntermediateCertifications, held: [][]holding{hold("AB", "AZ-104"), hold("A", "AZ-600")}, status: Scored}
	grace.name, grace.asOf, grace.points, grace.measure = "grace, last day", "2024-07-31", 4, 1
	cases = append(cases, grace)
	grace.name, grace.asOf, grace.points, grace.measure = "grace, over", "2024-08-01", 0, 0
	return append(cases, grace)
}

func TestWorkedSkilling(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for _, c := range worked() {
		t.Run(c.name, func(t *testing.T) {
			asOf := c.asOf
			if asOf == "" {
				asOf = "2024-06-30"
			}
			m := Measures{Skills: skills(r, day(t, asOf), c.held...)}
			have := metricOf(scoreOf(t, r, Enterprise, c.area, m), c.metric)
			if !have.Points.Equal(NewPoints(c.points)) || have.Status != c.status || *have.Measure != *fixedCount(c.measure) {
				t.Errorf("%s points, %s, %d people; want %d, %s, %d", have.Points, have.Status, *have.Measure/micro, c.points, c.status, c.measure)
			}
			if have.Current != nil || have.Baseline != nil {
				t.Error("skilling has a current or baseline value")
			}
		})
	}
}

// TestWorkedSMBSkilling holds the examples of the SMB track, where a gate earns points by itself.
func TestWorkedSMBSkilling(t *testing.T) {
	for _, id := range []string{"azure-2026-05", "azure-2026-07"} {
		for _, c := range []struct {
			name   string
			area   Area
			metric Metric
			people []int64 // by step
			points int64
			status Status
		}{
			{"data_ai 2/2/3", DataAI, IntermediateCertifications, []int64{2, 2, 3}, 20, Scored},
			{"data_ai 2/2/2", DataAI, IntermediateCertifications, []int64{2, 2, 2}, 16, Scored},
			{"data_ai 2/0/2", DataAI, IntermediateCertifications, []int64{2, 0, 2}, 4, GateUnmet},
			{"data_ai 0/2/2", DataAI, IntermediateCertifications, []int64{0, 2, 2}, 4, GateUnmet},
			{"data_ai 0/0/2", DataAI, IntermediateCertifications, []int64{0, 0, 2}, 0, GateUnmet},
			{"data_ai 1/1/0", DataAI, IntermediateCertifications, []int64{1, 1, 0}, 8, Scored},
			{"data_ai cap", DataAI, IntermediateCertifications, []int64{1, 1, 9}, 40, Scored},
			{"infrastructure 2/2", Infrastructure, IntermediateCertifications, []int64{2, 2}, 12, Scored},
			{"infrastructure 1/2", Infrastructure, AdvancedCertifications, []int64{1, 2}, 12, Scored},
			{"digital 0/2", DigitalAppInnovation, AdvancedCertifications, []int64{0, 2}, 0, GateUnmet},
			{"digital cap", DigitalAppInnovation, IntermediateCertifications, []int64{1, 5}, 20, Scored},
		} {
			t.Run(id+" "+c.name, func(t *testing.T) {
				have := metricOf(scoreOf(t, embedded(t, id), SMB, c.area, withPeople(c.area, c.metric, c.people...)), c.metric)
				if !have.Points.Equal(NewPoints(c.points)) || have.Status != c.status {
					t.Errorf("%s points, %s; want %d, %s", have.Points, have.Status, c.points, c.status)
				}
			})
		}
	}
}

// withPeople returns measures with nothing but the people of one metric.
func withPeople(area Area, metric Metric, people ...int64) Measures {
	m := Measures{Skills: map[StepKey]int64{}}
	for i, n := range people {
		m.Skills[StepKey{area, metric, i + 1}] = n
	}
	return m
}

// TestEnterpriseGatesOf2026 makes sure that what the SMB track earns stays on the SMB track.
func TestEnterpriseGatesOf2026(t *testing.T) {
	r := embedded(t, "azure-2026-07")
	for people, want := range map[int64]int64{1: 0, 2: 12} {
		m := withPeople(DataAI, IntermediateCertifications, people, people, 3)
		have := metricOf(scoreOf(t, r, Enterprise, DataAI, m), IntermediateCertifications)
		if !have.Points.Equal(NewPoints(want)) {
			t.Errorf("%d people at each gate: %s points, want %d", people, have.Points, want)
		}
	}
}
