package rank

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/retrievaltest"
	"verbatim/seeds"
)

// story is an article of a test's corpus.
type story struct{ source, body string }

// newEngine returns an engine over stories whose answers follow from the words
// alone.
func newEngine(t testing.TB, stories ...story) *retrieval.Engine {
	t.Helper()
	e := engineOf(t, retrieval.Options{Embedder: retrievaltest.Embedder{}, Weights: &passagerank.Weights{
		Passage:  map[string]float64{"bm25": 1, "coverage": 1},
		Sentence: map[string]float64{"coverage": 4, "new_figure": .1},
	}})
	items := func(yield func(retrieval.Item, error) bool) {
		for _, s := range stories {
			if !yield(retrieval.Item{Source: s.source, Raw: []byte(s.body)}, nil) {
				return
			}
		}
	}
	report, err := e.Ingest(context.Background(), items, retrieval.IngestOptions{})
	if err != nil || len(report.Refused) > 0 {
		t.Fatalf("ingest: %+v, %v", report, err)
	}
	return e
}

// seedsEngine returns the engine that a fresh machine has.
func seedsEngine(t testing.TB) *retrieval.Engine {
	t.Helper()
	embedder, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	e := engineOf(t, retrieval.Options{Embedder: embedder, Lexicon: embedder})
	ctx := context.Background()
	if _, err := e.Ingest(ctx, load.FS(ctx, seeds.Files(), "seeds", load.Options{}), retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	return e
}

func engineOf(t testing.TB, o retrieval.Options) *retrieval.Engine {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.Store = store
	e, err := retrieval.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

// checkQuote checks that a quote splits no character, has no space around it,
// keeps to the limit of words and holds no page furniture.
func checkQuote(t testing.TB, q corpus.Quote) {
	t.Helper()
	a, s := q.Article(), q.Span()
	switch {
	case a == nil || s.Start < 0 || s.End > len(a.Body) || s.Start >= s.End:
		t.Errorf("a quote of no article, or outside of its body: %v", s)
	case !utf8.ValidString(q.Text()) || strings.TrimSpace(q.Text()) != q.Text():
		t.Errorf("%s: %q splits a character, or has space around it", q.Ref(), q.Text())
	case len(strings.Fields(q.Text())) > maxJoinedWords:
		t.Errorf("%s: %d words", q.Ref(), len(strings.Fields(q.Text())))
	case a.Marked(s):
		t.Errorf("%s: %q holds page furniture", q.Ref(), q.Text())
	}
}

// TestFeatureListIsByName holds that a value goes to its name, in whatever
// order values are added.
func TestFeatureListIsByName(t *testing.T) {
	list := newFeatureList([]string{"short", "long", "near3", "near10"})
	list.add("long", 2)
	list.add("short", 1)
	list.add("near10", 4)
	list.add("near3", 3)
	for name, want := range map[string]float64{"short": 1, "long": 2, "near3": 3, "near10": 4} {
		if got := list.features().Get(name); got != want {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
}

// TestSentenceFeatures holds the values of features that are easily exchanged.
func TestSentenceFeatures(t *testing.T) {
	e := newEngine(t)
	items := func(yield func(retrieval.Item, error) bool) {
		yield(retrieval.Item{Source: "a", Given: corpus.Given{Published: "2021-07-03"},
			Raw: []byte("The dam of Lakeview broke.\n\nRain fell for long " + strings.Repeat("and dark weeks over the hills, ", 6) + "until the dam of Lakeview broke.")}, nil)
	}
	if _, err := e.Ingest(t.Context(), items, retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	set := read(t, e, "When did the dam of Lakeview break?")
	if len(set.all) != 2 {
		t.Fatalf("%d sentences", len(set.all))
	}
	near := passagerank.NearnessOf("2021-07-03", "2021-07-06")
	if near.Days3 == near.Days10 {
		t.Fatal("the two decays are the same")
	}
	ranked, _ := set.rank(e.Weights())
	for _, s := range ranked {
		long := len(strings.Fields(s.view.Text)) > 40
		want := map[string]float64{
			"short": indicator(!long), "long": indicator(long), "near3": near.Days3, "near10": near.Days10, "question": 0, "quoted": 0,
			"lead": 1, "position": map[bool]float64{false: 0, true: .6931471805599453}[long], "no_date": 1, "new_date": 0,
		}
		got := map[string]float64{}
		for name := range want {
			got[name] = s.features.Get(name)
		}
		same(t, s.view.Text[:20], got, want)
	}
}
