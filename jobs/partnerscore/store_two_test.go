package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// rounds is how often a loop runs: 50 times where every point is visited. Azurite is slow.
func (s *storeLab) rounds(short int) int {
	switch {
	case everyPoint:
		return 50
	case longFaults && s.emulator.Name == "azure":
		return 6
	case longFaults:
		return 15
	default:
		return short
	}
}

// TestStoreTwoRuns starts two runs at once on one store. One of them scores; the other one ends with 5, or waits and finds nothing to do. The month is
// that of a run alone.
func TestStoreTwoRuns(t *testing.T) {
	onStores(t, "s3", func(t *testing.T, s *storeLab) {
		s.mustScore(t, lastMonth)
		wants := map[int]map[string]month{}
		held := 0
		for round := range s.rounds(3) {
			version := 2 + round%2
			writeExports(t, s.folder, version)
			s.upload(t)
			if wants[version] == nil {
				alone := s.localLab(t)
				alone.mustScore(t, lastMonth)
				wants[version], _ = alone.published(t)
			}
			var flags []string
			if round%2 == 1 {
				flags = []string{"--lock-wait", "1m"}
			}
			runs := []*started{s.start(t, s.score(lastMonth, flags...)...), s.start(t, s.score(lastMonth, flags...)...)}
			done := 0
			for _, run := range runs {
				switch code := run.end(t, 2*time.Minute); {
				case code == exitDone:
					done++
				case code == exitHeld && flags == nil:
					held++
				default:
					t.Errorf("round %d: ended with %d: %s", round, code, run.stderr.String())
				}
			}
			if done == 0 || flags != nil && done != len(runs) {
				t.Errorf("round %d: %d runs ended well", round, done)
			}
			got, open := s.published(t)
			if sameTables(t, wants[version], got); open != "" {
				t.Errorf("round %d: the publish of %s is open", round, open)
			}
			s.noLeftovers(t)
			if t.Failed() {
				return
			}
		}
		if t.Logf("%d runs found the snapshots held", held); held == 0 && everyPoint {
			t.Error("the two runs never met")
		}
		s.mustVerify(t)
	})
}

// TestStoreReaders asks for an answer again and again while the month is published in two versions by turns: each answer is that of one of them, or
// says that a publish is going on. Facts are not part of a publish: an answer may say that those of a month are newer than the score.
func TestStoreReaders(t *testing.T) {
	onStores(t, "azure", func(t *testing.T, s *storeLab) {
		explain := []string{s.binary, "explain", "--snapshots", s.snapshots, "--month", lastMonth.String(), "--partner", "partner-0", "--format", "json"}
		publish := func(version int) {
			writeExports(t, s.folder, version)
			s.upload(t)
			s.mustScore(t, lastMonth)
		}
		answers := map[string]bool{}
		for version := 2; version <= 3; version++ {
			publish(version)
			e := s.run(t, explain...)
			if e.code != exitDone {
				t.Fatalf("ended with %d: %s", e.code, e.stderr)
			}
			answers[fromTables(e.stdout)] = true
		}
		if len(answers) != 2 || answers[""] {
			t.Fatalf("the two versions have %d answers", len(answers))
		}
		done := make(chan struct{})
		read := make(chan [2]int, 1)
		go func() {
			var whole, open int
			defer func() { read <- [2]int{whole, open} }()
			for {
				select {
				case <-done:
					return
				default:
				}
				e, err := tryToFinish(s.command(t.Context(), explain...))
				switch {
				case err != nil:
					t.Error(err)
					return
				case e.code == exitDone && answers[fromTables(e.stdout)]:
					whole++
				case e.code != exitDone && strings.Contains(e.stderr, "publish"):
					open++
				default:
					t.Errorf("ended with %d: %s%s", e.code, fromTables(e.stdout), e.stderr)
					return
				}
			}
		}()
		for i := range s.rounds(2) {
			publish(2 + i%2)
		}
		close(done)
		n := <-read
		if t.Logf("%d answers, %d times a publish was going on", n[0], n[1]); n[0] == 0 {
			t.Error("there was no answer")
		}
	})
}

// fromTables returns what an answer of explain has from the published tables: all that is one value. It is empty where the answer has another form.
func fromTables(answer string) string {
	var parsed map[string]any
	if json.Unmarshal([]byte(answer), &parsed) != nil {
		return ""
	}
	kept := map[string][]map[string]any{}
	for _, table := range []string{"areas", "customers", "services"} {
		rows, ok := parsed[table].([]any)
		if !ok || len(rows) == 0 {
			return ""
		}
		for _, row := range rows {
			values := map[string]any{}
			for name, value := range row.(map[string]any) {
				switch value.(type) {
				case string, float64, bool:
					values[name] = value
				}
			}
			kept[table] = append(kept[table], values)
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return ""
	}
	return string(text)
}
