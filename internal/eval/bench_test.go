package eval_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"verbatim/answer"
	"verbatim/internal/eval"
	"verbatim/retrieval"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
)

// sizes are the articles of news that make about 1,000, 10,000 and all of its
// passages.
var sizes = [...]int{90, 870, 3000}

func first(items iter.Seq2[retrieval.Item, error], n int) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		for item, err := range items {
			if n == 0 || !yield(item, err) {
				return
			}
			n--
		}
	}
}

// overNews runs bench with a desk over each size of the news set.
func overNews(b *testing.B, bench func(b *testing.B, desk *answer.Answerer, questions []eval.Question)) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		b.Skip("VERBATIM_EVAL names no folder with the news set")
	}
	f, err := os.Open(filepath.Join(dir, "news", "questions.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	questions, err := eval.Read(f)
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range sizes {
		desk, passages := newsDesk(b, filepath.Join(dir, "news", "articles.jsonl.gz"), n)
		b.Run(fmt.Sprintf("passages=%d", passages), func(b *testing.B) {
			b.ReportAllocs()
			bench(b, desk, questions)
		})
	}
}

func newsDesk(b *testing.B, path string, n int) (*answer.Answerer, int) {
	b.Helper()
	ctx := context.Background()
	store, err := local.NewInMemory()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	embedder, err := embed.New()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Lexicon: embedder})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := engine.Ingest(ctx, first(load.Paths(ctx, []string{path}, load.Options{}), n), retrieval.IngestOptions{}); err != nil {
		b.Fatal(err)
	}
	stats, err := store.Stats(ctx, retrieval.Filter{})
	if err != nil {
		b.Fatal(err)
	}
	return answer.New(answer.Options{Engine: engine}), stats.Passages
}

func BenchmarkSearch(b *testing.B) {
	overNews(b, func(b *testing.B, desk *answer.Answerer, questions []eval.Question) {
		for i := 0; b.Loop(); i++ {
			q := questions[i%len(questions)]
			if _, err := desk.Search(context.Background(), answer.SearchRequest{Query: q.Question, AsOf: q.Asked}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAsk(b *testing.B) {
	overNews(b, func(b *testing.B, desk *answer.Answerer, questions []eval.Question) {
		for i := 0; b.Loop(); i++ {
			q := questions[i%len(questions)]
			if _, err := desk.Ask(context.Background(), answer.Request{Question: q.Question, AsOf: q.Asked}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
