package eval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer"
	"verbatim/retrieval/corpus"
)

// shelf is a Desk that knows for each question what it has to say.
type shelf struct {
	articles map[string]*corpus.Article
	replies  map[string]reply
	asked    []answer.Request
	searched []answer.SearchRequest
}

// reply names quotes and hits as "source: text".
type reply struct {
	refused bool
	quotes  []string
	hits    []string
	err     error
}

func newShelf(bodies map[string]string) *shelf {
	s := &shelf{articles: map[string]*corpus.Article{}, replies: map[string]reply{}}
	for source, body := range bodies {
		a := &corpus.Article{Body: body}
		a.ID, a.Source, a.Title, a.URL = corpus.NewID(source), "news/"+source, "On the Lakeview dam", "https://example.org/"+source
		s.articles[source] = a
	}
	return s
}

func (s *shelf) quote(name string) corpus.Quote {
	source, text, _ := strings.Cut(name, ": ")
	a := s.articles[source]
	at := strings.Index(a.Body, text)
	q, err := corpus.NewQuote(a, corpus.Span{Start: at, End: at + len(text)})
	if err != nil {
		panic(err)
	}
	return q
}

func (s *shelf) Ask(_ context.Context, r answer.Request) (*answer.Answer, error) {
	s.asked = append(s.asked, r)
	reply := s.replies[r.Question]
	a := &answer.Answer{Status: answer.StatusAnswered}
	for _, name := range reply.quotes {
		a.Quotes = append(a.Quotes, answer.Quote{Quote: s.quote(name)})
	}
	if reply.refused {
		a.Status, a.Nearest, a.Quotes = answer.StatusNoEvidence, a.Quotes, nil
	}
	return a, reply.err
}

func (s *shelf) Search(_ context.Context, r answer.SearchRequest) (*answer.SearchResult, error) {
	s.searched = append(s.searched, r)
	out := new(answer.SearchResult)
	for i, name := range s.replies[r.Query].hits {
		out.Hits = append(out.Hits, answer.Hit{Rank: i + 1, Quote: s.quote(name)})
	}
	return out, nil
}

var library = map[string]string{
	"a.txt": "The dam broke on Monday. It killed 1,037 people  in\nLakeview. The mayor cried.",
	"b.txt": "Ten boats sank. Rain fell for ten days over the whole valley, the guard said.",
}

