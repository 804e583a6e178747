package bucket

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
)

// Timing says how long things take that concern the lock. Renew < Fresh < Stale.
type Timing struct {
	Renew time.Duration // between two renewals
	Fresh time.Duration // a writer whose last renewal is older renews before it changes anything
	Stale time.Duration // a lock that was not renewed for so long is free, by the clock of the store
	Poll  time.Duration // between two tries of a run that waits
}

// DefaultTiming leaves a writer that is held up between two requests 20 seconds, which is more than the deadline of a request.
func DefaultTiming() Timing {
	return Timing{Renew: 15 * time.Second, Fresh: 40 * time.Second, Stale: time.Minute, Poll: time.Second}
}

// LostLockError reports that another run took the lock, because this one did not renew it in time. Nothing it had not yet published will be.
type LostLockError struct{ Root string }

func (e *LostLockError) FaultKind() string { return fault.Held }

func (e *LostLockError) Error() string {
	return fmt.Sprintf("snapshots %s: this run was held up and another one took the lock; nothing is half-published, run it again", e.Root)
}

func (e *LostLockError) Unwrap() error { return storage.ErrReleased }

// Lock takes the register when it is free, or when its holder has not renewed it for too long.
func (s *Store) Lock(ctx context.Context, wait time.Duration, runID string) (storage.Writer, error) {
	if err := storage.CheckRunID(runID); err != nil {
		return nil, fmt.Errorf("lock snapshots: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	me := &holder{ID: rand.Text(), RunID: runID, Host: host, PID: os.Getpid(), Started: time.Now().UTC().Truncate(time.Second)}
	for deadline := time.Now().Add(wait); ; {
		w, other, err := s.tryLock(ctx, me)
		if err != nil {
			return nil, fmt.Errorf("lock snapshots %s: %w", s.Where(""), err)
		}
		if w != nil {
			if err := w.begin(ctx); err != nil {
				return nil, fmt.Errorf("lock snapshots %s: %w", s.Where(""), err)
			}
			return w, nil
		}
		if !time.Now().Before(deadline) {
			return nil, other
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock snapshots %s: %w", s.Where(""), context.Cause(ctx))
		case <-time.After(min(s.timing.Poll, time.Until(deadline)+time.Millisecond)):
		}
	}
}

// tryLock returns nil and who holds the lock where somebody else does, or was faster.
func (s *Store) tryLock(ctx context.Context, me *holder) (*writer, *storage.HeldError, error) {
	asked := time.Now()
	r, version, age, err := load(ctx, s.client)
	if err != nil {
		return nil, nil, err
	}
	if h := r.Holder; h != nil && age < s.timing.Stale {
		return nil, &storage.HeldError{Root: s.Where(""), PID: h.PID, Host: h.Host, RunID: h.RunID, Started: h.Started, Outlast: s.timing.Stale}, nil
	}
	w := &writer{Store: s, lease: &lease{turn: make(chan struct{}, 1), client: s.client, timing: s.timing, register: r, version: version, renewed: asked}}
	w.register.Holder = me
	switch err := w.swap(ctx, w.register); {
	case errors.Is(err, errSwapLost):
		return nil, &storage.HeldError{Root: s.Where(""), Outlast: s.timing.Stale}, nil
	case err != nil:
		return nil, nil, err
	}
	return w, nil, nil
}

// begin starts the renewals, once it is sure that the store obeys conditions.
func (w *writer) begin(ctx context.Context) error {
	var tested error
	if !w.obeys.Load() {
		tested = w.selfTest(ctx)
		w.obeys.Store(tested == nil)
	}
	w.ctx = context.WithoutCancel(ctx)
	renewing, stop := context.WithCancel(w.ctx)
	w.stop = stop
	w.renewals.Go(func() { w.keep(renewing) })
	if tested != nil {
		return errors.Join(tested, w.Release())
	}
	return nil
}

// selfTest makes two puts of the register that the store must refuse: all safety stands on it. They would change nothing.
func (l *lease) selfTest(ctx context.Context) error {
	data, err := json.Marshal(l.register)
	if err != nil {
		return err
	}
	for header, condition := range map[string]Condition{"If-None-Match": {Absent: true}, "If-Match": {Version: `"0x0123456789abcde"`}} {
		_, err := l.client.Put(ctx, registerName, contentOf(append(data, '\n')), condition)
		switch {
		case errors.Is(err, ErrCondition):
		case err != nil:
			return err
		default:
			return &storage.UnusableError{Root: l.client.Where(""), What: "the store ignores the condition " + header +
				" of a write, so that two runs could damage each other's months; choose another store"}
		}
	}
	return nil
}

// lease is the lock as its holder knows it. Its own goroutine renews it.
type lease struct {
	client Client
	timing Timing

	renewals sync.WaitGroup
	ctx      context.Context // of the renewals and of the release, which must not end with the run
	stop     context.CancelFunc

	turn     chan struct{} // is taken over what follows, and over each change of the register
	register register
	version  string
	puts     int
	renewed  time.Time // when the last put that was made was asked for
	lost     bool
	released bool
}

// take waits for the turn of the caller, which gives it back by done.
func (l *lease) take() (done func()) {
	l.turn <- struct{}{}
	return func() { <-l.turn }
}

// keep renews the lock until ctx ends.
func (l *lease) keep(ctx context.Context) {
	ticker := time.NewTicker(l.timing.Renew)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = l.change(ctx, nil) // the next step of the writer meets the error
		}
	}
}

