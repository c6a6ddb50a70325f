package retrievaltest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Stores is how the suite gets the stores that it tests. Each is closed with
// t.Cleanup.
type Stores struct {
	// Open returns an empty store.
	Open func(t *testing.T) retrieval.Store
	// Restore returns a store of what a backup at path has.
	Restore func(t *testing.T, path string) retrieval.Store
}

// TestStore runs every promise of retrieval.Store on the stores that of makes,
// and those of the optional interfaces that they have.
func TestStore(t *testing.T, of Stores) {
	tests := []struct {
		name string
		run  func(t *testing.T, s retrieval.Store)
	}{
		{"article", testArticle},
		{"exact bytes", testBytes},
		{"all or nothing", testAtomic},
		{"vectors refused", testVectorsRefused},
		{"passages refused", testPassagesRefused},
		{"model", testModel},
		{"without vectors", testWithoutVectors},
		{"revisions", testRevisions},
		{"replaced", testReplaced},
		{"delete", testDelete},
		{"inferred dates", testInferredDates},
		{"list", testList},
		{"caller's values", testAliasing},
		{"cancelled", testCancelled},
		{"cancelled on the way", testCancelledOnTheWay},
		{"closed", testClosed},
		{"words", testWords},
		{"nearest", testNearest},
		{"ties", testTies},
		{"filters", testFilters},
		{"filter far down", testFilterFarDown},
		{"together", testConcurrent},
		{"stats", testStats},
		{"removed", testRemoved},
		{"original", testOriginal},
		{"derived", testDerived},
		{"passages", testPassages},
		{"spellings", testSpellings},
		{"vectors", testForgetVectors},
		{"backup", func(t *testing.T, s retrieval.Store) { testBackup(t, s, of.Restore) }},
		{"lock", testLock},
		{"maintenance", testMaintenance},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, of.Open(t)) })
	}
}

func put(t *testing.T, s retrieval.Store, entries ...retrieval.Entry) {
	t.Helper()
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
}

// found returns the refs of the passages with all these stems, best first.
func found(t *testing.T, s retrieval.Store, f retrieval.Filter, stems ...string) []string {
	t.Helper()
	hits, err := s.Words(t.Context(), Terms(stems...), 1000, f)
	if err != nil {
		t.Fatal(err)
	}
	return refs(hits.Hits)
}

// near returns the refs of all passages that have a vector, nearest first.
func near(t *testing.T, s retrieval.Store, f retrieval.Filter, text string) []string {
	t.Helper()
	hits, err := s.Nearest(t.Context(), Embedder{}.Model(), vector(text), 1000, f)
	if err != nil {
		t.Fatal(err)
	}
	return refs(hits)
}

func refs(list []retrieval.Candidate) []string {
	texts := []string{}
	for _, c := range list {
		texts = append(texts, c.Ref.String())
	}
	return texts
}

