package local

import (
	"errors"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// A ref never comes to mean another text, also where its article is removed
// and its source stored again.
func TestStoredAgain(t *testing.T) {
	dir := t.TempDir()
	memory, err := NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	for name, reopened := range map[string]func() retrieval.Store{
		"memory": func() retrieval.Store { return memory },
		"disk":   func() retrieval.Store { return open(t, dir) },
	} {
		t.Run(name, func(t *testing.T) { testStoredAgain(t, reopened) })
	}
}

func testStoredAgain(t *testing.T, reopened func() retrieval.Store) {
	const source, first, second = "news/dam.txt", "The dam held all night.", "The dam broke at noon."
	id := corpus.NewID(source)
	for _, step := range []struct {
		body    string // "" removes the article
		stored  string // id that it has then
		newest  string
		missing []string
	}{
		{first, id, first, nil},
		{second, id + ".2", second, nil},
		{"", "", "", []string{id, id + ".2"}},
		{second, id + ".3", second, []string{id, id + ".2"}},
		{first, id + ".4", first, []string{id, id + ".2"}},
		{"", "", "", []string{id, id + ".2", id + ".3", id + ".4"}},
		{first, id + ".5", first, []string{id, id + ".2", id + ".3", id + ".4"}},
	} {
		s := reopened()
		e, err := retrieval.New(retrieval.Options{Store: s})
		if err != nil {
			t.Fatal(err)
		}
		if step.body == "" {
			if err := s.Delete(t.Context(), []string{id}); err != nil {
				t.Fatal(err)
			}
		} else {
			report, err := e.Ingest(t.Context(), func(yield func(retrieval.Item, error) bool) {
				yield(retrieval.Item{Source: source, Raw: []byte(step.body)}, nil)
			}, retrieval.IngestOptions{})
			if err != nil || report.Added+report.Changed != 1 {
				t.Fatalf("stored %+v, %v", report, err)
			}
			a, err := e.Article(t.Context(), id, corpus.Scope{})
			if err != nil || a.ID != step.stored || a.Body != step.newest {
				t.Fatalf("the newest is %+v, %v; want %s", a, err, step.stored)
			}
		}
		for _, gone := range step.missing {
			if q, err := e.Quote(t.Context(), corpus.Ref{Article: gone, Span: corpus.Span{Start: 0, End: 7}}, corpus.Scope{}); !errors.Is(err, retrieval.ErrNotFound) {
				t.Errorf("after %q a ref to %s is %q, %v", step.body, gone, q.Text(), err)
			}
		}
	}
}

// An index that is behind a removal and what came after it shows the latter.
func TestFollowStoredAgain(t *testing.T) {
	dir := t.TempDir()
	reader, writer := open(t, dir), open(t, dir)
	e, err := retrieval.New(retrieval.Options{Store: writer})
	if err != nil {
		t.Fatal(err)
	}
	items := func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: "a.txt", Raw: []byte("The dam held all night.")}, nil)
	}
	ingest := func() {
		t.Helper()
		if _, err := e.Ingest(t.Context(), items, retrieval.IngestOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	id := corpus.NewID("a.txt")
	ingest()
	if err := writer.Delete(t.Context(), []string{id}); err != nil {
		t.Fatal(err)
	}
	ingest()
	unlock, err := reader.Lock(t.Context()) // takes in what others stored
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	infos, err := reader.Articles(t.Context(), retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, i := range infos {
		ids = append(ids, i.ID)
	}
	if !slices.Equal(ids, []string{id + ".2"}) {
		t.Errorf("listed %v", ids)
	}
}
