package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
)

// Place is the container and prefix that a client makes requests to. It says for people where and what an error is.
type Place struct {
	Address storage.Address
	Redact  Redactor
}

func (p Place) Where(name string) string {
	if name == "" {
		return p.Address.String()
	}
	return p.Address.String() + "/" + name
}

// Unusable is the error about what the user must set right.
func (p Place) Unusable(what string) error {
	return &storage.UnusableError{Root: p.Where(""), What: what}
}

// Condition is the error of a request whose condition did not hold.
func (p Place) Condition(doing, name string) error {
	return fmt.Errorf("%s %s: %w", doing, p.Where(name), bucket.ErrCondition)
}

// Nothing is the answer to a request for no bytes of an object, which HTTP cannot make; head looks at the object.
func (p Place) Nothing(ctx context.Context, head func(context.Context, string) (bucket.Object, error), name, version string) (io.ReadCloser, bucket.Object, error) {
	o, err := head(ctx, name)
	if err == nil && version != "" && version != o.Version {
		err = p.Condition("read", name)
	}
	if err != nil {
		return nil, bucket.Object{}, err
	}
	return io.NopCloser(bytes.NewReader(nil)), o, nil
}
