package load_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"verbatim/retrieval"
	"verbatim/retrieval/load"
)

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read returns the number of articles of a file and why others are missing.
func read(t *testing.T, name string, data []byte, o load.Options) (articles int, why []string) {
	t.Helper()
	for _, err := range load.Reader(t.Context(), "root", name, bytes.NewReader(data), o) {
		var refusal *retrieval.Refusal
		switch {
		case err == nil:
			articles++
		case errors.As(err, &refusal):
			why = append(why, refusal.Why)
		default:
			t.Fatal(err)
		}
	}
	return articles, why
}

func TestBombs(t *testing.T) {
	var lines strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&lines, `{"id": "%d", "text": "The dam number %d broke."}`+"\n", i, i*i)
	}
	for _, tt := range []struct {
		name string
		data []byte
		o    load.Options
		want string // the last refusal
		more int    // articles at least
	}{
		{"x.jsonl.gz", zip(t, strings.Repeat("{}\n", 2_000_000)), load.Options{}, "100 times its size", 0},
		{"x.jsonl.gz", zip(t, strings.Repeat("\n", 20_000_000)), load.Options{}, "100 times its size", 0},
		{"x.jsonl.gz", zip(t, `{"text": "`+strings.Repeat("a ", 5_000_000)), load.Options{}, "100 times its size", 0},
		{"x.jsonl.gz", zip(t, lines.String()), load.Options{MaxUnpacked: 1_000_000}, "more than 1.0 MB", 10_000},
		{"x.jsonl.gz", zip(t, lines.String()), load.Options{MaxLines: 100}, "first 100 lines", 100},
		{"x.jsonl", []byte(lines.String()), load.Options{MaxLines: 100}, "first 100 lines", 100},
		{"x.jsonl.gz", zip(t, lines.String()), load.Options{}, "", 30_000},
		{"x.jsonl", []byte(strings.Repeat("\n \r\n", 1_000_000) + `{"text": "The dam broke."}`), load.Options{}, "", 1},
	} {
		articles, why := read(t, tt.name, tt.data, tt.o)
		last := ""
		if len(why) > 0 {
			last = why[len(why)-1]
		}
		if articles < tt.more || !strings.Contains(last, tt.want) || tt.want == "" && last != "" {
			t.Errorf("%s of %d bytes, %+v: %d articles, %d refused, the last because %q; want %q", tt.name, len(tt.data), tt.o, articles, len(why), last, tt.want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("{\"text\": \"a\"}\n\n{}\n"), true)
	f.Add([]byte("\x1f\x8b\x08\x00"), false)
	f.Add([]byte(`[{"text": "a"}, {"id": 1, "title": null}]`), true)
	f.Fuzz(func(t *testing.T, data []byte, zipped bool) {
		name := "x.jsonl"
		if zipped {
			name += ".gz"
		}
		for item, err := range load.Reader(t.Context(), "root", name, bytes.NewReader(data), load.Options{MaxBytes: 1 << 16, MaxUnpacked: 1 << 20}) {
			var refusal *retrieval.Refusal
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("error %v", err)
			}
			if err == nil && (item.Source == "" || len(item.Raw) > 1<<16) {
				t.Errorf("item %q of %d bytes", item.Source, len(item.Raw))
			}
		}
	})
}

func FuzzArticlesFile(f *testing.F) {
	f.Add([]byte("a.txt:\n  title: The dam\n  published: 2021-07-04\n"))
	f.Add([]byte("a.txt: {outlet: [x]}\n---\nb.txt: 1\n"))
	f.Add([]byte("&a [*a, *a]: &b {x: *b}"))
	f.Add([]byte("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{"articles.yaml": {Data: data}, "a.txt": {Data: []byte("The dam broke.")}}
		articles := 0
		for item, err := range load.FS(t.Context(), files, "root", load.Options{}) {
			var refusal *retrieval.Refusal
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("error %v", err)
			}
			if err == nil && item.Source == "root/a.txt" {
				articles++
			}
		}
		if articles != 1 {
			t.Errorf("%d articles beside %q, want 1", articles, data)
		}
	})
}