func refsOf(e retrieval.Entry) []string {
	texts := []string{}
	for _, p := range e.Passages {
		texts = append(texts, corpus.Ref{Article: e.Article.ID, Span: p}.String())
	}
	return texts
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func testArticle(t *testing.T, s retrieval.Store) {
	e := NewEntry("a.txt", "Caption\n\nSoldiers fled.\n\nThey came back.")
	e.Article.Furniture = []corpus.Mark{{Span: e.Passages[0], Reason: corpus.ReasonCaption}}
	e.Passages, e.Vectors = e.Passages[1:], e.Vectors[1:]
	i := &e.Article.Info
	i.Server, i.Given = "", corpus.Given{Title: "T", Outlet: "O", Author: "A", Published: "2021-07-05", Language: "en"}
	i.Outlet, i.Agency, i.Author, i.Place, i.URL, i.Language = "O", "Ag", "A", "Kabul", "https://example.org/a", "en"
	i.Published, i.Basis, i.Passages = "2021-07-05", corpus.BasisMetadata, 2
	i.Days = []corpus.WeekdayDate{{Weekday: time.Monday, Month: time.July, Day: 5}}
	put(t, s, e)
	got, err := s.Article(t.Context(), i.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "info", got.Info, *i)
	same(t, "body", got.Body, e.Article.Body)
	same(t, "furniture", got.Furniture, e.Article.Furniture)
	if got.Raw != nil {
		same(t, "raw", string(got.Raw), string(e.Article.Raw))
	}
	for _, id := range []string{"aaaaaaaaaa", i.ID + ".2", "", "%"} {
		_, err := s.Article(t.Context(), id)
		wantError(t, fmt.Sprintf("article %q", id), err, retrieval.ErrNotFound)
	}
}

func testBytes(t *testing.T, s retrieval.Store) {
	bodies := []string{
		"Zürich’s mayor spoke.\r\n\r\nA second line\u2028here.",
		"NUL \x00 and bell \x07 stay.", "\ufeffA mark at the start.", "'; DROP TABLE articles; --", "𝒜 日本語 🇦🇫",
	}
	for n, body := range bodies {
		e := NewEntry(fmt.Sprintf("exact-%d", n), body)
		put(t, s, e)
		for _, hit := range near(t, s, retrieval.Filter{IDs: []string{e.Article.ID}}, body) {
			ref, err := corpus.ParseRef(hit)
			if err != nil {
				t.Fatal(err)
			}
			a, err := s.Article(t.Context(), ref.Article)
			if err != nil {
				t.Fatal(err)
			}
			q, err := corpus.NewQuote(a, ref.Span)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "quote", q.Text(), body[ref.Start:ref.End])
			same(t, "body", a.Body, body)
		}
	}
}

func testAtomic(t *testing.T, s retrieval.Store) {
	good := NewEntry("good", "dam")
	put(t, s, good)
	bad := NewEntry("bad", "dam")
	bad.Vectors[0] = make([]float32, Dimension)
	if err := s.Put(t.Context(), []retrieval.Entry{NewEntry("first", "dam"), Revise(good, 2, "dam dam"), bad}); err == nil {
		t.Fatal("a batch with a zero vector was stored")
	}
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), refsOf(good))
	same(t, "near", near(t, s, retrieval.Filter{}, "dam"), refsOf(good))
	for _, id := range []string{corpus.NewID("first"), corpus.NewID("bad"), good.Article.ID + ".2"} {
		_, err := s.Article(t.Context(), id)
		wantError(t, id, err, retrieval.ErrNotFound)
	}
	if err := s.Put(t.Context(), nil); err != nil {
		t.Errorf("putting nothing: %v", err)
	}
}

func testVectorsRefused(t *testing.T, s retrieval.Store) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	one := func(x float32) []float32 {
		v := make([]float32, Dimension)
		v[3] = x
		return v
	}
	put(t, s, NewEntry("first", "dam"))
	tests := []struct {
		name   string
		vector []float32
		want   error
	}{
		{"zero", one(0), retrieval.ErrVector},
		{"NaN", one(nan), retrieval.ErrVector},
		{"infinite", one(inf), retrieval.ErrVector},
		{"short", []float32{1}, retrieval.ErrDimension},
		{"long", make([]float32, Dimension+1), retrieval.ErrDimension},
		{"empty", []float32{}, retrieval.ErrDimension},
	}
	for _, test := range tests {
		e := NewEntry("x", "dam")
		e.Vectors[0] = test.vector
		wantError(t, "put "+test.name, s.Put(t.Context(), []retrieval.Entry{e}), test.want)
		_, err := s.Nearest(t.Context(), Embedder{}.Model(), test.vector, 3, retrieval.Filter{})
		wantError(t, "ask for "+test.name, err, test.want)
	}
	tiny := NewEntry("tiny", "tiny")
	tiny.Vectors[0] = one(1e-30)
	put(t, s, tiny)
	hits, err := s.Nearest(t.Context(), Embedder{}.Model(), one(1e-25), 1, retrieval.Filter{})
	if err != nil || len(hits) != 1 || math.Abs(hits[0].Score-1) > 1e-5 {
		t.Errorf("a small vector finds %v, %v; want itself with similarity 1", hits, err)
	}
}

