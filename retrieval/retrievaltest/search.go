package retrievaltest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

func testWords(t *testing.T, s retrieval.Store) {
	filler := strings.Repeat(" cloud", 30)
	once := NewEntry("once", "dam river"+filler)
	twice := NewEntry("twice", "dam dam river"+filler)
	short := NewEntry("short", "dam")
	put(t, s, once, twice, short, NewEntry("other", "river"+filler))
	order := found(t, s, retrieval.Filter{}, "dam")
	if len(order) != 3 || order[2] != refsOf(once)[0] {
		t.Errorf("found %v: the passage that is long and holds the word once must come last", order)
	}
	hits, err := s.Words(t.Context(), Terms("dam", "river", "sea"), 2, retrieval.Filter{IDs: []string{short.Article.ID}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "filtered", refs(hits.Hits), refsOf(short))
	same(t, "frequency", hits.Frequency, map[string]int{"dam": 3, "river": 3, "sea": 0})
	same(t, "passages", hits.Passages, 4)
	for _, k := range []int{0, -1} {
		hits, err := s.Words(t.Context(), Terms("dam"), k, retrieval.Filter{})
		if err != nil || len(hits.Hits) != 0 || hits.Frequency["dam"] != 3 {
			t.Errorf("%d best: %v, %v", k, hits, err)
		}
	}
	if hits, err := s.Words(t.Context(), retrieval.WordQuery{}, 5, retrieval.Filter{}); err != nil || len(hits.Hits) != 0 {
		t.Errorf("no terms: %v, %v", hits, err)
	}
	boosted := retrieval.WordQuery{Terms: []retrieval.Term{{Text: "dam"}, {Text: "cloud", Boost: 50}}}
	hits, err = s.Words(t.Context(), boosted, 1, retrieval.Filter{})
	if err != nil || len(hits.Hits) != 1 || hits.Hits[0].Ref.Article == short.Article.ID {
		t.Errorf("boosted: %v, %v; want a passage with clouds", hits.Hits, err)
	}
	titled := NewEntry("title", "nothing else")
	titled.Article.Title = "Volcano"
	put(t, s, titled)
	same(t, "title", found(t, s, retrieval.Filter{}, "volcano"), refsOf(titled))
}

func testNearest(t *testing.T, s retrieval.Store) {
	var entries []retrieval.Entry
	for n := range 40 {
		entries = append(entries, NewEntry(fmt.Sprintf("n%d", n), fmt.Sprintf("text%d word%d more%d", n, n%7, n%3)))
	}
	put(t, s, entries...)
	got, err := s.Nearest(t.Context(), Embedder{}.Model(), vector(entries[7].Article.Body), 10, retrieval.Filter{})
	if err != nil || len(got) != 10 || got[0].Ref.String() != refsOf(entries[7])[0] {
		t.Fatalf("nearest %v, %v", got, err)
	}
	for i, c := range got {
		if i > 0 && c.Score > got[i-1].Score || c.Score > 1.0001 || c.Score < -1.0001 {
			t.Errorf("similarity %g after %g", c.Score, got[max(i-1, 0)].Score)
		}
	}
	if n := len(near(t, s, retrieval.Filter{}, "text1")); n != 40 {
		t.Errorf("asked for more than there is: %d, want 40", n)
	}
	if got, err := s.Nearest(t.Context(), Embedder{}.Model(), vector("x"), 0, retrieval.Filter{}); err != nil || len(got) != 0 {
		t.Errorf("none asked for: %v, %v", got, err)
	}
}

// testTies stores wire copies: equal texts, some of the same day.
func testTies(t *testing.T, s retrieval.Store) {
	var entries []retrieval.Entry
	for n := range 60 {
		e := NewEntry(fmt.Sprintf("copy %d", n), "dam broke at night\n\nriver rose")
		e.Article.Title = "Copy"
		e.Article.Published, e.Article.Basis = corpus.Date(fmt.Sprintf("2021-07-%02d", 1+n%5)), corpus.BasisMetadata
		entries = append(entries, e)
	}
	want := slices.Clone(entries)
	slices.SortFunc(want, func(a, b retrieval.Entry) int {
		if c := strings.Compare(string(b.Article.Published), string(a.Article.Published)); c != 0 {
			return c
		}
		return strings.Compare(a.Article.ID, b.Article.ID)
	})
	shuffle := rand.New(rand.NewPCG(1, 2))
	shuffle.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	for chunk := range slices.Chunk(entries, 7) {
		put(t, s, chunk...)
	}
	for _, k := range []int{1, 3, 50} {
		expect := []string{}
		for _, e := range want[:k] {
			expect = append(expect, refsOf(e)[0])
		}
		for range 20 {
			hits, err := s.Words(t.Context(), Terms("dam", "night"), k, retrieval.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("%d by words", k), refs(hits.Hits), expect)
			near, err := s.Nearest(t.Context(), Embedder{}.Model(), vector("dam broke at night"), k, retrieval.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			same(t, fmt.Sprintf("%d by vector", k), refs(near), expect)
			if t.Failed() {
				return
			}
		}
	}
}

func testFilters(t *testing.T, s retrieval.Store) {
	add := func(source, outlet, agency, server string, date corpus.Date) retrieval.Entry {
		e := NewEntry(source, "dam of "+source)
		e.Article.Outlet, e.Article.Agency, e.Article.Server = outlet, agency, server
		e.Article.Published = date
		if date != "" {
			e.Article.Basis = corpus.BasisMetadata
		}
		return e
	}
	put(t, s, add("a", "Kabul Now", "", "", "2021-07-04"), add("b", "Daily", "Reuters", "", "2021-07-05"),
		add("c", "", "REUTERS", "", "2021-07-06"), add("d", "Daily", "", "", ""), add("e", "Daily", "", "guild", "2021-07-05"))
	tests := []struct {
		name string
		f    retrieval.Filter
		want string
	}{
		{"none", retrieval.Filter{}, "abcd"},
		{"outlet", retrieval.Filter{Outlets: []string{"kabul NOW"}}, "a"},
		{"agency", retrieval.Filter{Outlets: []string{"reuters"}}, "bc"},
		{"outlets", retrieval.Filter{Outlets: []string{"Kabul Now", "Daily"}}, "abd"},
		{"unknown outlet", retrieval.Filter{Outlets: []string{"Nobody"}}, ""},
		{"since", retrieval.Filter{Since: "2021-07-05"}, "bc"},
		{"until", retrieval.Filter{Until: "2021-07-05"}, "ab"},
		{"day", retrieval.Filter{Since: "2021-07-05", Until: "2021-07-05"}, "b"},
		{"ids", retrieval.Filter{IDs: []string{corpus.NewID("a"), corpus.NewID("c")}}, "ac"},
		{"server", retrieval.Filter{Scope: corpus.Scope{Server: "guild"}}, "abcde"},
		{"other server", retrieval.Filter{Scope: corpus.Scope{Server: "other"}}, "abcd"},
		{"server's by id", retrieval.Filter{IDs: []string{corpus.NewID("e")}}, ""},
		{"all", retrieval.Filter{Outlets: []string{"daily"}, Since: "2021-07-05", Scope: corpus.Scope{Server: "guild"}}, "be"},
	}
	for _, test := range tests {
		infos, err := s.Articles(t.Context(), test.f)
		if err != nil {
			t.Fatal(err)
		}
		listed := ""
		for _, i := range infos {
			listed += i.Source
		}
		same(t, test.name+": list", listed, test.want)
		same(t, test.name+": words", sources(t, s, test.f, found(t, s, test.f, "dam")), test.want)
		same(t, test.name+": near", sources(t, s, test.f, near(t, s, test.f, "dam")), test.want)
	}
}

// sources returns the one-letter sources of refs, sorted.
func sources(t *testing.T, s retrieval.Store, f retrieval.Filter, refs []string) string {
	t.Helper()
	var list []string
	for _, text := range refs {
		ref, err := corpus.ParseRef(text)
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Article(t.Context(), ref.Article)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a.Source)
	}
	slices.Sort(list)
	return strings.Join(list, "")
}

// testFilterFarDown asks for the few admitted passages that are worse than
// hundreds of others.
func testFilterFarDown(t *testing.T, s retrieval.Store) {
	var entries []retrieval.Entry
	for n := range 400 {
		entries = append(entries, NewEntry(fmt.Sprintf("better %d", n), fmt.Sprintf("dam dam dam x%d", n)))
	}
	for n := range 3 {
		e := NewEntry(fmt.Sprintf("worse %d", n), fmt.Sprintf("dam cloud sea wind rain storm hail y%d", n))
		e.Article.Outlet = "Rare"
		entries = append(entries, e)
	}
	put(t, s, entries...)
	f := retrieval.Filter{Outlets: []string{"rare"}}
	for _, k := range []int{2, 3, 10} {
		hits, err := s.Words(t.Context(), Terms("dam"), k, f)
		if err != nil || len(hits.Hits) != min(k, 3) {
			t.Errorf("%d by words: %d, %v", k, len(hits.Hits), err)
		}
		near, err := s.Nearest(t.Context(), Embedder{}.Model(), vector("dam dam dam"), k, f)
		if err != nil || len(near) != min(k, 3) {
			t.Errorf("%d by vector: %d, %v", k, len(near), err)
		}
	}
}

// testConcurrent revises an article again and again while others search: a
// search finds all passages of exactly one revision.
func testConcurrent(t *testing.T, s retrieval.Store) {
	first := NewEntry("a", "dam one\n\ndam two\n\ndam three")
	put(t, s, first, NewEntry("b", "river"))
	ctx, stop := context.WithCancel(t.Context())
	var searching sync.WaitGroup
	for n := range 4 {
		searching.Go(func() {
			for ctx.Err() == nil {
				hits, err := s.Words(ctx, Terms("dam"), 100, retrieval.Filter{})
				list := hits.Hits
				if n%2 == 1 {
					list, err = s.Nearest(ctx, Embedder{}.Model(), vector("dam"), 100, retrieval.Filter{IDs: []string{first.Article.ID}})
				}
				if ctx.Err() != nil {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				if len(list) != 3 || list[0].Ref.Article != list[1].Ref.Article || list[1].Ref.Article != list[2].Ref.Article {
					t.Errorf("found %v, want three passages of one revision", refs(list))
					return
				}
				if _, err := s.Article(ctx, list[0].Ref.Article); err != nil && ctx.Err() == nil {
					t.Errorf("what was found cannot be read: %v", err)
					return
				}
			}
		})
	}
	for n := 2; n < 30; n++ {
		put(t, s, Revise(first, n, fmt.Sprintf("dam one %d\n\ndam two %d\n\ndam three %d", n, n, n)))
		if n%5 == 0 {
			extra := NewEntry(fmt.Sprintf("extra %d", n), "river wide")
			put(t, s, extra)
			if err := s.Delete(t.Context(), []string{extra.Article.ID}); err != nil {
				t.Error(err)
			}
		}
	}
	stop()
	searching.Wait()
}
