package local

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// benchSizes are numbers of passages; the last is that of 3,000 news articles.
var benchSizes = []int{1_000, 10_000, 34_000}

const (
	benchPassages  = 12  // an article
	benchWords     = 130 // a passage
	benchDimension = 100
)

// vocabulary draws made-up words as often as words of a language come: the
// n-th most frequent one with a chance of about 1/n (Zipf).
type vocabulary struct {
	random *rand.Rand
	words  []string
}

func newVocabulary() *vocabulary {
	v := &vocabulary{random: rand.New(rand.NewPCG(7, 11))}
	syllables := []string{"ba", "ko", "ri", "ten", "mu", "sal", "vo", "dri", "pe", "lun", "ga", "fis"}
	for n := range 60_000 {
		word := ""
		for i := n + 12; i > 0; i /= len(syllables) {
			word += syllables[i%len(syllables)]
		}
		v.words = append(v.words, word)
	}
	return v
}

func (v *vocabulary) word() string {
	return v.words[int(math.Exp(v.random.Float64()*math.Log(float64(len(v.words)))))-1]
}

func (v *vocabulary) text(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = v.word()
	}
	return strings.Join(list, " ") + "."
}

func (v *vocabulary) vector() []float32 {
	list := make([]float32, benchDimension)
	for i := range list {
		list[i] = float32(v.random.NormFloat64())
	}
	return list
}

func (v *vocabulary) entries(passages int) []retrieval.Entry {
	var list []retrieval.Entry
	for n := 0; n < passages; n += benchPassages {
		a := &corpus.Article{}
		a.Source = fmt.Sprintf("bench/%06d", n)
		a.ID, a.Title = corpus.NewID(a.Source), v.text(8)
		e := retrieval.Entry{Article: a, Model: "bench"}
		for range benchPassages {
			text := v.text(benchWords)
			e.Passages = append(e.Passages, corpus.Span{Start: len(a.Body), End: len(a.Body) + len(text)})
			e.Vectors = append(e.Vectors, v.vector())
			a.Body += text + "\n\n"
		}
		a.BodyHash = corpus.Hash(a.Body)
		list = append(list, e)
	}
	return list
}

// query returns n terms; the most frequent words, which a question's stop
// words would be, are left out.
func (v *vocabulary) query(n int) (q retrieval.WordQuery) {
	for len(q.Terms) < n {
		if word := v.word(); slices.Index(v.words[:50], word) < 0 {
			q.Terms = append(q.Terms, retrieval.Term{Text: words.Stem(word)})
		}
	}
	return q
}

func benchStores(b *testing.B, run func(b *testing.B, s retrieval.Store, v *vocabulary)) {
	for _, size := range benchSizes {
		v := newVocabulary()
		entries := v.entries(size)
		dir := b.TempDir()
		fill(b, dir, entries)
		disk := open(b, dir)
		memory, err := NewInMemory()
		if err != nil {
			b.Fatal(err)
		}
		defer memory.Close()
		if err := memory.Put(b.Context(), entries); err != nil {
			b.Fatal(err)
		}
		for name, s := range map[string]retrieval.Store{"memory": memory, "disk": disk} {
			b.Run(fmt.Sprintf("%s/passages=%d", name, size), func(b *testing.B) {
				b.ReportAllocs()
				run(b, s, v)
			})
		}
	}
}

func BenchmarkWords(b *testing.B) {
	benchStores(b, func(b *testing.B, s retrieval.Store, v *vocabulary) {
		var queries []retrieval.WordQuery
		for range 64 {
			queries = append(queries, v.query(9))
		}
		for n := 0; b.Loop(); n++ {
			if _, err := s.Words(b.Context(), queries[n%len(queries)], 150, retrieval.Filter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	benchStores(b, func(b *testing.B, s retrieval.Store, v *vocabulary) {
		query := v.vector()
		for b.Loop() {
			if _, err := s.Nearest(b.Context(), "bench", query, 150, retrieval.Filter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOpen opens a store, asks it for words and for a vector, and closes
// it, as one run of the program does.
func BenchmarkOpen(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(fmt.Sprintf("passages=%d", size), func(b *testing.B) {
			v := newVocabulary()
			dir := b.TempDir()
			fill(b, dir, v.entries(size))
			words, vector := v.query(9), v.vector()
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(b.Context(), dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := s.Words(b.Context(), words, 150, retrieval.Filter{}); err != nil {
					b.Fatal(err)
				}
				if _, err := s.Nearest(b.Context(), "bench", vector, 150, retrieval.Filter{}); err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFill stores articles on disk until their words can be found.
func BenchmarkFill(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(fmt.Sprintf("passages=%d", size), func(b *testing.B) {
			entries := newVocabulary().entries(size)
			bytes := 0
			for _, e := range entries {
				bytes += len(e.Article.Body)
			}
			b.SetBytes(int64(bytes))
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(context.Background(), b.TempDir(), Options{})
				if err != nil {
					b.Fatal(err)
				}
				for chunk := range slices.Chunk(entries, batchArticles) {
					if err := s.Put(b.Context(), chunk); err != nil {
						b.Fatal(err)
					}
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
