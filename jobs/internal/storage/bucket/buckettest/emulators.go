package buckettest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/remote"
)

// Emulator is a server that works like the object store of a cloud, for tests of the whole program.
type Emulator struct {
	Name     string // of the protocol: azure or s3
	Endpoint string // like http://127.0.0.1:10000

	connection string // of azure
}

// The credentials that the emulators are started with. Their documents name them.
const (
	s3Key    = "testkey"
	s3Secret = "testsecret"
)

var endpointOf = regexp.MustCompile(`BlobEndpoint=(https?://[^/;]+)`)

// Emulators returns the emulators that PARTNERSCORE_TEST_AZURE and PARTNERSCORE_TEST_S3 name; `bash .ci/run emulators tests` starts them.
func Emulators() (all []Emulator) {
	if connection := os.Getenv("PARTNERSCORE_TEST_AZURE"); connection != "" {
		if at := endpointOf.FindStringSubmatch(connection); at != nil {
			all = append(all, Emulator{Name: "azure", Endpoint: at[1], connection: connection})
		}
	}
	if endpoint := os.Getenv("PARTNERSCORE_TEST_S3"); endpoint != "" {
		all = append(all, Emulator{Name: "s3", Endpoint: endpoint})
	}
	return all
}

// OnEmulators runs a test on each emulator, side by side. Without an emulator the test is skipped.
func OnEmulators(t *testing.T, test func(t *testing.T, e Emulator)) {
	all := Emulators()
	if len(all) == 0 {
		t.Skip("PARTNERSCORE_TEST_AZURE and PARTNERSCORE_TEST_S3 are not set")
	}
	for _, e := range all {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// Env returns the variables of a process that uses the emulator at an endpoint: its own, or that of a Proxy. They name all credentials, so that
// nothing looks for others.
func (e Emulator) Env(endpoint string) map[string]string {
	if e.Name == "azure" {
		return map[string]string{"AZURE_STORAGE_CONNECTION_STRING": strings.Replace(e.connection, e.Endpoint, endpoint, 1)}
	}
	return map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": s3Key, "AWS_SECRET_ACCESS_KEY": s3Secret,
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	}
}

// containers counts the containers of this process.
var containers atomic.Int64

// Create makes a new container and returns its address.
func (e Emulator) Create(tb testing.TB) (address string) {
	tb.Helper()
	name := fmt.Sprintf("test-%d-%d", time.Now().UnixNano(), containers.Add(1))
	if e.Name == "azure" {
		c, err := container.NewClientFromConnectionString(e.connection, name, nil)
		if err == nil {
			_, err = c.Create(tb.Context(), nil)
		}
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _, _ = c.Delete(context.Background(), nil) })
		return "az://" + name
	}
	client := s3.New(s3.Options{
		BaseEndpoint: &e.Endpoint, UsePathStyle: true, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(s3Key, s3Secret, ""),
	})
	if _, err := client.CreateBucket(tb.Context(), &s3.CreateBucketInput{Bucket: aws.String(name)}); err != nil {
		tb.Fatal(err)
	}
	return "s3://" + name
}

// object returns the name of the object that a request is about, with all that is in front of it in the container; "" for a list.
func (e Emulator) object(r *http.Request) string {
	parts := 1 // the bucket
	if e.Name == "azure" {
		parts = 2 // the account and the container
	}
	path := strings.TrimPrefix(r.URL.Path, "/")
	for range parts {
		_, path, _ = strings.Cut(path, "/")
	}
	return path
}

// Variables are the environment of a process that has these alone.
func Variables(v map[string]string) func(string) string {
	return func(name string) string { return v[name] }
}

// Limits are those of a client that tries again at once, and waits for a second at most unless it is patient.
func Limits(patient bool) remote.Limits {
	l := remote.Limits{Put: 10 * time.Second, PutTotal: 30 * time.Second, PutSpeed: 1 << 20, Answer: 10 * time.Second, Stall: 10 * time.Second, Tries: Tries,
		Pause: time.Millisecond, MaxPause: 5 * time.Millisecond}
	if !patient {
		l.Put, l.PutTotal, l.Answer, l.Stall = 200*time.Millisecond, 500*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	}
	return l
}

// Parse reads an address that is right.
func Parse(t *testing.T, text string) storage.Address {
	t.Helper()
	a, err := storage.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
