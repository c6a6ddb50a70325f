// Package eval is the laboratory: it asks questions with known answers,
// measures what came back, and fits the ranking's weights.
package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"verbatim/retrieval/corpus"
)

// Question is a question with what counts as an answer. One with neither
// answers nor evidence is one that the corpus does not answer.
type Question struct {
	ID       string      `json:"id"`
	Question string      `json:"question"`
	Asked    corpus.Date `json:"asked"`
	Today    corpus.Date `json:"-"` // the day that "now" means if Asked is ""
	Answers  []string    `json:"answers"`
	Evidence []Evidence  `json:"evidence"`
	Type     string      `json:"type"`
	// Kind is what is asked for ("who", "when"), where Type tells only that the
	// question cannot be answered; "" means that Type is the kind.
	Kind string `json:"kind"`
	// Near are sentences that tempt, if the question cannot be answered.
	Near []Evidence `json:"near"`
}

// Evidence names an article, and a span of it where Quote is not empty.
type Evidence struct {
	Article string `json:"article"` // file name, id or URL
	Quote   string `json:"quote"`
}

// Answerable reports whether the corpus says.
func (q *Question) Answerable() bool { return len(q.Answers) > 0 || len(q.Evidence) > 0 }

// maxLine is the longest line of a file of questions, in bytes.
const maxLine = 1 << 20

// Read reads questions as JSON Lines. An error names the line.
func Read(r io.Reader) ([]Question, error) {
	var out []Question
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	n := 0
	for s.Scan() {
		n++
		line := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff"))
		if line == "" {
			continue
		}
		var q Question
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if strings.TrimSpace(q.Question) == "" {
			return nil, fmt.Errorf("line %d: no question", n)
		}
		if q.Asked != "" {
			d, err := corpus.ParseDate(string(q.Asked))
			if err != nil {
				return nil, fmt.Errorf("line %d: asked: %w", n, err)
			}
			q.Asked = d
		}
		out = append(out, q)
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d: it has more than %d bytes, the limit of a line", n+1, maxLine)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read questions: there are none")
	}
	return out, nil
}

// fold returns s in lower case, with each run of anything but letters,
// numbers, $ and % as one space, and a space at either end.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(' ')
	gap := false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '$' && r != '%' {
			gap = b.Len() > 1
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	b.WriteByte(' ')
	return b.String()
}

// contains reports whether text holds one of the folded answers as whole
// words.
func contains(text string, answers []string) bool {
	return holds(fold(text), answers)
}

// holds is contains for a folded text.
func holds(folded string, answers []string) bool {
	for _, a := range answers {
		if strings.Contains(folded, a) {
			return true
		}
	}
	return false
}

func foldAll(answers []string) []string {
	out := make([]string, 0, len(answers))
	for _, a := range answers {
		out = append(out, fold(a))
	}
	return out
}

// occurrences returns the spans of quote in body, found after folding white
// space. Offsets are bytes of body.
func occurrences(body, quote string) []corpus.Span {
	want := strings.Fields(quote)
	if len(want) == 0 {
		return nil
	}
	var out []corpus.Span
	for from := 0; ; {
		i := strings.Index(body[from:], want[0])
		if i < 0 {
			return out
		}
		start := from + i
		if end, ok := follows(body, start, want); ok {
			out = append(out, corpus.Span{Start: start, End: end})
		}
		from = start + len(want[0])
	}
}

func follows(body string, at int, want []string) (end int, ok bool) {
	for i, w := range want {
		if i > 0 {
			rest := strings.TrimLeftFunc(body[at:], unicode.IsSpace)
			if len(rest) == len(body)-at {
				return 0, false
			}
			at = len(body) - len(rest)
		}
		if !strings.HasPrefix(body[at:], w) {
			return 0, false
		}
		at += len(w)
	}
	return at, true
}
