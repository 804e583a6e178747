package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/cli"
)

// secretCanary is in every secret that these tests plant.
const secretCanary = "C4naryS3cret"

// planted is a secret of a name. All of them are base64, as keys of accounts are; the slash and the sign of equality are escaped in a URL.
func planted(name string) string {
	return base64.StdEncoding.EncodeToString([]byte(secretCanary + "/" + name + "/\xff\xfe"))
}

// plantedVariables are all variables that hold a secret. Without a connection string and a key pair, some of them would be used.
func plantedVariables() map[string]string {
	all := map[string]string{"AZURE_STORAGE_SAS_TOKEN": "sv=2024-11-04&ss=b&sig=" + url.QueryEscape(planted("sas"))}
	for _, name := range []string{"AZURE_STORAGE_KEY", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"} {
		all[name] = planted(name)
	}
	return all
}

// secretsOf are the secrets in variables, in all forms in which they might be told.
func secretsOf(variables map[string]string) (secrets []string) {
	for _, value := range variables {
		parts := []string{value}
		for _, mark := range []string{"AccountKey=", "sig=", "SharedAccessSignature="} {
			if _, rest, ok := strings.Cut(value, mark); ok {
				rest, _, _ = strings.Cut(rest, ";")
				parts = append(parts, rest)
			}
		}
		for _, part := range parts {
			plain, err := url.QueryUnescape(part)
			if err != nil {
				plain = part
			}
			secrets = append(secrets, part, plain, url.QueryEscape(plain), url.PathEscape(plain))
		}
	}
	return append(secrets, secretCanary, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secretCanary)), "="))
}

// withoutPlaces are the variables that hold a secret.
func withoutPlaces(variables map[string]string) map[string]string {
	kept := maps.Clone(variables)
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		delete(kept, name)
	}
	return kept
}

// noSecret fails where one of the secrets is told.
func noSecret(t *testing.T, what string, told []byte, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if len(secret) > 4 && bytes.Contains(told, []byte(secret)) {
			t.Errorf("%s: a secret is told: %q in %s", what, secret, told)
		}
	}
}

// told runs the program with variables, and returns all that it told: what it prints, the receipt and the metrics.
func (s *storeLab) told(t *testing.T, variables map[string]string, args ...string) (e ended, told []byte) {
	t.Helper()
	l := *s.lab
	l.env = nil
	for name, value := range variables {
		l.env = append(l.env, name+"="+value)
	}
	e = l.run(t, args...)
	told = []byte(e.stdout + e.stderr)
	for _, name := range []string{"receipt.json", "job.prom"} {
		data, err := os.ReadFile(filepath.Join(s.temp, name))
		if err == nil {
			told = append(told, data...)
			err = os.Remove(filepath.Join(s.temp, name))
		}
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
	}
	return e, told
}

// recorded are flags that write a receipt and metrics.
func recorded(form string) []string {
	return []string{"--log-format", form, "--receipt", "receipt.json", "--metrics-file", "job.prom"}
}

// TestStoreSecrets plants a secret in every variable that may hold one: none is told in what is printed, logged, written to a receipt, to metrics or
// to the store. Runs end well, are refused, find no container and nobody who answers.
func TestStoreSecrets(t *testing.T) {
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		s.onlyFast(t)
		good := plantedVariables()
		maps.Copy(good, s.emulator.Env(s.proxy.URL))
		secrets := secretsOf(withoutPlaces(good))
		for i, form := range []string{cli.LogText, cli.LogJSON} {
			if i == 0 && !longFaults {
				continue
			}
			e, told := s.told(t, good, s.score(lastMonth.Add(i-1), recorded(form)...)...)
			if e.code != exitDone || !bytes.Contains(told, []byte("snapshot published")) || !bytes.Contains(told, []byte("partnerscore_")) {
				t.Errorf("ended with %d: %s", e.code, told)
			}
			noSecret(t, "a run that ends well", told, secrets)
		}
		stored := s.content(t, s.snapshots)
		if stored[".lock"] == nil || stored["_facts/month="+lastMonth.String()+"/facts.json"] == nil || stored["_manifests/month="+lastMonth.String()+".json"] == nil {
			t.Errorf("stored: %q", slices.Sorted(maps.Keys(stored)))
		}
		for name, data := range stored {
			noSecret(t, name, data, secrets)
		}
		s.secretsOfFailures(t, good)
	})
}

