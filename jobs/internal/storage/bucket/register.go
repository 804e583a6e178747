package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"partnerscore/jobs/internal/storage"
)

// registerName is the object that holds the lock and the open publish. It is replaced by conditional puts only, and never deleted.
const registerName = ".lock"

// registerVersion is the version of the register's layout.
const registerVersion = 1

// register is the content of .lock. Lock and open publish are one object, so that one conditional put changes both: whoever has lost the lock
// cannot open or close a publish.
type register struct {
	SchemaVersion int `json:"schema_version"`
	// Seq is another one at each put. It tells a put whose answer was lost from the put of somebody else, and makes versions differ in stores
	// whose version is a hash of the bytes.
	Seq    string  `json:"seq"`
	Holder *holder `json:"holder,omitempty"` // nil: the lock is free
	// Open is what Begin was given; nil: no publish is open.
	Open *string `json:"open,omitempty"`
}

// holder says who holds the lock.
type holder struct {
	ID      string    `json:"id"` // of this one lock, random
	RunID   string    `json:"run_id"`
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// load reads the register and says which version of it was read; the version of none is "". age is the time since its last put by the clock of
// the store.
func load(ctx context.Context, c Client) (r register, version string, age time.Duration, err error) {
	body, o, err := c.Get(ctx, registerName, "", 0, -1)
	if errors.Is(err, fs.ErrNotExist) {
		return register{SchemaVersion: registerVersion}, "", 0, nil
	}
	if err != nil {
		return r, "", 0, err
	}
	data, err := io.ReadAll(io.LimitReader(body, 16<<20))
	if err := errors.Join(err, body.Close()); err != nil {
		return r, "", 0, fmt.Errorf("read %s: %w", c.Where(registerName), err)
	}
	if o.SHA256 != "" && o.SHA256 != contentOf(data).SHA256 {
		return r, "", 0, incomplete(c.Where(registerName), "other bytes arrived than were written")
	}
	if err := json.Unmarshal(data, &r); err != nil || r.SchemaVersion != registerVersion {
		what := fmt.Sprintf("%s is not the lock of this program, or was damaged; delete it when no run is writing", c.Where(registerName))
		return r, "", 0, &storage.UnusableError{Root: c.Where(""), What: what, Err: err}
	}
	return r, o.Version, o.Served.Sub(o.Modified), nil
}

// errSwapLost reports that somebody else changed the register.
var errSwapLost = errors.New("another run has changed the register")

// swap replaces the register where it still has the version. When the answer is an error, the register says whether the put was made.
func swap(ctx context.Context, c Client, version string, next register) (now string, err error) {
	data, err := json.Marshal(next)
	if err != nil {
		return "", err
	}
	o, err := c.Put(ctx, registerName, contentOf(append(data, '\n')), Condition{Absent: version == "", Version: version})
	if err == nil {
		return o.Version, nil
	}
	found, at, _, asked := load(context.WithoutCancel(ctx), c)
	switch {
	case asked != nil:
		return "", errors.Join(err, asked)
	case found.Seq == next.Seq:
		return at, nil
	case at != version:
		return "", errSwapLost
	default:
		return "", err
	}
}

func contentOf(data []byte) Content {
	return Content{Body: bytes.NewReader(data), Bytes: int64(len(data)), SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}
}