// The values are those of the contract, counted by hand.
func TestValues(t *testing.T) {
	const killed = "It killed 1,037 people in Lakeview."
	known := Question{ID: "1", Question: "How many?", Answers: []string{"1,037"}, Evidence: []Evidence{{Article: "a.txt", Quote: killed}}}
	for _, tt := range []struct {
		name  string
		q     Question
		reply reply
		want  map[string]float64
	}{
		{"all right", known, reply{quotes: []string{"a.txt: It killed 1,037 people  in\nLakeview."}, hits: []string{"a.txt: It killed 1,037 people"}},
			map[string]float64{PassageHit1: 1, PassageHit4: 1, PassageHit10: 1, PassageMRR: 1, ArticleHit1: 1, ArticleHit4: 1, ArticleHit10: 1,
				QuoteHit: 1, FirstQuote: 1, Coverage: 1, Answered: 1, Verbatim: 1}},
		{"the second", known, reply{quotes: []string{"b.txt: Ten boats sank.", "a.txt: It killed 1,037"}, hits: []string{"b.txt: Ten boats", "a.txt: 1,037 people"}},
			map[string]float64{PassageHit1: 0, PassageHit4: 1, PassageHit10: 1, PassageMRR: .5, ArticleHit1: 0, ArticleHit4: 1, ArticleHit10: 1,
				QuoteHit: 1, FirstQuote: 0, Coverage: 0, Answered: 1, Verbatim: 1}},
		{"the fifth passage", known, reply{refused: true, hits: []string{"b.txt: Ten", "b.txt: boats", "b.txt: sank", "b.txt: Rain", "a.txt: 1,037"}},
			map[string]float64{PassageHit1: 0, PassageHit4: 0, PassageHit10: 1, PassageMRR: .2, ArticleHit1: 0, ArticleHit4: 0, ArticleHit10: 1,
				QuoteHit: 0, FirstQuote: 0, Coverage: 0, Answered: 0}},
		{"the right article, the wrong passage", known, reply{quotes: []string{"a.txt: The mayor cried."}, hits: []string{"a.txt: The mayor cried."}},
			map[string]float64{PassageHit1: 0, PassageHit4: 0, PassageHit10: 0, PassageMRR: 0, ArticleHit1: 1, ArticleHit4: 1, ArticleHit10: 1,
				QuoteHit: 0, FirstQuote: 0, Coverage: 0, Answered: 1, Verbatim: 1}},
		{"refused, with the answer nearest", known, reply{refused: true, quotes: []string{"a.txt: It killed 1,037"}},
			map[string]float64{PassageHit1: 0, PassageHit4: 0, PassageHit10: 0, PassageMRR: 0, ArticleHit1: 0, ArticleHit4: 0, ArticleHit10: 0,
				QuoteHit: 0, FirstQuote: 0, Coverage: 0, Answered: 0, Verbatim: 1}},
		{"the title counts for passages, not for quotes", Question{Question: "Which dam?", Answers: []string{"Lakeview dam"}},
			reply{quotes: []string{"b.txt: Ten boats sank."}, hits: []string{"b.txt: Ten boats sank."}},
			map[string]float64{PassageHit1: 1, PassageHit4: 1, PassageHit10: 1, PassageMRR: 1, QuoteHit: 0, FirstQuote: 0, Answered: 1, Verbatim: 1}},
		{"evidence without answers", Question{Question: "Why?", Evidence: []Evidence{{Article: "b.txt"}}},
			reply{quotes: []string{"b.txt: Ten boats sank."}, hits: []string{"b.txt: Ten boats sank."}},
			map[string]float64{ArticleHit1: 1, ArticleHit4: 1, ArticleHit10: 1, QuoteHit: 0, FirstQuote: 0, Answered: 1, Verbatim: 1}},
		{"half of the evidence", Question{Question: "Why?", Answers: []string{"ten"}, Evidence: []Evidence{
			{Article: "b.txt", Quote: "Ten boats sank."}, {Article: "b.txt", Quote: ""}, {Article: "a.txt", Quote: "The mayor cried."}}},
			reply{quotes: []string{"b.txt: Ten boats sank. Rain fell"}},
			map[string]float64{PassageHit1: 0, PassageHit4: 0, PassageHit10: 0, PassageMRR: 0, ArticleHit1: 0, ArticleHit4: 0, ArticleHit10: 0,
				QuoteHit: 1, FirstQuote: 1, Coverage: .5, Answered: 1, Verbatim: 1}},
		{"foreign, refused", Question{Question: "Who won?"}, reply{refused: true, quotes: []string{"b.txt: Ten boats sank."}},
			map[string]float64{Refused: 1, Verbatim: 1}},
		{"foreign, answered", Question{Question: "Who won?"}, reply{quotes: []string{"b.txt: Ten boats sank."}},
			map[string]float64{Refused: 0, Verbatim: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShelf(library)
			s.replies[tt.q.Question] = tt.reply
			report, err := Run(t.Context(), s, []Question{tt.q}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, withoutNatural(report.Outcomes[0].Values)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Evidence is covered where a quote holds 60 % of the bytes of one place.
func TestCovered(t *testing.T) {
	body := "0123456789 abc. 0123456789 def."
	a := &corpus.Article{Body: body}
	a.ID, a.Source, a.URL = "article.2", "news/a.txt", "https://example.org/a"
	for _, tt := range []struct {
		article, quote string
		start, end     int
		want           bool
	}{
		{"a.txt", "0123456789", 0, 6, true}, {"a.txt", "0123456789", 0, 5, false}, {"a.txt", "0123456789", 4, 31, true}, {"a.txt", "0123456789", 5, 16, false},
		{"a.txt", "0123456789", 16, 22, true}, // the second place
		{"a.txt", "0123456789", 7, 19, false}, // 30 % of either place
		{"a.txt", "0123456789  abc.", 0, 15, true}, {"a.txt", "elsewhere", 0, 31, false}, {"a.txt", "  ", 0, 31, false},
		{"news/a.txt", "0123456789", 0, 10, true}, {"article", "0123456789", 0, 10, true}, {"https://example.org/a", "0123456789", 0, 10, true},
		{"b.txt", "0123456789", 0, 10, false}, {"", "0123456789", 0, 10, false}, {"txt", "0123456789", 0, 10, false},
	} {
		q, err := corpus.NewQuote(a, corpus.Span{Start: tt.start, End: tt.end})
		if err != nil {
			t.Fatal(err)
		}
		if got := (Evidence{Article: tt.article, Quote: tt.quote}).coveredBy(q); got != tt.want {
			t.Errorf("%q of %q covered by %q: %v", tt.quote, tt.article, q.Text(), got)
		}
	}
}

// A figure is over all questions of its kind, a refused one counting 0.
func TestFigures(t *testing.T) {
	s := newShelf(library)
	questions := []Question{
		{ID: "1", Question: "q1", Answers: []string{"1,037"}, Evidence: []Evidence{{Article: "a.txt", Quote: "It killed 1,037 people"}}, Type: "count", Asked: "2021-07-06"},
		{ID: "2", Question: "q2", Answers: []string{"ten"}, Type: "count"},
		{ID: "3", Question: "q3", Answers: []string{"mayor"}, Evidence: []Evidence{{Article: "a.txt"}}, Type: "who"},
		{ID: "4", Question: "q4", Type: "none"}, {ID: "5", Question: "q5", Type: "none"},
	}
	s.replies["q1"] = reply{quotes: []string{"a.txt: It killed 1,037 people", "b.txt: Ten boats sank."}}
	s.replies["q2"] = reply{quotes: []string{"a.txt: The mayor cried.", "b.txt: Ten boats sank."}}
	s.replies["q3"] = reply{refused: true}
	s.replies["q4"] = reply{refused: true}
	s.replies["q5"] = reply{quotes: []string{"b.txt: Rain fell for ten days over the whole valley, the guard said."}}
	var progress []string
	r, err := Run(t.Context(), s, questions, Options{AskOnly: true, Progress: func(done, all int) { progress = append(progress, fmt.Sprintf("%d/%d", done, all)) }})
	if err != nil {
		t.Fatal(err)
	}
	type figure struct {
		Value float64
		N     int
	}
	got := map[string]figure{}
	for name, f := range r.Figures {
		got[name] = figure{math.Round(f.Value*1e6) / 1e6, f.N}
	}
	want := map[string]figure{QuoteHit: {.666667, 3}, FirstQuote: {.333333, 3}, Answered: {.666667, 3}, Coverage: {1, 1}, Refused: {.5, 2}, Verbatim: {1, 3}}
	if diff := cmp.Diff(want, withoutNatural(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Questions != 5 || r.QuoteWords != 3 || len(s.searched) != 0 {
		t.Errorf("%d questions, %d words a quote, %d searches", r.Questions, r.QuoteWords, len(s.searched))
	}
	if got := strings.Join(progress, " "); got != "1/5 2/5 3/5 4/5 5/5" {
		t.Errorf("progress %q", got)
	}
	if len(r.ByType) != 3 || r.ByType["count"][QuoteHit].Value != 1 || r.ByType["who"][QuoteHit].N != 1 || r.ByType["none"][Refused].N != 2 {
		t.Errorf("by type: %+v", r.ByType)
	}
	if s.asked[0].AsOf != "2021-07-06" || s.asked[1].AsOf != "" {
		t.Errorf("asked as of %q and %q", s.asked[0].AsOf, s.asked[1].AsOf)
	}
	for _, name := range Names() {
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("figures without a place: %v", got)
	}
}

func TestRunOptions(t *testing.T) {
	s := newShelf(library)
	questions := []Question{{ID: "1", Question: "q1", Answers: []string{"x"}}, {ID: "2", Question: "q2"}}
	r, err := Run(t.Context(), s, questions, Options{SearchOnly: true, Plain: true})
	if err != nil || len(s.asked) != 0 || len(s.searched) != 1 || !s.searched[0].Plain || s.searched[0].N != 10 || r.P95 != 0 {
		t.Errorf("searches %+v, %d questions, %v", s.searched, len(s.asked), err)
	}
	broken := errors.New("broken")
	s.replies["q2"] = reply{err: broken}
	if _, err := Run(t.Context(), s, questions, Options{}); !errors.Is(err, broken) || !strings.Contains(err.Error(), "question 2") {
		t.Errorf("error %v", err)
	}
	if r, err := Run(t.Context(), s, nil, Options{}); err != nil || r.Questions != 0 || len(r.Figures) != 0 {
		t.Errorf("no questions: %+v, %v", r, err)
	}
}

func TestReliability(t *testing.T) {
	outcome := func(sure float64, answerable bool) Outcome {
		o := Outcome{Answer: &answer.Answer{Sure: sure}, Took: time.Second}
		if answerable {
			o.Question.Answers = []string{"x"}
		}
		return o
	}
	one := &Report{Outcomes: []Outcome{outcome(0, false), outcome(.05, true), outcome(.1, false), outcome(.5, true), {}}}
	two := &Report{Outcomes: []Outcome{outcome(.59, true), outcome(1, true), outcome(.999, false)}}
	got := Reliability(one, two)
	want := []Bin{{0, .1, 2, .025, .5}, {.1, .2, 1, .1, 0}, {.5, .6, 2, .545, 1}, {.9, 1, 2, .9995, .5}}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Reliability(); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
	trades := Trades(one, two)
	if len(trades) != 9 {
		t.Fatalf("%d trades", len(trades))
	}
	for i, want := range map[int]Trade{0: {.1, .75, 1. / 3}, 4: {.5, .75, 2. / 3}, 8: {.9, .25, 2. / 3}} {
		if diff := cmp.Diff(want, trades[i], near); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// withoutNatural returns figures without those that need complete evidence,
// which TestNatural and TestNaturalFigures hold.
func withoutNatural[V any](figures map[string]V) map[string]V {
	out := maps.Clone(figures)
	for _, name := range []string{OnPoint, Quotes, WordsF1, Denied, NearestHit, Claimed, Unsure, True, AllValues, MarkRight, AUC, AUCWithin, AUCRight} {
		delete(out, name)
	}
	return out
}
