package s3

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
)

// TestSuite runs against the store whose endpoint PARTNERSCORE_TEST_S3 names; `bash .ci/run emulators tests` starts one.
func TestSuite(t *testing.T) {
	endpoint := os.Getenv("PARTNERSCORE_TEST_S3")
	if endpoint == "" {
		t.Skip("PARTNERSCORE_TEST_S3 is not set")
	}
	variables := map[string]string{"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "testkey", "AWS_SECRET_ACCESS_KEY": "testsecret"}
	env := func(name string) string { return variables[name] }
	places := 0
	for _, prefix := range []string{"", "/exports/a b%20é"} {
		t.Run("prefix"+prefix, func(t *testing.T) {
			buckettest.Suite(t, func(t *testing.T) bucket.Client {
				places++
				address, err := storage.ParseAddress(fmt.Sprintf("s3://test-%d-%d%s", time.Now().UnixNano(), places, prefix))
				if err != nil {
					t.Fatal(err)
				}
				c, err := open(t.Context(), address, env, remote.DefaultLimits(), buckettest.PageSize)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := c.Head(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "does not exist; create it") {
					t.Errorf("no bucket: %v", err)
				}
				if _, err := c.sdk.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: &address.Container}); err != nil {
					t.Fatal(err)
				}
				return c
			})
		})
	}
}
