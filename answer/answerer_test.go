package answer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

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
type story struct {
	source, body string
	given        corpus.Given
	server       string
}

// Weights with which an answer follows from the words alone, and from what a
// test is about: sayAll answers whatever it finds, sayNothing refuses.
var (
	sayAll     = passagerank.Forest{Shift: 9}
	sayNothing = passagerank.Forest{Shift: -9}
)

func plainWeights(answerability passagerank.Forest) *passagerank.Weights {
	return &passagerank.Weights{
		Passage:       map[string]float64{"bm25": 1, "coverage": 1},
		Sentence:      map[string]float64{"coverage": 4, "new_figure": .1},
		Answerability: answerability,
	}
}

// newDesk returns a desk over stories; weights nil are those in the binary.
func newDesk(t testing.TB, weights *passagerank.Weights, stories ...story) *Answerer {
	t.Helper()
	e := newEngine(t, weights, retrievaltest.Embedder{})
	put(t, e, stories...)
	return New(Options{Engine: e})
}

func newEngine(t testing.TB, weights *passagerank.Weights, embedder retrieval.Embedder) *retrieval.Engine {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	e, err := retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Weights: weights})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func put(t testing.TB, e *retrieval.Engine, stories ...story) {
	t.Helper()
	items := func(yield func(retrieval.Item, error) bool) {
		for _, s := range stories {
			if !yield(retrieval.Item{Source: s.source, Raw: []byte(s.body), Given: s.given, Server: s.server}, nil) {
				return
			}
		}
	}
	report, err := e.Ingest(context.Background(), items, retrieval.IngestOptions{})
	if err != nil || len(report.Refused) > 0 {
		t.Fatalf("ingest: %+v, %v", report, err)
	}
}

// seedsDesk returns the desk that a fresh machine has.
func seedsDesk(t testing.TB) *Answerer {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	embedder, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	e, err := retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Lexicon: embedder})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := e.Ingest(ctx, load.FS(ctx, seeds.Files(), "seeds", load.Options{}), retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	return New(Options{Engine: e, Today: func() corpus.Date { return "2021-07-06" }})
}

func ask(t testing.TB, d *Answerer, r Request) *Answer {
	t.Helper()
	a, err := d.Ask(context.Background(), r)
	if err != nil {
		t.Fatalf("ask %q: %v", r.Question, err)
	}
	checkAnswer(t, a)
	return a
}

// checkAnswer holds an answer to what is true of every one.
func checkAnswer(t testing.TB, a *Answer) {
	t.Helper()
	if a.Status == StatusNoEvidence && (len(a.Quotes) > 0 || len(a.Points) > 0 || !strings.HasPrefix(a.Text, "The articles do not say") && !strings.HasPrefix(a.Text, "No article mentions ")) {
		t.Errorf("a refusal of %q with quotes %v: %q", a.Question, refsOf(a.Quotes), a.Text)
	}
	if a.Status == StatusAnswered && (len(a.Quotes) == 0 || len(a.Points) != len(a.Quotes) || len(a.Nearest) > 0) {
		t.Errorf("an answer to %q with %d quotes, %d points, %d nearest", a.Question, len(a.Quotes), len(a.Points), len(a.Nearest))
	}
	if a.Status == StatusUnsure && (len(a.Quotes) == 0 || len(a.Points) > 0 || len(a.Nearest) > 0 || a.Text != UnsureText) {
		t.Errorf("an unsure answer to %q with %d quotes, %d points, %d nearest: %q", a.Question, len(a.Quotes), len(a.Points), len(a.Nearest), a.Text)
	}
	if len(a.Quotes) > MaxQuotes || len(a.Nearest) > nearestQuotes || !(a.Sure >= 0 && a.Sure <= 1) {
		t.Errorf("%q: %d quotes, %d nearest, sure %g", a.Question, len(a.Quotes), len(a.Nearest), a.Sure)
	}
	perArticle, articles := map[string]int{}, map[string]bool{}
	for i, q := range slices.Concat(a.Quotes, a.Nearest) {
		checkQuote(t, q)
		bare, _ := corpus.SplitID(q.Article().ID)
		if perArticle[bare]++; perArticle[bare] > 2 {
			t.Errorf("%q: more than two quotes of %s", a.Question, bare)
		}
		if i < len(a.Quotes) {
			articles[bare] = true
			if a.Status == StatusUnsure {
				continue
			}
			if want := (Point{Text: q.Text(), Quotes: []int{i + 1}}); !gocmp.Equal(a.Points[i], want) || q.N != i+1 {
				t.Errorf("point %d is %+v of quote %d, want %+v", i, a.Points[i], q.N, want)
			}
			if !strings.Contains(a.Text, fmt.Sprintf("%s [%d]", q.Text(), i+1)) {
				t.Errorf("the answer %q lacks quote %d", a.Text, i+1)
			}
		}
	}
	if a.Sources.Articles != len(articles) || a.Sources.Independent > a.Sources.Articles {
		t.Errorf("sources %+v, want %d articles", a.Sources, len(articles))
	}
}

