package retrieval_test

import (
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/local"
	"verbatim/retrieval/retrievaltest"
)

// What neither a passage nor the embedder knows is not found, however near
// some vector is by chance.
func TestSearchUnknownWords(t *testing.T) {
	words, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	items := func(yield func(retrieval.Item, error) bool) {
		for source, body := range map[string]string{
			"a": "A river rises\n\nThe water rose above the bridge of Grblxton on Monday.",
			"b": "A trial ends\n\nThe jury found the banker guilty of fraud.",
		} {
			if !yield(retrieval.Item{Source: source, Raw: []byte(body)}, nil) {
				return
			}
		}
	}
	tests := []struct {
		name, query   string
		embedder      retrieval.Embedder
		most, atLeast int
	}{
		{"nonsense", "zxqwv blorptang", words, 0, 0},
		{"nonsense among stop words", "what is the zxqwv of it", words, 0, 0},
		{"one letter many times", "xxxxxxxx", words, 0, 0},
		{"Chinese", "谁关闭了边境", words, 0, 0},
		{"Russian", "Кто закрыл границу", words, 0, 0},
		{"Hebrew beside a word that is known", "שלום lawsuit", words, 2, 1},
		{"stop words", "the of", words, 0, 0},
		{"nothing", "", words, 0, 0},
		{"a name that only a passage knows", "Grblxton zxqwv", words, 1, 1},
		{"words of the same meaning", "zxqwv lawsuit", words, 2, 1},
		{"an embedder that knows more than words", "zxqwv blorptang", retrievaltest.Embedder{}, 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store, err := local.NewInMemory()
			if err != nil {
				t.Fatal(err)
			}
			e, err := retrieval.New(retrieval.Options{Store: store, Embedder: tt.embedder, Lexicon: words})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Ingest(t.Context(), items, retrieval.IngestOptions{}); err != nil {
				t.Fatal(err)
			}
			r, err := e.Search(t.Context(), retrieval.Query{Text: tt.query, K: 10})
			if err != nil || len(r.Hits) < tt.atLeast || len(r.Hits) > tt.most {
				t.Fatalf("%d hits, %v; want %d to %d", len(r.Hits), err, tt.atLeast, tt.most)
			}
		})
	}
}
