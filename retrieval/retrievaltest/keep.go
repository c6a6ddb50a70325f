package retrievaltest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

func testStats(t *testing.T, s retrieval.Store) {
	add := func(source, outlet, agency string, scope corpus.Scope, date corpus.Date) {
		t.Helper()
		e := NewEntry(source, "dam\n\nriver of "+source)
		e.Article.Outlet, e.Article.Agency, e.Article.Server, e.Article.Published = outlet, agency, scope.Server, date
		if len(scope.Collections) > 0 {
			e.Article.Collection = scope.Collections[0]
		}
		put(t, s, e)
	}
	sports := corpus.Scope{Collections: []string{"sports"}}
	guild := corpus.Scope{Server: "guild"}
	add("a", "Daily", "", corpus.Scope{}, "2021-07-04")
	add("b", "Daily", "Reuters", corpus.Scope{}, "2021-07-06")
	add("c", "", "Reuters", corpus.Scope{}, "")
	add("d", "", "", corpus.Scope{}, "2021-07-05")
	add("e", "Daily", "", guild, "2021-08-01")
	add("f", "Goal", "", sports, "2020-01-01")
	for name, f := range map[string]retrieval.Filter{
		"none": {}, "outlet": {Outlets: []string{"reuters"}}, "dates": {Since: "2021-07-05"}, "ids": {IDs: []string{corpus.NewID("c")}},
		"except": {Except: []string{corpus.NewID("a")}}, "server": {Scope: guild}, "collection": {Scope: sports}, "all": {Scope: corpus.Scope{All: true}}, "nothing": {Outlets: []string{"Nobody"}},
	} {
		for range 2 { // the second answer may be a remembered one
			infos, err := s.Articles(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			var want retrieval.Stats
			for i := range infos {
				want.Add(&infos[i])
			}
			got, err := s.Stats(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			same(t, name, got, want)
		}
	}
	before, err := s.Stats(t.Context(), retrieval.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "numbers", []any{before.Articles, before.Passages, before.Dated, before.From, before.Until, before.Outlets["Daily"], before.Outlets["Reuters"]},
		[]any{4, 8, 3, corpus.Date("2021-07-04"), corpus.Date("2021-07-06"), 2, 1})
	if err := s.Delete(t.Context(), []string{corpus.NewID("b")}); err != nil {
		t.Fatal(err)
	}
	after, err := s.Stats(t.Context(), retrieval.Filter{})
	if err != nil || after.Articles != 3 || after.Until != "2021-07-05" {
		t.Errorf("after a removal: %+v, %v", after, err)
	}
}

func testRemoved(t *testing.T, s retrieval.Store) {
	a, b := NewEntry("a", "dam"), NewEntry("b", "dam")
	put(t, s, a, b, Revise(a, 2, "dam two"))
	if err := s.Delete(t.Context(), []string{a.Article.ID}); err != nil {
		t.Fatal(err)
	}
	put(t, s, Revise(a, 3, "dam three"))
	got, err := s.Removed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "removed", got, map[string]int{a.Article.ID: 2})
}

func testOriginal(t *testing.T, s retrieval.Store) {
	e := NewEntry("a", "dam broke")
	e.Article.Raw = []byte("<p>dam broke</p>\xff")
	put(t, s, e, Revise(e, 2, "dam held"))
	a, err := s.Original(t.Context(), e.Article.ID)
	if err != nil || string(a.Raw) != string(e.Article.Raw) || a.Body != e.Article.Body {
		t.Errorf("original %+v, %v", a, err)
	}
	_, err = s.Original(t.Context(), "aaaaaaaaaa")
	wantError(t, "original of an unknown article", err, retrieval.ErrNotFound)
}

func testDerived(t *testing.T, s retrieval.Store) {
	derived := func(e retrieval.Entry, kind, version, data string) retrieval.Entry {
		e.Derived = append(e.Derived, retrieval.Derived{Kind: kind, Version: version, Data: []byte(data)})
		return e
	}
	list := func(kind string, f retrieval.Filter) (list []string) {
		t.Helper()
		got, err := s.Derived(t.Context(), kind, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			list = append(list, fmt.Sprintf("%s %s %s %q", d.Article, d.Kind, d.Version, d.Data))
		}
		return list
	}
	a := derived(derived(NewEntry("a", "dam"), "sketch", "1", "\x00\xff"), "names", "7", "")
	b, c := derived(NewEntry("b", "dam"), "sketch", "2", "bb"), NewEntry("c", "dam")
	b.Article.Server = "guild"
	put(t, s, b, a, c)
	idA, idB := a.Article.ID, b.Article.ID
	everything := retrieval.Filter{Scope: corpus.Scope{All: true}}
	same(t, "sketches", list("sketch", everything), []string{idA + ` sketch 1 "\x00\xff"`, idB + ` sketch 2 "bb"`})
	same(t, "filtered", list("sketch", retrieval.Filter{}), []string{idA + ` sketch 1 "\x00\xff"`})
	same(t, "names", list("names", everything), []string{idA + ` names 7 ""`})
	same(t, "unknown", list("unknown", everything), []string(nil))
	put(t, s, derived(Revise(a, 2, "dam two"), "names", "8", "x"), NewEntry("b", "dam"))
	same(t, "of the newest revision", list("names", everything), []string{idA + `.2 names 8 "x"`})
	same(t, "replaced with its article", list("sketch", everything), []string(nil))
	if err := s.Delete(t.Context(), []string{idA}); err != nil {
		t.Fatal(err)
	}
	same(t, "removed with its article", list("names", everything), []string(nil))
	for name, e := range map[string]retrieval.Entry{
		"no kind": derived(NewEntry("x", "dam"), "", "1", "x"), "two of a kind": derived(derived(NewEntry("x", "dam"), "k", "1", "x"), "k", "2", "y"),
	} {
		if err := s.Put(t.Context(), []retrieval.Entry{e}); err == nil {
			t.Errorf("derived data of %s was stored", name)
		}
	}
}

func testPassages(t *testing.T, s retrieval.Store) {
	a := NewEntry("a", "dam broke\n\nriver rose")
	second := Revise(a, 2, "dam\n\nriver\n\nrain")
	put(t, s, a)
	got, err := s.Passages(t.Context(), a.Article.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "first", got, a.Passages)
	put(t, s, second)
	if got, err = s.Passages(t.Context(), second.Article.ID); err != nil {
		t.Fatal(err)
	}
	same(t, "second", got, second.Passages)
	for _, id := range []string{a.Article.ID, "aaaaaaaaaa"} {
		_, err := s.Passages(t.Context(), id)
		wantError(t, "passages of "+id, err, retrieval.ErrNotFound)
	}
}

func testSpellings(t *testing.T, s retrieval.Store) {
	put(t, s, NewEntry("a", "rakhmon rehmon\n\nrakhmon rain"), NewEntry("b", "lakhmon"))
	got, err := s.Spellings(t.Context(), "rahmon", 2)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "spellings", got, map[string]int{"rakhmon": 2, "rehmon": 1})
	if got, err = s.Spellings(t.Context(), "rehmon", 2); err != nil || got["rehmon"] != 0 {
		t.Errorf("the word itself is among its spellings: %v, %v", got, err)
	}
	if got, err = s.Spellings(t.Context(), "", 2); err != nil || len(got) != 0 {
		t.Errorf("spellings of nothing: %v, %v", got, err)
	}
}

