package azure

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/jobs/internal/storage/remote"
)

// openers are the ways to sign that a server without TLS can be asked in.
func openers() map[string]buckettest.Opener {
	at := func(secret string) buckettest.Opener {
		return func(t *testing.T, url string, patient bool) bucket.Client {
			c, err := open(buckettest.Parse(t, "az://exports/folder"), buckettest.Variables(map[string]string{connectionVariable: "BlobEndpoint=" + url + "/contoso;" + secret}), buckettest.Limits(patient), 0)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
	}
	return map[string]buckettest.Opener{
		"key": at("AccountName=contoso;AccountKey=" + buckettest.Canary),
		"sas": at("SharedAccessSignature=sv=2024-08-04&sr=c&sig=" + buckettest.Canary),
	}
}

func answer(w http.ResponseWriter, _ *http.Request, status int, name string) {
	w.Header().Set("X-Ms-Error-Code", name)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, name, buckettest.Canary)
}

func TestFaults(t *testing.T) {
	for name, open := range openers() {
		t.Run(name, func(t *testing.T) { buckettest.Faults(t, open, answer) })
	}
}

func TestStatuses(t *testing.T) {
	usage := map[string]string{"": fault.Usage}
	for _, c := range []struct {
		status int
		name   string
		want   map[string]string
	}{
		{http.StatusPreconditionFailed, "ConditionNotMet", map[string]string{"": "condition"}},
		{http.StatusPreconditionFailed, "LeaseIdMissing", usage},
		{http.StatusConflict, "BlobAlreadyExists", map[string]string{"": "condition"}},
		{http.StatusConflict, "ContainerBeingDeleted", usage},
		{http.StatusConflict, "BlobImmutableDueToPolicy", usage},
		{http.StatusNotFound, "BlobNotFound", map[string]string{"": "missing", "list": fault.Usage, "delete": "nothing"}},
		{http.StatusNotFound, "ContainerNotFound", usage},
		{http.StatusNotFound, "FilesystemNotFound", usage},
		{http.StatusUnauthorized, "NoAuthenticationInformation", usage},
		{http.StatusForbidden, "AuthenticationFailed", usage},
		{http.StatusForbidden, "AuthorizationPermissionMismatch", usage},
		{http.StatusForbidden, "SomethingNew" + buckettest.Canary, usage},
		{http.StatusBadRequest, "InvalidResourceName", usage},
		{http.StatusBadRequest, "SomethingNew" + buckettest.Canary, map[string]string{"": fault.Internal}},
	} {
		for _, open := range openers() {
			buckettest.Statuses(t, open, answer, c.status, c.name, c.want)
		}
	}
}

// TestOpen: which credential is used, and what is wrong with settings.
func TestOpen(t *testing.T) {
	const key = buckettest.Canary
	connection := "AccountName=contoso;AccountKey=" + key
	for _, c := range []struct {
		address string
		env     map[string]string
		url     string // of the container, where it opens
		fails   string
	}{
		{"az://exports/a", nil, "", "set AZURE_STORAGE_ACCOUNT"},
		{"az://exports/a", map[string]string{accountVariable: "https://contoso/?sig=" + key}, "", "set AZURE_STORAGE_ACCOUNT"},
		{"az://exports/a", map[string]string{accountVariable: "contoso", keyVariable: key}, "https://contoso.blob.core.windows.net/exports", ""},
		{"az://exports/a", map[string]string{accountNameSpelled: "contoso", keyVariable: key}, "https://contoso.blob.core.windows.net/exports", ""},
		{"az://exports/a", map[string]string{accountVariable: "contoso", keyVariable: key + "!"}, "", "AZURE_STORAGE_KEY is not a key"},
		{"az://exports/a", map[string]string{accountVariable: "contoso", sasVariable: "?sv=1&sig=" + key}, "https://contoso.blob.core.windows.net/exports?sv=1&sig=" + key, ""},
		{"az://exports/a", map[string]string{accountVariable: "contoso", sasVariable: key}, "", "AZURE_STORAGE_SAS_TOKEN is not a SAS"},
		{"az://exports/a", map[string]string{accountVariable: "contoso"}, "https://contoso.blob.core.windows.net/exports", ""},
		{"az://exports/a", map[string]string{connectionVariable: connection, keyVariable: "ignored", accountVariable: "other"}, "https://contoso.blob.core.windows.net/exports", ""},
		{"az://exports/a", map[string]string{connectionVariable: key}, "", "AZURE_STORAGE_CONNECTION_STRING cannot be read"},
		{"az://exports/a", map[string]string{connectionVariable: connection + "!"}, "", "AZURE_STORAGE_CONNECTION_STRING cannot be read"},
		{"abfss://exports@contoso.dfs.core.windows.net/a", map[string]string{connectionVariable: connection}, "https://contoso.blob.core.windows.net/exports", ""},
		{"abfss://exports@fabrikam.dfs.core.windows.net/a", map[string]string{connectionVariable: connection}, "", "is of contoso.blob.core.windows.net; unset it"},
		{"https://contoso.dfs.core.windows.net/exports", map[string]string{keyVariable: key, accountVariable: "other"}, "https://contoso.blob.core.windows.net/exports", ""},
		{"abfss://My Work@onelake.dfs.fabric.microsoft.com/s.Lakehouse/Files", nil, "https://onelake.blob.fabric.microsoft.com/My%20Work", ""},
		{"abfss://exports@contoso.dfs.core.chinacloudapi.cn/a", nil, "https://contoso.blob.core.chinacloudapi.cn/exports", ""},
	} {
		client, err := open(buckettest.Parse(t, c.address), buckettest.Variables(c.env), remote.DefaultLimits(), 0)
		buckettest.Secretless(t, err)
		switch {
		case c.fails != "":
			if fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s, %v: %v, want %q", c.address, c.env, err, c.fails)
			}
		case err != nil || client.container.URL() != c.url:
			t.Errorf("%s, %v: %v", c.address, c.env, err)
		case strings.Contains(client.Where("a/b"), key):
			t.Errorf("a secret is in the address: %s", client.Where("a/b"))
		}
	}
}

