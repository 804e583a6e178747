package azure

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
)

// TestSuite runs against the account that PARTNERSCORE_TEST_AZURE names by a connection string; `bash .ci/run emulators tests` starts one.
func TestSuite(t *testing.T) {
	connection := os.Getenv("PARTNERSCORE_TEST_AZURE")
	if connection == "" {
		t.Skip("PARTNERSCORE_TEST_AZURE is not set")
	}
	env := func(name string) string { return map[string]string{connectionVariable: connection}[name] }
	places := 0
	for _, prefix := range []string{"", "/exports/a b%20é"} {
		t.Run("prefix"+prefix, func(t *testing.T) {
			buckettest.Suite(t, func(t *testing.T) bucket.Client {
				places++
				address, err := storage.ParseAddress(fmt.Sprintf("az://test-%d-%d%s", time.Now().UnixNano(), places, prefix))
				if err != nil {
					t.Fatal(err)
				}
				c, err := open(address, env, remote.DefaultLimits(), buckettest.PageSize)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := c.Head(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "does not exist; create it") {
					t.Errorf("no container: %v", err)
				}
				if _, err := c.container.Create(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _, _ = c.container.Delete(context.Background(), nil) })
				return c
			})
		})
	}
}