func testForgetVectors(t *testing.T, s retrieval.Store) {
	a, b, empty := NewEntry("a", "dam broke"), NewEntry("b", "dam held"), NewEntry("c", "dam")
	b.Vectors, b.Model = nil, ""
	empty.Passages, empty.Vectors = nil, nil
	put(t, s, a, b, empty)
	state := func() (model string, unembedded []string) {
		t.Helper()
		model, err := s.VectorModel(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if unembedded, err = s.Unembedded(t.Context()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(unembedded)
		return model, unembedded
	}
	model, unembedded := state()
	same(t, "model", model, Embedder{}.Model())
	same(t, "unembedded", unembedded, []string{b.Article.ID})
	if err := s.ForgetVectors(t.Context()); err != nil {
		t.Fatal(err)
	}
	model, unembedded = state()
	both := []string{a.Article.ID, b.Article.ID}
	slices.Sort(both)
	same(t, "model after", model, "")
	same(t, "unembedded after", unembedded, both)
	same(t, "found by words", len(found(t, s, retrieval.Filter{}, "dam")), 2)
	hits, err := s.Nearest(t.Context(), "any", vector("dam"), 3, retrieval.Filter{})
	if err != nil || len(hits) != 0 {
		t.Errorf("near after: %v, %v", hits, err)
	}
	other := NewEntry("a", "dam broke")
	other.Model = "other"
	put(t, s, other)
	model, unembedded = state()
	same(t, "new model", model, "other")
	same(t, "unembedded at last", unembedded, []string{b.Article.ID})
}

func testBackup(t *testing.T, s retrieval.Store, restore func(t *testing.T, path string) retrieval.Store) {
	a, gone := NewEntry("a", "dam broke\n\nriver rose"), NewEntry("gone", "dam")
	a.Article.Raw = []byte("raw")
	a.Derived = []retrieval.Derived{{Kind: "k", Version: "1", Data: []byte("d")}}
	second := Revise(a, 2, "dam held")
	own := NewEntry("own", "dam of the guild")
	own.Article.Server = "guild"
	put(t, s, a, gone, own)
	put(t, s, second)
	if err := s.Delete(t.Context(), []string{gone.Article.ID}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a second backup to the same file", s.Backup(t.Context(), path), fs.ErrExist)
	put(t, s, NewEntry("later", "dam"))
	r := restore(t, path)
	everything := retrieval.Filter{Scope: corpus.Scope{All: true}}
	infos, err := r.Articles(t.Context(), everything)
	if err != nil || len(infos) != 2 || infos[0].ID != second.Article.ID || infos[1].Server != "guild" {
		t.Errorf("restored %+v, %v", infos, err)
	}
	for _, e := range []retrieval.Entry{a, second, own} {
		got, err := r.Original(t.Context(), e.Article.ID)
		if err != nil || got.Body != e.Article.Body || string(got.Raw) != string(e.Article.Raw) {
			t.Errorf("restored %+v, %v", got, err)
		}
	}
	removed, err := r.Removed(t.Context())
	if err != nil || removed[gone.Article.ID] != 1 {
		t.Errorf("restored as removed: %v, %v", removed, err)
	}
	same(t, "found", found(t, r, retrieval.Filter{}, "dam"), refsOf(second))
}

func testLock(t *testing.T, s retrieval.Store) {
	l, ok := s.(retrieval.Locker)
	if !ok {
		t.Skip("the store is not shared by processes")
	}
	unlock, err := l.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.Lock(t.Context())
	if err != nil {
		t.Fatalf("the holder of the lock cannot take it again: %v", err)
	}
	put(t, s, NewEntry("a", "dam"))
	again()
	unlock()
	unlock() // more than once does nothing
	put(t, s, NewEntry("b", "dam"))
	if n := len(found(t, s, retrieval.Filter{}, "dam")); n != 2 {
		t.Errorf("%d found, want 2", n)
	}
}

func testMaintenance(t *testing.T, s retrieval.Store) {
	m, ok := s.(retrieval.Maintainer)
	if !ok {
		t.Skip("the store needs no maintenance")
	}
	a, b := NewEntry("a", "dam broke\n\nriver rose"), NewEntry("b", "dam held")
	put(t, s, a, b, Revise(b, 2, "dam held again"))
	check := func(when string) {
		t.Helper()
		h, err := m.Check(t.Context())
		if err != nil || len(h.Problems) > 0 || h.Articles != 2 || h.Revisions != 3 || h.Passages != 3 || h.Vectors != 3 || h.Model != a.Model {
			t.Errorf("%s: %+v, %v", when, h, err)
		}
	}
	check("before")
	before := found(t, s, retrieval.Filter{}, "dam")
	var done, all int
	if err := m.Rebuild(t.Context(), func(d, a int) { done, all = d, a }); err != nil {
		t.Fatal(err)
	}
	check("after")
	same(t, "found", found(t, s, retrieval.Filter{}, "dam"), before)
	if done != 2 || all != 2 {
		t.Errorf("progress ended at %d of %d, want 2 of 2", done, all)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := m.Rebuild(t.Context(), nil); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("rebuilt a closed store: %v", err)
	}
}
