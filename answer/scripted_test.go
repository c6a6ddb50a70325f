package answer

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"verbatim/answer/draft"
	"verbatim/internal/openai/openaitest"
)

// shown is what a model was shown for a draft.
type shown struct {
	question  string
	sentences []openaitest.Sentence
}

// point is a point on the sentence that is text.
func (s shown) point(t *testing.T, text string) openaitest.Point {
	t.Helper()
	for _, x := range s.sentences {
		if x.Text == text {
			return openaitest.Point{Text: text, Sentences: []int{x.N}}
		}
	}
	t.Fatalf("no sentence %q in %+v", text, s.sentences)
	return openaitest.Point{}
}

// scripted is a Model that answers by functions of what it is shown.
type scripted struct {
	// draft returns an answer. early, if not nil, is called first and writes
	// the points that come before it is whole.
	draft   func(s shown) (openaitest.Draft, error)
	early   func(s shown) []openaitest.Point
	rewrite func(history int) (string, error)
	drafts  int // calls for a draft
}

func (m *scripted) Complete(_ context.Context, p draft.Prompt, onText func(string)) (string, Tokens, error) {
	if p.Name == "rewrite" {
		text, err := m.rewrite(strings.Count(p.User, `{"question":`))
		b, _ := json.Marshal(map[string]string{"question": text})
		return string(b), Tokens{In: 7, Out: 1}, err
	}
	m.drafts++
	var s shown
	s.question, s.sentences = openaitest.ReadPrompt(p.User)
	if m.early != nil && onText != nil {
		b, err := json.Marshal(m.early(s))
		if err != nil {
			return "", Tokens{}, err
		}
		onText(`{"verdict": "answered", "points": ` + string(b[:len(b)-1]))
	}
	d, err := m.draft(s)
	return d.JSON(), Tokens{In: 100, Out: 10}, err
}

// answered is a draft of points.
func answered(points ...openaitest.Point) openaitest.Draft {
	return openaitest.Draft{Verdict: "answered", Points: points}
}

var errDown = errors.New("down")

// says drafts a point with text on the sentence that is quote.
func says(t *testing.T, quote, text string) func(shown) (openaitest.Draft, error) {
	return func(s shown) (openaitest.Draft, error) {
		p := s.point(t, quote)
		p.Text = text
		return answered(p), nil
	}
}
