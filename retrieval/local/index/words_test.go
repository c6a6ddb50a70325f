package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// filled returns an index of n passages, in that many steps.
func filled(t *testing.T, n int) *Words {
	t.Helper()
	x, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	for i := range n {
		if err := x.Change([]Passage{{Ref: fmt.Sprintf("aaaaaaaaaa:%d-%d", 10*i, 10*i+9), Text: fmt.Sprintf("dam %d", i)}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func all(ref string, score float64) (Match, bool) {
	r, err := corpus.ParseRef(ref)
	return Match{Candidate: retrieval.Candidate{Ref: r, Score: score}}, err == nil
}

func published(t *testing.T, x *Words, dir string, passages int) Snapshot {
	t.Helper()
	if _, err := x.Publish(t.Context(), dir, Origin{Catalogue: "c", Sequence: 7}, passages); err != nil {
		t.Fatal(err)
	}
	s, why := Newest(dir, "c")
	if why != "" {
		t.Fatal(why)
	}
	return s
}

func TestPublish(t *testing.T) {
	for _, n := range []int{0, 5, mergeFrom + 6} {
		dir := t.TempDir()
		s := published(t, filled(t, n), dir, n)
		x, err := OpenWords(s)
		if err != nil {
			t.Fatal(err)
		}
		hits, err := x.Search(t.Context(), []retrieval.Term{{Text: "dam"}}, 1000, all)
		if err != nil || len(hits.Hits) != n || s.Passages != n || s.Sequence != 7 {
			t.Errorf("%d passages: found %d, manifest %+v, %v", n, len(hits.Hits), s.manifest, err)
		}
		if got := x.segments(); n >= mergeFrom && got != 1 {
			t.Errorf("%d passages are in %d segments, want 1", n, got)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
		if _, why := Newest(dir, "other"); why == "" {
			t.Error("the index of another catalogue was found")
		}
		s.Sweep(dir)
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%d files in the directory, %v; want the snapshot alone", len(entries), err)
		}
	}
}

// scorch opens an index without one of its files as an empty one.
func TestOpenShort(t *testing.T) {
	s := published(t, filled(t, 5), t.TempDir(), 5)
	segments, err := filepath.Glob(filepath.Join(s.path, storeDir, "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatal("no segments", err)
	}
	if err := os.Remove(segments[0]); err != nil {
		t.Fatal(err)
	}
	if x, err := OpenWords(s); err == nil {
		x.Close()
		t.Error("an index without a segment was opened")
	}
	empty := s
	empty.Passages = 4
	if _, err := OpenWords(empty); !errors.Is(err, ErrShort) {
		t.Errorf("an index of another number of passages was opened: %v", err)
	}
}

func TestPublishShort(t *testing.T) {
	dir := t.TempDir()
	if _, err := filled(t, 5).Publish(t.Context(), dir, Origin{Catalogue: "c"}, 6); !errors.Is(err, ErrShort) {
		t.Errorf("an index that lacks a passage was published: %v", err)
	}
	if _, why := Newest(dir, "c"); why == "" {
		t.Error("an index that lacks a passage was found")
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format": 2, "words": "", "passages": 3, "files": {"root.bolt": {"size": 1, "crc": 2}}}`))
	f.Add([]byte(fmt.Sprintf(`{"format": 2, "words": %q, "catalogue": "c", "files": {"../x": {}}}`, wordsVersion())))
	f.Add([]byte("rubbish"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, why := parseManifest(data)
		if why != "" {
			return
		}
		for base := range m.Files {
			if filepath.Base(base) != base || filepath.Join("d", base) != "d/"+base {
				t.Errorf("a file outside the snapshot: %q", base)
			}
		}
		if m.Passages < 0 || len(m.Files) == 0 {
			t.Errorf("read as a manifest: %+v", m)
		}
	})
}
