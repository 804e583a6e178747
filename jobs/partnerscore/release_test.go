package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeGo stands for the Go command in the tests of the release: a real build takes minutes. What it builds answers as the program does, with its call.
const fakeGo = `#!/bin/bash
case $1 in
env) case $2 in GOHOSTARCH) echo amd64 ;; GOROOT) echo "$FAKE/goroot" ;; esac ;;
list) echo "example.com/module $FAKE/module" ;;
build)
  while [[ $1 != -o ]]; do [[ $1 != -ldflags* ]] || flags=$1; shift; done
  { echo '#!/bin/bash'; echo "# $GOARCH $CXX GLIBC_2.28 GLIBC_2.4"; echo "# $flags" | sed 's|-L[^ ]*||'; echo 'echo "$@" | sed "s|/tmp[^ ]*||"'; } >"$2"
  chmod +x "$2" ;;
esac
`

// releaseTools are what the release calls. The tests see no other, so that they do not depend on the compilers of the machine.
func releaseTools() []string {
	return []string{"bash", "basename", "cat", "chmod", "cp", "dirname", "find", "git", "grep", "gzip", "ln", "mkdir", "mktemp", "mv", "rm", "sed", "sha256sum",
		"sort", "tail", "tar", "xargs"}
}

// releaseLab is a repository with the scripts of the release, one commit, and fakes in place of Go and of compilers.
type releaseLab struct{ root, bin, fake string }

func newReleaseLab(t *testing.T, compilers ...string) *releaseLab {
	t.Helper()
	lab := &releaseLab{root: t.TempDir(), bin: t.TempDir(), fake: t.TempDir()}
	for _, tool := range releaseTools() {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Skip(err)
		}
		if err := os.Symlink(path, filepath.Join(lab.bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, text string, mode fs.FileMode) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), mode)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(lab.bin, "go"), fakeGo, 0o755)
	for _, compiler := range compilers {
		write(filepath.Join(lab.bin, compiler), "#!/bin/bash\necho /usr/lib/libstdc++.a\n", 0o755)
	}
	write(filepath.Join(lab.fake, "goroot", "LICENSE"), "Go\n", 0o644)
	write(filepath.Join(lab.fake, "module", "LICENSE.txt"), "module\n", 0o644)
	for _, name := range []string{".ci/release", ".gitignore", "LICENSE", "jobs/deploy/licenses.txt", "jobs/deploy/license-texts.sh"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(lab.root, name), string(text), 0o644)
	}
	lab.git(t, "init", "-q")
	lab.git(t, "add", "-A")
	lab.git(t, "commit", "-qm", "first")
	return lab
}

func (lab *releaseLab) git(t *testing.T, args ...string) {
	t.Helper()
	if out, err := lab.run("git", append([]string{"-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"}, args...)...); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func (lab *releaseLab) run(name string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(lab.bin, name), args...)
	cmd.Dir, cmd.Env = lab.root, []string{"PATH=" + lab.bin, "HOME=" + lab.fake, "FAKE=" + lab.fake}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// files are the names and contents of what was released.
func (lab *releaseLab) files(t *testing.T, version string) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(filepath.Join(lab.root, "dist", version))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(lab.root, "dist", version, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[entry.Name()] = string(text)
	}
	return found
}

