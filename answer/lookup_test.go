package answer

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	foldwords "verbatim/retrieval/words"
)

func TestFind(t *testing.T) {
	bodies := map[string]string{
		"plain":      "The dam broke.  It\n\nrose, the ministry said.",
		"quoted":     "He said: “We can't stay,” and left. ‘I could,’ she said.",
		"cases":      "TALIBAN took it. The Taliban took İzmir and straße.",
		"nbsp":       "Some\u00a01,037\u202fmen fled.",
		"accents":    "Ávila—Zürich, café 東京都 🎉🎉.",
		"repeated":   "ana banana bananana",
		"titled":     "Floods hit Lakeview town\n\nFloods hit Lakeview town and the water rose by a metre.",
		"captioned":  "A heading of it\n\nA boat on the lake at Lakeview\nA boat on the lake at Lakeview\n\nYesterday a boat on the lake sank on Monday, the guard said.",
		"commented":  "A heading of them\n\nThe water rose by a metre on Monday, the guard said.\n\nThere are no comments.\n\nLEAVE A COMMENT Your email address will not be published. Required fields are marked*",
		"guillemets": "Il a dit «bonjour à tous» hier.",
	}
	var stories []story
	for name, body := range bodies {
		stories = append(stories, story{source: name, body: body})
	}
	d := newDesk(t, plainWeights(sayAll), stories...)
	for _, tt := range []struct {
		words  string
		source string
		want   []string // texts
	}{
		{"dam broke", "plain", []string{"dam broke"}},
		{"  DAM \t broke ", "plain", []string{"dam broke"}},
		{"broke. It rose", "plain", []string{"broke.  It\n\nrose"}},
		{"broke.\n\n\nIt rose", "plain", []string{"broke.  It\n\nrose"}},
		{`"we can't stay,"`, "quoted", []string{"“We can't stay,”"}},
		{"«We can’t stay,„", "quoted", []string{"“We can't stay,”"}},
		{"'i could,'", "quoted", []string{"‘I could,’"}},
		{"taliban took", "cases", []string{"TALIBAN took", "Taliban took"}},
		{"took İZMIR", "cases", []string{"took İzmir"}},
		{"STRAßE", "cases", []string{"straße"}},
		{"some 1,037 men", "nbsp", []string{"Some\u00a01,037\u202fmen"}},
		{"ávila—zürich", "accents", []string{"Ávila—Zürich"}},
		{"京", "accents", []string{"京"}},
		{"🎉", "accents", []string{"🎉", "🎉"}},
		{"bonjour À TOUS\"", "guillemets", []string{"bonjour à tous»"}},
		{"banana", "repeated", []string{"banana", "banana"}},
		{"floods hit lakeview", "titled", []string{"Floods hit Lakeview"}},
		{"a boat on the lake", "captioned", []string{"a boat on the lake"}},
		{"no comments", "commented", nil},
		{"LEAVE A COMMENT", "commented", nil},
		{"dam burst", "plain", nil},
		{"dambroke", "plain", nil},
		{`"`, "", nil},
		{"“ ”", "", nil},
	} {
		f := retrieval.Filter{}
		if tt.source != "" {
			f.IDs = []string{corpus.NewID(tt.source)}
		}
		found, err := d.Find(t.Context(), tt.words, f)
		if err != nil {
			t.Errorf("%q: %v", tt.words, err)
			continue
		}
		var got []string
		for i, m := range found.Matches {
			checkQuoteBytes(t, m)
			same(t, "number", m.N, i+1)
			for _, s := range m.Marks {
				got = append(got, m.Article().Body[s.Start:s.End])
			}
		}
		same(t, fmt.Sprintf("%q in %s", tt.words, tt.source), got, tt.want)
	}
}

// checkQuoteBytes is checkQuote for words as long as one likes.
func checkQuoteBytes(t *testing.T, q Quote) {
	t.Helper()
	a, s := q.Article(), q.Span()
	if a.Body[s.Start:s.End] != q.Text() || a.Marked(s) || strings.ContainsRune(q.Text(), '\uFFFD') {
		t.Errorf("%s: %q is furniture or not what the body says", q.Ref(), q.Text())
	}
}

