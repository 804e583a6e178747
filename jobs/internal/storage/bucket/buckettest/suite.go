// Package buckettest is what every client of an object store is held to.
package buckettest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage/bucket"
)

// PageSize is how many objects a client under test lists in one request, at most: lists of the suite then have three pages.
const PageSize = 5

// Suite tests a client. newClient returns one of an empty place of its own.
func Suite(t *testing.T, newClient func(t *testing.T) bucket.Client) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, c bucket.Client)
	}{
		{"list", testList},
		{"names", testNames},
		{"ranges", testRanges},
		{"metadata", testMetadata},
		{"missing", testMissing},
		{"conditions", testConditions},
		{"replaced", testReplaced},
		{"races", testRaces},
		{"cancelled", testCancelled},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newClient(t)) })
	}
}

// Content is what a put writes of a text.
func Content(text string) bucket.Content {
	hash := sha256.Sum256([]byte(text))
	return bucket.Content{Body: bytes.NewReader([]byte(text)), Bytes: int64(len(text)), SHA256: hex.EncodeToString(hash[:])}
}

func put(t *testing.T, c bucket.Client, name, text string) bucket.Object {
	t.Helper()
	o, err := c.Put(t.Context(), name, Content(text), bucket.Condition{})
	if err != nil {
		t.Fatalf("put %q: %v", name, err)
	}
	return o
}

func get(t *testing.T, c bucket.Client, name, version string, offset, length int64) (string, bucket.Object) {
	t.Helper()
	body, o, err := c.Get(t.Context(), name, version, offset, length)
	if err != nil {
		t.Fatalf("get %q from %d, %d bytes: %v", name, offset, length, err)
	}
	data, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		t.Fatalf("read %q: %v", name, err)
	}
	return string(data), o
}

func names(objects []bucket.Object) (all []string) {
	for _, o := range objects {
		all = append(all, o.Name)
	}
	return all
}

func list(t *testing.T, c bucket.Client, prefix string) []bucket.Object {
	t.Helper()
	found, err := c.List(t.Context(), prefix)
	if err != nil {
		t.Fatalf("list %q: %v", prefix, err)
	}
	return found
}

// testList: a list has as many pages as it needs, and is sorted as texts are.
func testList(t *testing.T, c bucket.Client) {
	if found := list(t, c, ""); len(found) > 0 {
		t.Fatalf("an empty place lists %q", names(found))
	}
	var want []string
	for i := range 2*PageSize + 1 {
		want = append(want, fmt.Sprintf("scores/month=2024-%02d/part-0.parquet", i+1))
	}
	for i, name := range slices.Backward(want) {
		put(t, c, name, strings.Repeat("x", i))
	}
	for _, name := range []string{"scores-old/a", "scores.json", ".lock"} {
		put(t, c, name, "beside")
	}
	found := list(t, c, "scores/")
	if !slices.Equal(names(found), want) {
		t.Fatalf("list:\n%q, want\n%q", names(found), want)
	}
	for i, o := range found {
		head, err := c.Head(t.Context(), o.Name)
		if err != nil || o.Bytes != int64(i) || o.Version != head.Version || !o.Modified.Equal(head.Modified) || !o.Served.IsZero() || o.SHA256 != "" {
			t.Errorf("listed %+v, looked at %+v, %v", o, head, err)
		}
	}
	all := names(list(t, c, ""))
	if len(all) != len(want)+3 || !slices.IsSorted(all) {
		t.Errorf("all: %q", all)
	}
	if part := names(list(t, c, "scores/month=2024-1")); len(part) != 2 {
		t.Errorf("a prefix need not end at a slash: %q", part)
	}
}

// Names are names of objects that look like something else to a shell, a URL or a store. Each lies in a folder of its own.
func Names() (all []string) {
	for i, name := range []string{`a b`, `a'b"c`, `semi;--$x`, `a[1]*?`, `50%25#frag`, `q?x=1&y`, "line\nbreak", `back\slash`, `é€😀`, `month=2024-06`,
		`-dash`, `~tilde`, `CON`, `.dot`, `a..b`, `a+b`, `<tag>&amp;`, `%2F`, `a:b`, `{x}|^`} {
		all = append(all, fmt.Sprintf("odd/%s/file %d", name, i))
	}
	return all
}

