package rank

import (
	"math"
	"slices"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/words"
)

// read returns the sentences of what e finds for a question.
func read(t *testing.T, e *retrieval.Engine, question string) *sentenceSet {
	t.Helper()
	res, err := e.Search(t.Context(), retrieval.Query{Text: question, AsOf: "2021-07-06", K: ReadPassages, Features: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := loadModels()
	if err != nil {
		t.Fatal(err)
	}
	return newSentenceSet(e, res, m)
}

func TestOccurrences(t *testing.T) {
	e := newEngine(t, story{"a", "On Monday the automaker Ford Motor recalled 90% of 7,000 vans for $5 each."})
	r := read(t, e, "Which automaker recalled vans?")
	if len(r.occur) != 1 {
		t.Fatalf("%d sentences", len(r.occur))
	}
	got := make(map[string]occurrence)
	for _, o := range r.occur[0] {
		got[o.word.Text] = o
	}
	for _, asked := range []string{"automaker", "recalled", "vans", "the", "on"} {
		if _, ok := got[asked]; ok {
			t.Errorf("%q may be the answer", asked)
		}
	}
	type view struct {
		shape                                 [shapes]bool
		run                                   int
		typed, after, before, measured, title bool
	}
	for word, want := range map[string]view{
		"monday": {shape: [shapes]bool{shapeName: true, shapeCalendar: true}, run: 1, typed: true},
		"ford":   {shape: [shapes]bool{shapeName: true}, run: 2, typed: true, after: true},
		"motor":  {shape: [shapes]bool{shapeName: true}, run: 2, typed: true, before: true},
		"90":     {shape: [shapes]bool{shapeFigure: true}, after: true, measured: true},
		"7000":   {shape: [shapes]bool{shapeFigure: true}, before: true},
		"5":      {shape: [shapes]bool{shapeFigure: true}, measured: true},
	} {
		o, ok := got[word]
		if v := (view{o.shape, o.run, o.typed, o.after, o.before, o.measured, o.titled}); !ok || v != want {
			t.Errorf("%q is %+v (%v), want %+v", word, v, ok, want)
		}
	}
	// The nearer a word stands to the question's words, the more.
	if near, far := got["ford"], got["5"]; near.near <= far.near || near.around <= far.around || far.around <= 0 {
		t.Errorf("near: %g and %g, around: %g and %g", near.near, far.near, near.around, far.around)
	}
}

// Shares are a distribution, the likeliest first, and the same in every run.
func TestCandidates(t *testing.T) {
	e := seedsEngine(t)
	for _, question := range []string{"How many Afghan soldiers fled to Tajikistan?", "Who is the governor of Badakhshan?", "zxqwv Badakhshan", "When did the troops leave Bagram?"} {
		r := read(t, e, question)
		_, list := r.rank(e.Weights())
		sum := 0.0
		for i, c := range list {
			sum += c.share
			if c.share < 0 || math.IsNaN(c.share) || i > 0 && c.share > list[i-1].share {
				t.Fatalf("%q: candidate %d, %q, has %g", question, i, c.word.Text, c.share)
			}
			if len(c.values) != len(wordFeatureNames) || len(c.in) == 0 || r.res.Question.Has(c.word.Text) {
				t.Errorf("%q: candidate %q has %d features and stands in %v", question, c.word.Text, len(c.values), c.in)
			}
		}
		if len(list) > 0 && math.Abs(sum-1) > 1e-9 {
			t.Errorf("%q: the shares add up to %g", question, sum)
		}
		again := read(t, e, question)
		ranked, _ := again.rank(e.Weights())
		first, _ := r.rank(e.Weights())
		same(t, "order", sentenceTexts(ranked), sentenceTexts(first))
	}
}

// More than lookedAt sentences are ranked, but only the best are read for
// words.
func TestFewAreLookedAt(t *testing.T) {
	var stories []story
	for i := range lookedAt + 10 {
		stories = append(stories, story{string(rune('a'+i%26)) + string(rune('a'+i/26)), "The flood at Lakeview killed many people in " + string(rune('A'+i%26)) + "ville" + string(rune('a'+i/26)) + "."})
	}
	e := newEngine(t, stories...)
	r := read(t, e, "Where did the flood at Lakeview kill people?")
	first := make([]float64, len(r.all))
	for i := range first {
		first[i] = float64(-i)
	}
	for _, c := range r.candidates(first) {
		if slices.Max(c.in) >= lookedAt {
			t.Errorf("%q was found in sentence %d", c.word.Text, slices.Max(c.in))
		}
	}
}

func TestRunsOf(t *testing.T) {
	toks := words.NewVocabulary(nil).View("The Ford Motor Company, 10 Vans and Ford").Tokens
	same(t, "runs", runsOf(toks), []int{0, 3, 3, 3, 0, 1, 0, 1})
}
