package local

import (
	"context"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// fixedModel embeds every text to the same vector, under a name of its own.
type fixedModel struct {
	name  string
	calls *int
}

func (m fixedModel) Model() string { return m.name }

func (m fixedModel) Embed(_ context.Context, texts []string) ([][]float32, error) {
	*m.calls += len(texts)
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = []float32{1, 0}
	}
	return out, nil
}

func TestReembedAndRederive(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	calls := 0
	engine := func(name string) *retrieval.Engine {
		e, err := retrieval.New(retrieval.Options{Store: s, Embedder: fixedModel{name, &calls}})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	const body = "A bridge opens\n\nAda Novak opened the bridge on Thursday.\n\nThe city paid for it."
	items := func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: "news/bridge.txt", Raw: []byte(body)}, nil)
	}
	first := engine("first")
	if _, err := first.Ingest(ctx, items, retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	id := corpus.NewID("news/bridge.txt")

	// Nothing changed: nothing is read otherwise, stored or paid for.
	calls = 0
	if n, err := first.Rederive(ctx, nil); err != nil || n != 0 || calls != 0 {
		t.Errorf("rederived %d with %d calls, %v", n, calls, err)
	}

	// Other rules: the furniture is what this program marks, the body is the same.
	a, err := s.Original(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	want := a.Furniture
	old := *a
	old.Furniture, old.Title = nil, "Another title"
	if err := s.Put(ctx, []retrieval.Entry{{Article: &old, Passages: []corpus.Span{{Start: 0, End: len(body)}}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := first.Rederive(ctx, nil); err != nil || n != 1 {
		t.Errorf("rederived %d, %v", n, err)
	}
	got, err := s.Original(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "A bridge opens" || len(got.Furniture) != len(want) || got.Body != body || string(got.Raw) != body || got.ID != id {
		t.Errorf("rederived %+v", got)
	}

	// Another model: its vectors take the place of the old ones, never beside.
	second := engine("second")
	if dropped, err := second.DropForeignVectors(ctx); err != nil || !dropped {
		t.Errorf("dropped %t, %v", dropped, err)
	}
	if n, err := second.Reembed(ctx, nil); err != nil || n != 1 {
		t.Errorf("embedded %d, %v", n, err)
	}
	if model, err := s.VectorModel(ctx); err != nil || model != "second" {
		t.Errorf("vectors of %q, %v", model, err)
	}
	if dropped, err := second.DropForeignVectors(ctx); err != nil || dropped {
		t.Errorf("dropped %t again, %v", dropped, err)
	}
	if n, err := second.Reembed(ctx, nil); err != nil || n != 0 {
		t.Errorf("embedded %d again, %v", n, err)
	}
}
