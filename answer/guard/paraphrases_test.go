package guard

import (
	"testing"

	"verbatim/retrieval/corpus"
)

// paraphrase is a line of testdata/paraphrases.jsonl: a point as a model might
// write it over invented sentences, right or subtly wrong. The file has the form
// that `verbatim eval --guard` takes.
type paraphrase struct {
	Sentences []string
	Outlets   []string
	Published []corpus.Date
	Question  string
	Point     string
	Cites     []int
	Right     bool
	Kind      string
}

// TestParaphrases holds the shares of right points that are kept and of wrong
// ones that are stopped.
func TestParaphrases(t *testing.T) {
	right, kept, wrong, stopped := 0, 0, 0, 0
	for _, p := range readLines[paraphrase](t, "testdata/paraphrases.jsonl") {
		var sentences []Sentence
		for i, text := range p.Sentences {
			sentences = append(sentences, Sentence{Text: text, Speaker: p.Outlets[i], Published: p.Published[i]})
		}
		clean, reason := Clean(Point{Text: p.Point, Sentences: p.Cites})
		if reason == "" {
			_, reason = Check(p.Question, clean, sentences)
		}
		switch {
		case p.Right && reason == "":
			right, kept = right+1, kept+1
		case p.Right:
			right++
			t.Logf("%s, stopped (%s): %s", p.Kind, reason, p.Point)
		case reason == "":
			wrong++
			t.Logf("%s, kept: %s", p.Kind, p.Point)
		default:
			wrong, stopped = wrong+1, stopped+1
		}
	}
	t.Logf("right kept %d of %d, wrong stopped %d of %d", kept, right, stopped, wrong)
	if float64(kept) < leastKept*float64(right) || float64(stopped) < leastStopped*float64(wrong) {
		t.Errorf("kept %d of %d, stopped %d of %d", kept, right, stopped, wrong)
	}
}

// The figures that the guard has reached: raise them when it does better.
const (
	leastKept    = .88
	leastStopped = .80
)
