package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
)

// readyOptions say when the export of the previous month is taken for complete, and how long it is waited for.
type readyOptions struct {
	freshAfter int     // day of the month after; 0: any
	minRows    float64 // share of the usual number of rows
	waitUntil  *time.Duration
	restated   bool
}

func (o *readyOptions) options() []*option {
	return []*option{
		{name: "fresh-after", value: "DAY", usage: "without --month: before this day of this month (UTC) the export of the previous month is taken as not ready, 1 to 28",
			standard: "any day", read: into(&o.freshAfter, readMonthDay)},
		{name: "min-rows", value: "SHARE", usage: "without --month: an export with fewer rows than this share of the usual, the median of the six months before, " +
			"is taken as not ready; 0 takes any, with --month, too, also one without rows",
			standard: "0.5", read: into(&o.minRows, readRatio)},
		{name: "wait-until", value: "TIME", usage: "look again every five minutes for an input that is missing or not ready, until this time of the same day (UTC), like 18:00",
			standard: "do not wait", read: into(&o.waitUntil, readClock)},
		{name: "restated", usage: "afterwards score again every published month whose inputs, rules or settings changed since, as backfill --stale does",
			read: into(&o.restated, readSwitch)},
	}
}

// readMonthDay reads a day that every month has.
func readMonthDay(text string) (int, error) {
	day, err := strconv.Atoi(text)
	if err != nil || day < 1 || day > 28 {
		return 0, fmt.Errorf("want a day of the month from 1 to 28, got %q", text)
	}
	return day, nil
}

// readClock reads a time of day.
func readClock(text string) (*time.Duration, error) {
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return nil, fmt.Errorf("want a time of day like 18:00, got %q", text)
	}
	ofDay := time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	return &ofDay, nil
}

// readiness is what a month that nobody named must meet.
func (o *readyOptions) readiness(now time.Time) inputs.Readiness {
	r := inputs.Readiness{Share: o.minRows}
	if o.freshAfter > 0 {
		now = now.UTC()
		r.From = time.Date(now.Year(), now.Month(), o.freshAfter, 0, 0, 0, 0, time.UTC)
	}
	return r
}

// deadline is when the clock shows the time to wait until, on the day that it is: a retry after it does not wait for another day.
func (o *readyOptions) deadline(now time.Time) time.Time {
	if o.waitUntil == nil {
		return now
	}
	now = now.UTC()
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return day.Add(*o.waitUntil)
}

// waitStep is the time between two looks at the inputs: long enough to cost nothing, where text files are read whole to count their rows.
const waitStep = 5 * time.Minute

// whenReady does what needs inputs, again and again while these are not there and there is time.
func (p *program) whenReady(ctx context.Context, o *readyOptions, j *job, do func() error) error {
	until, said := o.deadline(p.clock()), ""
	for {
		err := do()
		left := until.Sub(p.clock())
		if fault.Of(err) != fault.Missing || left <= 0 {
			return err
		}
		if why := firstSentence(err); why != said {
			said = why
			j.log.Warn("inputs are not ready, waiting", "until", until.Format(time.RFC3339), "why", why)
		}
		if err := p.sleep(ctx, min(left, waitStep)); err != nil {
			return err
		}
	}
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// scoreAgain scores the months that were restated since they were published. A month that could not be scored before, since it is not
// ready, stays as it is.
func (p *program) scoreAgain(ctx context.Context, opt months.Options, o *scoreOptions, j *job, scored error) (again []backfillMonth, err error) {
	if !o.restated || scored != nil && fault.Of(scored) != fault.Missing {
		return nil, scored
	}
	rng := months.Range{Stale: true, KeepGoing: true}
	if scored != nil {
		rng.To = o.month.Add(-1)
	}
	opt.Ready = inputs.Readiness{}
	again = []backfillMonth{}
	_, err = months.Backfill(ctx, opt, rng, func(_, _ int, r months.MonthResult) {
		j.tellMonth(r)
		again = append(again, newBackfillMonth(r))
	})
	if isA[*exports.MissingError](err) && !isA[*months.BackfillError](err) {
		err = nil // no exports at all, which the month has been told of
	}
	return again, errors.Join(scored, err)
}
