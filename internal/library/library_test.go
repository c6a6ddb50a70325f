package library

import (
	"context"
	"errors"
	"testing"

	"verbatim/answer"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local"
)

// newSet returns an empty corpus in memory.
func newSet(t *testing.T) Set {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	engine, err := retrieval.New(retrieval.Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return Set{Store: store, Engine: engine, Answerer: answer.New(answer.Options{Engine: engine})}
}

// ingest puts one article of the operator into a corpus.
func ingest(t *testing.T, s Set, source, text string) {
	t.Helper()
	items := func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: source, Raw: []byte(text)}, nil)
	}
	if _, err := s.Engine.Ingest(t.Context(), items, retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
}

// While the operator has ingested nothing the seeds serve, each server sees its
// own articles beside them, and no other server does.
func TestLibrary(t *testing.T) {
	catalogue, seeds := newSet(t), newSet(t)
	ingest(t, seeds, "seeds/a.txt", "A seed\n\nThe seed grew by a metre on Monday, the guard said.\n")
	l := New(Options{
		Catalogue: catalogue,
		OpenSeeds: func(context.Context) (Set, error) { return seeds, nil },
		NewAnswerer: func(e *retrieval.Engine) *answer.Answerer {
			return answer.New(answer.Options{Engine: e})
		},
		MaxBytes: 1 << 20, MaxUnpacked: 1 << 20,
	})
	sources := func(server string) []string {
		t.Helper()
		a, err := l.Answerer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		infos, err := a.Sources(t.Context(), retrieval.Filter{Scope: corpus.Scope{Server: server}}, "")
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, i := range infos {
			list = append(list, i.Source)
		}
		return list
	}
	wants := func(server string, want ...string) {
		t.Helper()
		got := sources(server)
		if len(got) != len(want) {
			t.Errorf("server %q sees %v, want %v", server, got, want)
			return
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("server %q sees %v, want %v", server, got, want)
			}
		}
	}
	wants("", "seeds/a.txt")
	own := "discord:100/own.txt"
	report, err := l.Ingest(t.Context(), "100", `folder\own.txt`, []byte("An upload\n\nThe river rose by a metre on Monday, the guard said.\n"))
	if err != nil || report.Added != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	wants("100", own, "seeds/a.txt")
	wants("200", "seeds/a.txt")
	if err := l.Remove(t.Context(), "200", corpus.NewID(own)); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("another server removes it: %v", err)
	}
	if report, err = l.Ingest(t.Context(), "100", "notes.pdf", []byte("%PDF")); err != nil || len(report.Refused) != 1 {
		t.Errorf("an unknown format: %+v, %v", report, err)
	}
	// The operator's first article takes the seeds' place.
	ingest(t, catalogue, "news/b.txt", "A story\n\nThe bridge fell on Tuesday, the city said.\n")
	wants("200", "news/b.txt")
	wants("100", own, "news/b.txt")
	if err := l.Remove(t.Context(), "100", corpus.NewID(own)); err != nil {
		t.Fatal(err)
	}
	wants("100", "news/b.txt")
}