// testNames: a name is a name. A client may refuse a backslash, which Azure changes.
func testNames(t *testing.T, c bucket.Client) {
	var want []string
	for _, name := range Names() {
		_, err := c.Put(t.Context(), name, Content(name), bucket.Condition{})
		switch {
		case err == nil:
			want = append(want, name)
		case !strings.Contains(name, `\`) || !errors.Is(err, fs.ErrInvalid):
			t.Errorf("put %q: %v", name, err)
		}
	}
	slices.Sort(want)
	if found := names(list(t, c, "odd/")); !slices.Equal(found, want) {
		t.Errorf("list:\n%q, want\n%q", found, want)
	}
	for _, name := range want {
		if text, o := get(t, c, name, "", 0, -1); text != name || o.Name != name {
			t.Errorf("%q holds %q and is called %q", name, text, o.Name)
		}
		folder := name[:strings.LastIndex(name, "/")+1]
		if found := names(list(t, c, folder)); !slices.Equal(found, []string{name}) {
			t.Errorf("list %q: %q", folder, found)
		}
		if err := c.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if found := names(list(t, c, "")); len(found) > 0 {
		t.Errorf("not deleted: %q", found)
	}
}

func testRanges(t *testing.T, c bucket.Client) {
	const text = "0123456789"
	put(t, c, "a", text)
	o := put(t, c, "a", text)
	put(t, c, "empty", "")
	for _, r := range []struct {
		name           string
		offset, length int64
		want           string
	}{
		{"a", 0, -1, text}, {"a", 0, 10, text}, {"a", 0, 99, text}, {"a", 0, 1, "0"}, {"a", 3, 4, "3456"}, {"a", 3, -1, "3456789"}, {"a", 9, 1, "9"}, {"a", 8, 9, "89"},
		{"a", 10, -1, ""}, {"a", 11, 3, ""}, {"a", 4, 0, ""}, {"empty", 0, -1, ""}, {"empty", 0, 5, ""}, {"empty", 5, 5, ""},
	} {
		if got, at := get(t, c, r.name, "", r.offset, r.length); got != r.want || r.name == "a" && (at.Bytes != 10 || at.Version != o.Version) {
			t.Errorf("%s from %d, %d bytes: %q of %+v, want %q", r.name, r.offset, r.length, got, at, r.want)
		}
	}
}

// testMetadata: each answer has the hash, and a time and a clock that can be compared.
func testMetadata(t *testing.T, c bucket.Client) {
	made := put(t, c, "a", "text")
	head, err := c.Head(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	_, got := get(t, c, "a", "", 0, 2)
	_, whole := get(t, c, "a", made.Version, 0, -1)
	for answer, o := range map[string]bucket.Object{"put": made, "head": head, "get": got, "get all": whole} {
		if o.Name != "a" || o.Bytes != 4 || o.SHA256 != Content("text").SHA256 || o.Version == "" || o.Version != made.Version {
			t.Errorf("%s: %+v", answer, o)
		}
		if age := o.Served.Sub(o.Modified); o.Served.IsZero() || o.Modified.IsZero() || age < -time.Second || age > time.Minute {
			t.Errorf("%s: modified %v, served %v", answer, o.Modified, o.Served)
		}
	}
}

func testMissing(t *testing.T, c bucket.Client) {
	ctx := t.Context()
	put(t, c, "folder/a", "text")
	for _, name := range []string{"no", "folder/b", "no/such/name"} {
		if _, err := c.Head(ctx, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("head %s: %v", name, err)
		}
		for _, length := range []int64{-1, 0, 5} {
			if _, _, err := c.Get(ctx, name, "", 0, length); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("get %s, %d bytes: %v", name, length, err)
			}
		}
		if err := c.Delete(ctx, name); err != nil {
			t.Errorf("delete %s: %v", name, err)
		}
		if _, err := c.Put(ctx, name, Content("x"), bucket.Condition{Version: `"0x0123456789abcde"`}); !errors.Is(err, bucket.ErrCondition) {
			t.Errorf("replace %s, which is missing: %v", name, err)
		}
	}
	if found := list(t, c, "no"); len(found) > 0 {
		t.Errorf("list: %q", names(found))
	}
}

func testConditions(t *testing.T, c bucket.Client) {
	ctx := t.Context()
	first, err := c.Put(ctx, "a", Content("one"), bucket.Condition{Absent: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Put(ctx, "a", Content("two"), bucket.Condition{Absent: true}); !errors.Is(err, bucket.ErrCondition) {
		t.Errorf("create what exists: %v", err)
	}
	second, err := c.Put(ctx, "a", Content("two"), bucket.Condition{Version: first.Version})
	if err != nil || second.Version == first.Version {
		t.Fatalf("replace: %+v after %+v, %v", second, first, err)
	}
	if _, err := c.Put(ctx, "a", Content("three"), bucket.Condition{Version: first.Version}); !errors.Is(err, bucket.ErrCondition) {
		t.Errorf("replace an old version: %v", err)
	}
	if text, o := get(t, c, "a", "", 0, -1); text != "two" || o.Version != second.Version {
		t.Errorf("%q, %+v", text, o)
	}
	if err := c.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Put(ctx, "a", Content("four"), bucket.Condition{Absent: true}); err != nil {
		t.Errorf("create again: %v", err)
	}
}

// testReplaced: what is read is the version that was asked for, or nothing.
func testReplaced(t *testing.T, c bucket.Client) {
	old := put(t, c, "a", "old text")
	put(t, c, "a", "new text")
	for _, length := range []int64{-1, 0, 3, 99} {
		if _, _, err := c.Get(t.Context(), "a", old.Version, 0, length); !errors.Is(err, bucket.ErrCondition) {
			t.Errorf("get %d bytes of an old version: %v", length, err)
		}
	}
	if _, _, err := c.Get(t.Context(), "a", old.Version, 99, 1); !errors.Is(err, bucket.ErrCondition) {
		t.Errorf("get beyond the end of an old version: %v", err)
	}
}

// testRaces: of two writers under the same condition, one wins.
func testRaces(t *testing.T, c bucket.Client) {
	for round := range 20 {
		name := fmt.Sprintf("race/%d", round)
		condition := bucket.Condition{Absent: true}
		if round%2 == 1 {
			condition = bucket.Condition{Version: put(t, c, name, "before").Version}
		}
		texts, errs := []string{"one", "another"}, make([]error, 2)
		start := make(chan struct{})
		var both sync.WaitGroup
		for i := range texts {
			both.Go(func() {
				<-start
				_, errs[i] = c.Put(t.Context(), name, Content(texts[i]), condition)
			})
		}
		close(start)
		both.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 || !errors.Is(errs[1-winner], bucket.ErrCondition) {
			t.Errorf("round %d: %v", round, errs)
			continue
		}
		if text, _ := get(t, c, name, "", 0, -1); text != texts[winner] {
			t.Errorf("round %d: %q won, and %q is there", round, texts[winner], text)
		}
	}
}

func testCancelled(t *testing.T, c bucket.Client) {
	put(t, c, "a", "text")
	why := errors.New("the run was interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, headErr := c.Head(ctx, "a")
	_, _, getErr := c.Get(ctx, "a", "", 0, -1)
	_, putErr := c.Put(ctx, "a", Content("new"), bucket.Condition{})
	_, listErr := c.List(ctx, "")
	for i, err := range []error{headErr, getErr, putErr, listErr, c.Delete(ctx, "a")} {
		if !errors.Is(err, why) {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if text, _ := get(t, c, "a", "", 0, -1); text != "text" {
		t.Errorf("it holds %q", text)
	}
}
