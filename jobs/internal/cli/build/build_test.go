package build

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildVersion(t *testing.T) {
	settings := func(pairs ...string) []debug.BuildSetting {
		var s []debug.BuildSetting
		for i := 0; i < len(pairs); i += 2 {
			s = append(s, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return s
	}
	for name, c := range map[string]struct {
		info  *debug.BuildInfo
		want  string
		exact bool
	}{
		"no build info":         {nil, "devel", false},
		"go run":                {&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "devel", false},
		"released module":       {&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3", true},
		"changed module":        {&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3+dirty"}}, "v1.2.3+dirty", false},
		"revision":              {&debug.BuildInfo{Settings: settings("vcs.revision", "abc", "vcs.modified", "false")}, "abc", true},
		"changed work tree":     {&debug.BuildInfo{Settings: settings("vcs.revision", "abc", "vcs.modified", "true")}, "abc+dirty", false},
		"module, changed later": {&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: settings("vcs.modified", "true")}, "v1.2.3", false},
	} {
		if got, exact := buildVersion(c.info); got != c.want || exact != c.exact {
			t.Errorf("%s: %s, exact %t, want %s, %t", name, got, exact, c.want, c.exact)
		}
	}
}

func TestVersionOfATestBinaryHasItsHash(t *testing.T) {
	got, err := (&Build{}).Version()
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^devel-[0-9a-f]{12}$`).MatchString(got) {
		t.Errorf("got %q", got)
	}
}

// TestBuildID: the linker's id is read from an executable of Go, and nothing is taken for one.
func TestBuildID(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := exec.Command("go", "tool", "buildid", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := buildID(bytes.NewReader(data)); len(got) == 0 || string(got) != strings.TrimSpace(string(want)) {
		t.Errorf("got %q, the toolchain says %q", got, want)
	}
	for what, other := range map[string][]byte{"an empty file": nil, "text": []byte("#!/bin/sh\n"), "part of an executable": data[:1000]} {
		if got := buildID(bytes.NewReader(other)); got != nil {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// TestReleaseVersion: a release is exact where its revision is known and no work tree was changed.
func TestReleaseVersion(t *testing.T) {
	for revision, want := range map[string]string{
		"0123456789abcdef0123456789abcdef01234567":       "1.2.3+0123456789ab",
		"0123456789abcdef0123456789abcdef01234567+dirty": "",
		"unknown": "",
		"":        "",
	} {
		got, err := (&Build{Release: "1.2.3", Revision: revision}).Version()
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && !regexp.MustCompile(`^1\.2\.3-[0-9a-f]{12}$`).MatchString(got) || want != "" && got != want {
			t.Errorf("revision %q: %s, want %q", revision, got, want)
		}
	}
}

// TestMaterialsOfAnotherBuild: the modules are read from the executable that is named.
func TestMaterialsOfAnotherBuild(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var own, named bytes.Buffer
	b := &Build{Release: "1.2.3"}
	if err := errors.Join(b.WriteMaterials(&own, "", "v1"), b.WriteMaterials(&named, path, "v1")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(own.Bytes(), []byte(`"name": "go"`)) || !bytes.Equal(own.Bytes(), named.Bytes()) {
		t.Errorf("%s\n%s", &own, &named)
	}
	if err := b.WriteMaterials(&own, "build_test.go", "v1"); err == nil {
		t.Error("a text has modules")
	}
}
