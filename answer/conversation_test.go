package answer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/answer/draft"
	"verbatim/answer/rank"
	"verbatim/internal/openai/openaitest"
	"verbatim/retrieval/corpus"
	passagerank "verbatim/retrieval/rank"
)

// purse is a Budget.
type purse struct {
	empty     bool
	most      int // tokens after which it is empty; 0 is no limit
	err       error
	spent     Tokens
	server    string
	questions []string // ids, each call's
}

func (p *purse) Allow(_ context.Context, server string) (bool, error) {
	p.server = server
	return !p.empty && (p.most == 0 || p.spent.In < p.most), p.err
}

func (p *purse) Spend(_ context.Context, _, question string, t Tokens) error {
	p.questions = append(p.questions, question)
	p.spent.In += t.In
	p.spent.Out += t.Out
	return p.err
}

var dams = []story{
	{source: "a", body: "The dam of Lakeview broke on Monday. The mayor left."},
	{source: "b", body: "The dam of Hadley broke on Tuesday. The mayor stayed."},
}

func TestFollowUps(t *testing.T) {
	earlier := []Turn{{Question: "When was it that the dam of Lakeview broke?", Answer: "On Monday [1]."}}
	rewrites := func(text string, err error) *scripted {
		return &scripted{
			draft:   func(shown) (openaitest.Draft, error) { return openaitest.Draft{}, errDown },
			rewrite: func(int) (string, error) { return text, err },
		}
	}
	long := strings.Repeat("w", MaxQuestion+1)
	const byRules = "When was it that the dam of Hadley broke?"
	for _, tt := range []struct {
		name, question string
		history        []Turn
		model          *scripted
		want           string // the question that is answered
	}{
		{"no history", "And Hadley?", nil, nil, "And Hadley?"},
		{"by rules", "And Hadley?", earlier, nil, byRules},
		{"stands alone", "Which mayor of Hadley stayed?", earlier, nil, "Which mayor of Hadley stayed?"},
		{"by the model", "And Hadley?", earlier, rewrites(" What of Hadley's dam? ", nil), "What of Hadley's dam?"},
		{"by rules where the model repeats it", "And Hadley?", earlier, rewrites("And Hadley?", nil), byRules},
		{"by rules where the model fails", "And Hadley?", earlier, rewrites("x", errDown), byRules},
		{"by rules where the model says nothing", "And Hadley?", earlier, rewrites("\n", nil), byRules},
		{"by rules where the model says too much", "And Hadley?", earlier, rewrites(long, nil), byRules},
		{"by rules where the model invents", "And Hadley?", earlier, rewrites("What did Zelensky say in Hadley?", nil), byRules},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, plainWeights(sayAll), dams...)
			if tt.model != nil {
				d = New(Options{Engine: d.engine, Model: tt.model})
			}
			a := ask(t, d, Request{Question: tt.question, History: tt.history})
			same(t, "question", a.Question, tt.want)
			asked, note := "", ""
			if tt.want != tt.question {
				asked, note = tt.question, "Understood as: "+tt.want
			}
			same(t, "asked", a.Asked, asked)
			if got := strings.Join(a.Notes, "\n"); note != "" && !strings.Contains(got, note) || note == "" && strings.Contains(got, "Understood") {
				t.Errorf("notes %q, want %q", got, note)
			}
		})
	}
}

func TestFollowUpSeesTheLastTurns(t *testing.T) {
	saw := 0
	m := &scripted{
		draft:   func(shown) (openaitest.Draft, error) { return openaitest.Draft{Verdict: "no"}, nil },
		rewrite: func(history int) (string, error) { saw = history; return "And there?", nil },
	}
	d := newDesk(t, plainWeights(sayAll), dams...)
	history := make([]Turn, 30)
	if _, err := New(Options{Engine: d.engine, Model: m}).Ask(t.Context(), Request{Question: "And there?", History: history}); err != nil {
		t.Fatal(err)
	}
	if saw != len(draft.Recent(history)) || saw == 0 || len(history) != 30 {
		t.Errorf("the model saw %d turns of %d", saw, len(history))
	}
}

