package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer"
	answerrank "verbatim/answer/rank"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local"
	"verbatim/retrieval/rank"
	"verbatim/retrieval/retrievaltest"
)

func storeOf(t *testing.T, items ...retrieval.Item) retrieval.Options {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o := retrieval.Options{Store: store, Embedder: retrievaltest.Embedder{}}
	e, err := retrieval.New(o)
	if err != nil {
		t.Fatal(err)
	}
	each := func(yield func(retrieval.Item, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}
	if report, err := e.Ingest(t.Context(), each, retrieval.IngestOptions{}); err != nil || report.Added != len(items) {
		t.Fatalf("%+v, %v", report, err)
	}
	return o
}

func item(source, title, body string) retrieval.Item {
	return retrieval.Item{Source: source, Raw: []byte(body), Given: corpus.Given{Title: title}}
}

// HeldOut takes away exactly the articles that hold an answer, in the title
// or in the body, as whole words, without "the" before it.
func TestHeldOut(t *testing.T) {
	o := storeOf(t,
		item("a", "A trial", "The jury heard Ahmad Samim on Monday."),
		item("b", "Samim speaks", "The governor spoke on Monday."),
		item("c", "A trial", "The jury heard one Samimi on Monday."),
		item("d", "A flood", "It killed 1,037 people."),
		item("e", "A flood", "It killed 11,037 people."))
	questions := []Question{
		{ID: "1", Question: "Who spoke?", Answers: []string{"SAMIM", "nobody"}, Evidence: []Evidence{{Article: "a"}}, Asked: "2021-07-06", Type: "who"},
		{ID: "2", Question: "How many died?", Answers: []string{"1,037"}},
		{ID: "3", Question: "How many came?", Answers: []string{"12"}},
		{ID: "4", Question: "Who was heard?", Answers: []string{"The one Samimi"}},
	}
	got, err := HeldOut(t.Context(), o.Store, questions)
	if err != nil || len(got) != 4 {
		t.Fatalf("%d, %v", len(got), err)
	}
	for i, want := range []string{"a b", "d", "", "c"} {
		var sources []string
		for _, s := range []string{"a", "b", "c", "d", "e"} {
			if slices.Contains(got[i].Filter.Except, corpus.NewID(s)) {
				sources = append(sources, s)
			}
		}
		if left := strings.Join(sources, " "); left != want || len(got[i].Filter.Except) != len(sources) {
			t.Errorf("question %d leaves out %q (%q), want %q", i+1, left, got[i].Filter.Except, want)
		}
		if got[i].Question.Answerable() {
			t.Errorf("question %d can still be answered", i+1)
		}
	}
	want := Question{ID: "1-held-out", Question: "Who spoke?", Asked: "2021-07-06", Type: "held-out"}
	if diff := cmp.Diff(want, got[0].Question); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestForeign(t *testing.T) {
	got := Foreign([]Question{{ID: "1", Question: "a?", Answers: []string{"x"}}, {ID: "2", Question: "b?", Evidence: []Evidence{{}}},
		{ID: "3", Question: "c?", Asked: "2020-01-02"}}, "2021-07-06")
	want := []string{"1-foreign a? 2021-07-06 foreign", "2-foreign b? 2021-07-06 foreign", "3-foreign c? 2020-01-02 foreign"}
	for i, x := range got {
		q := x.Question
		if s := fmt.Sprintf("%s %s %s %s", q.ID, q.Question, q.Asked, q.Type); s != want[i] || q.Answerable() || !cmp.Equal(x.Filter, retrieval.Filter{}) {
			t.Errorf("%s, want %s", s, want[i])
		}
	}
}

func TestSome(t *testing.T) {
	var questions []Question
	for i := range 30 {
		q := Question{ID: fmt.Sprint(i)}
		if i%3 == 0 {
			q.Answers = []string{"x"}
		}
		questions = append(questions, q)
	}
	for n, want := range map[int]string{0: "", 1: "15", 2: "6 21", 5: "3 9 15 21 27", 10: "0 3 6 9 12 15 18 21 24 27", 99: "0 3 6 9 12 15 18 21 24 27"} {
		var got []string
		for _, q := range Some(questions, n) {
			got = append(got, q.ID)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%d: %s, want %s", n, s, want)
		}
	}
}

func TestSpread(t *testing.T) {
	var examples []Example
	for i := range 10 {
		examples = append(examples, Example{Question: Question{ID: fmt.Sprint(i), Asked: corpus.Date(fmt.Sprintf("2021-07-%02d", 10-i))}})
	}
	got := spread(examples, 3)
	var days, folds []string
	for _, x := range got {
		days, folds = append(days, string(x.Question.Asked[8:])), append(folds, fmt.Sprint(x.fold))
	}
	if s := strings.Join(days, " "); s != "01 02 03 04 05 06 07 08 09 10" {
		t.Errorf("days %s", s)
	}
	if s := strings.Join(folds, " "); s != "0 0 0 0 1 1 1 2 2 2" {
		t.Errorf("blocks %s", s)
	}
	if examples[0].Question.ID != "0" || len(spread(nil, 3)) != 0 {
		t.Error("the list that was given is changed")
	}
}

var towns = []string{"Arden", "Bexley", "Corvin", "Dunmore", "Elmsford", "Fairview", "Granton", "Hadley", "Ipswich", "Jarrow", "Kelso", "Lakeview"}

// lessons are articles on floods in many towns, with a question about each.
func lessons() (items []retrieval.Item, questions []Question) {
	for i, town := range towns {
		body := fmt.Sprintf("The council of %s met on Tuesday to speak of the weather. A flood in %s killed %d people on Monday, the mayor said. Rain is likely to fall again in %s this week.", town, town, 101+i, town)
		items = append(items, item(town, "News of "+town, body))
		questions = append(questions, Question{ID: town, Question: "How many people did the flood in " + town + " kill?", Answers: []string{fmt.Sprint(101 + i)},
			Evidence: []Evidence{{Article: town}}, Asked: corpus.Date(fmt.Sprintf("2021-07-%02d", i+1)), Type: "count"})
	}
	return items, questions
}

func TestTrainer(t *testing.T) {
	items, questions := lessons()
	o := storeOf(t, items...)
	heldOut, err := HeldOut(t.Context(), o.Store, questions)
	if err != nil {
		t.Fatal(err)
	}
	fit := func(folds int) (*Trainer, *rank.Weights) {
		trainer := &Trainer{Folds: folds}
		if err := trainer.Add(t.Context(), o, slices.Concat(Examples(questions), heldOut)); err != nil {
			t.Fatal(err)
		}
		w, err := trainer.Fit(t.Context(), -1)
		if err != nil {
			t.Fatal(err)
		}
		return trainer, w
	}
	trainer, w := fit(3)
	if _, again := fit(3); !cmp.Equal(w, again) {
		t.Errorf("a second fit differs (-first +second):\n%s", cmp.Diff(w, again))
	}
	for name := range w.Sentence {
		if !slices.Contains(answerrank.SentenceFeatures(), name) {
			t.Errorf("a weight of %q", name)
		}
	}
	reports, err := trainer.CrossValidate(t.Context())
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	r := reports[0]
	if r.Questions != 2*len(towns) || r.Figures[QuoteHit].N != len(towns) || r.Figures[Refused].N != len(towns) || r.Figures[Verbatim].Value != 1 {
		t.Errorf("%d questions: %+v", r.Questions, r.Figures)
	}
	if r.Figures[PassageHit1].Value < .9 {
		t.Errorf("passage hit@1 %+v of questions that name their town", r.Figures[PassageHit1])
	}
	if _, err := trainer.Fit(cancelled(t.Context()), -1); err == nil {
		t.Error("a cancelled fit gave weights")
	}
}

func cancelled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// A fit does not see the block that it is measured on.
func TestTrainerLeavesOut(t *testing.T) {
	items, questions := lessons()
	trainer := &Trainer{Folds: 4}
	if err := trainer.Add(t.Context(), storeOf(t, items...), Examples(questions)); err != nil {
		t.Fatal(err)
	}
	if all := len(trainer.passages(-1)); all != len(towns) {
		t.Errorf("%d questions of all blocks", all)
	}
	w, err := trainer.Fit(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for f := range 4 {
		if got := len(trainer.passages(f)); got != 9 {
			t.Errorf("%d questions without block %d", got, f)
		}
		probes, err := trainer.probe(t.Context(), w, f)
		if err != nil || len(probes) != 9 {
			t.Fatalf("%d, %v", len(probes), err)
		}
		for _, p := range probes {
			if p.example.fold == f || p.probe == nil {
				t.Errorf("block %d holds %s of block %d", f, p.example.Question.ID, p.example.fold)
			}
		}
	}
}

func TestRunExamples(t *testing.T) {
	items, questions := lessons()
	o := storeOf(t, items...)
	o.Weights = &rank.Weights{Passage: map[string]float64{"bm25": 1}, Sentence: map[string]float64{"coverage": 1}, Answerability: rank.Forest{Shift: 9}}
	e, err := retrieval.New(o)
	if err != nil {
		t.Fatal(err)
	}
	heldOut, err := HeldOut(t.Context(), o.Store, questions[:3])
	if err != nil {
		t.Fatal(err)
	}
	r, err := RunExamples(t.Context(), answer.New(answer.Options{Engine: e}), slices.Concat(Examples(questions[:3]), heldOut))
	if err != nil || len(r.Outcomes) != 6 {
		t.Fatalf("%d outcomes, %v", len(r.Outcomes), err)
	}
	for _, out := range r.Outcomes {
		want := len(towns)
		if strings.HasSuffix(out.Question.ID, "-held-out") {
			want--
		}
		if out.Answer.Searched.Articles != want {
			t.Errorf("%s searched %d articles, want %d", out.Question.ID, out.Answer.Searched.Articles, want)
		}
	}
}
