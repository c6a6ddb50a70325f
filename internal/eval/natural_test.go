package eval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"verbatim/answer"
	"verbatim/internal/eval"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
)

// openPair indexes the articles of a pair in memory.
func openPair(ctx context.Context, p eval.Pair) (eval.ProbingDesk, corpus.Date, func() error, error) {
	store, err := local.NewInMemory()
	if err != nil {
		return nil, "", nil, err
	}
	embedder, err := embed.New()
	if err != nil {
		return nil, "", nil, err
	}
	engine, err := retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Lexicon: embedder})
	if err != nil {
		return nil, "", nil, err
	}
	if _, err := engine.Ingest(ctx, load.Paths(ctx, []string{p.Articles}, load.Options{}), retrieval.IngestOptions{}); err != nil {
		return nil, "", nil, err
	}
	return answer.New(answer.Options{Engine: engine}), "", store.Close, nil
}

// TestNatural holds the figures equal to those of the scorer that stands
// beside the questions, over one collection.
func TestNatural(t *testing.T) {
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL names no folder with the questions")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to run the scorer")
	}
	ctx := context.Background()
	pairs, err := eval.Folder(filepath.Join(dir, "natural"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := eval.RunFolder(ctx, pairs[:1], eval.FolderOptions{Open: openPair})
	if err != nil {
		t.Fatal(err)
	}
	answers := filepath.Join(t.TempDir(), "answers.jsonl")
	if err := os.WriteFile(answers, batch(t, report.Outcomes), 0o600); err != nil {
		t.Fatal(err)
	}
	questions := filepath.Join(dir, "natural", pairs[0].Name+".questions.jsonl")
	out, err := exec.Command(python, filepath.Join(dir, "natural.py"), questions, answers).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]float64
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&want); err != nil {
		t.Fatal(err)
	}
	for theirs, ours := range map[string]string{
		"quote_hit": eval.QuoteHit, "first_quote": eval.FirstQuote, "all_values": eval.AllValues, "answered": eval.Answered, "denied": eval.Denied,
		"nearest_hit": eval.NearestHit, "on_point": eval.OnPoint, "quotes": eval.Quotes, "word_f1": eval.WordsF1, "refused": eval.Refused,
		"claimed": eval.Claimed, "unsure": eval.Unsure, "true_statements": eval.True, "auc": eval.AUC, "auc_within": eval.AUCWithin,
	} {
		w, ok := want[theirs]
		if got := report.Figures[ours].Value; !ok || math.Abs(got-w) > .00051 {
			t.Errorf("%s is %.4f, natural.py says %s %.3f", ours, got, theirs, w)
		}
		delete(want, theirs)
	}
	delete(want, "n")
	if len(want) > 0 {
		t.Errorf("natural.py has figures that eval has not: %v", want)
	}
}

// batch returns what `ask --json --batch` prints, as far as the scorer reads it.
func batch(t *testing.T, outcomes []eval.Outcome) []byte {
	t.Helper()
	texts := func(quotes []answer.Quote) []map[string]string {
		out := []map[string]string{}
		for _, q := range quotes {
			out = append(out, map[string]string{"text": q.Text()})
		}
		return out
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, o := range outcomes {
		if err := enc.Encode(map[string]any{
			"id": o.Question.ID, "status": o.Answer.Status, "sure": o.Answer.Sure, "quotes": texts(o.Answer.Quotes), "nearest": texts(o.Answer.Nearest),
		}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// fixed answers every question as written beside it.
type fixed map[string]*answer.Answer

func (f fixed) Ask(_ context.Context, r answer.Request) (*answer.Answer, error) {
	return f[r.Question], nil
}

func (f fixed) Search(context.Context, answer.SearchRequest) (*answer.SearchResult, error) {
	return &answer.SearchResult{}, nil
}

func TestNaturalFigures(t *testing.T) {
	a := &corpus.Article{Info: corpus.Info{ID: "aaaaaaaaaa", Source: "a"}, Body: "The bridge fell on Monday. It was built in 1960. Nobody was hurt, the mayor said."}
	quotes := func(spans ...corpus.Span) (out []answer.Quote) {
		for _, s := range spans {
			q, err := corpus.NewQuote(a, s)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, answer.Quote{Quote: q})
		}
		return out
	}
	fell, built, hurt := corpus.Span{Start: 0, End: 26}, corpus.Span{Start: 27, End: 48}, corpus.Span{Start: 49, End: len(a.Body)}
	desk := fixed{
		"when did it fall": {Status: answer.StatusAnswered, Sure: .9, Quotes: quotes(built, fell)},
		"was anyone hurt":  {Status: answer.StatusUnsure, Sure: .5, Quotes: quotes(hurt)},
		"who built it":     {Status: answer.StatusNoEvidence, Sure: .1, Nearest: quotes(built)},
		"how old is it":    {Status: answer.StatusNoEvidence, Sure: .2, Nearest: quotes(built)},
		"who is the mayor": {Status: answer.StatusAnswered, Sure: .6, Quotes: quotes(hurt)},
	}
	questions := []eval.Question{
		{ID: "1", Question: "when did it fall", Type: "when", Answers: []string{"Monday"}, Evidence: []eval.Evidence{{Article: "a", Quote: "The bridge fell on Monday."}}},
		{ID: "2", Question: "was anyone hurt", Type: "yesno", Answers: []string{"nobody"}, Evidence: []eval.Evidence{{Article: "a", Quote: "Nobody was hurt"}}},
		{ID: "3", Question: "who built it", Type: "unanswerable_near", Kind: "who"},
		{ID: "4", Question: "how old is it", Type: "when", Answers: []string{"1960"}, Evidence: []eval.Evidence{{Article: "a", Quote: "It was built in 1960."}}},
		{ID: "5", Question: "who is the mayor", Type: "unanswerable_near", Kind: "when"},
	}
	report, err := eval.Run(context.Background(), desk, questions, eval.Options{AskOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		eval.QuoteHit: 2. / 3, eval.FirstQuote: 1. / 3, eval.OnPoint: .75, eval.Answered: 1. / 3, eval.Unsure: 1. / 5, eval.Denied: 1. / 3,
		eval.NearestHit: 1. / 3, eval.Refused: .5, eval.Claimed: .5, eval.True: 2. / 4, eval.AUC: 4. / 6, eval.AUCWithin: 1. / 2,
		eval.AUCRight: 1. / 2, eval.WordsF1: 2. * (5 + 3) / (15 + 9 + 5), eval.Quotes: 1.5,
	}
	for name := range want {
		if got := report.Figures[name].Value; math.Abs(got-want[name]) > 1e-9 {
			t.Errorf("%s is %.4f, want %.4f", name, got, want[name])
		}
	}
}
