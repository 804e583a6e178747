package storage

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnerscore/jobs/internal/fault"
)

// Kind is a kind of place.
type Kind string

// The kinds of places.
const (
	Folder Kind = "folder"
	Azure  Kind = "azure"
	S3     Kind = "s3"
)

// Address is where exports or snapshots are.
type Address struct {
	Kind Kind
	Path string // of a folder, as it was written
	// Account and Endpoint are those of Azure, like contoso and https://contoso.blob.core.windows.net. They are empty where the address names a
	// container only.
	Account, Endpoint string
	Container         string // the container, workspace of OneLake or bucket
	Prefix            string // the path in the container, without slashes at its ends; it holds names as they are, not escaped
}

// String writes the address as ParseAddress reads it. An address holds no secret.
func (a Address) String() string {
	path := strings.TrimSuffix(a.Container+"/"+a.Prefix, "/")
	switch {
	case a.Kind == S3:
		return "s3://" + path
	case a.Kind == Azure && a.Endpoint == "":
		return "az://" + path
	case a.Kind == Azure:
		host := strings.Replace(strings.TrimPrefix(a.Endpoint, "https://"), ".blob.", ".dfs.", 1)
		return strings.TrimSuffix("abfss://"+a.Container+"@"+host+"/"+a.Prefix, "/")
	}
	return a.Path
}

// SamePlace reports whether two addresses of object stores are one, as far as they say it: an account that one of them leaves out may be that of the
// other. Folders are for the file system to compare.
func (a Address) SamePlace(b Address) bool {
	account := a.Account == b.Account || a.Account == "" || b.Account == ""
	return a.Kind != Folder && a.Kind == b.Kind && account && a.Container == b.Container && a.Prefix == b.Prefix
}

// refused reports an address that cannot be used: the address without what may be secret, and what to write.
func refused(address, what string) error {
	return fault.Errorf(fault.Usage, "address %q: %s", address, what)
}

const forms = "write a folder, az://container/path, abfss://container@account.dfs.core.windows.net/path, " +
	"https://account.blob.core.windows.net/container/path or s3://bucket/path"

// ParseAddress reads an address. What has no scheme is a folder, whatever else it looks like. In https:// and file:// a percent sign begins an
// escape, as everywhere on the web; in the other forms, as for the tools that know them, each character stands for itself.
func ParseAddress(text string) (Address, error) {
	if lower := strings.ToLower(text); strings.Contains(lower, "accountkey=") || strings.Contains(lower, "sharedaccesssignature=") {
		return Address{}, refused("…", "this is a connection string; set AZURE_STORAGE_CONNECTION_STRING to it, and "+forms)
	} else if strings.Contains(lower, "?sig=") || strings.Contains(lower, "&sig=") {
		return Address{}, refused(withoutSecrets(text), queryAdvice)
	}
	scheme, rest, found := cutScheme(text)
	if !found {
		return Address{Kind: Folder, Path: text}, nil
	}
	read := reader(scheme)
	if !strings.HasPrefix(rest, "//") {
		if read == nil {
			return Address{Kind: Folder, Path: text}, nil
		}
		return Address{}, refused(scheme+":…", "write two slashes after "+scheme+":, or ./ before the name of a folder")
	}
	rest = rest[2:]
	if read == nil {
		return Address{}, refused(withoutSecrets(text), instead(scheme))
	}
	if what := checkText(scheme, rest); what != "" {
		return Address{}, refused(withoutSecrets(text), what)
	}
	a, what := read(rest)
	if what == "" && a.Kind != Folder {
		what = checkNames(&a)
	}
	if what != "" {
		return Address{}, refused(withoutSecrets(text), what)
	}
	return a, nil
}

const queryAdvice = "an address is written to logs and must hold no secret; remove what follows ? or #; " +
	"set AZURE_STORAGE_SAS_TOKEN to a SAS, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for S3"

// setting is what may be a secret behind a # of an address; another # is part of a name.
const setting = `([^/]*|.*(sig|signature|token|key|secret|credential|password))=`

// query finds the part of an address that may hold a secret.
const query = `(?i)\?|%3f|(#|%23)` + setting

// cutScheme finds a scheme: a letter alone is a drive of Windows.
func cutScheme(text string) (scheme, rest string, found bool) {
	m := regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]+):/`).FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return strings.ToLower(m[1]), text[len(m[0])-1:], true
}

// reader returns what reads the addresses of a scheme. It returns what is wrong with them, in words.
func reader(scheme string) func(rest string) (Address, string) {
	switch scheme {
	case "az", "azure", "abfs", "abfss":
		return readAzure
	case "https":
		return readHTTPS
	case "s3":
		return func(rest string) (Address, string) {
			bucket, prefix, _ := strings.Cut(rest, "/")
			return Address{Kind: S3, Container: bucket, Prefix: prefix}, ""
		}
	case "file":
		return readFile
	}
	return nil
}

func instead(scheme string) string {
	switch scheme {
	case "s3a", "s3n":
		return "write s3:// instead of " + scheme + "://"
	case "wasb", "wasbs", "adl":
		return "write abfss://container@account.dfs.core.windows.net/path instead of " + scheme + "://"
	case "http":
		return "write https://; for a store without it, like an emulator, set AZURE_STORAGE_CONNECTION_STRING and write az://container/path, " +
			"or set AWS_ENDPOINT_URL and write s3://bucket/path"
	case "gs", "gcs":
		return "Google Cloud Storage is not supported; " + forms
	}
	return "scheme " + scheme + " is not known; " + forms
}

// checkText refuses what may be a secret, and what no name of an object is made of.
func checkText(scheme, rest string) string {
	authority, _, _ := strings.Cut(rest, "/")
	user, _, at := strings.Cut(authority, "@")
	switch {
	case strings.Contains(rest, "?"), strings.Contains(rest, "#") && regexp.MustCompile(`(?i)#`+setting).MatchString(rest):
		return queryAdvice
	case at && (strings.Contains(user, ":") || !namesContainer(scheme)):
		return "an address is written to logs and must hold no user and no password; remove what stands before @, and set the variables that the README names"
	case (scheme == "https" || scheme == "file") && strings.Contains(rest, "#"):
		return "write %23 for # in a name"
	case !utf8.ValidString(rest):
		return "it is not UTF-8"
	case strings.ContainsFunc(rest, unicode.IsControl):
		return "it holds a control character"
	}
	return ""
}