func testPassagesRefused(t *testing.T, s retrieval.Store) {
	for name, spoil := range map[string]func(e *retrieval.Entry){
		"behind the end":    func(e *retrieval.Entry) { e.Passages[0].End++ },
		"before the start":  func(e *retrieval.Entry) { e.Passages[0].Start = -1 },
		"inside a rune":     func(e *retrieval.Entry) { e.Passages[0].Start = 1 },
		"with furniture":    func(e *retrieval.Entry) { e.Article.Furniture = []corpus.Mark{{Span: corpus.Span{Start: 2, End: 3}}} },
		"too many vectors":  func(e *retrieval.Entry) { e.Vectors = append(e.Vectors, e.Vectors[0]) },
		"no ID":             func(e *retrieval.Entry) { e.Article.ID = "" },
		"no article":        func(e *retrieval.Entry) { e.Article = nil },
		"vector of no name": func(e *retrieval.Entry) { e.Model = "" },
	} {
		e := NewEntry("a", "über dam")
		spoil(&e)
		if err := s.Put(t.Context(), []retrieval.Entry{e}); err == nil {
			t.Errorf("an entry %s was stored", name)
		}
	}
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), []string{})
}

func testModel(t *testing.T, s retrieval.Store) {
	hits, err := s.Nearest(t.Context(), "any", vector("dam"), 3, retrieval.Filter{})
	if err != nil || len(hits) != 0 {
		t.Errorf("an empty store has near %v, %v", hits, err)
	}
	put(t, s, NewEntry("a", "dam"))
	_, err = s.Nearest(t.Context(), "other", vector("dam"), 3, retrieval.Filter{})
	wantError(t, "asking with another model", err, retrieval.ErrModel)
	e := NewEntry("b", "dam")
	e.Model = "other"
	wantError(t, "storing of another model", s.Put(t.Context(), []retrieval.Entry{e}), retrieval.ErrModel)
}

func testWithoutVectors(t *testing.T, s retrieval.Store) {
	plain := NewEntry("plain", "dam one\n\ndam two")
	plain.Vectors, plain.Model = nil, ""
	half := NewEntry("half", "dam three\n\ndam four")
	half.Vectors[0] = nil
	put(t, s, plain, half)
	if n := len(found(t, s, retrieval.Filter{}, "dam")); n != 4 {
		t.Errorf("%d passages found by words, want 4", n)
	}
	same(t, "near", near(t, s, retrieval.Filter{}, "dam"), refsOf(half)[1:])
}

func testRevisions(t *testing.T, s retrieval.Store) {
	first := NewEntry("a", "dam broke\n\nriver rose")
	second := Revise(first, 2, "dam held\n\nriver fell\n\nrain came")
	put(t, s, first)
	put(t, s, second)
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), refsOf(second)[:1])
	same(t, "gone words", found(t, s, retrieval.Filter{}, "broke"), []string{})
	if n := len(near(t, s, retrieval.Filter{}, "dam")); n != 3 {
		t.Errorf("%d passages near, want 3", n)
	}
	for id, want := range map[string]string{
		first.Article.ID: first.Article.Body, first.Article.ID + ".1": first.Article.Body, first.Article.ID + ".2": second.Article.Body,
	} {
		a, err := s.Article(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, id, a.Body, want)
	}
	put(t, s, first) // an earlier revision comes late
	same(t, "found after", found(t, s, retrieval.Filter{}, "dam"), refsOf(second)[:1])
	infos, err := s.Articles(t.Context(), retrieval.Filter{IDs: []string{first.Article.ID}})
	if err != nil || len(infos) != 1 || infos[0].ID != second.Article.ID {
		t.Errorf("listed %v, %v; want the second revision alone", infos, err)
	}
	put(t, s, Revise(first, 10, "dam gone"), Revise(first, 9, "dam nine"))
	if got := found(t, s, retrieval.Filter{}, "dam"); len(got) != 1 || got[0] != first.Article.ID+".10:0-8" {
		t.Errorf("found %v, want the tenth revision", got)
	}
}