// checkQuote compares a quote with the body that it names, byte by byte.
func checkQuote(t testing.TB, q Quote) {
	t.Helper()
	a, s := q.Article(), q.Span()
	switch {
	case a == nil || s.Start < 0 || s.End > len(a.Body) || s.Start >= s.End:
		t.Errorf("quote %d of no article, or outside of its body: %v", q.N, s)
		return
	case a.Body[s.Start:s.End] != q.Text():
		t.Errorf("%s: %q is not what the body says", q.Ref(), q.Text())
	case !utf8.ValidString(q.Text()) || strings.TrimSpace(q.Text()) != q.Text():
		t.Errorf("%s: %q splits a character, or has space around it", q.Ref(), q.Text())
	case len(strings.Fields(q.Text())) > 90:
		t.Errorf("%s: %d words", q.Ref(), len(strings.Fields(q.Text())))
	}
	for _, m := range a.Furniture {
		if m.Start < s.End && s.Start < m.End {
			t.Errorf("%s: %q holds page furniture (%s)", q.Ref(), q.Text(), m.Reason)
		}
	}
}

func refsOf(quotes []Quote) []string {
	out := []string{}
	for _, q := range quotes {
		out = append(out, q.Ref().String())
	}
	return out
}

func textsOf(quotes []Quote) []string {
	out := []string{}
	for _, q := range quotes {
		out = append(out, q.Text())
	}
	return out
}

