package runs

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/storage"
)

// SelfTest is the result of `status --self-test`.
type SelfTest struct {
	Snapshots string          `json:"snapshots"`
	Checks    []SelfTestCheck `json:"checks"`
}

// SelfTestCheck is one check.
type SelfTestCheck struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Error string `json:"error"` // empty where it passed
}

// NewSelfTest makes the result from checks.
func NewSelfTest(snapshots string, checks []storage.Check) SelfTest {
	r := SelfTest{Snapshots: snapshots}
	for _, c := range checks {
		line := SelfTestCheck{Name: c.Name, OK: c.Err == nil}
		if c.Err != nil {
			line.Error = c.Err.Error()
		}
		r.Checks = append(r.Checks, line)
	}
	return r
}

// Text has a line per check.
func (r SelfTest) Text(width int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Self-test of %s\n\n", show.Printable(r.Snapshots))
	failed := 0
	for _, c := range r.Checks {
		if c.OK {
			fmt.Fprintf(&b, "ok      %s\n", c.Name)
			continue
		}
		failed++
		fmt.Fprintf(&b, "FAILED  %s\n%s", c.Name, show.Indented(c.Error, len("FAILED  "), width))
	}
	if failed == 0 {
		b.WriteString("\nThe place can keep snapshots.\n")
	} else {
		b.WriteString("\nThe place cannot keep snapshots as it is.\n")
	}
	return b.String()
}
