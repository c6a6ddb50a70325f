package answer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/query"
)

// reads returns what a desk reads of its articles for a question.
func reads(t *testing.T, d *Desk, question string) *reader {
	t.Helper()
	res, err := d.engine.Search(t.Context(), retrieval.Query{Text: question, AsOf: "2021-07-06", K: readPassages, Features: true})
	if err != nil {
		t.Fatal(err)
	}
	return d.read(res)
}

func TestOccurrences(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "On Monday the automaker Ford Motor recalled 90% of 7,000 vans for $5 each."})
	r := reads(t, d, "Which automaker recalled vans?")
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
	d := seedsDesk(t)
	for _, question := range []string{"How many Afghan soldiers fled to Tajikistan?", "Who is the governor of Badakhshan?", "zxqwv Badakhshan", "When did the troops leave Bagram?"} {
		r := reads(t, d, question)
		_, list := r.rank(d.engine.Weights())
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
		again := reads(t, d, question)
		ranked, _ := again.rank(d.engine.Weights())
		first, _ := r.rank(d.engine.Weights())
		same(t, "order", sentenceTexts(ranked), sentenceTexts(first))
	}
}

// More than lookedAt sentences are ranked, but only the best are read for
// words.
func TestFewAreLookedAt(t *testing.T) {
	var stories []story
	for i := range lookedAt + 10 {
		stories = append(stories, story{source: string(rune('a'+i%26)) + string(rune('a'+i/26)), body: "The flood at Lakeview killed many people in " + string(rune('A'+i%26)) + "ville" + string(rune('a'+i/26)) + "."})
	}
	d := newDesk(t, plainWeights(sayAll), stories...)
	r := reads(t, d, "Where did the flood at Lakeview kill people?")
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
	toks := query.View("The Ford Motor Company, 10 Vans and Ford")
	same(t, "runs", runsOf(toks), []int{0, 3, 3, 3, 0, 1, 0, 1})
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
