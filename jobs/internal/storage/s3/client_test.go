package s3

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
)

// noProfiles keeps the settings of whoever runs the tests out of them.
func noProfiles(t *testing.T) {
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, t.TempDir()+"/none")
	}
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func opener(t *testing.T, url string, patient bool) bucket.Client {
	env := map[string]string{"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AK" + buckettest.Canary, "AWS_SECRET_ACCESS_KEY": buckettest.Canary,
		"AWS_SESSION_TOKEN": "token/" + buckettest.Canary}
	c, err := open(t.Context(), buckettest.Parse(t, "s3://exports/folder"), buckettest.Variables(env), buckettest.Limits(patient), 0)
	if err != nil {
		t.Fatal(err)
	}
	c.exists.Store(true)
	return c
}

func answer(w http.ResponseWriter, _ *http.Request, status int, name string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message><AWSAccessKeyId>%[2]s</AWSAccessKeyId></Error>`, name, buckettest.Canary)
}

func TestFaults(t *testing.T) {
	noProfiles(t)
	buckettest.Faults(t, opener, answer)
}

func TestStatuses(t *testing.T) {
	noProfiles(t)
	usage := map[string]string{"": fault.Usage}
	for _, c := range []struct {
		status int
		name   string
		want   map[string]string
	}{
		{http.StatusPreconditionFailed, "PreconditionFailed", map[string]string{"": "condition"}},
		// Another put is under way: it is asked again, and says nothing about the condition. An answer to HEAD has no name.
		{http.StatusConflict, conflict, map[string]string{"": fault.Internal}},
		{http.StatusNotFound, "NoSuchKey", map[string]string{"": "missing", "list": fault.Usage, "delete": "nothing", "replace": "condition"}},
		{http.StatusNotFound, "NoSuchBucket", map[string]string{"": fault.Usage, "head": "missing"}},
		{http.StatusForbidden, "AccessDenied", usage},
		{http.StatusForbidden, "InvalidAccessKeyId", usage},
		{http.StatusForbidden, "SignatureDoesNotMatch", usage},
		{http.StatusForbidden, "SomethingNew" + buckettest.Canary, usage},
		{http.StatusBadRequest, "ExpiredToken", map[string]string{"": fault.Usage, "head": fault.Internal}},
		{http.StatusMovedPermanently, "PermanentRedirect", usage},
		{http.StatusNotImplemented, "NotImplemented", usage},
		{http.StatusBadRequest, "SomethingNew" + buckettest.Canary, map[string]string{"": fault.Internal}},
	} {
		buckettest.Statuses(t, opener, answer, c.status, c.name, c.want)
	}
}

// TestListBreaksOff: a page of a list that breaks off is asked for again; where it always does, the error says so in plain words.
func TestListBreaksOff(t *testing.T) {
	noProfiles(t)
	const page = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Contents><Key>folder/a</Key><Size>4</Size><ETag>"1"</ETag></Contents></ListBucketResult>`
	for _, breaks := range []int32{1, buckettest.Tries} {
		var asked atomic.Int32
		c := opener(t, buckettest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(page)))
			if asked.Add(1) > breaks {
				_, _ = fmt.Fprint(w, page)
				return
			}
			_, _ = fmt.Fprint(w, page[:100])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}), true)
		found, err := c.List(t.Context(), "")
		if breaks == 1 && (err != nil || len(found) != 1 || found[0].Name != "a") {
			t.Errorf("%+v, %v", found, err)
		}
		if breaks > 1 && (err == nil || err.Error() != "list s3://exports/folder: the answer breaks off; run again when the store answers") {
			t.Errorf("always: %v", err)
		}
	}
}

// TestConflict: a conflict is no answer to the question whether the object exists.
func TestConflict(t *testing.T) {
	noProfiles(t)
	var puts atomic.Int32
	c := opener(t, buckettest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.HasPrefix(strings.ToLower(name), "x-amz-checksum") || strings.EqualFold(name, "X-Amz-Trailer") {
				t.Errorf("a checksum that not every store knows: %s", name)
			}
		}
		if r.Header.Get("If-None-Match") != "*" || r.ContentLength != 4 || r.Header.Get("X-Amz-Meta-Sha256") == "" {
			t.Errorf("put with %v", r.Header)
		}
		if puts.Add(1) < buckettest.Tries {
			answer(w, r, http.StatusConflict, conflict)
			return
		}
		w.Header().Set("ETag", `"1"`)
	}), true)
	o, err := c.Put(t.Context(), "a", buckettest.Content("text"), bucket.Condition{Absent: true})
	if err != nil || o.Version != `"1"` || o.Served.IsZero() || !o.Modified.Equal(o.Served) || puts.Load() != buckettest.Tries {
		t.Errorf("%+v, %v, after %d puts", o, err, puts.Load())
	}
}