func sourcesOf(quotes []Quote) []string {
	out := []string{}
	for _, q := range quotes {
		out = append(out, q.Article().Source)
	}
	return out
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAskSeeds(t *testing.T) {
	d := seedsDesk(t)
	for _, tt := range []struct {
		question string
		hold     string // in a quote; "" where the articles do not say
	}{
		{"How many Afghan soldiers fled to Tajikistan?", "1,037"},
		{"Who is the governor of Badakhshan?", "Samim"},
		{"How many reserve troops did the president of Tajikistan mobilise?", "20,000"},
		{"Who won the 2021 Tour de France?", ""},
		{"What is the price of a litre of milk in Oslo?", ""},
	} {
		a := ask(t, d, Request{Question: tt.question})
		if tt.hold == "" && a.Status == StatusAnswered || tt.hold != "" && a.Status == StatusNoEvidence {
			t.Errorf("%q: %s, sure %.2f: %q", tt.question, a.Status, a.Sure, a.Text)
			continue
		}
		if !strings.Contains(strings.Join(textsOf(a.Quotes), "\n"), tt.hold) {
			t.Errorf("%q: no quote holds %q: %q", tt.question, tt.hold, textsOf(a.Quotes))
		}
		same(t, tt.question, a.Searched, Searched{Articles: 5, From: "2021-07-04", To: "2021-07-06"})
	}
}

func TestAskFaults(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke on Monday night."})
	for _, tt := range []struct {
		name string
		r    Request
		want error
	}{
		{"empty", Request{}, ErrQuestion},
		{"blank", Request{Question: " \t\n\u00a0"}, ErrQuestion},
		{"longest", Request{Question: strings.Repeat("é", MaxQuestion)}, nil},
		{"longest in space", Request{Question: "  " + strings.Repeat("é", MaxQuestion) + "\n"}, nil},
		{"too long", Request{Question: strings.Repeat("é", MaxQuestion+1)}, ErrLongQuestion},
		{"no model", Request{Question: "dam", Mode: ModeModel}, ErrNoModel},
		{"empty before no model", Request{Mode: ModeModel}, ErrQuestion},
		{"broken UTF-8", Request{Question: "dam \xff\xfe"}, nil},
	} {
		if a, err := d.Ask(t.Context(), tt.r); !errors.Is(err, tt.want) || (err == nil) != (a != nil) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if tt.r.Mode != "" {
			continue
		}
		if _, err := d.Search(t.Context(), SearchRequest{Query: tt.r.Question}); !errors.Is(err, tt.want) {
			t.Errorf("%s: search: %v, want %v", tt.name, err, tt.want)
		}
		if _, err := d.Find(t.Context(), tt.r.Question, retrieval.Filter{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: find: %v, want %v", tt.name, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Ask(ctx, Request{Question: "dam"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Questions of which nothing is left to search for are refused, not a fault.
func TestAskNothing(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke on Monday night."})
	for _, q := range []string{"the of and", "?", "😀🎉", "who is it?", "\u200b"} {
		a := ask(t, d, Request{Question: q})
		if a.Status != StatusNoEvidence || len(a.Nearest) > 0 {
			t.Errorf("%q: %s, nearest %q", q, a.Status, textsOf(a.Nearest))
		}
	}
}

func TestRefusals(t *testing.T) {
	dam := func(day string) string { return "The dam near Lakeview broke " + day + ", the ministry said." }
	stories := []story{
		{source: "a", body: dam("on Monday"), given: corpus.Given{Published: "2021-07-04", Outlet: "Daily"}},
		{source: "b", body: dam("at night"), given: corpus.Given{Published: "2021-07-06"}},
		{source: "c", body: dam("again"), given: corpus.Given{Outlet: "Daily"}},
		{source: "d", body: dam("once"), given: corpus.Given{Outlet: "Daily"}},
	}
	for _, tt := range []struct {
		name    string
		stories []story
		r       Request
		want    Answer
		nearest int
	}{
		{"all", stories, Request{}, Answer{
			Text:     "The articles do not say: none of the 4 articles searched, of 2021-07-04 to 2021-07-06, holds an answer to this question.",
			Searched: Searched{Articles: 4, From: "2021-07-04", To: "2021-07-06"}}, 3},
		{"one dated", stories, Request{Filter: retrieval.Filter{Since: "2021-07-05"}}, Answer{
			Text:     "The articles do not say: the 1 article searched, of 2021-07-06, holds no answer to this question.",
			Searched: Searched{Articles: 1, From: "2021-07-06", To: "2021-07-06"},
			Notes:    []string{"2 articles without a date were left out by the dates asked for."}}, 1},
		{"one undated", stories[2:3], Request{}, Answer{
			Text:     "The articles do not say: the 1 article searched holds no answer to this question.",
			Searched: Searched{Articles: 1}}, 1},
		{"none", nil, Request{}, Answer{Text: "The articles do not say: no article was there to search."}, 0},
		{"none of the outlet", stories, Request{Filter: retrieval.Filter{Outlets: []string{"Nobody"}}}, Answer{
			Text:  "The articles do not say: no article was there to search.",
			Notes: []string{"No article is of the outlet Nobody. There are articles of Daily."}}, 0},
		{"undated left out", stories[:3], Request{Filter: retrieval.Filter{Outlets: []string{"daily"}, Until: "2021-07-04"}}, Answer{
			Text:     "The articles do not say: the 1 article searched, of 2021-07-04, holds no answer to this question.",
			Searched: Searched{Articles: 1, From: "2021-07-04", To: "2021-07-04"},
			Notes:    []string{"1 article without a date was left out by the dates asked for."}}, 1},
		{"few quotes wanted", stories, Request{Quotes: 1}, Answer{
			Text:     "The articles do not say: none of the 4 articles searched, of 2021-07-04 to 2021-07-06, holds an answer to this question.",
			Searched: Searched{Articles: 4, From: "2021-07-04", To: "2021-07-06"}}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, plainWeights(sayNothing), tt.stories...)
			tt.r.Question = "When did the dam near Lakeview break?"
			a := ask(t, d, tt.r)
			tt.want.Status = StatusNoEvidence
			same(t, "answer", Answer{Status: a.Status, Text: a.Text, Searched: a.Searched, Notes: a.Notes}, tt.want)
			same(t, "nearest", len(a.Nearest), tt.nearest)
			for i, q := range a.Nearest {
				same(t, "number", q.N, i+1)
			}
		})
	}
}

func TestAskQuotes(t *testing.T) {
	var stories []story
	for i := range 8 {
		stories = append(stories, story{source: string(rune('a' + i)), body: fmt.Sprintf("Report %d.\n\nThe flood at Lakeview killed %d people on Monday.", i, 10+i)})
	}
	d := newDesk(t, plainWeights(sayAll), stories...)
	for n, want := range map[int]int{-1: 5, 0: 5, 1: 1, 3: 3, 5: 5, 6: 5, 1000: 5} {
		a := ask(t, d, Request{Question: "What number of people did the flood at Lakeview kill?", Quotes: n})
		same(t, fmt.Sprintf("quotes where %d are wanted", n), len(a.Quotes), want)
		same(t, "articles", a.Sources, Sources{Articles: want, Independent: want})
	}
}

func TestAskFilter(t *testing.T) {
	flood := func(s string) string { return "The flood at Lakeview killed " + s + " people." }
	stories := []story{
		{source: "a", body: flood("11"), given: corpus.Given{Outlet: "Kabul Now", Published: "2021-07-04"}},
		{source: "b", body: flood("12"), given: corpus.Given{Agency: "Reuters", Published: "2021-07-05"}},
		{source: "c", body: flood("13"), given: corpus.Given{Outlet: "Daily", Published: "2021-07-06"}},
		{source: "d", body: flood("14"), given: corpus.Given{Outlet: "Daily"}},
		{source: "e", body: flood("15"), given: corpus.Given{Published: "2021-07-06"}, server: "guild"},
	}
	d := newDesk(t, plainWeights(sayAll), stories...)
	for _, tt := range []struct {
		name string
		f    retrieval.Filter
		want string
	}{
		{"none", retrieval.Filter{}, "abcd"},
		{"outlet in another case", retrieval.Filter{Outlets: []string{"kabul now"}}, "a"},
		{"agency", retrieval.Filter{Outlets: []string{"REUTERS"}}, "b"},
		{"outlets", retrieval.Filter{Outlets: []string{"Daily", "Reuters"}}, "bcd"},
		{"since holds its day", retrieval.Filter{Since: "2021-07-05"}, "bc"},
		{"until holds its day", retrieval.Filter{Until: "2021-07-05"}, "ab"},
		{"id", retrieval.Filter{IDs: []string{corpus.NewID("d")}}, "d"},
		{"except", retrieval.Filter{Except: []string{corpus.NewID("a"), corpus.NewID("c")}}, "bd"},
		{"server", retrieval.Filter{Scope: corpus.Scope{Server: "guild"}}, "abcde"},
		{"another server", retrieval.Filter{Scope: corpus.Scope{Server: "other"}}, "abcd"},
		{"server's by id, from elsewhere", retrieval.Filter{IDs: []string{corpus.NewID("e")}, Scope: corpus.Scope{Server: "other"}}, ""},
	} {
		a := ask(t, d, Request{Question: "What number of people did the flood at Lakeview kill?", Filter: tt.f})
		got := sourcesOf(a.Quotes)
		slices.Sort(got)
		same(t, tt.name, strings.Join(got, ""), tt.want)
		same(t, tt.name+": searched", a.Searched.Articles, len(tt.want))
		found, err := d.Search(t.Context(), SearchRequest{Query: "flood at Lakeview", Filter: tt.f})
		if err != nil {
			t.Fatal(err)
		}
		list := ""
		for _, h := range found.Hits {
			list += h.Quote.Article().Source
		}
		same(t, tt.name+": search", sorted(list), tt.want)
	}
}

func sorted(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

// What the vectors cannot tell is said, and words alone go on.
func TestAskDegraded(t *testing.T) {
	e := newEngine(t, plainWeights(sayAll), retrievaltest.Embedder{})
	put(t, e, story{source: "a", body: "The dam broke on Monday night."})
	broken, err := retrieval.New(retrieval.Options{Store: e.Store(), Embedder: retrievaltest.Embedder{Err: errors.New("down")}, Weights: plainWeights(sayAll)})
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, New(Options{Engine: broken}), Request{Question: "When was it that the dam broke?"})
	if a.Status != StatusAnswered || len(a.Notes) != 1 || !strings.Contains(a.Notes[0], "words alone") {
		t.Errorf("%s with notes %q", a.Status, a.Notes)
	}
}

func TestThreshold(t *testing.T) {
	for _, tt := range []struct {
		logOdds, threshold, refuse float64 // refuse -1: not set
		want                       Status
	}{
		{.5, 0, -1, StatusAnswered}, {-.1, 0, -1, StatusUnsure}, {-3, 0, -1, StatusNoEvidence},
		{.5, .9, -1, StatusUnsure}, {-3, 0, 0, StatusUnsure}, {-.1, 0, .49, StatusNoEvidence}, {-3, .01, -1, StatusAnswered},
	} {
		d := newDesk(t, plainWeights(passagerank.Forest{Shift: tt.logOdds}), story{source: "a", body: "The dam broke on Monday night."})
		o := Options{Engine: d.engine, Threshold: tt.threshold}
		if tt.refuse >= 0 {
			o.Refuse = &tt.refuse
		}
		d = New(o)
		if a := ask(t, d, Request{Question: "When was it that the dam suddenly broke?"}); a.Status != tt.want {
			t.Errorf("log odds %g, threshold %g, refuse %g: %s", tt.logOdds, tt.threshold, tt.refuse, a.Status)
		}
	}
}

func TestProgress(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke on Monday night."})
	var got []string
	ask(t, d, Request{Question: "When was it that the dam broke?", Progress: func(p Progress) {
		switch {
		case p.Searched != nil:
			got = append(got, fmt.Sprintf("%d searched", p.Searched.Articles))
		case p.Quotes != nil:
			got = append(got, fmt.Sprintf("%d quotes", len(p.Quotes)))
		}
	}})
	same(t, "progress", got, []string{"1 searched", "1 quotes"})
}

// What a quote's features added is its score.
func TestExplain(t *testing.T) {
	d := seedsDesk(t)
	for _, explain := range []bool{true, false} {
		a := ask(t, d, Request{Question: "How many Afghan soldiers fled to Tajikistan?", Explain: explain})
		for _, q := range slices.Concat(a.Quotes, a.Nearest) {
			if !explain {
				if q.Features != nil {
					t.Errorf("%s has features that nobody asked for", q.Ref())
				}
				continue
			}
			sum := 0.0
			for _, name := range slices.Sorted(maps.Keys(q.Features)) {
				sum += q.Features[name]
			}
			if diff := sum - q.Score; diff > 1e-6 || diff < -1e-6 {
				t.Errorf("%s: features add up to %g, the score is %g", q.Ref(), sum, q.Score)
			}
		}
	}
}

// One question has one answer, however often and beside what it is asked.
func TestAskIsDeterministic(t *testing.T) {
	d := seedsDesk(t)
	questions := []string{"How many Afghan soldiers fled to Tajikistan?", "Who won the 2021 Tour de France?",
		"What is the situation in Badakhshan now?", "Which districts did the Taliban take?"}
	type key struct {
		q int
		r string
	}
	var mu sync.Mutex
	seen := map[key]int{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for i, q := range questions {
				a, err := d.Ask(t.Context(), Request{Question: q})
				if err != nil {
					t.Error(err)
					return
				}
				k := key{i, fmt.Sprintf("%s %s %.9f %v %v %v %v", a.Status, a.Text, a.Sure, refsOf(a.Quotes), refsOf(a.Nearest), a.Notes, a.Sources)}
				for _, x := range a.Quotes {
					k.r += fmt.Sprintf(" %.9f", x.Score)
				}
				mu.Lock()
				seen[k]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	keys := slices.SortedFunc(maps.Keys(seen), func(a, b key) int { return cmp.Compare(a.q, b.q) })
	for _, k := range keys {
		if seen[k] != 20 {
			t.Errorf("%q was answered in this way %d of 20 times: %s", questions[k.q], seen[k], k.r)
		}
	}
}

// A long story that the articles do not tell is refused, though a word here
// and there stands in them.
func TestLongUnrelatedQuestions(t *testing.T) {
	d := seedsDesk(t)
	story := "Last spring a farmer drove cattle over the hills while cherries ripened, a mare foaled behind the barn, two cousins painted a fence, " +
		"the baker sold warm rolls at dawn and an orchestra rehearsed waltzes by the lake. "
	for _, question := range []string{story + "Who won the ski jump?", story + story + "Who fed the penguins?", "how many", "How many, how much?"} {
		if a := ask(t, d, Request{Question: question}); a.Status != StatusNoEvidence {
			t.Errorf("%.40q…: %v", question, textsOf(a.Quotes))
		}
	}
}

// The question itself, as a quiz page puts it, is no answer to it.
func TestEchoIsNoAnswer(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll),
		story{source: "quiz", body: "4. What was the total value of the plants seized by police in Lakeview?"},
		story{source: "news", body: "Police in Lakeview seized plants worth 130 million pounds. Will they ever learn?"})
	a := ask(t, d, Request{Question: "What was the total value of the plants seized by police in Lakeview?"})
	for _, text := range textsOf(a.Quotes) {
		if strings.Contains(text, "total value") {
			t.Errorf("the question is quoted: %q", text)
		}
	}
	if len(a.Quotes) == 0 {
		t.Error("nothing is quoted")
	}
}

// Copies of one article are quoted once.
func TestChooseTakesOneCopy(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll),
		story{source: "a", body: "Wire copy.\n\nThe flood at Lakeview killed 10 people. Some 20 more are missing."},
		story{source: "b", body: "Wire copy.\n\nThe flood at Lakeview killed 10 people. Some 20 more are missing."})
	a := ask(t, d, Request{Question: "What number of people did the flood at Lakeview kill?"})
	if got := a.Sources; got != (Sources{Articles: 1, Independent: 1}) {
		t.Errorf("%+v of %v, want one article", got, refsOf(a.Quotes))
	}
}

// The newest article leads an answer about now, up to the day of asking.
func TestLatest(t *testing.T) {
	var stories []story
	for day := 1; day <= 6; day++ {
		stories = append(stories, story{source: fmt.Sprint(day), body: fmt.Sprintf("The council controls %d districts of Lakeview.", 10*day),
			given: corpus.Given{Published: corpus.Date(fmt.Sprintf("2021-07-0%d", day))}})
	}
	d := newDesk(t, plainWeights(sayAll), stories[:5]...)
	for asOf, want := range map[corpus.Date]string{"2021-07-03": "3", "2021-07-05": "5", "2022-01-01": "5"} {
		a := ask(t, d, Request{Question: "What number of districts of Lakeview does the council control now?", AsOf: asOf})
		if len(a.Quotes) != 5 || a.Quotes[0].Article().Source != want || a.AsOf != asOf {
			t.Errorf("as of %s: %v, want %s first", asOf, sourcesOf(a.Quotes), want)
		}
	}
}

func TestTiesGoToTheNewer(t *testing.T) {
	var stories []story
	for _, day := range []corpus.Date{"2021-07-02", "", "2021-07-04", "2021-07-03"} {
		stories = append(stories, story{source: "s" + string(day), body: "The flood at Lakeview killed " + fmt.Sprint(10+len(stories)) + " people.",
			given: corpus.Given{Published: day}})
	}
	w := plainWeights(sayAll)
	w.Sentence = map[string]float64{"coverage": 1}
	a := ask(t, newDesk(t, w, stories...), Request{Question: "What number of people did the flood at Lakeview kill?"})
	same(t, "order", sourcesOf(a.Quotes), []string{"s2021-07-04", "s2021-07-03", "s2021-07-02", "s"})
}

// A question without any time in it is answered alike on any day, unless the
// day was given; one that refers to the day of asking is not.
func TestDayOfAsking(t *testing.T) {
	stories := []story{
		{source: "old", body: "The dam at Bremen was shut by the director of the Water Board, Ada Novak.", given: corpus.Given{Published: "2021-07-06"}},
		{source: "new", body: "The dam at Bremen was shut by the director of the Water Board, Ida Kern.", given: corpus.Given{Published: "2023-05-09"}},
	}
	first := func(question string, today, asOf corpus.Date) string {
		d := newDesk(t, nil, stories...)
		a, err := d.Ask(t.Context(), Request{Question: question, Today: today, AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range slices.Concat(a.Quotes, a.Nearest) {
			return fmt.Sprintf("%s %.6f", q.Article().Source, q.Score)
		}
		return "nothing"
	}
	const plain, now = "Who shut the dam at Bremen?", "Who shut the dam at Bremen this week?"
	if one, other := first(plain, "2021-07-07", ""), first(plain, "2023-05-10", ""); one != other {
		t.Errorf("the day of asking changes an answer: %s, %s", one, other)
	}
	if one, other := first(now, "2021-07-07", ""), first(now, "2023-05-10", ""); one == other {
		t.Errorf("\"this week\" is the same on any day: %s", one)
	}
	if one, other := first(plain, "", "2021-07-07"), first(plain, "", "2023-05-10"); one == other {
		t.Errorf("a given day changes nothing: %s", one)
	}
}
