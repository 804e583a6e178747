package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"partnerscore/jobs/internal/storage"
)

// probe is an object that the checks write.
type probe struct {
	client        Client
	name          string
	first, second Object // its versions
}

// Checks are of the requests that publishing stands on. They end with the first that fails.
func (s *Store) Checks(ctx context.Context, runID string) (checks []storage.Check) {
	p := &probe{client: s.client, name: path.Join(stagingName, runID, "self-test", "object")}
	for _, check := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"write an object where none is (If-None-Match)", p.create},
		{"refuse to write it a second time", p.refuseCreate},
		{"replace the version that was read (If-Match)", p.replace},
		{"refuse to replace a version that is gone", p.refuseReplace},
		{"refuse to read a version that is gone", p.refuseRead},
		{"read the new version, with the hash it was written with", p.read},
		{"list it", p.list},
		{"say when it was written, by the clock of the store", p.clock},
		{"delete it", p.remove},
	} {
		err := check.do(ctx)
		if checks = append(checks, storage.Check{Name: check.name, Err: err}); err != nil {
			return checks
		}
	}
	return checks
}

func (p *probe) put(ctx context.Context, text string, condition Condition) (Object, error) {
	return p.client.Put(ctx, p.name, contentOf([]byte(text)), condition)
}

// mustRefuse is the error of a store that made a request although its condition did not hold.
func (p *probe) mustRefuse(header string, err error) error {
	if errors.Is(err, ErrCondition) {
		return nil
	}
	if err != nil {
		return err
	}
	return p.unusable("the store ignores " + header)
}

// unusable is the error of a store that does not do what publishing stands on.
func (p *probe) unusable(what string) error {
	return &storage.UnusableError{Root: p.client.Where(""), What: what + "; choose another store"}
}

func (p *probe) create(ctx context.Context) (err error) {
	p.first, err = p.put(ctx, "one", Condition{Absent: true})
	return err
}

func (p *probe) refuseCreate(ctx context.Context) error {
	_, err := p.put(ctx, "other", Condition{Absent: true})
	return p.mustRefuse("If-None-Match of a write", err)
}

func (p *probe) replace(ctx context.Context) (err error) {
	p.second, err = p.put(ctx, "two", Condition{Version: p.first.Version})
	if err == nil && p.second.Version == p.first.Version {
		return p.unusable(fmt.Sprintf("the version of %s is the same after it was replaced: %s", p.name, p.second.Version))
	}
	return err
}

func (p *probe) refuseReplace(ctx context.Context) error {
	_, err := p.put(ctx, "other", Condition{Version: p.first.Version})
	return p.mustRefuse("If-Match of a write", err)
}

func (p *probe) refuseRead(ctx context.Context) error {
	body, _, err := p.client.Get(ctx, p.name, p.first.Version, 0, -1)
	if err == nil {
		err = body.Close()
	}
	return p.mustRefuse("If-Match of a read", err)
}

func (p *probe) read(ctx context.Context) error {
	body, o, err := p.client.Get(ctx, p.name, p.second.Version, 0, -1)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		return err
	}
	if want := contentOf([]byte("two")); string(data) != "two" || o.SHA256 != want.SHA256 {
		return p.unusable(p.name + " has other bytes or another hash than it was written with")
	}
	return nil
}

func (p *probe) list(ctx context.Context) error {
	found, err := p.client.List(ctx, path.Dir(p.name)+"/")
	if err != nil {
		return err
	}
	here := func(o Object) bool { return o.Name == p.name && o.Version == p.second.Version && o.Bytes == 3 }
	if !slices.ContainsFunc(found, here) {
		return p.unusable("the list of " + path.Dir(p.name) + " lacks the version that was just written")
	}
	return nil
}

// clock checks what the age of a lock is computed from.
func (p *probe) clock(ctx context.Context) error {
	o, err := p.client.Head(ctx, p.name)
	if err != nil {
		return err
	}
	if age := o.Served.Sub(o.Modified); o.Served.IsZero() || o.Modified.IsZero() || age < -5*time.Second || age > 30*time.Second {
		return p.unusable(fmt.Sprintf("%s was just written, but the store says it was %s ago (Date %s, Last-Modified %s)", p.name, age,
			o.Served.UTC().Format(time.RFC3339), o.Modified.UTC().Format(time.RFC3339)))
	}
	return nil
}

func (p *probe) remove(ctx context.Context) error {
	if err := p.client.Delete(ctx, p.name); err != nil {
		return err
	}
	switch _, err := p.client.Head(ctx, p.name); {
	case err == nil:
		return p.unusable(p.name + " is still there")
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}
