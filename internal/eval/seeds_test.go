package eval_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer"
	"verbatim/internal/eval"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
	"verbatim/seeds"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// seedsDay is the day on which the questions about the seeds are put.
const seedsDay = corpus.Date("2021-07-06")

func seedsDesk(t testing.TB) *answer.Answerer {
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
	engine, err := retrieval.New(retrieval.Options{Store: store, Embedder: embedder, Lexicon: embedder})
	if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Ingest(context.Background(), load.FS(context.Background(), seeds.Files(), "seeds", load.Options{}), retrieval.IngestOptions{})
	if err != nil || report.Added != 5 {
		t.Fatalf("ingest the seeds: %+v, %v", report, err)
	}
	return answer.New(answer.Options{Engine: engine})
}

func seedsQuestions(t testing.TB) []eval.Question {
	t.Helper()
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Skip("VERBATIM_EVAL names no folder with the questions")
	}
	f, err := os.Open(filepath.Join(dir, "seeds.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	questions, err := eval.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range questions {
		questions[i].Asked = seedsDay
	}
	return questions
}

// TestSeeds holds what is printed for the questions about the seeds to a
// golden file: a change of ranking is a diff to read.
func TestSeeds(t *testing.T) {
	questions := seedsQuestions(t)
	report, err := eval.Run(context.Background(), seedsDesk(t), questions, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range eval.Names() {
		if f, ok := report.Figures[name]; ok {
			fmt.Fprintf(&b, "%s %.3f of %d\n", name, f.Value, f.N)
		}
	}
	for _, o := range report.Outcomes {
		fmt.Fprintf(&b, "\n%s %s hit %.0f first %.0f coverage %.2f\n", o.Question.ID, o.Answer.Status,
			o.Values[eval.QuoteHit], o.Values[eval.FirstQuote], o.Values[eval.Coverage])
		for _, q := range o.Answer.Quotes {
			fmt.Fprintf(&b, "  %s\n", q.Ref())
		}
	}
	golden := filepath.Join("testdata", "seeds.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("what the seeds' questions are answered with has changed (-want +got; -update accepts it):\n%s", diff)
	}
	if claimed := report.Figures[eval.Claimed].Value; claimed > 0 {
		t.Errorf("%.3f of the unanswerable questions are answered", claimed)
	}
	for name, least := range map[string]float64{eval.QuoteHit: 14. / 16, eval.FirstQuote: 12. / 16, eval.Coverage: .70, eval.Verbatim: 1} {
		if got := report.Figures[name].Value; got < least {
			t.Errorf("%s is %.3f, want at least %.3f", name, got, least)
		}
	}
}