// namesContainer reports whether what stands before an @ is a container, not a user.
func namesContainer(scheme string) bool {
	return slices.Contains([]string{"az", "azure", "abfs", "abfss", "wasb", "wasbs"}, strings.ToLower(scheme))
}

// withoutSecrets cuts off what may be a query or a fragment, and a user and a password.
func withoutSecrets(text string) string {
	if i := regexp.MustCompile(query).FindStringIndex(text); i != nil {
		text = text[:i[0]] + "…"
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return text
	}
	authority, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndex(authority, "@"); i >= 0 && (strings.Contains(authority[:i], ":") || !namesContainer(scheme)) {
		rest = "…" + rest[i:]
	}
	return scheme + "://" + rest
}

// readAzure reads container/path, container@host/path and host/container/path.
func readAzure(rest string) (a Address, what string) {
	first, prefix, _ := strings.Cut(rest, "/")
	a = Address{Kind: Azure, Container: first, Prefix: prefix}
	if container, host, at := strings.Cut(first, "@"); at {
		a.Container = container
		return a, a.setHost(host)
	}
	if strings.Contains(first, ".") {
		a.Container, a.Prefix, _ = strings.Cut(prefix, "/")
		return a, a.setHost(first)
	}
	return a, ""
}

func readHTTPS(rest string) (a Address, what string) {
	host, path, _ := strings.Cut(rest, "/")
	a.Kind = Azure
	if what := a.setHost(host); what != "" {
		return a, what
	}
	path, err := url.PathUnescape(path)
	if err != nil {
		return a, "write %25 for a percent sign in a name"
	}
	a.Container, a.Prefix, _ = strings.Cut(path, "/")
	return a, checkText("az", path)
}

func readFile(rest string) (a Address, what string) {
	host, path, _ := strings.Cut(rest, "/")
	if host != "" && host != "localhost" {
		return a, "write file:///path, with three slashes"
	}
	path, err := url.PathUnescape("/" + path)
	if err != nil {
		return a, "write %25 for a percent sign in a name"
	}
	if strings.ContainsFunc(path, unicode.IsControl) || !utf8.ValidString(path) {
		return a, "it holds a control character"
	}
	return Address{Kind: Folder, Path: path}, ""
}

// suffixes are what hosts of Azure Storage end in, after .blob. or .dfs.: the clouds, DNS zones, and OneLake.
func suffixes() []string {
	return []string{"core.windows.net", "core.chinacloudapi.cn", "core.usgovcloudapi.net", "storage.azure.net", "fabric.microsoft.com"}
}

// setHost sets account and endpoint from a host, of which only the blob endpoint is used.
func (a *Address) setHost(host string) (what string) {
	host = strings.ToLower(strings.TrimSuffix(host, ":443"))
	m := regexp.MustCompile(`^([a-z0-9-]+)((?:\.[a-z0-9-]+)?)\.(?:blob|dfs)\.([a-z0-9.-]+)$`).FindStringSubmatch(host)
	if m == nil || !slices.Contains(suffixes(), m[3]) {
		return "its host is neither of Azure Storage nor of OneLake; " + forms + " (for other stores that speak S3, set AWS_ENDPOINT_URL)"
	}
	a.Account, a.Endpoint = m[1], "https://"+m[1]+m[2]+".blob."+m[3]
	return ""
}

// OneLake reports whether the address is one of Microsoft Fabric.
func (a Address) OneLake() bool { return strings.HasSuffix(a.Endpoint, ".fabric.microsoft.com") }

// checkNames checks the container and the prefix, from which it removes the slashes at the end.
func checkNames(a *Address) string {
	a.Prefix = strings.TrimRight(a.Prefix, "/")
	container := regexp.MustCompile(`^([a-z0-9](-?[a-z0-9]){2,62}|\$root|\$web|\$logs)$`)
	switch {
	case a.Container == "":
		return "the " + map[Kind]string{Azure: "container", S3: "bucket"}[a.Kind] + " is missing; " + forms
	case a.Kind == Azure && !a.OneLake() && (!container.MatchString(a.Container) || len(a.Container) > 63):
		return "a container has 3 to 63 lower-case letters, digits and single hyphens"
	case a.Kind == S3 && !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]*$`).MatchString(a.Container):
		return "a bucket has letters, digits, dots and hyphens"
	case a.OneLake() && strings.ContainsAny(a.Container, "@\\"):
		return "a workspace has neither @ nor \\ in its name"
	case a.Prefix == "":
		return ""
	}
	for part := range strings.SplitSeq(a.Prefix, "/") {
		switch part {
		case "":
			return "write one slash between two names"
		case ".", "..":
			return strconv.Quote(part) + " is no name in an object store; write the path in full"
		}
	}
	return ""
}
