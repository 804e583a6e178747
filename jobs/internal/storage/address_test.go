package storage

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/fault"
)

func TestParseAddress(t *testing.T) {
	contoso := Address{Kind: Azure, Account: "contoso", Endpoint: "https://contoso.blob.core.windows.net", Container: "exports"}
	with := func(a Address, prefix string) Address { a.Prefix = prefix; return a }
	azure := func(prefix string) Address { return Address{Kind: Azure, Container: "exports", Prefix: prefix} }
	s3 := func(prefix string) Address { return Address{Kind: S3, Container: "data.contoso-1", Prefix: prefix} }
	onelake := Address{Kind: Azure, Account: "onelake", Endpoint: "https://onelake.blob.fabric.microsoft.com", Container: "My Work", Prefix: "Sales.Lakehouse/Files/a"}
	for _, c := range []struct {
		text string
		want Address
		back string // as String writes it; "" for text
	}{
		{"az://exports", azure(""), ""},
		{"az://exports/", azure(""), "az://exports"},
		{"az://exports/a/b", azure("a/b"), ""},
		{"azure://exports/a/b//", azure("a/b"), "az://exports/a/b"},
		{"abfss://exports/a", azure("a"), "az://exports/a"},
		{"AZ://exports/A", azure("A"), "az://exports/A"},
		{"az://exports/a b/50%25/ü#1+", azure("a b/50%25/ü#1+"), ""},
		{"az://exports/c#/month=2024-06", azure("c#/month=2024-06"), ""},
		{"az://$root", Address{Kind: Azure, Container: "$root"}, ""},
		{"abfss://exports@contoso.dfs.core.windows.net/a/b", with(contoso, "a/b"), ""},
		{"abfs://exports@contoso.dfs.core.windows.net", contoso, "abfss://exports@contoso.dfs.core.windows.net"},
		{"abfss://exports@contoso.blob.core.windows.net/a%20b/", with(contoso, "a%20b"), "abfss://exports@contoso.dfs.core.windows.net/a%20b"},
		{"az://contoso.blob.core.windows.net/exports/a", with(contoso, "a"), "abfss://exports@contoso.dfs.core.windows.net/a"},
		{"https://contoso.blob.core.windows.net/exports/a%20b/50%25/%C3%BC+c/", with(contoso, "a b/50%/ü+c"), "abfss://exports@contoso.dfs.core.windows.net/a b/50%/ü+c"},
		{"https://CONTOSO.dfs.core.windows.net:443/exports", contoso, "abfss://exports@contoso.dfs.core.windows.net"},
		{"https://contoso.blob.core.chinacloudapi.cn/exports", Address{Kind: Azure, Account: "contoso", Endpoint: "https://contoso.blob.core.chinacloudapi.cn", Container: "exports"},
			"abfss://exports@contoso.dfs.core.chinacloudapi.cn"},
		{"https://contoso.z12.blob.storage.azure.net/exports", Address{Kind: Azure, Account: "contoso", Endpoint: "https://contoso.z12.blob.storage.azure.net", Container: "exports"},
			"abfss://exports@contoso.z12.dfs.storage.azure.net"},
		{"https://onelake.dfs.fabric.microsoft.com/My%20Work/Sales.Lakehouse/Files/a", onelake, "abfss://My Work@onelake.dfs.fabric.microsoft.com/Sales.Lakehouse/Files/a"},
		{"abfss://My Work@onelake.dfs.fabric.microsoft.com/Sales.Lakehouse/Files/a/", onelake, "abfss://My Work@onelake.dfs.fabric.microsoft.com/Sales.Lakehouse/Files/a"},
		{"s3://data.contoso-1", s3(""), ""},
		{"s3://data.contoso-1/", s3(""), "s3://data.contoso-1"},
		{"s3://data.contoso-1/a b/%20/ü/", s3("a b/%20/ü"), "s3://data.contoso-1/a b/%20/ü"},
		{"file:///data/a%20b", Address{Kind: Folder, Path: "/data/a b"}, "/data/a b"},
		{"file://localhost/data", Address{Kind: Folder, Path: "/data"}, "/data"},
	} {
		got, err := ParseAddress(c.text)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", c.text, got, err, c.want)
		}
		if c.back == "" {
			c.back = c.text
		}
		if got.String() != c.back {
			t.Errorf("%s is written %s, want %s", c.text, got, c.back)
		}
	}
}