// secretsOfFailures runs commands that cannot end well.
func (s *storeLab) secretsOfFailures(t *testing.T, good map[string]string) {
	t.Helper()
	at, _, _ := strings.Cut(s.exports, "/exports")
	azure := "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
	endpoint := func(url string) string { return "BlobEndpoint=" + url + "/devstoreaccount1;" }
	key, sas := "AccountKey="+planted("AccountKey")+";", "SharedAccessSignature=sv=2024-11-04&ss=b&srt=sco&sp=rl&sig="+url.QueryEscape(planted("sig"))+";"
	connection := func(text string) map[string]string { return map[string]string{"AZURE_STORAGE_CONNECTION_STRING": text} }
	keys := func(id, secret, token, endpoint string) map[string]string {
		return map[string]string{"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token, "AWS_ENDPOINT_URL": endpoint}
	}
	const nobody = "http://127.0.0.1:9"
	for _, c := range []struct {
		name, store string
		env         map[string]string
		code        int
		says        string
		quick       bool
	}{
		{"another key", "azure", connection(azure + key + endpoint(s.proxy.URL)), exitUsage, "403", true},
		{"a SAS", "azure", connection(azure + sas + endpoint(s.proxy.URL)), exitUsage, "403", true},
		{"no key", "azure", connection(azure + "AccountKey=" + secretCanary + "!;" + endpoint(s.proxy.URL)), exitUsage, "cannot be read", true},
		{"nobody answers", "azure", connection(azure + key + endpoint(nobody)), exitInternal, "connection refused", false},
		{"no such host", "azure", connection(azure + key + endpoint("http://nowhere.invalid")), exitUsage, "does not exist", false},
		{"another secret", "s3", keys("testkey", planted("secret"), "", s.proxy.URL), exitUsage, "403 SignatureDoesNotMatch", true},
		{"another id", "s3", keys("AK"+secretCanary, planted("secret"), "", s.proxy.URL), exitUsage, "check the address, AWS_ENDPOINT_URL and AWS_ACCESS_KEY_ID", true},
		{"a session", "s3", keys("testkey", planted("secret"), planted("token"), s.proxy.URL), exitUsage, "check AWS_ACCESS_KEY_ID", true},
		{"nobody answers", "s3", keys("testkey", planted("secret"), planted("token"), nobody), exitInternal, "connection refused", false},
		{"no such host", "s3", keys("testkey", planted("secret"), planted("token"), "http://nowhere.invalid"), exitUsage, "does not exist", false},
		{"a user in the endpoint", "s3", keys("testkey", planted("secret"), "", "http://user:"+secretCanary+"@127.0.0.1:9"), exitUsage, "without user", true},
	} {
		if c.store != s.emulator.Name || !c.quick && !longFaults {
			continue
		}
		env := maps.Clone(good)
		maps.Copy(env, c.env)
		secrets := secretsOf(withoutPlaces(env))
		e, told := s.told(t, env, s.score(lastMonth, recorded(cli.LogJSON)...)...)
		if e.code != c.code || !strings.Contains(e.stderr, c.says) {
			t.Errorf("%s: ended with %d: %s", c.name, e.code, told)
		}
		noSecret(t, c.name, told, secrets)
	}
	missing := *s
	missing.exports = at + "-missing/exports"
	e, told := missing.told(t, good, missing.score(lastMonth, recorded(cli.LogText)...)...)
	if e.code != exitUsage || !strings.Contains(e.stderr, "does not exist; create it") {
		t.Errorf("no container: ended with %d: %s", e.code, told)
	}
	noSecret(t, "no container", told, secretsOf(withoutPlaces(good)))
}

// TestAddressesWithSecrets: an address that holds a secret is refused, and the secret is not told, wherever the address comes from.
func TestAddressesWithSecrets(t *testing.T) {
	t.Parallel()
	sas := "sv=2024-11-04&ss=b&sig=" + url.QueryEscape(planted("sas"))
	addresses := []string{
		"https://contoso.blob.core.windows.net/exports/a?" + sas, "az://exports/a?" + sas, "abfss://exports@contoso.dfs.core.windows.net/a?" + sas,
		"https://user:" + secretCanary + "@contoso.blob.core.windows.net/exports", "s3://AKID:" + secretCanary + "@bucket/exports",
		"DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=" + planted("key"), "s3://bucket/exports?X-Amz-Signature=" + secretCanary,
		"https://contoso.blob.core.windows.net/exports%3F" + sas, "http://contoso.blob.core.windows.net/exports?" + sas,
	}
	for i, address := range addresses {
		for j, c := range []struct {
			name string
			args []string
			env  map[string]string
			file string
		}{
			{name: "exports", args: []string{"score", "--month", "2024-06", "--exports", address}},
			{name: "snapshots", args: []string{"score", "--month", "2024-06", "--exports", t.TempDir(), "--snapshots", address}},
			{name: "variable", args: []string{"inspect"}, env: map[string]string{"PARTNERSCORE_EXPORTS": address}},
			{name: "config", args: []string{"status", "--exports", t.TempDir()}, file: fmt.Sprintf("snapshots: %q\n", address)},
			{name: "status", args: []string{"status", "--exports", t.TempDir(), "--snapshots", address}},
			{name: "explain", args: []string{"explain", "--partner", "p", "--snapshots", address}},
			{name: "verify", args: []string{"verify", "--snapshots", address}},
			{name: "report", args: []string{"report", "--partner", "p", "--snapshots", address}},
		} {
			if (i+j)%8 != 0 && !longFaults {
				continue
			}
			root := t.TempDir()
			receipt, config := filepath.Join(root, "receipt.json"), filepath.Join(root, "partnerscore.yaml")
			args := append([]string{"partnerscore"}, c.args...)
			args = append(args, "--log-format", []string{cli.LogText, cli.LogJSON}[(i+j)%2])
			if c.file != "" {
				writeText(t, config, c.file)
				args = append(args, "--config", config)
			}
			if c.args[0] == "score" {
				args = append(args, "--receipt", receipt)
			}
			p, stdout, stderr := testProgram(c.env)
			if code := p.run(t.Context(), args); code != exitUsage || !strings.Contains(stderr.String(), "address ") {
				t.Errorf("%s of %s: ended with %d: %s", c.name, address, code, stderr)
			}
			told := slices.Concat(stdout.Bytes(), stderr.Bytes())
			if data, err := os.ReadFile(receipt); err == nil {
				told = append(told, data...)
			} else if c.args[0] == "score" && !os.IsNotExist(err) {
				t.Error(err)
			}
			noSecret(t, c.name+" of "+address, told, append(secretsOf(map[string]string{"": sas}), planted("key")))
		}
	}
}