func TestAskModel(t *testing.T) {
	const question, quote = "When was it that the dam of Lakeview broke?", "The dam of Lakeview broke on Monday."
	for _, tt := range []struct {
		name   string
		draft  func(shown) (openaitest.Draft, error)
		mode   Mode
		purse  *purse
		want   Answer // Status, Mode, Text if it matters
		note   string
		tokens Tokens
		calls  int
	}{
		{"points that stand", says(t, quote, quote), "", &purse{},
			Answer{Status: StatusAnswered, Mode: ModeModel, Text: quote + " [1]"}, "", Tokens{In: 100, Out: 10}, 1},
		{"no budget of any kind", says(t, quote, quote), ModeModel, nil,
			Answer{Status: StatusAnswered, Mode: ModeModel, Text: quote + " [1]"}, "", Tokens{In: 100, Out: 10}, 1},
		{"extractive asked for", says(t, quote, "x"), ModeExtractive, &purse{}, Answer{Status: StatusAnswered, Mode: ModeExtractive}, "", Tokens{}, 0},
		{"a wrong figure gives way to the sentence", says(t, quote, "The dam of Lakeview broke on Friday with 900 dead."), "", &purse{},
			Answer{Status: StatusAnswered, Mode: ModeModel, Text: quote + " [1]", Dropped: 1}, "", Tokens{In: 200, Out: 20}, 2},
		{"nothing left to spend on a repair", says(t, quote, "The dam of Lakeview broke on Friday with 900 dead."), "", &purse{most: 100},
			Answer{Status: StatusAnswered, Mode: ModeModel, Text: quote + " [1]", Dropped: 1}, "", Tokens{In: 100, Out: 10}, 1},
		{"a selection without words", func(s shown) (openaitest.Draft, error) {
			return openaitest.Draft{Verdict: "answered", Sentences: s.point(t, quote).Sentences}, nil
		}, "", &purse{}, Answer{Status: StatusAnswered, Mode: ModeModel, Text: quote + " [1]"}, "", Tokens{In: 100, Out: 10}, 1},
		{"a part of the answer", func(s shown) (openaitest.Draft, error) {
			return openaitest.Draft{Verdict: "partly", Sentences: s.point(t, quote).Sentences, Points: []openaitest.Point{s.point(t, quote)}}, nil
		}, "", &purse{}, Answer{Status: StatusUnsure, Mode: ModeModel, Text: UnsureText}, "a part of the answer", Tokens{In: 100, Out: 10}, 1},
		{"a sentence that is not there", func(shown) (openaitest.Draft, error) {
			return openaitest.Draft{Verdict: "answered", Sentences: []int{99}}, nil
		}, "", &purse{}, Answer{Status: StatusAnswered, Mode: ModeExtractive}, "named no sentence", Tokens{In: 100, Out: 10}, 1},
		{"the model sees no answer in good quotes", func(shown) (openaitest.Draft, error) { return openaitest.Draft{Verdict: "no"}, nil }, "", &purse{},
			Answer{Status: StatusUnsure, Mode: ModeModel, Text: UnsureText}, "found no answer", Tokens{In: 100, Out: 10}, 1},
		{"the model fails", func(shown) (openaitest.Draft, error) { return openaitest.Draft{}, errors.New("secret of the server") }, "", &purse{},
			Answer{Status: StatusAnswered, Mode: ModeExtractive}, "without it", Tokens{In: 100, Out: 10}, 1},
		{"nothing left to spend", says(t, quote, "x"), "", &purse{empty: true}, Answer{Status: StatusAnswered, Mode: ModeExtractive}, "allowance", Tokens{}, 0},
		{"a budget that cannot be read", says(t, quote, "x"), "", &purse{err: errors.New("disk")}, Answer{Status: StatusAnswered, Mode: ModeExtractive}, "could not be used", Tokens{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := &scripted{draft: tt.draft}
			o := Options{Engine: newDesk(t, plainWeights(sayAll), dams...).engine, Model: m}
			if tt.purse != nil {
				o.Budget = tt.purse
			}
			a, err := New(o).Ask(t.Context(), Request{Question: question, Mode: tt.mode})
			if err != nil {
				t.Fatal(err)
			}
			if a.Status != tt.want.Status || a.Mode != tt.want.Mode || a.Dropped != tt.want.Dropped || tt.want.Text != "" && a.Text != tt.want.Text {
				t.Errorf("%s by %s: %q", a.Status, a.Mode, a.Text)
			}
			for _, q := range append(a.Quotes, a.Nearest...) {
				checkQuote(t, q)
			}
			notes := strings.Join(a.Notes, "\n")
			if !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" || strings.Contains(notes, "secret") {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
			same(t, "tokens", a.Tokens, tt.tokens)
			same(t, "calls", m.drafts, tt.calls)
			if tt.purse != nil {
				same(t, "spent", tt.purse.spent, tt.tokens)
				if ids := slices.Compact(tt.purse.questions); len(ids) > 1 || len(ids) == 1 && (ids[0] == "" || ids[0] == question) {
					t.Errorf("tokens are counted for %q", ids)
				}
			}
		})
	}
}

// TestBudgetEndsBetweenCalls holds that a budget that is used up by rewriting
// leaves the rewritten question, and answers it without the model.
func TestBudgetEndsBetweenCalls(t *testing.T) {
	const rewritten = "When was it that the dam of Hadley broke?"
	m := &scripted{rewrite: func(int) (string, error) { return rewritten, nil }}
	p := &purse{most: 5}
	a, err := New(Options{Engine: newDesk(t, plainWeights(sayAll), dams...).engine, Model: m, Budget: p}).Ask(t.Context(), Request{
		Question: "And Hadley?", History: []Turn{{Question: "When was it that the dam of Lakeview broke?", Answer: "On Monday [1]."}},
	})
	if err != nil || a.Mode != ModeExtractive || a.Question != rewritten || m.drafts != 0 || a.Tokens != p.spent || len(a.Quotes) == 0 {
		t.Fatalf("got %+v, %v after %d drafts", a, err, m.drafts)
	}
	if notes := strings.Join(a.Notes, " "); !strings.Contains(notes, "allowance") || !strings.Contains(notes, "Understood as: "+rewritten) {
		t.Errorf("notes %q", notes)
	}
}

