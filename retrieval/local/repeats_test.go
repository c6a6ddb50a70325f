package local

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/retrievaltest"
	"verbatim/retrieval/segment"
)

const pitch = "Want to know more about the valley? We have you covered with our newsletter here."

// story returns an article that shares nothing with others but line.
func story(n int, server, line string) retrieval.Item {
	word := fmt.Sprintf("word%d", n)
	body := fmt.Sprintf("The story of %s\n\nThe town of %s closed its %s bridge on Thursday.\n\n%s\n\nNobody in %s was hurt, said the mayor of %s.\n",
		word, word, word, line, word, word)
	return retrieval.Item{Source: fmt.Sprintf("%snews/%02d.txt", server, n), Raw: []byte(body), Server: server}
}

func stories(from, to int, server, line string) (items []retrieval.Item) {
	for n := from; n < to; n++ {
		items = append(items, story(n, server, line))
	}
	return items
}

func all(items []retrieval.Item) iter.Seq2[retrieval.Item, error] {
	return func(yield func(retrieval.Item, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func ingest(t *testing.T, s retrieval.Store, items []retrieval.Item) retrieval.Report {
	t.Helper()
	report, err := engineOver(t, s).Ingest(t.Context(), all(items), retrieval.IngestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func engineOver(t *testing.T, s retrieval.Store) *retrieval.Engine {
	t.Helper()
	e, err := retrieval.New(retrieval.Options{Store: s, Embedder: retrievaltest.Embedder{}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// marked returns the sources of the articles in which the pitch is furniture,
// and checks that it is searched in the others alone.
func marked(t *testing.T, s retrieval.Store) (sources []string) {
	t.Helper()
	infos, err := s.Articles(t.Context(), retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range infos {
		a, err := s.Article(t.Context(), i.ID)
		if err != nil {
			t.Fatal(err)
		}
		at := strings.Index(a.Body, pitch)
		is := slices.ContainsFunc(a.Furniture, func(m corpus.Mark) bool {
			return m.Start == at && m.End == at+len(pitch) && m.Reason == corpus.ReasonRepeated
		})
		if is {
			sources = append(sources, i.Source)
		}
		hits, err := s.Words(t.Context(), retrieval.WordQuery{Terms: []retrieval.Term{{Text: "newslett"}}}, 10,
			retrieval.Filter{IDs: []string{corpus.NewID(i.Source)}, Scope: corpus.Scope{Server: i.Server}})
		if err != nil || (len(hits.Hits) == 0) != (is || at < 0) {
			t.Errorf("%s: the line is found %d times, marked %t: %v", i.Source, len(hits.Hits), is, err)
		}
	}
	slices.Sort(sources)
	return sources
}

func sourcesOf(items []retrieval.Item) (sources []string) {
	for _, i := range items {
		sources = append(sources, i.Source)
	}
	slices.Sort(sources)
	return sources
}

// However articles come, those of one corpus have the same marks.
func TestSharedLines(t *testing.T) {
	items := stories(0, 2*segment.MinRepeats, "", pitch)
	backwards := slices.Clone(items)
	slices.Reverse(backwards)
	for name, runs := range map[string][][]retrieval.Item{
		"at once":   {items},
		"backwards": {backwards},
		"one by one": slices.Collect(func(yield func([]retrieval.Item) bool) {
			for run := range slices.Chunk(items, 1) {
				if !yield(run) {
					return
				}
			}
		}),
		"few, then many": {items[:segment.MinRepeats-1], items},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			var notes []string
			for _, run := range runs {
				notes = append(notes, ingest(t, s, run).Notes...)
			}
			if diff := cmp.Diff(sourcesOf(items), marked(t, s)); diff != "" {
				t.Errorf("marked (-want +got):\n%s", diff)
			}
			wantNotes := 0
			if len(runs) > 1 {
				wantNotes = 1
			}
			if len(notes) != wantNotes || wantNotes == 1 && !strings.Contains(notes[0], fmt.Sprintf("(articles: %d)", segment.MinRepeats-1)) {
				t.Errorf("notes %q", notes)
			}
			if missing, err := s.Unembedded(t.Context()); err != nil || len(missing) > 0 {
				t.Errorf("%d without vectors, %v", len(missing), err)
			}
			if n, err := engineOver(t, s).Rederive(t.Context(), nil); err != nil || n != 0 {
				t.Errorf("reindexed %d, %v: the marks of an ingest are those of a reindex", n, err)
			}
			if r := ingest(t, s, items); r.Same != len(items) || len(r.Notes) != 0 {
				t.Errorf("again: %+v", r)
			}
			a, err := s.Original(t.Context(), corpus.NewID(items[0].Source))
			if err != nil || string(a.Raw) != string(items[0].Raw) || a.RawHash != retrieval.RawHash(items[0]) {
				t.Errorf("the article is another one after it was marked anew: %v", err)
			}
		})
	}
	t.Run("in memory", func(t *testing.T) {
		s, err := NewInMemory()
		if err != nil {
			t.Fatal(err)
		}
		ingest(t, s, items)
		if diff := cmp.Diff(sourcesOf(items), marked(t, s)); diff != "" {
			t.Errorf("marked (-want +got):\n%s", diff)
		}
	})
}

// A line that too few share any more is a part of the stories again.
func TestSharedLineNoMore(t *testing.T) {
	s := open(t, t.TempDir())
	items := stories(0, segment.MinRepeats, "", pitch)
	ingest(t, s, items)
	first := items[0]
	items[0] = story(0, "", "The council meets again on Friday.")
	if got := ingest(t, s, items); got.Changed != 1 || len(got.Notes) != 1 {
		t.Errorf("revised: %+v", got)
	}
	if got := marked(t, s); len(got) != 0 {
		t.Errorf("still marked: %v", got)
	}
	items[0] = first
	ingest(t, s, items)
	if got := marked(t, s); len(got) != len(items) {
		t.Errorf("marked %v", got)
	}
	if err := s.Delete(t.Context(), []string{corpus.NewID(items[1].Source)}); err != nil {
		t.Fatal(err)
	}
	if n, err := engineOver(t, s).Rederive(t.Context(), nil); err != nil || n != len(items)-1 {
		t.Errorf("reindexed %d, %v", n, err)
	}
	if got := marked(t, s); len(got) != 0 {
		t.Errorf("still marked: %v", got)
	}
}

// What a server ingests marks nothing of the operator's or another server's.
func TestSharedLinesOfServers(t *testing.T) {
	s := open(t, t.TempDir())
	few, mine, other := stories(0, 3, "", pitch), stories(10, 10+segment.MinRepeats, "a", pitch), stories(30, 33, "b", pitch)
	ingest(t, s, few)
	ingest(t, s, mine)
	ingest(t, s, other)
	if diff := cmp.Diff(sourcesOf(mine), marked(t, s)); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
	// What the operator's articles share is furniture for all.
	more := stories(3, segment.MinRepeats, "", pitch)
	ingest(t, s, more)
	if diff := cmp.Diff(sourcesOf(slices.Concat(few, more, mine, other)), marked(t, s)); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
}

// An ingest that was cut off before the marks were settled is made good by
// the next one, even where it has nothing to add.
func TestSharedLinesAfterInterruption(t *testing.T) {
	s := open(t, t.TempDir())
	items := stories(0, segment.MinRepeats, "", pitch)
	cut := errors.New("cut off")
	broken := func(yield func(retrieval.Item, error) bool) {
		for i := range all(items) {
			if !yield(i, nil) {
				return
			}
		}
		yield(retrieval.Item{}, cut)
	}
	e := engineOver(t, s)
	if report, err := e.Ingest(t.Context(), broken, retrieval.IngestOptions{}); !errors.Is(err, cut) {
		t.Fatalf("%+v, %v", report, err)
	}
	// Whatever the cut kept from the store is there now.
	for _, i := range items {
		a, err := retrieval.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), []retrieval.Entry{{Article: a, Passages: segment.Passages(a.Body, a.Furniture)}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := marked(t, s); len(got) != 0 {
		t.Fatalf("marked by an ingest that did not end: %v", got)
	}
	if r := ingest(t, s, items); r.Same != len(items) {
		t.Errorf("%+v", r)
	}
	if got := marked(t, s); len(got) != len(items) {
		t.Errorf("marked %v", got)
	}
}

// Notices alone are the text of the articles that hold nothing else.
func TestNothingButSharedLines(t *testing.T) {
	s := open(t, t.TempDir())
	items := stories(0, segment.MinRepeats, "", pitch)
	bare := retrieval.Item{Source: "news/notice.txt", Raw: []byte("A notice\n\n" + pitch + "\n")}
	ingest(t, s, append(items, bare))
	if spans, err := s.Passages(t.Context(), corpus.NewID(bare.Source)); err != nil || len(spans) == 0 {
		t.Errorf("passages %v, %v", spans, err)
	}
	if got := marked(t, s); len(got) != len(items) {
		t.Errorf("marked %v", got)
	}
}
