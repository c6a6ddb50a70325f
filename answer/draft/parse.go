package draft

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"verbatim/answer/guard"
)

// ErrDraft says that a model's answer is not of the form asked for.
var ErrDraft = errors.New("no JSON object with points")

// maxBraces bounds how many opening braces of an answer are tried.
const maxBraces = 64

// ParseDraft reads a model's answer to DraftPrompt. Prose or a code fence
// around the object is passed over, and numbers written as text are taken;
// anything else is ErrDraft.
func ParseDraft(text string) (Draft, error) {
	var found struct {
		Answers any           `json:"answers"`
		Points  *[]draftPoint `json:"points"`
	}
	if !eachObject(text, func(d *json.Decoder) bool {
		found.Answers, found.Points = nil, nil
		return d.Decode(&found) == nil && (found.Points != nil || found.Answers != nil)
	}) {
		return Draft{}, fmt.Errorf("read %d bytes of answer: %w", len(text), ErrDraft)
	}
	draft := Draft{Answers: truth(found.Answers)}
	if found.Points != nil {
		for _, p := range *found.Points {
			draft.Points = append(draft.Points, p.point())
		}
	}
	if len(draft.Points) == 0 && draft.Answers {
		return Draft{}, fmt.Errorf("read %d bytes of answer: %w", len(text), ErrDraft)
	}
	draft.Answers = len(draft.Points) > 0 && (found.Answers == nil || draft.Answers)
	return draft, nil
}

// draftPoint is a point as a model writes it.
type draftPoint struct {
	Text      string          `json:"text"`
	Sentences json.RawMessage `json:"sentences"`
}

func (p draftPoint) point() guard.Point {
	return guard.Point{Text: p.Text, Sentences: numbers(p.Sentences)}
}

// ParseRewrite reads a model's answer to RewritePrompt, or returns ErrDraft.
func ParseRewrite(text string) (string, error) {
	var found struct {
		Question string `json:"question"`
	}
	if !eachObject(text, func(d *json.Decoder) bool {
		found.Question = ""
		return d.Decode(&found) == nil && strings.TrimSpace(found.Question) != ""
	}) {
		return "", fmt.Errorf("read %d bytes of answer: %w", len(text), ErrDraft)
	}
	return oneLine(found.Question), nil
}

// eachObject calls try at each opening brace until it is content.
func eachObject(text string, try func(*json.Decoder) bool) bool {
	for n, from := 0, 0; n < maxBraces; n++ {
		i := strings.IndexByte(text[from:], '{')
		if i < 0 {
			return false
		}
		from += i
		if try(json.NewDecoder(strings.NewReader(text[from:]))) {
			return true
		}
		from++
	}
	return false
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true") || strings.EqualFold(v, "yes")
	}
	return false
}

// numbers reads a list of sentence numbers, or one alone. What is no number
// becomes 0, which is no sentence, so that the guard sees it.
func numbers(raw json.RawMessage) []int {
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		var one any
		if json.Unmarshal(raw, &one) != nil || one == nil {
			return nil
		}
		list = []any{one}
	}
	var out []int
	for _, v := range list {
		n := 0
		switch v := v.(type) {
		case float64:
			if v == float64(int(v)) {
				n = int(v)
			}
		case string:
			n, _ = strconv.Atoi(strings.Trim(v, " []S#"))
		}
		out = append(out, n)
	}
	return out
}
