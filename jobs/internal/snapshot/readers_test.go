package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
	"time"
)

// A reader that looks at manifest and tables all the time, while the month is published
// again and again, sees whole files and no error.
func TestReadersDuringPublishes(t *testing.T) {
	versions := []int{1, 2, 3}
	fx := newFixtures(t, 50, versions...)
	known := map[string]string{} // hash → table
	for _, v := range versions {
		for table, data := range fx.contents(t, v) {
			sum := sha256.Sum256([]byte(data))
			known[hex.EncodeToString(sum[:])] = table
		}
	}
	root := fastDir(t)
	mustPublish(t, fx, root, 1)

	stop, result := make(chan struct{}), make(chan error)
	rounds := 0
	go func() {
		s, err := open(root)
		for ; err == nil; rounds++ {
			select {
			case <-stop:
				result <- nil
				return
			default:
				err = readMonth(t.Context(), s, known)
			}
		}
		result <- err
	}()
	s := mustOpen(t, root)
	for i := range 50 {
		changed, err := fx.publish(s, fmt.Sprintf("run-%d", i), versions[(i+1)%len(versions)])
		if err != nil || !changed {
			t.Fatalf("publish %d: %v, %v", i, changed, err)
		}
		select {
		case err := <-result:
			t.Fatalf("reader: %v", err)
		default:
		}
	}
	close(stop)
	if err := <-result; err != nil {
		t.Errorf("reader: %v", err)
	}
	if rounds < 10 {
		t.Errorf("the reader came round %d times", rounds)
	}
}

func readMonth(ctx context.Context, s *Store, known map[string]string) error {
	if _, err := s.Manifest(ctx, june()); err != nil {
		return err
	}
	for _, t := range Tables() {
		data, err := os.ReadFile(tablePath(s, t.Name))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		if got := known[hex.EncodeToString(sum[:])]; got != t.Name {
			return fmt.Errorf("table %s: %d bytes that no version of it has", t.Name, len(data))
		}
	}
	return nil
}

// Verify at the same time may see a publish on its way, and nothing worse.
func TestVerifyDuringPublishes(t *testing.T) {
	t.Run("plain", func(t *testing.T) { verifyDuring(t, newFixtures(t, 5, 1, 2)) })
	t.Run("delta", func(t *testing.T) { verifyDuring(t, deltaFixtures(t, 1, 2)) })
}

func verifyDuring(t *testing.T, fx fixtures) {
	root := fastDir(t)
	mustPublish(t, fx, root, 1)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		s := mustOpen(t, root)
		for v := 2; ; v = 3 - v {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				if _, err := fx.publish(s, "r", v); err != nil {
					t.Errorf("publish: %v", err)
					return
				}
			}
		}
	}()
	s := mustOpen(t, root)
	for range 50 {
		diffs, err := s.Verify(t.Context())
		if err != nil {
			t.Errorf("verify: %v", err)
		}
		for _, d := range diffs {
			if d.Table != "" || d.Month != june() {
				t.Errorf("verify: %+v", d)
			}
		}
	}
	close(stop)
	<-done
}