func TestOpen(t *testing.T) {
	noProfiles(t)
	const secret = buckettest.Canary
	keys := func(more ...string) map[string]string {
		env := map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": secret}
		for i := 0; i < len(more); i += 2 {
			env[more[i]] = more[i+1]
		}
		return env
	}
	for _, c := range []struct {
		env    map[string]string
		region string
		fails  string
	}{
		{keys(), "", "set AWS_REGION"},
		{keys("AWS_REGION", "eu-west-1"), "eu-west-1", ""},
		{keys("AWS_DEFAULT_REGION", "eu-west-2"), "eu-west-2", ""},
		{keys("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"), "us-east-1", ""},
		{keys("AWS_ENDPOINT_URL_S3", "https://minio.example", "AWS_ENDPOINT_URL", "broken"), "us-east-1", ""},
		{keys("AWS_ENDPOINT_URL", "https://user:"+secret+"@minio.example"), "", "AWS_ENDPOINT_URL must be like"},
		{keys("AWS_ENDPOINT_URL", "minio:9000"), "", "AWS_ENDPOINT_URL must be like"},
	} {
		client, err := open(t.Context(), buckettest.Parse(t, "s3://exports/a"), buckettest.Variables(c.env), remote.DefaultLimits(), 0)
		buckettest.Secretless(t, err)
		switch {
		case c.fails != "":
			if fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%v: %v, want %q", c.env, err, c.fails)
			}
		case err != nil || client.sdk.Options().Region != c.region || client.sdk.Options().UsePathStyle != (client.sdk.Options().BaseEndpoint != nil):
			t.Errorf("%v: %v", c.env, err)
		}
	}
}

// TestNoCredentials: the message says what to set.
func TestNoCredentials(t *testing.T) {
	noProfiles(t)
	url := buckettest.Serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request without credentials") })
	c, err := open(t.Context(), buckettest.Parse(t, "s3://exports"), buckettest.Variables(map[string]string{"AWS_ENDPOINT_URL": url}), buckettest.Limits(true), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.List(t.Context(), ""); fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") {
		t.Error(err)
	}
}

// TestNoBucket: an answer to HEAD does not say what is missing, so the bucket is asked for.
func TestNoBucket(t *testing.T) {
	noProfiles(t)
	c := opener(t, buckettest.Serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, http.StatusNotFound, "NoSuchBucket") }), true).(*client)
	c.exists.Store(false)
	if _, err := c.Head(t.Context(), "a"); fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), "bucket exports does not exist; create it") {
		t.Error(err)
	}
}

// TestList: names come as they are, and what stands for a folder is no object.
func TestList(t *testing.T) {
	noProfiles(t)
	item := func(key, size string) string {
		return "<Contents><Key>" + key + "</Key><LastModified>2024-07-01T00:00:00.123Z</LastModified><ETag>&quot;1&quot;</ETag><Size>" + size + "</Size></Contents>"
	}
	c := opener(t, buckettest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("prefix") != "folder/x" || r.URL.Query().Get("encoding-type") != "url" {
			t.Errorf("list: %s", r.URL)
		}
		w.Header().Set("Content-Type", "application/xml")
		_, _ = fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>`+
			item("folder/xb+c%2B%01", "3")+item("folder/x/", "0")+item("folder/xa%2525", "0")+`</ListBucketResult>`)
	}), true)
	found, err := c.List(t.Context(), "x")
	var names []string
	for _, o := range found {
		names = append(names, fmt.Sprintf("%q %d %s %s", o.Name, o.Bytes, o.Version, o.Modified.Format(time.RFC3339Nano)))
	}
	if want := `"xa%25" 0 "1" 2024-07-01T00:00:00Z, "xb c+\x01" 3 "1" 2024-07-01T00:00:00Z`; err != nil || strings.Join(names, ", ") != want {
		t.Errorf("%v, %v, want %s", names, err, want)
	}
}

// TestConflictStays: where the other put does not end, the run may be made again.
func TestConflictStays(t *testing.T) {
	noProfiles(t)
	c := opener(t, buckettest.Serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, http.StatusConflict, conflict) }), true)
	_, err := c.Put(t.Context(), "a", buckettest.Content("text"), bucket.Condition{Absent: true})
	if err == nil || errors.Is(err, bucket.ErrCondition) || !strings.Contains(err.Error(), "run again") {
		t.Error(err)
	}
}