func testReplaced(t *testing.T, s retrieval.Store) {
	e := NewEntry("a", "dam broke\n\nriver rose")
	put(t, s, e)
	cut := NewEntry("a", "dam broke\n\nriver rose")
	cut.Passages, cut.Vectors = cut.Passages[1:], cut.Vectors[1:]
	put(t, s, cut)
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), []string{})
	same(t, "kept", found(t, s, retrieval.Filter{}, "river"), refsOf(cut))
	same(t, "near", near(t, s, retrieval.Filter{}, "dam broke"), refsOf(cut))
	hits, err := s.Words(t.Context(), Terms("river"), 5, retrieval.Filter{})
	if err != nil || hits.Passages != 1 || hits.Frequency["river"] != 1 {
		t.Errorf("%d passages, frequencies %v, %v; want one of each", hits.Passages, hits.Frequency, err)
	}
}

func testDelete(t *testing.T, s retrieval.Store) {
	a, b := NewEntry("a", "dam broke"), NewEntry("b", "dam held")
	put(t, s, a, b, Revise(a, 2, "dam broke again"))
	wantError(t, "unknown", s.Delete(t.Context(), []string{b.Article.ID, "aaaaaaaaaa"}), retrieval.ErrNotFound)
	if n := len(found(t, s, retrieval.Filter{}, "dam")); n != 2 {
		t.Errorf("%d found after a refused delete, want 2", n)
	}
	if err := s.Delete(t.Context(), []string{a.Article.ID, a.Article.ID}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{a.Article.ID, a.Article.ID + ".2"} {
		_, err := s.Article(t.Context(), id)
		wantError(t, id, err, retrieval.ErrNotFound)
	}
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), refsOf(b))
	same(t, "near", near(t, s, retrieval.Filter{}, "dam"), refsOf(b))
	hits, err := s.Words(t.Context(), Terms("dam", "broke"), 5, retrieval.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "frequency", hits.Frequency, map[string]int{"dam": 1, "broke": 0})
	wantError(t, "again", s.Delete(t.Context(), []string{a.Article.ID}), retrieval.ErrNotFound)
	put(t, s, a)
	if n := len(found(t, s, retrieval.Filter{}, "dam")); n != 2 {
		t.Errorf("%d found after storing again, want 2", n)
	}
	if err := s.Delete(t.Context(), nil); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
}

func testInferredDates(t *testing.T, s retrieval.Store) {
	undated, dated := NewEntry("u", "dam broke"), NewEntry("d", "dam held")
	undated.Article.Days = []corpus.WeekdayDate{{Weekday: time.Sunday, Month: time.July, Day: 4}}
	dated.Article.Published, dated.Article.Basis = "2021-07-06", corpus.BasisDateline
	check := func(want corpus.Date) {
		t.Helper()
		a, err := s.Article(t.Context(), undated.Article.ID)
		if err != nil || a.Published != want {
			t.Errorf("dated %q, %v; want %q", a.Published, err, want)
		}
		infos, err := s.Articles(t.Context(), retrieval.Filter{Since: "2021-07-04", Until: "2021-07-04"})
		if err != nil || len(infos) == 1 != (want != "") {
			t.Errorf("%d of that day, %v", len(infos), err)
		}
	}
	put(t, s, undated)
	check("")
	put(t, s, dated)
	check("2021-07-04")
	put(t, s, Revise(undated, 2, "dam broke, they say"))
	a, err := s.Article(t.Context(), undated.Article.ID)
	if err != nil || a.Published != "2021-07-04" || a.Basis != corpus.BasisInferred {
		t.Errorf("an earlier revision is dated %q (%s), %v", a.Published, a.Basis, err)
	}
	if err := s.Delete(t.Context(), []string{undated.Article.ID}); err != nil {
		t.Fatal(err)
	}
	put(t, s, undated)
	if err := s.Delete(t.Context(), []string{dated.Article.ID}); err != nil {
		t.Fatal(err)
	}
	check("")
}