// Where words overlap furniture, the place right behind may still hold them.
func TestFindBesideFurniture(t *testing.T) {
	body := "na na na na"
	a := &corpus.Article{Body: body, Furniture: []corpus.Mark{{Span: corpus.Span{Start: 0, End: 2}, Reason: corpus.ReasonOther}}}
	var got []string
	for _, s := range findIn(a, "na na") {
		got = append(got, fmt.Sprint(s))
	}
	same(t, "places", got, []string{"{3 8}"})
}

func TestFindLimit(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: strings.Repeat("The dam broke. ", maxMatches+20)},
		story{source: "b", body: strings.Repeat("The dike broke. ", maxMatches)})
	for words, noted := range map[string]bool{"dam broke": true, "dike broke": false} {
		found, err := d.Find(t.Context(), words, retrieval.Filter{})
		if err != nil || len(found.Matches) != maxMatches || (len(found.Notes) > 0) != noted {
			t.Errorf("%q: %d matches, notes %q, %v", words, len(found.Matches), found.Notes, err)
		}
	}
}

func TestFindServer(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke."}, story{source: "b", body: "The dam broke again.", server: "guild"})
	for server, want := range map[string]int{"": 1, "guild": 2, "other": 1} {
		found, err := d.Find(t.Context(), "the dam broke", retrieval.Filter{Scope: corpus.Scope{Server: server}})
		if err != nil || len(found.Matches) != want {
			t.Errorf("server %q: %d matches, %v; want %d", server, len(found.Matches), err, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("The dam “broke”\u00a0 on  Monday.", "BROKE\" on")
	f.Add("İİ i̇ Kelvin K", "k")
	f.Add("a\r\n\r\nb a b", "a b")
	f.Fuzz(func(t *testing.T, body, words string) {
		body, words = strings.ToValidUTF8(body, "?"), strings.ToValidUTF8(words, "?")
		want := strings.TrimSpace(foldwords.FoldAlike(words, true).Text)
		if want == "" {
			return
		}
		for _, s := range findIn(&corpus.Article{Body: body}, want) {
			if _, err := corpus.NewQuote(&corpus.Article{Body: body}, s); err != nil {
				t.Fatalf("%q in %q: %v, %v", words, body, s, err)
			}
		}
	})
}

func TestSearchHits(t *testing.T) {
	var stories []story
	for i := range 30 {
		stories = append(stories, story{source: fmt.Sprintf("s%02d", i), body: fmt.Sprintf("The dam number %d broke on Monday.", i)})
	}
	stories = append(stories, story{source: "copy", body: "The dam number 7 broke on Monday."})
	d := newDesk(t, plainWeights(sayAll), stories...)
	for n, want := range map[int]int{0: DefaultHits, -3: DefaultHits, 1: 1, 25: 25, 1000: 30} {
		found, err := d.Search(t.Context(), SearchRequest{Query: " dam broke ", N: n})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "query", found.Query, "dam broke")
		same(t, fmt.Sprintf("hits where %d are wanted", n), len(found.Hits), want)
		same(t, "searched", found.Searched.Articles, 31)
		for i, h := range found.Hits {
			if h.Rank != i+1 || i > 0 && h.Score > found.Hits[i-1].Score || h.Features != nil {
				t.Errorf("hit %d has rank %d and score %g", i, h.Rank, h.Score)
			}
			copies := 0
			if h.Quote.Text() == "The dam number 7 broke on Monday." {
				copies = 1
			}
			same(t, h.Quote.Text(), len(h.Copies), copies)
		}
	}
	found, err := d.Search(t.Context(), SearchRequest{Query: "dam broke", N: 3, Explain: true, Filter: retrieval.Filter{Since: "2021-01-01"}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "notes", found.Notes, []string{"31 articles without a date were left out by the dates asked for."})
	same(t, "hits of dated articles", len(found.Hits), 0)
	if found, err = d.Search(t.Context(), SearchRequest{Query: "dam broke", N: 3, Explain: true}); err != nil || len(found.Hits[0].Features) == 0 {
		t.Errorf("nothing explained: %v", err)
	}
}

func TestSearchMost(t *testing.T) {
	var stories []story
	for i := range MaxHits + 30 {
		stories = append(stories, story{source: fmt.Sprint(i), body: fmt.Sprintf("The dam number %d broke on Monday.", i)})
	}
	d := newDesk(t, plainWeights(sayAll), stories...)
	found, err := d.Search(t.Context(), SearchRequest{Query: "dam broke", N: 1000})
	if err != nil || len(found.Hits) != MaxHits {
		t.Errorf("%d hits, %v; want %d", len(found.Hits), err, MaxHits)
	}
}

func TestSources(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll),
		story{source: "a.txt", body: "One.", given: corpus.Given{Title: "Floods in Zürich", Outlet: "Kabul Now"}},
		story{source: "b.txt", body: "Two.", given: corpus.Given{Title: "Other news", Agency: "Reuters"}},
		story{source: "c.txt", body: "Three.", given: corpus.Given{Title: "Floods"}, server: "guild"})
	for _, tt := range []struct{ text, server, want string }{
		{"", "", "a.txt b.txt"}, {"  ", "guild", "a.txt b.txt c.txt"}, {"FLOODS", "", "a.txt"}, {"floods", "guild", "a.txt c.txt"},
		{"zurich", "", "a.txt"}, {"kabul now", "", "a.txt"}, {"reuters", "", "b.txt"}, {"B.TXT", "", "b.txt"}, {corpus.NewID("a.txt"), "", "a.txt"},
		{"three", "guild", ""}, {"now reuters", "", ""},
	} {
		infos, err := d.Sources(t.Context(), retrieval.Filter{Scope: corpus.Scope{Server: tt.server}}, tt.text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range infos {
			got = append(got, i.Source)
		}
		same(t, fmt.Sprintf("%q for server %q", tt.text, tt.server), strings.Join(got, " "), tt.want)
	}
}

func TestRevisions(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke first."}, story{source: "c", body: "Gone with the wind."})
	put(t, d.engine, story{source: "a", body: "The dam broke second."})
	put(t, d.engine, story{source: "a", body: "The dam broke third."}, story{source: "b", body: "The dike of the guild.", server: "guild"})
	id, foreign, removed := corpus.NewID("a"), corpus.NewID("b"), corpus.NewID("c")
	if err := d.engine.Store().Delete(t.Context(), []string{removed}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		id, server string
		article    string // the text of source ID; "" is not found
		quote      string // that of a ref with the ID
	}{
		{id, "", "The dam broke third.", "The dam broke first."},
		{" " + id + "\n", "", "The dam broke third.", ""},
		{id + ".1", "", "The dam broke first.", "The dam broke first."},
		{id + ".2", "", "The dam broke second.", "The dam broke second."},
		{id + ".3", "", "The dam broke third.", "The dam broke third."},
		{id + ".3", "guild", "The dam broke third.", "The dam broke third."},
		{id + ".4", "", "", ""},
		{id + ".0", "", "", ""},
		{id + ".", "", "", ""},
		{foreign, "guild", "The dike of the guild.", "The dike of the guild."},
		{foreign + ".1", "guild", "The dike of the guild.", "The dike of the guild."},
		{foreign, "", "", ""},
		{foreign, "other", "", ""},
		{foreign + ".1", "other", "", ""},
		{removed, "", "", ""},
		{removed + ".1", "", "", ""},
		{"unknown", "", "", ""},
		{"", "", "", ""},
	} {
		a, err := d.Article(t.Context(), tt.id, corpus.Scope{Server: tt.server})
		if tt.article == "" && !errors.Is(err, retrieval.ErrNotFound) || tt.article != "" && (err != nil || a.Body != tt.article) {
			t.Errorf("article %q for %q: %+v, %v; want %q", tt.id, tt.server, a, err, tt.article)
		}
		ref := corpus.Ref{Article: tt.id, Span: corpus.Span{Start: 0, End: len(tt.quote)}}
		q, err := d.Quote(t.Context(), ref, corpus.Scope{Server: tt.server})
		if tt.quote == "" && !errors.Is(err, retrieval.ErrNotFound) || tt.quote != "" && (err != nil || q.Text() != tt.quote) {
			t.Errorf("quote %q for %q: %q, %v; want %q", tt.id, tt.server, q.Text(), err, tt.quote)
		}
	}
	a := ask(t, d, Request{Question: "When was it that the dam broke?"})
	same(t, "answered from", refsOf(a.Quotes), []string{id + ".3:0-20"})
	for _, s := range []corpus.Span{{Start: -1, End: 3}, {Start: 5, End: 4}, {Start: 0, End: 1000}} {
		if _, err := d.Quote(t.Context(), corpus.Ref{Article: id, Span: s}, corpus.Scope{}); !errors.Is(err, corpus.ErrSpan) {
			t.Errorf("quote at %v: %v", s, err)
		}
	}
}

func TestContext(t *testing.T) {
	body := "A heading of it all\n\nThe dam broke on Monday night near Lakeview, the guard said.\n\n- Water everywhere -\n\nIt rose by a metre within the hour. The town was empty by then.\n\nThere are no comments.\n\nLEAVE A COMMENT Your email address will not be published. Required fields are marked*"
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: body}, story{source: "b", body: "The dike held.", server: "guild"})
	first, second, third := "The dam broke on Monday night near Lakeview, the guard said.", "It rose by a metre within the hour.", "The town was empty by then."
	for _, tt := range []struct{ quote, before, after string }{
		{first, "", second}, {second, first, third}, {third, second, ""}, {"rose by a metre", first, third},
		{second + " " + third, first, ""}, {body, "", ""},
	} {
		at := strings.Index(body, tt.quote)
		got, err := d.Context(t.Context(), corpus.Ref{Article: corpus.NewID("a"), Span: corpus.Span{Start: at, End: at + len(tt.quote)}}, corpus.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, tt.quote, [3]string{got.Before.Text(), got.Quote.Text(), got.After.Text()}, [3]string{tt.before, tt.quote, tt.after})
		if (got.Before.Article() == nil) != (tt.before == "") || (got.After.Article() == nil) != (tt.after == "") {
			t.Errorf("%q: a quote of nothing has an article", tt.quote)
		}
	}
	ref := corpus.Ref{Article: corpus.NewID("b"), Span: corpus.Span{Start: 0, End: 3}}
	if _, err := d.Context(t.Context(), ref, corpus.Scope{Server: "other"}); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("another server's: %v", err)
	}
}