// TestNoAccount: a host that does not exist is a wrong setting. The name ends in .invalid, which never exists.
func TestNoAccount(t *testing.T) {
	c, err := open(buckettest.Parse(t, "az://exports"), buckettest.Variables(map[string]string{
		connectionVariable: "BlobEndpoint=https://contoso.invalid;SharedAccessSignature=sv=1&sig=" + buckettest.Canary}), buckettest.Limits(true), 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Head(t.Context(), "a")
	buckettest.Secretless(t, err)
	if err == nil || strings.Contains(err.Error(), "i/o timeout") || strings.Contains(err.Error(), "server misbehaving") {
		t.Skipf("no name server: %v", err)
	}
	if os.Getenv("HTTPS_PROXY") == "" && (fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), "host contoso.invalid does not exist; check the name of the account")) {
		t.Error(err)
	}
}

// TestFolderMarkers: what stands for a folder is no object.
func TestFolderMarkers(t *testing.T) {
	item := func(name, size, more string) string {
		return "<Blob><Name>" + name + "</Name><Properties><Last-Modified>Mon, 01 Jul 2024 00:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>" + size + "</Content-Length>" + more + "</Blob>"
	}
	page := `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="exports"><Blobs>` +
		item("folder/b", "3", "</Properties>") +
		item("folder/a", "0", "</Properties><Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>") +
		item("folder/c", "0", "<ResourceType>directory</ResourceType></Properties>") +
		item("folder/d/", "0", "</Properties>") +
		item("folder/e", "0", "<ResourceType>file</ResourceType></Properties><Metadata><Owner>x</Owner></Metadata>") +
		item("folder/a/z", "5", "</Properties>") + `</Blobs><NextMarker /></EnumerationResults>`
	for _, open := range openers() {
		c := open(t, buckettest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			_, _ = fmt.Fprint(w, page)
		}), true)
		found, err := c.List(t.Context(), "")
		var names []string
		for _, o := range found {
			names = append(names, fmt.Sprint(o.Name, " ", o.Bytes, " ", o.Version))
		}
		if want := `a/z 5 "0x1", b 3 "0x1", e 0 "0x1"`; err != nil || strings.Join(names, ", ") != want {
			t.Errorf("%v, %v, want %s", names, err, want)
		}
	}
}

// TestIdentity: an identity that is refused is a wrong setting, a service for tokens that does not answer is not.
func TestIdentity(t *testing.T) {
	c := openers()["key"](t, "http://127.0.0.1:1", true).(*client)
	response := func(status int) *http.Response {
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(strings.NewReader("-----\nno secret " + buckettest.Canary)),
			Request: &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: "login.example"}}}
	}
	for kind, err := range map[string]error{
		fault.Usage:    &azidentity.AuthenticationFailedError{RawResponse: response(http.StatusUnauthorized)},
		fault.Internal: &azidentity.AuthenticationFailedError{RawResponse: response(http.StatusServiceUnavailable)},
	} {
		err = c.fault(t.Context(), "read", "a", err)
		buckettest.Secretless(t, err)
		if string(fault.Of(err)) != kind || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "---") {
			t.Errorf("%v, want %s", err, kind)
		}
	}
	if err := c.fault(t.Context(), "read", "a", &azidentity.AuthenticationFailedError{}); fault.Of(err) != fault.Internal {
		t.Error(err)
	}
}
