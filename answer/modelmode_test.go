package answer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	passagerank "verbatim/retrieval/rank"

	"verbatim/answer/draft"
	"verbatim/internal/openai/openaitest"
	"verbatim/retrieval/corpus"
)

// TestProgressByModel holds the order of what is reported, and that reporting
// changes nothing about the answer.
func TestProgressByModel(t *testing.T) {
	const question = "When was it that the dam broke?"
	ask := func(m Model, progress func(Progress)) *Answer {
		t.Helper()
		d := newDesk(t, plainWeights(sayAll), story{source: "a", body: "The dam broke on Monday night. Engineers said the dam broke after 3 weeks of rain."})
		a, err := New(Options{Engine: d.engine, Model: m}).Ask(t.Context(), Request{Question: question, Progress: progress})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, fails := range []bool{false, true} {
		first, second := "Engineers said the dam broke after 3 weeks of rain.", "The dam broke on Monday night."
		m := &scripted{
			early: func(s shown) []openaitest.Point { return []openaitest.Point{s.point(t, first)} },
			draft: func(s shown) (openaitest.Draft, error) {
				if fails {
					return openaitest.Draft{}, &draft.Failure{Reader: "It was cut.", Err: errors.New("cut")}
				}
				return answered(s.point(t, first), s.point(t, second)), nil
			},
		}
		var got []string
		a := ask(m, func(p Progress) {
			switch {
			case p.Searched != nil:
				got = append(got, fmt.Sprintf("%d searched", p.Searched.Articles))
			case p.Found != nil:
				got = append(got, fmt.Sprintf("%d found from %d", len(p.Found), p.Found[0].N))
			case p.Points != nil:
				last := p.Quotes[len(p.Quotes)-1]
				got = append(got, fmt.Sprintf("%s, %d quotes, %d ", Prose(p.Points), len(p.Quotes), last.N)+last.Text())
			case p.Quotes != nil:
				got = append(got, fmt.Sprintf("%d quotes", len(p.Quotes)))
			}
		})
		const monday, weeks = "The dam broke on Monday night.", "Engineers said the dam broke after 3 weeks of rain."
		want := []string{"1 searched", "1 found from 0", weeks + " [1], 1 quotes, 1 " + weeks, weeks + " [2] " + monday + " [1], 2 quotes, 2 " + weeks}
		if fails {
			want = append(want[:3:3], "1 quotes")
			if last := a.Notes[len(a.Notes)-1]; a.Mode != ModeExtractive || last != withdrawn(1) {
				t.Errorf("got %s, %q", a.Mode, a.Notes)
			}
		}
		same(t, "progress", got, want)
		quiet := ask(m, nil)
		if quiet.Text != a.Text || fmt.Sprint(quiet.Notes, refsOf(quiet.Quotes)) != fmt.Sprint(a.Notes, refsOf(a.Quotes)) {
			t.Errorf("without progress: %+v, with it: %+v", quiet, a)
		}
		if !fails && (a.Text != Prose(a.Points) || !strings.HasSuffix(a.Text, "[1]")) {
			t.Errorf("got %q", a.Text)
		}
	}
}

// TestNewestLeadsByModel holds that quotes of a model's points are in the order
// that they would have without a model.
func TestNewestLeadsByModel(t *testing.T) {
	d := newDesk(t, plainWeights(sayAll),
		story{source: "old", body: "The council controls 12 districts of Lakeview now, the mayor said on 1 January.", given: corpus.Given{Published: "2021-01-01"}},
		story{source: "new", body: "The council controls 9 districts of Lakeview, it said on Thursday after a vote.", given: corpus.Given{Published: "2021-07-01"}})
	r := Request{Question: "How many districts of Lakeview does the council control now?", AsOf: "2021-07-06"}
	without, err := d.Ask(t.Context(), r)
	if err != nil || len(without.Quotes) != 2 || without.Quotes[0].Article().Source != "new" || without.Quotes[0].Score >= without.Quotes[1].Score {
		t.Fatalf("without a model: %+v, %v", without, err)
	}
	m := &scripted{draft: func(s shown) (openaitest.Draft, error) {
		var out []openaitest.Point
		for _, x := range s.sentences {
			out = append(out, openaitest.Point{Text: x.Text, Sentences: []int{x.N}})
		}
		return answered(out...), nil
	}}
	a, err := New(Options{Engine: d.engine, Model: m}).Ask(t.Context(), r)
	if err != nil || a.Mode != ModeModel {
		t.Fatalf("by the model: %+v, %v", a, err)
	}
	same(t, "quotes", refsOf(a.Quotes), refsOf(without.Quotes))
	if a.Points[0].Text != a.Quotes[1].Text() || a.Points[0].Quotes[0] != 2 {
		t.Errorf("got %+v", a.Points)
	}
}

// TestCompletionsAreKept holds that the same question over the same articles
// asks the model once, at no cost the second time, and that another day or
// another article asks again.
func TestCompletionsAreKept(t *testing.T) {
	const question, quote = "When was it that the dam of Lakeview broke?", "The dam of Lakeview broke on Monday."
	m := &scripted{draft: says(t, quote, quote)}
	e := newDesk(t, plainWeights(sayAll), dams...).engine
	an := New(Options{Engine: e, Model: m})
	for i, c := range []struct {
		asOf   corpus.Date
		more   []story
		drafts int
		tokens int
	}{
		{"2021-07-01", nil, 1, 100}, {"2021-07-01", nil, 1, 0}, {"2021-07-02", nil, 2, 100},
		{"2021-07-02", []story{{source: "c", body: "The dam of Lakeview broke, it was said again on Friday."}}, 3, 100},
	} {
		put(t, e, c.more...)
		a, err := an.Ask(t.Context(), Request{Question: question, AsOf: c.asOf})
		if err != nil || a.Text != quote+" [1]" || m.drafts != c.drafts || a.Tokens.In != c.tokens {
			t.Errorf("%d: %q for %d tokens after %d calls, %v", i, a.Text, a.Tokens.In, m.drafts, err)
		}
	}
	kept := &completions{}
	for i := range maxCompletions + 10 {
		kept.put(draft.Prompt{User: fmt.Sprint(i)}, `{"verdict":"no"}`)
	}
	kept.put(draft.Prompt{User: "unreadable"}, "Sure!")
	if _, old := kept.get(draft.Prompt{User: "9"}); old || len(kept.texts) != maxCompletions || len(kept.order) != maxCompletions {
		t.Errorf("%d texts are kept", len(kept.texts))
	}
	if _, ok := kept.get(draft.Prompt{User: "unreadable"}); ok {
		t.Error("a text that cannot be read is kept")
	}
}

// TestWorded tells a model's words from the sentences that it selected.
func TestWorded(t *testing.T) {
	const quote = "The dam of Lakeview broke on Monday."
	for text, want := range map[string]bool{quote: false, "On Monday the dam of Lakeview broke.": true, "The dam broke on Friday with 900 dead.": false} {
		e := newDesk(t, plainWeights(sayAll), dams...).engine
		a, err := New(Options{Engine: e, Model: &scripted{draft: says(t, quote, text)}}).Ask(t.Context(), Request{Question: "When was it that the dam of Lakeview broke?"})
		if err != nil || a.Worded() != want {
			t.Errorf("%q: %q is worded %v, %v", text, a.Text, a.Worded(), err)
		}
	}
}

// TestModelDecides holds that a model is asked however unsure the ranking is,
// that its "no" then is a refusal that says why, and that a hopeless search
// saves the call.
func TestModelDecides(t *testing.T) {
	const question, quote = "When was it that the dam of Lakeview suddenly broke?", "The dam of Lakeview broke on Monday."
	ask := func(bias float64, m *scripted, question string) *Answer {
		t.Helper()
		e := newDesk(t, plainWeights(passagerank.Forest{Shift: bias}), dams...).engine
		a, err := New(Options{Engine: e, Model: m}).Ask(t.Context(), Request{Question: question})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := ask(-2, &scripted{draft: says(t, quote, quote)}, question); a.Status != StatusAnswered || a.Mode != ModeModel || a.Text != quote+" [1]" {
		t.Errorf("a model that answers: %+v", a)
	}
	no := &scripted{draft: func(s shown) (openaitest.Draft, error) {
		return openaitest.Draft{Verdict: "no", Reason: "other_place", Sentences: s.point(t, quote).Sentences}, nil
	}}
	a := ask(-2, no, "When was it that the dam of Springfield broke?")
	if a.Status != StatusNoEvidence || len(a.Nearest) != 1 || a.Nearest[0].Text() != quote || !strings.HasSuffix(a.Notes[0], "about another place. The nearest ones do not name Springfield.") {
		t.Errorf("a model that does not: %s, %q, %q", a.Status, textsOf(a.Nearest), a.Notes)
	}
	if a := ask(-9, no, question); a.Status != StatusNoEvidence || no.drafts != 1 || a.Mode != ModeExtractive {
		t.Errorf("a hopeless question: %+v after %d calls", a, no.drafts)
	}
	failed := &scripted{draft: func(shown) (openaitest.Draft, error) { return openaitest.Draft{}, errDown }}
	if a := ask(-2, failed, question); a.Status != StatusNoEvidence || a.Mode != ModeExtractive {
		t.Errorf("a model that fails on an unsure question: %+v", a)
	}
}