func TestArticleByName(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "news/a.txt", body: "The dam broke first."},
		story{source: "news/same.txt", body: "Here."}, story{source: "other/same.txt", body: "There."})
	put(t, d.engine, story{source: "news/a.txt", body: "The dam broke second."}, story{source: "guild/own.txt", body: "The dike.", server: "guild"})
	prefix := corpus.NewID("news/a.txt")[:minPrefix]
	for name, want := range map[string]string{
		"news/a.txt": "The dam broke second.", "a.txt": "The dam broke second.", "other/same.txt": "There.",
		prefix: "The dam broke second.", prefix + ".1": "The dam broke first.",
		prefix[:minPrefix-1]: "", "txt": "", "own.txt": "",
	} {
		a, err := d.Article(t.Context(), name, corpus.Scope{})
		if want == "" && !errors.Is(err, retrieval.ErrNotFound) || want != "" && (err != nil || a.Body != want) {
			t.Errorf("article %q: %+v, %v; want %q", name, a, err, want)
		}
	}
	if _, err := d.Article(t.Context(), "same.txt", corpus.Scope{}); !errors.As(err, new(*AmbiguousError)) || !strings.Contains(err.Error(), "same.txt stands for 2 articles: ") {
		t.Errorf("a name of two articles: %v", err)
	}
}