// TestFolders: what names no store is a folder, as it was written.
func TestFolders(t *testing.T) {
	for _, path := range []string{"", ".", "exports", "/data/exports/", "./az", "a//b", `C:\data`, "C:/data", "C://data", "c:data", "month=2024-06:a", "az:", "az:x", "a b?c#d", "50%", "~/x",
		"./s3://x", "../https://x", "weird:/x", "-x", "\xff", "s3", "9p://x"} {
		if a, err := ParseAddress(path); err != nil || a != (Address{Kind: Folder, Path: path}) || a.String() != path {
			t.Errorf("%q: %+v, %v", path, a, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for text, advice := range map[string]string{
		"s3a://bucket/path":                                      "write s3:// instead of s3a://",
		"s3n://bucket/path":                                      "write s3:// instead of s3n://",
		"gs://bucket/path":                                       "Google Cloud Storage is not supported",
		"wasbs://c@a.blob.core.windows.net/path":                 "write abfss://container@account",
		"http://127.0.0.1:10000/devstoreaccount1":                "write https://",
		"hdfs://host/path":                                       "scheme hdfs is not known; write a folder, az://",
		"abfsss://c@a.dfs.core.windows.net":                      "scheme abfsss is not known",
		"az:/exports/a":                                          "write two slashes",
		"s3:/bucket":                                             "write two slashes",
		"file:/data":                                             "write two slashes",
		"file://data/x":                                          "with three slashes",
		"file:///data/%zz":                                       "write %25",
		"https://example.com/c/p":                                "its host is neither of Azure Storage nor of OneLake",
		"https://bucket.s3.amazonaws.com/a":                      "set AWS_ENDPOINT_URL",
		"https://contoso.blob.core.windows.net":                  "the container is missing",
		"https://contoso.blob.core.windows.net/exports/50%":      "write %25",
		"https://contoso.blob.core.windows.net/exports/a#b":      "write %23",
		"https://contoso.blob.core.windows.net/exports/a%00":     "a control character",
		"https://evil.blob.core.windows.net.example.com/exports": "its host is neither",
		"https://contoso.blob.core.windows.net:8443/exports":     "its host is neither",
		"az://":              "the container is missing",
		"az:///exports":      "the container is missing",
		"s3://":              "the bucket is missing",
		"s3:///a":            "the bucket is missing",
		"s3://bu cket/a":     "a bucket has letters",
		"az://Exports/a":     "a container has 3 to 63 lower-case letters",
		"az://ab/a":          "a container has 3 to 63",
		"az://a--b/a":        "a container has 3 to 63",
		"az://exports/a//b":  "write one slash",
		"s3://bucket//a":     "write one slash",
		"s3://bucket/a/../b": `".." is no name`,
		"az://exports/./a":   `"." is no name`,
		"az://exports/a\nb":  "a control character",
		"az://exports/a\xff": "not UTF-8",
	} {
		refuses(t, text, advice)
	}
}

const secret = "c4naryS3cret"

// TestSecrets: an address that may hold a secret is refused and not shown.
func TestSecrets(t *testing.T) {
	for text, advice := range map[string]string{
		"https://contoso.blob.core.windows.net/exports?sv=2024&sig=" + secret:                                          "set AZURE_STORAGE_SAS_TOKEN",
		"https://contoso.blob.core.windows.net/exports%3Fsig=" + secret:                                                "set AZURE_STORAGE_SAS_TOKEN",
		"contoso.blob.core.windows.net/exports?sv=2024&sig=" + secret:                                                  "set AZURE_STORAGE_SAS_TOKEN",
		"az://exports/a?versionid=" + secret:                                                                           "hold no secret",
		"s3://bucket/a?X-Amz-Signature=" + secret:                                                                      "hold no secret",
		"az://exports/a#sig=" + secret:                                                                                 "hold no secret",
		"s3://bucket/a/b#X-Amz-Signature=" + secret:                                                                    "hold no secret",
		"https://contoso.blob.core.windows.net/exports#sig=" + secret:                                                  "hold no secret",
		"https://contoso.blob.core.windows.net/exports%23sig=" + secret:                                                "hold no secret",
		"s3://bucket/a#b/c&X-Amz-Signature=" + secret:                                                                  "hold no secret",
		"gs://bucket/a#token=" + secret:                                                                                "Google Cloud Storage",
		"s3://AKIA:" + secret + "@bucket/a":                                                                            "no user and no password",
		"s3://" + secret + "@bucket/a":                                                                                 "no user and no password",
		"https://user:" + secret + "@contoso.blob.core.windows.net/exports":                                            "no user and no password",
		"abfss://exports:" + secret + "@contoso.dfs.core.windows.net/a":                                                "no user and no password",
		"gs://user:" + secret + "@bucket/a":                                                                            "Google Cloud Storage",
		"s3a://AKIA:" + secret + "@bucket/a?x":                                                                         "write s3://",
		"DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=" + secret + ";EndpointSuffix=core.windows.net": "set AZURE_STORAGE_CONNECTION_STRING",
		"BlobEndpoint=https://contoso.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=" + secret:                 "set AZURE_STORAGE_CONNECTION_STRING",
	} {
		refuses(t, text, advice)
	}
}

// refuses checks that an address is refused with an advice, and without the secret.
func refuses(t *testing.T, text, advice string) {
	t.Helper()
	a, err := ParseAddress(text)
	if err == nil || a != (Address{}) || fault.Of(err) != fault.Usage || !strings.Contains(err.Error(), advice) {
		t.Errorf("%q: %+v, %v, want %q", text, a, err, advice)
	} else if strings.Contains(err.Error(), secret) {
		t.Errorf("%q: the secret is in the message: %v", text, err)
	}
}

// FuzzAddress: whatever is accepted is written so that it reads the same, and shows no query and no password.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{"az://exports/a", "abfss://c1-x@contoso.dfs.core.windows.net/a%20", "https://contoso.blob.core.windows.net/exports/%41", "s3://bucket/a?sig=x", "file:///%41", "C:/x",
		"https://onelake.dfs.fabric.microsoft.com/a%2Fb/c", "https://onelake.dfs.fabric.microsoft.com/w%3A@x/c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAddress(text)
		if err != nil {
			if a != (Address{}) || fault.Of(err) != fault.Usage || strings.Contains(text, "sig=") && strings.Contains(err.Error(), text) && len(text) > 20 {
				t.Errorf("%q: %+v, %v", text, a, err)
			}
			return
		}
		if a.Kind == Folder {
			return
		}
		if strings.Contains(a.String(), "?") {
			t.Errorf("%q: a query in %s", text, a)
		}
		if again, err := ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%q is %+v, written %s, which is %+v, %v", text, a, a, again, err)
		}
		if strings.HasPrefix(a.Prefix, "/") || strings.HasSuffix(a.Prefix, "/") || strings.Contains(a.Prefix, "//") {
			t.Errorf("%q has prefix %q", text, a.Prefix)
		}
	})
}
