package fault

import (
	"errors"
	"fmt"
	"testing"
)

type kinded struct{ kind, advice string }

func (e kinded) Error() string       { return e.kind }
func (e kinded) FaultKind() string   { return e.kind }
func (e kinded) FaultAdvice() string { return e.advice }

func TestOf(t *testing.T) {
	plain := errors.New("plain")
	missing, broken := kinded{Missing, "wait"}, kinded{Broken, ""}
	for _, c := range []struct {
		err    error
		kind   Kind
		code   int
		advice string
	}{
		{nil, Done, 0, ""},
		{plain, Internal, 1, Kind(Internal).Advice()},
		{fmt.Errorf("read: %w", missing), Missing, 3, "wait"},
		{errors.Join(plain, broken), Broken, 4, Kind(Broken).Advice()},
		{errors.Join(broken, fmt.Errorf("and %w", missing)), Missing, 3, "wait"},
		{errors.Join(missing, kinded{Missing, "wait longer"}), Missing, 3, "wait"},
		{errors.Join(kinded{Missing, ""}, kinded{Missing, "wait longer"}), Missing, 3, "wait longer"},
		{errors.Join(missing, kinded{Usage, ""}), Usage, 2, Kind(Usage).Advice()},
		{kinded{"a kind of somebody else", "x"}, Internal, 1, Kind(Internal).Advice()},
		{kinded{Held, ""}, Held, 5, Kind(Held).Advice()},
		{Errorf(Held, "no more: %w", plain), Held, 5, Kind(Held).Advice()},
		{Errorf(Internal, "no more: %w", missing), Missing, 3, "wait"},
		{kinded{Differs, ""}, Differs, 6, Kind(Differs).Advice()},
		{kinded{Interrupted, ""}, Interrupted, 130, Kind(Interrupted).Advice()},
	} {
		if kind := Of(c.err); kind != c.kind || kind.ExitCode() != c.code || Advice(c.err) != c.advice {
			t.Errorf("%v: %s, exit code %d, advice %q", c.err, kind, kind.ExitCode(), Advice(c.err))
		}
	}
}