// stuck is a model that answers nothing until it is given up.
type stuck struct{}

func (stuck) Complete(ctx context.Context, _ draft.Prompt, _ func(string)) (string, Tokens, error) {
	<-ctx.Done()
	return "", Tokens{}, ctx.Err()
}

// TestStuckModelLeavesTime holds that a model that does not answer leaves time
// for an answer without it.
func TestStuckModelLeavesTime(t *testing.T) {
	engine := newDesk(t, plainWeights(sayAll), dams...).engine
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		begin := time.Now()
		a, err := New(Options{Engine: engine, Model: stuck{}}).Ask(ctx, Request{
			Question: "And Hadley?", History: []Turn{{Question: "When was it that the dam of Lakeview broke?", Answer: "On Monday [1]."}},
		})
		if err != nil || a.Mode != ModeExtractive || a.Question != "When was it that the dam of Hadley broke?" || len(a.Quotes) == 0 {
			t.Fatalf("got %+v, %v", a, err)
		}
		if took := time.Since(begin); took < time.Minute || took > 115*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// Training chooses as asking does.
func TestTrainingView(t *testing.T) {
	d := seedsDesk(t)
	w := d.engine.Weights()
	for _, q := range []string{"How many Afghan soldiers fled to Tajikistan?", "Who is the governor of Badakhshan?", "zxqwv", "the of"} {
		r := Request{Question: q, AsOf: "2021-07-06"}
		p, err := d.TrainingView(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, New(Options{Engine: d.engine, Threshold: 1e-300}), r)
		var chosen []string
		for _, c := range p.Choose(w) {
			chosen = append(chosen, c.Ref().String())
		}
		if got := refsOf(append(a.Quotes, a.Nearest...)); strings.Join(got, " ") != strings.Join(chosen, " ") {
			t.Errorf("%q: training chooses %q, asking %q", q, chosen, got)
		}
		for _, s := range p.Sentences(w) {
			if len(s.Features.Values) != len(rank.SentenceFeatures()) {
				t.Fatalf("%q: %d features", q, len(s.Features.Values))
			}
		}
		// Other weights choose in another order; the desk's own stay.
		if reversed := p.Choose(&passagerank.Weights{Sentence: map[string]float64{"coverage": -1}}); len(chosen) > 2 && reversed[0].Ref().String() == chosen[0] {
			t.Errorf("%q: weights against coverage still choose %s", q, chosen[0])
		}
	}
	if _, err := d.TrainingView(t.Context(), Request{}); !errors.Is(err, ErrQuestion) {
		t.Errorf("no question: %v", err)
	}
}

// Every weight in the binary is of a feature that there is.
func TestWeightsFitTheFeatures(t *testing.T) {
	w := seedsDesk(t).engine.Weights()
	known := map[string]bool{}
	for _, n := range rank.SentenceFeatures() {
		if known[n] {
			t.Errorf("there are two features %s", n)
		}
		known[n] = true
	}
	for n := range w.Sentence {
		if !known[n] {
			t.Errorf("a weight of %s, which is no feature of a sentence", n)
		}
	}
	p, err := seedsDesk(t).TrainingView(t.Context(), Request{Question: "Who is the governor of Badakhshan?"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range w.Answerability.Features {
		if !slices.Contains(p.Features().Names, n) {
			t.Errorf("answerability is told by %s, which is no feature of it", n)
		}
	}
	names := rank.SentenceFeatures()
	names[0] = "changed"
	if rank.SentenceFeatures()[0] == "changed" {
		t.Error("the names can be changed from outside")
	}
}

func TestVerbatim(t *testing.T) {
	a := &corpus.Article{Body: "The dam broke.", Furniture: []corpus.Mark{{Span: corpus.Span{Start: 0, End: 3}, Reason: corpus.ReasonOther}}}
	good, _ := corpus.NewQuote(a, corpus.Span{Start: 4, End: 14})
	marked, _ := corpus.NewQuote(a, corpus.Span{Start: 0, End: 14})
	empty, _ := corpus.NewQuote(a, corpus.Span{Start: 4, End: 4})
	if err := verbatim(Quote{Quote: good}); err != nil {
		t.Error(err)
	}
	for name, q := range map[string]corpus.Quote{"furniture": marked, "empty": empty, "of nothing": {}} {
		if err := verbatim(Quote{Quote: q}); !errors.Is(err, corpus.ErrSpan) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
