// Package azure is the client of Azure Storage and OneLake: the blob endpoint, with single conditional requests.
package azure

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/remote"
)

// The variables that name account and credentials, in the order in which they are used; without one of them, those of DefaultAzureCredential are.
const (
	connectionVariable = "AZURE_STORAGE_CONNECTION_STRING"
	accountVariable    = "AZURE_STORAGE_ACCOUNT"
	accountNameSpelled = "AZURE_STORAGE_ACCOUNT_NAME"
	keyVariable        = "AZURE_STORAGE_KEY"
	sasVariable        = "AZURE_STORAGE_SAS_TOKEN"
)

// Open returns a client of the container and prefix that an address names, whose requests obey the limits. It makes no request. env looks up a
// variable of the environment; what DefaultAzureCredential needs, azidentity reads itself.
func Open(_ context.Context, address storage.Address, env func(string) string, limits remote.Limits) (bucket.Client, error) {
	c, err := open(address, env, limits, 0)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// open takes limits, and the size of a page of a list, 0 for that of the store.
func open(address storage.Address, env func(string) string, limits remote.Limits, page int32) (*client, error) {
	c := &client{meanings: meanings{remote.Place{Address: address}}, limits: limits, page: page}
	if address.Prefix != "" {
		c.prefix = address.Prefix + "/"
	}
	secrets := []string{env(keyVariable), env(sasVariable), env(connectionVariable), env("AZURE_CLIENT_SECRET"), env("AZURE_CLIENT_CERTIFICATE_PASSWORD")}
	for _, name := range []string{sasVariable, connectionVariable} {
		secrets = append(secrets, secretParts(env(name))...)
	}
	c.Redact = remote.NewRedactor(secrets...)
	return c, c.connect(env)
}

// secretParts finds keys and signatures in a connection string or a SAS.
func secretParts(text string) (parts []string) {
	for _, m := range regexp.MustCompile(`(?i)(?:accountkey=|sig=)([^;&]+)`).FindAllStringSubmatch(text, -1) {
		parts = append(parts, m[1])
		if plain, err := url.QueryUnescape(m[1]); err == nil {
			parts = append(parts, plain)
		}
	}
	return parts
}

func (c *client) options() *container.ClientOptions {
	o := &container.ClientOptions{}
	o.Transport = remote.Client(c.limits)
	retries := int32(c.limits.Tries - 1)
	if retries == 0 {
		retries = -1 // 0 is the default
	}
	o.Retry = policy.RetryOptions{
		MaxRetries: retries, RetryDelay: c.limits.Pause, MaxRetryDelay: c.limits.MaxPause,
		StatusCodes: []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout},
	}
	return o
}

// connect makes the client of the container with the first credential that there is.
func (c *client) connect(env func(string) string) (err error) {
	if text := env(connectionVariable); text != "" {
		return c.connectByString(text)
	}
	if c.Address.Endpoint == "" {
		account := cmp.Or(env(accountVariable), env(accountNameSpelled))
		if !regexp.MustCompile(`^[a-z0-9]{3,24}$`).MatchString(account) {
			return c.Unusable("set AZURE_STORAGE_ACCOUNT to the name of the account, or write abfss://container@account.dfs.core.windows.net/path")
		}
		c.Address.Account, c.Address.Endpoint = account, "https://"+account+".blob.core.windows.net"
	}
	at := c.Address.Endpoint + "/" + url.PathEscape(c.Address.Container)
	if key := env(keyVariable); key != "" {
		credential, err := blob.NewSharedKeyCredential(c.Address.Account, key)
		if err != nil {
			return c.Unusable("AZURE_STORAGE_KEY is not a key; copy it again")
		}
		c.container, err = container.NewClientWithSharedKeyCredential(at, credential, c.options())
		return err
	}
	if sas := strings.TrimPrefix(env(sasVariable), "?"); sas != "" {
		if _, err := url.ParseQuery(sas); err != nil || !strings.Contains(sas, "sig=") {
			return c.Unusable("AZURE_STORAGE_SAS_TOKEN is not a SAS; copy it again, from sv= to the end of sig=…")
		}
		c.container, err = container.NewClientWithNoCredential(at+"?"+sas, c.options())
		return err
	}
	credential, err := c.defaultCredential(env)
	if err != nil {
		return c.Unusable("no credential: " + c.Redact.Line(err.Error()))
	}
	c.container, err = container.NewClient(at, credential, c.options())
	return err
}

func (c *client) defaultCredential(env func(string) string) (azcore.TokenCredential, error) {
	o := &azidentity.DefaultAzureCredentialOptions{}
	if env("AZURE_AUTHORITY_HOST") == "" {
		switch {
		case strings.HasSuffix(c.Address.Endpoint, ".core.chinacloudapi.cn"):
			o.Cloud = cloud.AzureChina
		case strings.HasSuffix(c.Address.Endpoint, ".core.usgovcloudapi.net"):
			o.Cloud = cloud.AzureGovernment
		}
	}
	return azidentity.NewDefaultAzureCredential(o)
}

// connectByString uses a connection string, which names an account itself. The address must not name another one.
func (c *client) connectByString(text string) (err error) {
	const unreadable = "AZURE_STORAGE_CONNECTION_STRING cannot be read; copy it again from the access keys of the account"
	if c.container, err = container.NewClientFromConnectionString(text, c.Address.Container, c.options()); err != nil {
		return c.Unusable(unreadable)
	}
	at, err := url.Parse(c.container.URL())
	if err != nil || at.Host == "" {
		return c.Unusable(unreadable)
	}
	if want := c.Address.Endpoint; want != "" && want != at.Scheme+"://"+at.Host {
		return c.Unusable("AZURE_STORAGE_CONNECTION_STRING is of " + at.Host + "; unset it, or write az://container/path")
	}
	return nil
}