// swap puts the next register; the caller has its turn, or is alone.
func (l *lease) swap(ctx context.Context, next register) error {
	l.puts++
	next.Seq = fmt.Sprintf("%s.%s.%d", next.Holder.orNobody().RunID, rand.Text(), l.puts)
	asked := time.Now()
	version, err := swap(ctx, l.client, l.version, next)
	if err != nil {
		return err
	}
	l.register, l.version, l.renewed = next, version, asked
	return nil
}

func (h *holder) orNobody() holder {
	if h == nil {
		return holder{RunID: "free"}
	}
	return *h
}

// change changes the register, and renews the lock by it; nil changes nothing else. It fails with a *LostLockError once another run has the lock.
func (l *lease) change(ctx context.Context, set func(r *register)) error {
	defer l.take()()
	if err := l.held(); err != nil {
		return err
	}
	for {
		next := l.register
		if set != nil {
			set(&next)
		}
		err := l.swap(ctx, next)
		if !errors.Is(err, errSwapLost) {
			return err
		}
		// It may be a put of this holder, whose answer was lost and which was made late.
		me := l.register.Holder.ID
		found, version, _, err := load(context.WithoutCancel(ctx), l.client)
		if err != nil {
			return err
		}
		if found.Holder == nil || found.Holder.ID != me {
			l.lost = true
			return l.held()
		}
		l.register, l.version = found, version
	}
}

// held is the error of a writer without the lock, as far as it knows.
func (l *lease) held() error {
	switch {
	case l.lost:
		return &LostLockError{Root: l.client.Where("")}
	case l.released:
		return storage.ErrReleased
	}
	return nil
}

// fresh makes sure that the lock was renewed lately: whatever the writer does next ends before another run can take the lock.
func (l *lease) fresh(ctx context.Context) error {
	done := l.take()
	err, age := l.held(), time.Since(l.renewed)
	done()
	if err != nil || age < l.timing.Fresh {
		return err
	}
	return l.change(ctx, nil)
}

func (l *lease) Release() error {
	done := l.take()
	err := l.held()
	done()
	l.stop()
	l.renewals.Wait()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(l.ctx, l.timing.Fresh)
	defer cancel()
	err = l.change(ctx, func(r *register) { r.Holder = nil })
	defer l.take()()
	l.released = true
	return err
}
