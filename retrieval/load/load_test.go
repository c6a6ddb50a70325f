package load

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// report lists what was yielded: "SOURCE" for an item, "SOURCE: why" for a
// refusal.
func report(t *testing.T, items iter.Seq2[retrieval.Item, error]) []string {
	t.Helper()
	var out []string
	for item, err := range items {
		switch r := (*retrieval.Refusal)(nil); {
		case errors.As(err, &r):
			out = append(out, r.Error())
		case err != nil:
			out = append(out, err.Error())
		default:
			out = append(out, item.Source)
		}
	}
	return out
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "news")
	write(t, dir, "a.txt", "One.")
	write(t, dir, "b/c.TXT", "Two.")
	write(t, dir, "README.md", "x")
	write(t, dir, ".hidden/d.txt", "x")
	write(t, dir, "e.pdf", "x")
	write(t, dir, "f.jsonl", `{"text":"Three."}`+"\n"+`{"id":"x1","url":"http://x","text":"Four."}`+"\n\n"+`{"url":"http://y","text":"Five."}`)
	write(t, dir, "large.txt", strings.Repeat("x", 200))
	if err := os.Symlink("loop.txt", filepath.Join(dir, "loop.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "up.txt")); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"gone.txt": "gone", "up": "..", "round": "round"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"news/a.txt", "news/b/c.TXT",
		"news/e.pdf: its format is not one of .txt, .jsonl, .jsonl.gz, .json and .csv",
		"news/f.jsonl#1", "x1", "http://y",
		"news/gone.txt: the file or folder does not exist",
		"news/large.txt: it has 0.0 MB, more than the limit of 0.0 MB",
		"news/loop.txt: it is a link that leads back to itself",
		"news/pipe.txt: it is not a regular file",
		"news/round: it is a link that leads back to itself",
		"news/up: it is a link to a folder; name that folder itself",
		"news/up.txt: it is a link to a folder; name that folder itself",
	}
	got := report(t, Paths(t.Context(), []string{dir}, Options{MaxBytes: 100}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	got = report(t, Paths(t.Context(), []string{filepath.Join(dir, "a.txt"), dir + "/none", filepath.Join(dir, "b")}, Options{}))
	want = []string{"news/a.txt", dir + "/none: the file or folder does not exist", "b/c.TXT"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestLinks(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "news")
	inside := write(t, dir, "sub/a.txt", "One.")
	outside := write(t, parent, "newsroom/secret.txt", "Private.")
	lines := write(t, parent, "secret.jsonl", `{"text":"Private."}`)
	for name, to := range map[string]string{
		"b.txt": "sub/a.txt", "c.txt": inside, "sub/d.txt": "../b.txt",
		"out.txt": outside, "relative.txt": "../newsroom/secret.txt", "twice.txt": "relative.txt", "sub/out.jsonl": lines,
		"articles.yaml": lines,
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	const leaves = ": it is a link to a file outside of the folder; name that file itself"
	want := []string{
		"news/articles.yaml" + leaves, "news/b.txt", "news/c.txt", "news/out.txt" + leaves, "news/relative.txt" + leaves,
		"news/sub/a.txt", "news/sub/d.txt", "news/sub/out.jsonl" + leaves, "news/twice.txt" + leaves,
	}
	if diff := cmp.Diff(want, report(t, Paths(t.Context(), []string{dir}, Options{}))); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	// A folder may itself be reached by a link, and a named file may be one.
	link := filepath.Join(parent, "link")
	if err := os.Symlink(filepath.Join(dir, "sub"), link); err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(link, "out.jsonl")
	want = []string{"link/a.txt", "link/d.txt", "link/out.jsonl" + leaves, "link/out.jsonl#1"}
	if diff := cmp.Diff(want, report(t, Paths(t.Context(), []string{link, named}, Options{}))); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestNamesThatAreNotUTF8(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a\xff.txt"), []byte("x"), 0o644); err != nil {
		t.Skipf("the file system takes no such name: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "b\xff"), 0o755); err != nil {
		t.Fatal(err)
	}
	got := report(t, Paths(t.Context(), []string{dir}, Options{}))
	if len(got) < 2 || !strings.Contains(got[0], "not UTF-8") || !strings.Contains(got[1], "not UTF-8") {
		t.Errorf("got %q", got)
	}
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	p := write(t, dir, "a.txt", "x")
	if err := os.Chmod(p, 0); err != nil {
		t.Fatal(err)
	}
	got := report(t, Paths(t.Context(), []string{dir}, Options{}))
	if len(got) != 1 || !strings.Contains(got[0], "permission denied") {
		t.Errorf("got %q", got)
	}
}

func TestEmptyFolder(t *testing.T) {
	got := report(t, FS(t.Context(), fstest.MapFS{"x.md": {}}, "news", Options{}))
	want := []string{"news/x.md: its format is not one of .txt, .jsonl, .jsonl.gz, .json and .csv", "news: the folder holds no file of the formats .txt, .jsonl, .jsonl.gz, .json and .csv"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fsys := fstest.MapFS{"a.txt": {Data: []byte("a")}, "b.txt": {Data: []byte("b")}}
	var got []string
	for item, err := range FS(ctx, fsys, "news", Options{}) {
		got = append(got, fmt.Sprint(item.Source, err))
		cancel()
	}
	if diff := cmp.Diff([]string{"news/a.txt<nil>", "context canceled"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range FS(t.Context(), fsys, "news", Options{}) {
		break // must not yield again
	}
}

func TestLines(t *testing.T) {
	tests := []struct{ line, want string }{
		{`{"text":"a","published":"2021-07-04","outlet":"O"}`, "f/x.jsonl#1"},
		{`{"id":7,"text":"a"}`, "7"},
		{`{"id":" ","url":"","text":"a"}`, "f/x.jsonl#1"},
		{"\ufeff" + `{"text":"a"}`, "f/x.jsonl#1"},
		{`{"text":"a"}` + "\r", "f/x.jsonl#1"},
		{`{"html":"<p>a"}`, "f/x.jsonl#1: it has only html, which is not read yet"},
		{`{"title":"a"}`, "f/x.jsonl#1: it has no text; its keys are title"},
		{`{"text":" \n"}`, "f/x.jsonl#1: its text is empty or not a text"},
		{`{"text":null}`, "f/x.jsonl#1: its text is empty or not a text"},
		{`{"text":5}`, "f/x.jsonl#1: its text is empty or not a text"},
		{`[1]`, "f/x.jsonl#1: it is not a JSON object but a JSON array"},
		{`{"text":"a"`, "f/x.jsonl#1: it is not valid JSON: unexpected end of JSON input"},
		{`{"text":"a"} x`, "f/x.jsonl#1: it is not valid JSON: invalid character 'x' after top-level value"},
		{"{\"text\":\"\xff\"}", "f/x.jsonl#1: the line is not UTF-8"},
		{`{"text":"a","published":"soon"}`, "f/x.jsonl#1"},
		{`{"text":"a","published":"Sun, 04 Jul 2021 10:00:00 GMT"}`, "f/x.jsonl#1"},
		{`{"text":"` + strings.Repeat("long", 100) + `"}`, "f/x.jsonl#1: it has 0.0 MB, more than the limit of 0.0 MB"},
	}
	for _, tt := range tests {
		content := tt.line + "\n" + `{"id":"last","text":"b"}`
		got := report(t, FS(t.Context(), fstest.MapFS{"x.jsonl": {Data: []byte(content)}}, "f", Options{MaxBytes: 200}))
		if diff := cmp.Diff([]string{tt.want, "last"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.line, diff)
		}
	}
}

func TestLineValues(t *testing.T) {
	line := `{"id":"i","url":"u","title":"t","outlet":"o","agency":"a","published":"2021-07-04T10:00:00Z","author":"w","text":"b\u2028\r\n"}`
	for item, err := range FS(t.Context(), fstest.MapFS{"x.jsonl": {Data: []byte(line)}}, "f", Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		want := corpus.Given{Title: "t", Outlet: "o", Agency: "a", URL: "u", Author: "w", Published: "2021-07-04"}
		if diff := cmp.Diff(want, item.Given); diff != "" {
			t.Errorf("given (-want +got):\n%s", diff)
		}
		if *item.Body != "b\u2028\r\n" || string(item.Raw) != line {
			t.Errorf("body %q, raw %q", *item.Body, item.Raw)
		}
	}
}

func zipped(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&lines, "{\"id\":\"%d\",\"text\":\"%x\"}\n", i, i*i*7919)
	}
	whole := zipped(t, lines.String())
	if got := report(t, FS(t.Context(), fstest.MapFS{"x.jsonl.gz": {Data: whole}}, "f", Options{})); len(got) != 2000 {
		t.Errorf("%d lines", len(got))
	}
	got := report(t, FS(t.Context(), fstest.MapFS{"x.jsonl.gz": {Data: whole[:len(whole)/2]}}, "f", Options{}))
	last := got[len(got)-1]
	if len(got) < 100 || !strings.HasPrefix(last, "f/x.jsonl.gz: its gzip data is cut off in or after line ") {
		t.Errorf("%d lines, last %q", len(got), last)
	}
	got = report(t, FS(t.Context(), fstest.MapFS{"x.jsonl.gz": {Data: []byte("no gzip")}}, "f", Options{}))
	if diff := cmp.Diff([]string{"f/x.jsonl.gz: it is not gzip data"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A line of 50 MB is within a limit of 60 MB, and passed over by one of 20.
func TestLongLines(t *testing.T) {
	long := `{"id":"long","text":"` + strings.Repeat("word ", 10<<20) + `"}` + "\n" + `{"id":"last","text":"b"}`
	fsys := fstest.MapFS{"x.jsonl": {Data: []byte(long)}}
	if diff := cmp.Diff([]string{"long", "last"}, report(t, FS(t.Context(), fsys, "f", Options{MaxBytes: 60 << 20}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{"f/x.jsonl#1: it has 52.4 MB, more than the limit of 21.0 MB", "last"}
	if diff := cmp.Diff(want, report(t, FS(t.Context(), fsys, "f", Options{}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestArticlesFile(t *testing.T) {
	fsys := fstest.MapFS{
		"a.txt": {Data: []byte("a")},
		"articles.yaml": {Data: []byte("# who wrote what\na.txt:\n  outlet: Kabul Now\n  published: 2021-07-04\n" +
			"gone.txt:\n  title: x\n")},
	}
	n := 0
	for item, err := range FS(t.Context(), fsys, "f", Options{}) {
		n++
		if n == 1 {
			if err == nil || err.Error() != "f/articles.yaml: line 5: there is no file gone.txt" {
				t.Errorf("missing file: %v", err)
			}
			continue
		}
		if err != nil || item.Given.Outlet != "Kabul Now" || item.Given.Published != "2021-07-04" {
			t.Errorf("%+v, %v", item.Given, err)
		}
	}
	if n != 2 {
		t.Errorf("%d yields", n)
	}
}

func TestBadArticlesFile(t *testing.T) {
	tests := []struct{ yaml, want string }{
		{"a.txt:\n  outlte: x\n", `line 2: there is no key "outlte"; did you mean "outlet"?`},
		{"a.txt:\n  published: soon\n", `line 2: published: "soon" is not a date that can be read; write it as YYYY-MM-DD`},
		{"a.txt:\n  title: [x]\n", "line 2: title must be one text"},
		{"a.txt:\n  title: x\n  title: y\n", "line 3: title stands here twice"},
		{"a.txt:\n  title: x\na.txt:\n  title: y\n", "line 3: a.txt stands here twice"},
		{"- a\n", "line 1: want file names, each with what is known of the file"},
		{"a.txt: x\n", "line 1: want keys and values"},
		{"../a.txt:\n  title: x\n", `line 1: "../a.txt" is not a file name`},
		{"a.txt: {title: x\n", "line 1: did not find expected ',' or '}'"},
		{"# nothing\n", ""},
		{"a.txt:\n", ""},
	}
	for _, tt := range tests {
		fsys := fstest.MapFS{"a.txt": {Data: []byte("a")}, "articles.yaml": {Data: []byte(tt.yaml)}}
		var want []string
		if tt.want != "" {
			want = append(want, "f/articles.yaml: "+tt.want)
		}
		got := report(t, FS(t.Context(), fsys, "f", Options{}))
		if diff := cmp.Diff(append(want, "f/a.txt"), got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.yaml, diff)
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"id":"a","text":"b"}`+"\n\r\n"+`{"text":1}`), int64(64))
	f.Add([]byte("\xef\xbb\xbf{}\n[[[\n\"\xff"), int64(3))
	f.Add([]byte("\ufeff{\n}0"), int64(5))
	f.Fuzz(func(t *testing.T, data []byte, limit int64) {
		limit = 1 + limit&0xff
		most := bytes.Count(data, []byte("\n")) + 1
		if document(bufio.NewReader(bytes.NewReader(data))) {
			most = len(data) + 1 // values may share a line, and the whole may be refused too
		}
		n := 0
		for item, err := range FS(t.Context(), fstest.MapFS{"x.jsonl": {Data: data}}, "f", Options{MaxBytes: limit}) {
			n++
			if err == nil && (item.Source == "" || item.Body == nil || int64(len(item.Raw)) > limit) {
				t.Fatalf("item %+v", item)
			}
			if r := (*retrieval.Refusal)(nil); err != nil && (!errors.As(err, &r) || r.Why == "") {
				t.Fatalf("error %v", err)
			}
		}
		if n > most {
			t.Fatalf("%d yields, want at most %d", n, most)
		}
	})
}
