package openai_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/answer"
	"verbatim/internal/openai"
	"verbatim/internal/openai/openaitest"
	"verbatim/retrieval"
	"verbatim/retrieval/embed"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
	"verbatim/seeds"
)

// seedEngine is an engine over the seeds, in memory.
func seedEngine(t *testing.T) *retrieval.Engine {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	builtin, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := retrieval.New(retrieval.Options{Store: store, Embedder: builtin, Lexicon: builtin, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Ingest(t.Context(), load.FS(t.Context(), seeds.Files(), "seeds", load.Options{MaxBytes: 1 << 20}), retrieval.IngestOptions{}); err != nil {
		t.Fatal(err)
	}
	return engine
}

// questions are those over the seeds, or one where the set is not there.
func questions(t *testing.T) []string {
	t.Helper()
	out := []string{"How many Afghan soldiers fled to Tajikistan?"}
	dir := os.Getenv("VERBATIM_EVAL")
	if dir == "" {
		t.Log("VERBATIM_EVAL is not set: one question only")
		return out
	}
	data, err := os.ReadFile(filepath.Join(dir, "seeds.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var q struct{ Question string }
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		out = append(out, q.Question)
	}
	return out
}

// invented answers with what no sentence says, in the words of a model that
// does not know better or means harm.
func invented(_ string, sentences []openaitest.Sentence) []openaitest.Point {
	first := strings.TrimSuffix(sentences[0].Text, ".")
	return []openaitest.Point{
		{Text: "A total of 9,876 soldiers surrendered.", Sentences: []int{1}},
		{Text: "President Vladimir Zelensky denied everything in Warsaw.", Sentences: []int{1, 2}},
		{Text: first + ", see https://evil.example/more.", Sentences: []int{1}},
		{Text: "@everyone " + first + ".", Sentences: []int{1}},
		{Text: first + ".", Sentences: []int{99}},
		{Text: "It never happened, officials admitted.", Sentences: []int{1}},
	}
}

// mixed answers with what a sentence says, and with inventions beside it.
func mixed(q string, sentences []openaitest.Sentence) []openaitest.Point {
	return append(invented(q, sentences)[:2], openaitest.Point{Text: sentences[0].Text, Sentences: []int{1}})
}

// TestDeskWithScriptedModels asks the questions over the seeds of models that
// answer well, badly and maliciously: every quote is verbatim, no invention is
// printed, and what fails becomes an extractive answer with one plain line.
func TestDeskWithScriptedModels(t *testing.T) {
	engine := seedEngine(t)
	for _, m := range []struct {
		name  string
		reply openaitest.Reply
	}{
		{"well", openaitest.Selects()},
		{"badly", openaitest.Obeys(mixed)},
		{"maliciously", openaitest.Obeys(invented)},
		{"not at all", openaitest.Status(500, "server_error", "error")},
		{"refuses", openaitest.Refusal("I cannot help with that.")},
		{"in prose", openaitest.Text("Sure! There were 9,876.")},
		{"with nothing", openaitest.Points()},
	} {
		t.Run(m.name, func(t *testing.T) {
			base, stop := openaitest.New(m.reply).Start()
			defer stop()
			chat, err := openai.NewChat(openai.ChatOptions{Options: openai.Options{BaseURL: base, Model: "scripted", Backoff: time.Millisecond, Failures: 1000}})
			if err != nil {
				t.Fatal(err)
			}
			desk := answer.New(answer.Options{Engine: engine, Model: chat})
			byModel, dropped := 0, 0
			for _, q := range questions(t) {
				a, err := desk.Ask(t.Context(), answer.Request{Question: q, Mode: answer.ModeModel})
				if err != nil {
					t.Fatalf("%s: %v", q, err)
				}
				hold(t, a)
				if a.Mode == answer.ModeModel && a.Status == answer.StatusAnswered {
					byModel++
				}
				dropped += a.Dropped
			}
			t.Logf("answered by the model: %d, points dropped: %d", byModel, dropped)
			if works := m.name == "well" || m.name == "badly" || m.name == "maliciously"; works != (byModel > 0) {
				t.Errorf("the model answered %d questions", byModel)
			}
		})
	}
}

// hold checks what every answer owes, whatever its model wrote.
func hold(t *testing.T, a *answer.Answer) {
	t.Helper()
	for _, q := range slices.Concat(a.Quotes, a.Nearest) {
		s := q.Span()
		if q.Text() != q.Article().Body[s.Start:s.End] || q.Text() == "" {
			t.Errorf("%s: a quote is not verbatim", a.Question)
		}
	}
	if len(a.Quotes) > answer.MaxModelQuotes {
		t.Errorf("%s: %d quotes", a.Question, len(a.Quotes))
	}
	for _, p := range a.Points {
		if len(p.Quotes) == 0 {
			t.Errorf("%s: point %q has no quote", a.Question, p.Text)
		}
		for _, n := range p.Quotes {
			if n < 1 || n > len(a.Quotes) {
				t.Errorf("%s: point %q stands on quote %d of %d", a.Question, p.Text, n, len(a.Quotes))
			}
		}
	}
	for _, no := range []string{"9,876", "Zelensky", "Warsaw", "http", "@", "admitted", "Sure!"} {
		if strings.Contains(a.Text, no) {
			t.Errorf("%s: the answer holds %q: %s", a.Question, no, a.Text)
		}
	}
	if a.Status == answer.StatusAnswered && a.Mode == answer.ModeExtractive && len(a.Notes) == 0 {
		t.Errorf("%s: no note says that the model was not used", a.Question)
	}
}

// TestOwnTime holds that the program's own work around a model's call is
// small: the time of a whole answer less that of the server, against the
// extractive answer's.
func TestOwnTime(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	engine := seedEngine(t)
	base, stop := openaitest.New(openaitest.Selects()).Start()
	defer stop()
	chat, err := openai.NewChat(openai.ChatOptions{Options: openai.Options{BaseURL: base, Model: "scripted"}})
	if err != nil {
		t.Fatal(err)
	}
	desk := answer.New(answer.Options{Engine: engine, Model: chat})
	median := func(mode answer.Mode) time.Duration {
		var took []time.Duration
		for range 3 {
			for _, q := range questions(t) {
				a, err := desk.Ask(t.Context(), answer.Request{Question: q, Mode: mode})
				if err != nil {
					t.Fatal(err)
				}
				took = append(took, a.Took)
			}
		}
		slices.Sort(took)
		return took[len(took)/2]
	}
	median(answer.ModeModel) // warm
	extractive, model := median(answer.ModeExtractive), median(answer.ModeModel)
	t.Logf("extractive %s, by a model that takes no time %s", extractive, model)
	// Ten times what is promised of a machine of its own, for one that is shared.
	if own := model - extractive; own > 150*time.Millisecond {
		t.Errorf("the work around the model takes %s", own)
	}
}
