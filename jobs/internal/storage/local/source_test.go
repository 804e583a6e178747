package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/storagetest"
)

func TestFolderIsASource(t *testing.T) {
	storagetest.Source(t, func(t *testing.T, files map[string]string) (storage.Source, func(name, text string)) {
		root := t.TempDir()
		put := func(name, text string) {
			path := filepath.Join(root, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		for name, text := range files {
			put(name, text)
		}
		source, err := OpenSource(root)
		if err != nil {
			t.Fatal(err)
		}
		return source, put
	})
}

// TestRootsThatAreNotThere: the message names the folder and the flag, and the setting is at fault.
func TestRootsThatAreNotThere(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"nosuch":    "no exports folder ROOT/nosuch: it does not exist; give the folder that holds the exports with --exports",
		"file":      "no exports folder ROOT/file: it is no folder; give the folder that holds the exports with --exports",
		"new\nline": `no exports folder "ROOT/new\nline": it does not exist; give the folder that holds the exports with --exports`,
	} {
		_, err := OpenSource(filepath.Join(root, name))
		if err == nil || strings.ReplaceAll(err.Error(), root, "ROOT") != want || fault.Of(err) != fault.Usage {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

// TestLinks: a link is followed inside the root only, and says so of itself.
func TestLinks(t *testing.T) {
	root := t.TempDir()
	source, err := OpenSource(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "file"), []byte("12"), 0o644); err != nil {
		t.Fatal(err)
	}
	for target, c := range map[string]struct {
		want error
		size int64
	}{"file": {size: 2}, "nowhere": {want: storage.ErrLinkDangling}, "link": {want: storage.ErrLinkDangling}, "/dev/zero": {want: storage.ErrLinkEscapes}, "..": {want: storage.ErrLinkEscapes}} {
		link := filepath.Join(root, "link")
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		info, err := source.Stat(t.Context(), "link")
		var bad *storage.SourceLinkError
		if !errors.Is(err, c.want) || errors.As(err, &bad) != (c.want != nil) || info.Linked != (c.want == nil) || info.Size != c.size {
			t.Errorf("%s: %+v, %v", target, info, err)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPipeThatTookTheName: opening does not wait for a writer.
func TestPipeThatTookTheName(t *testing.T) {
	root := t.TempDir()
	source, err := OpenSource(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(root, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	var odd *storage.NotRegularError
	if _, err := source.Open(t.Context(), "pipe", storage.SourceInfo{}); !errors.As(err, &odd) || err.Error() != "is a pipe, not a file" {
		t.Errorf("got %v", err)
	}
}

func TestSettled(t *testing.T) {
	at := time.Unix(1_700_000_000, 5_000_000)
	whole := at.Truncate(time.Second)
	for _, c := range []struct {
		name    string
		changed time.Time
		age     time.Duration
		want    bool
	}{
		{"just now", at, time.Millisecond, false}, {"a while ago", at, time.Second, true}, {"in the future", at, -time.Hour, false},
		{"whole seconds, just now", whole, time.Second, false}, {"whole seconds, a while ago", whole, 3 * time.Second, true},
	} {
		raw := unix.Stat_t{Ctim: unix.NsecToTimespec(c.changed.UnixNano())}
		if got := infoOf(&raw, c.changed.Add(c.age)); (got.SettlesIn == 0) != c.want || (got.Signature() != "") != c.want {
			t.Errorf("%s: settles in %v, signature %q", c.name, got.SettlesIn, got.Signature())
		}
	}
}
