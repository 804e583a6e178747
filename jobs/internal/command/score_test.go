package command

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestDeadline(t *testing.T) {
	at := func(clock string) time.Time {
		now, err := time.Parse("2006-01-02 15:04:05", clock)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	for _, c := range []struct{ now, until, want string }{
		{"2024-07-20 06:00:00", "18:00", "2024-07-20 18:00:00"},
		{"2024-07-20 18:00:00", "18:00", "2024-07-20 18:00:00"},
		{"2024-07-20 18:00:01", "18:00", "2024-07-20 18:00:00"},
		{"2024-07-31 22:00:00", "05:30", "2024-07-31 05:30:00"},
	} {
		until, err := readClock(c.until)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&scoreOptions{waitUntil: until}).deadline(at(c.now)); got != at(c.want) {
			t.Errorf("%s until %s: %s, want %s", c.now, c.until, got, c.want)
		}
	}
	now := at("2024-07-20 06:00:00").In(time.FixedZone("", 3600))
	if got := (&scoreOptions{}).deadline(now); got != now {
		t.Errorf("without --wait-until: %s", got)
	}
	for _, bad := range []string{"24:00", "6", "", "18:00:00", "noon"} {
		if _, err := readClock(bad); err == nil {
			t.Errorf("%q is taken for a time of day", bad)
		}
	}
	for text, want := range map[string]error{"0": errors.New(""), "29": errors.New(""), "x": errors.New(""), "1": nil, "28": nil} {
		if _, err := readMonthDay(text); (err == nil) != (want == nil) {
			t.Errorf("day %q: %s", text, fmt.Sprint(err))
		}
	}
}
