package load

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verbatim/retrieval/corpus"
)

func TestWriteMetadata(t *testing.T) {
	dir := t.TempDir()
	files := map[string]corpus.Info{
		"b.txt":          {Title: `A "title": with # all\n`, Outlet: "The Courier", Published: "2024-05-02"},
		"a.txt":          {Title: "Two\nlines"},
		"yes":            {},
		"below: or #.md": {Agency: "AFP"},
	}
	if err := WriteMetadata(dir, files); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, articlesFile))
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseArticles(data)
	if err != nil || len(got) != len(files) {
		t.Fatalf("%d files, %v:\n%s", len(got), err, data)
	}
	for name := range files {
		if e, ok := got[name]; !ok || e.Given != (corpus.Given{}) {
			t.Errorf("%s: %+v, %t: it changes something before it is edited", name, e, ok)
		}
	}
	// With the marks of the comments removed it says what was found.
	edited := strings.ReplaceAll(string(data), "  # ", "  ")
	if got, err = parseArticles([]byte(edited)); err != nil {
		t.Fatalf("%v:\n%s", err, edited)
	}
	if g := got["b.txt"].Given; g.Title != files["b.txt"].Title || g.Outlet != "The Courier" || g.Published != "2024-05-02" {
		t.Errorf("b.txt: %+v", g)
	}
	if g := got["a.txt"].Given; g.Title != "Two\nlines" {
		t.Errorf("a.txt: %+v", g)
	}
	if err := WriteMetadata(dir, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing file: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, articlesFile)); string(after) != string(data) {
		t.Error("an existing file was changed")
	}
}