func testList(t *testing.T, s retrieval.Store) {
	for _, source := range []string{"c", "a", "d", "b"} {
		put(t, s, NewEntry(source, "dam\n\ndam"))
	}
	infos, err := s.Articles(t.Context(), retrieval.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	order := ""
	for _, i := range infos {
		order += i.Source
		if i.Passages != 2 || i.Bytes != len("dam\n\ndam") {
			t.Errorf("%s has %d passages and %d bytes", i.Source, i.Passages, i.Bytes)
		}
	}
	same(t, "order", order, "abcd")
}

func testAliasing(t *testing.T, s retrieval.Store) {
	e := NewEntry("a", "dam broke\n\nriver rose")
	e.Article.Furniture = []corpus.Mark{{Span: corpus.Span{Start: 9, End: 11}, Reason: corpus.ReasonOther}}
	want := refsOf(e)
	put(t, s, e)
	e.Vectors[0][0], e.Vectors[1][0] = float32(math.NaN()), float32(math.NaN())
	e.Passages[0] = corpus.Span{}
	e.Article.Furniture[0].End = 999
	a, err := s.Article(t.Context(), e.Article.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "furniture", a.Furniture[0].End, 11)
	a.Furniture[0].End = 999
	a.Title = "changed"
	b, err := s.Article(t.Context(), e.Article.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "furniture again", b.Furniture[0].End, 11)
	same(t, "title", b.Title, "On a")
	same(t, "near", near(t, s, retrieval.Filter{}, "dam broke"), want)
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), want[:1])
}

func testCancelled(t *testing.T, s retrieval.Store) {
	put(t, s, NewEntry("a", "dam broke"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hits, err := s.Words(ctx, Terms("dam"), 5, retrieval.Filter{})
	wantError(t, "words", err, context.Canceled)
	near, err := s.Nearest(ctx, Embedder{}.Model(), vector("dam"), 5, retrieval.Filter{})
	wantError(t, "nearest", err, context.Canceled)
	infos, err := s.Articles(ctx, retrieval.Filter{})
	wantError(t, "list", err, context.Canceled)
	if len(hits.Hits)+len(near)+len(infos) != 0 {
		t.Error("a cancelled context gave a part of a result")
	}
	_, err = s.Article(ctx, corpus.NewID("a"))
	wantError(t, "article", err, context.Canceled)
	wantError(t, "put", s.Put(ctx, []retrieval.Entry{NewEntry("b", "dam held")}), context.Canceled)
	wantError(t, "delete", s.Delete(ctx, []string{corpus.NewID("a")}), context.Canceled)
	if n := len(found(t, s, retrieval.Filter{}, "dam")); n != 1 {
		t.Errorf("%d found, want 1: a cancelled change was made", n)
	}
}

func testClosed(t *testing.T, s retrieval.Store) {
	put(t, s, NewEntry("a", "dam"))
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Words(t.Context(), Terms("dam"), 5, retrieval.Filter{}); err == nil {
		t.Error("a closed store was searched")
	}
	if err := s.Put(t.Context(), []retrieval.Entry{NewEntry("b", "dam")}); err == nil {
		t.Error("a closed store was written")
	}
	if _, err := s.Article(t.Context(), corpus.NewID("a")); err == nil {
		t.Error("a closed store was read")
	}
}