// TestScriptsParse: bash can read every script.
func TestScriptsParse(t *testing.T) {
	for _, path := range []string{"../../.ci/run", "../../.ci/release", "../deploy/license-texts.sh", "../deploy/linked-modules.sh"} {
		if out, err := exec.Command("bash", "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}

// TestRelease: one commit gives the same bytes twice, whatever times its files have.
func TestRelease(t *testing.T) {
	lab := newReleaseLab(t, "g++", "x86_64-linux-gnu-g++", "aarch64-linux-gnu-g++")
	said, err := lab.run("bash", ".ci/release", "1.2.3")
	if err != nil || strings.Count(said, ".tar.gz, needs GLIBC_2.28 or newer\n") != 2 {
		t.Fatalf("%v\n%s", err, said)
	}
	first := lab.files(t, "1.2.3")
	later := time.Now().Add(time.Hour)
	if err := errors.Join(os.Chtimes(filepath.Join(lab.root, "LICENSE"), later, later), os.Chmod(filepath.Join(lab.root, "LICENSE"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if said, err = lab.run("bash", ".ci/release", "1.2.3"); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	second := lab.files(t, "1.2.3")
	var names []string
	for name, text := range first {
		names = append(names, name)
		if second[name] != text {
			t.Errorf("%s has other bytes the second time", name)
		}
	}
	slices.Sort(names)
	want := []string{"SHA256SUMS", "partnerscore-1.2.3-linux-amd64.cdx.json", "partnerscore-1.2.3-linux-amd64.tar.gz",
		"partnerscore-1.2.3-linux-arm64.cdx.json", "partnerscore-1.2.3-linux-arm64.tar.gz"}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	if out, err := lab.run("bash", "-c", "cd dist/1.2.3 && sha256sum --check --strict SHA256SUMS"); err != nil || strings.Count(out, ": OK") != 4 {
		t.Errorf("%v\n%s", err, out)
	}
	checkArchive(t, lab)
}

// checkArchive: the archive of the other processor has all documents, and the program knows its version.
func checkArchive(t *testing.T, lab *releaseLab) {
	t.Helper()
	out, err := lab.run("tar", "--list", "--verbose", "--numeric-owner", "--file", "dist/1.2.3/partnerscore-1.2.3-linux-arm64.tar.gz")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"LICENSE", "completion/partnerscore.bash", "completion/partnerscore.fish", "completion/partnerscore.zsh", "licenses.txt", "licenses/go",
		"licenses/example.com/module/LICENSE.txt", "partnerscore", "partnerscore.1"} {
		if !strings.Contains(out, " partnerscore-1.2.3-linux-arm64/"+name+"\n") {
			t.Errorf("the archive has no %s:\n%s", name, out)
		}
	}
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); fields[1] != "0/0" || !strings.HasSuffix(fields[0], "r--") && !strings.HasSuffix(fields[0], "r-x") {
			t.Errorf("owner or mode: %s", line)
		}
	}
	program, err := lab.run("tar", "--extract", "--to-stdout", "--file", "dist/1.2.3/partnerscore-1.2.3-linux-arm64.tar.gz", "partnerscore-1.2.3-linux-arm64/partnerscore")
	revision, failed := lab.run("git", "rev-parse", "HEAD")
	if err := errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"arm64 ", "aarch64-linux-gnu-g++", "-X main.release=1.2.3 ", "-X main.revision=" + strings.TrimSpace(revision)} {
		if !strings.Contains(program, want) {
			t.Errorf("built without %q: %s", want, program)
		}
	}
}

// TestReleaseWithoutCrossCompiler says which platform is skipped, and what it lacks.
func TestReleaseWithoutCrossCompiler(t *testing.T) {
	lab := newReleaseLab(t, "g++")
	said, err := lab.run("bash", ".ci/release", "1.2.3-rc.1")
	if want := "linux/arm64: skipped, since there is no C++ compiler for it here; apt-get install g++-aarch64-linux-gnu\n"; err != nil || !strings.Contains(said, want) {
		t.Errorf("%v\n%s", err, said)
	}
	if found := lab.files(t, "1.2.3-rc.1"); len(found) != 3 {
		t.Errorf("%d files", len(found))
	}
}

// TestReleaseRefuses what it cannot name.
func TestReleaseRefuses(t *testing.T) {
	lab := newReleaseLab(t, "g++")
	for version, want := range map[string]string{"": "is not a version", "v1": "is not a version", "../1.2.3": "is not a version"} {
		if said, err := lab.run("bash", ".ci/release", version); err == nil || !strings.Contains(said, want) {
			t.Errorf("%q: %v\n%s", version, err, said)
		}
	}
	if err := os.WriteFile(filepath.Join(lab.root, "LICENSE"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := lab.run("bash", ".ci/release", "1.2.3"); err == nil || !strings.Contains(said, "the work tree has changes") {
		t.Errorf("%v\n%s", err, said)
	}
}
